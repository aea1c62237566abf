-- Statements that read and write rows, LOCK TABLE in each mode, ANALYZE, CLUSTER.

-- case insert-values
insert into vt values (1000, 1);

-- case insert-values-indexed
insert into t (id, nn, ck) values (10000, 1, 1);

-- case insert-child
insert into child values (9000, 1, 1);

-- case insert-child-null
insert into child values (9000, null, 1);

-- case insert-self-fk
-- set-up
alter table mt add constraint fk foreign key (a) references mt (id);
-- statement
insert into mt values (9000, 1);

-- case insert-select
insert into vt select id, a from inhfree;

-- case insert-select-view
insert into inhfree select id, a from vw;

-- case insert-default-nextval
-- set-up
create table st (id serial primary key, a int);
-- statement
insert into st (a) values (1);

-- case insert-returning
insert into vt values (1000, 1) returning id;

-- case insert-on-conflict-nothing
insert into mt values (1, 1) on conflict do nothing;

-- case insert-on-conflict-update
insert into mt values (1, 1) on conflict (id) do update set a = excluded.a;

-- case insert-partitioned
insert into pt values (5, 5, 5);

-- case insert-view
insert into vw values (1000, 1);

-- case insert-missing
insert into no_such values (1);

-- case insert-missing-column
insert into vt (no_such) values (1);

-- case update-all
update vt set a = a + 1;

-- case update-all-indexed
update child set a = a + 1;

-- case update-where-column
update vt set a = 1 where a = 5;

-- case update-by-key
update child set a = 1 where id = 5;

-- case update-parent-not-key
update parent set note = 'x' where id = 1;

-- case update-from
update vt set a = inhfree.a from inhfree where inhfree.id = vt.id;

-- case update-subselect
update vt set a = (select max(a) from inhfree);

-- case update-inheritance
update inhp set a = 1;

-- case update-only
update only inhp set a = 1;

-- case update-partitioned
update pt set a = a + 1;

-- case update-view
update vw set a = 1;

-- case update-missing
update no_such set a = 1;

-- case update-missing-column
update vt set no_such = 1;

-- case delete-all
delete from vt;

-- case delete-by-key
delete from child where id = 5;

-- case delete-using
delete from vt using inhfree where inhfree.id = vt.id;

-- case delete-where-in
delete from vt where id in (select id from inhfree);

-- case delete-partitioned
delete from pt;

-- case delete-inheritance
delete from inhp;

-- case delete-missing
delete from no_such;

-- case delete-matview
delete from mv;

-- case merge-plain
-- since 15
merge into vt using inhfree on inhfree.id = vt.id when matched then update set a = inhfree.a when not matched then insert values (inhfree.id, inhfree.a);

-- case merge-delete
-- since 15
merge into vt using inhfree on inhfree.id = vt.id when matched then delete;

-- case select-plain
select count(*) from vt;

-- case select-view
select count(*) from vw;

-- case select-matview
select count(*) from mv where a > 0;

-- case select-join
select count(*) from vt, inhfree where vt.id = inhfree.id;

-- case select-for-update
select id from vt for update;

-- case select-for-update-by-key
select id from child where id = 5 for update;

-- case select-for-share
select id from vt for share;

-- case select-for-key-share
select id from vt for key share;

-- case select-for-no-key-update
select id from vt for no key update;

-- case select-for-update-of
select vt.id from vt, inhfree where vt.id = inhfree.id for update of vt;

-- case select-inheritance
select count(*) from inhp;

-- case select-only
select count(*) from only inhp;

-- case select-partitioned
select count(*) from pt;

-- case select-cte
with x as (select id from vt) select count(*) from x;

-- case select-cte-insert
with x as (insert into inhfree values (1, 1) returning id) select id from x;

-- case update-cte
with n as (select id, a from inhfree) update vt set a = n.a from n where n.id = vt.id;

-- case update-cte-of-cte
with n as (select id, a from inhfree), m as (select id, a from n) update vt set a = m.a from m where m.id = vt.id;

-- case delete-cte-inside
delete from vt where id in (with n as (select id from inhfree) select id from n);

-- case cte-of-its-own-table
with vt as (select id, a from vt) select count(*) from vt;

-- case select-constant
select 1;

-- case select-nextval
select nextval('sq');

-- case select-missing
select * from no_such;

-- case values-plain
values (1), (2);

-- case explain-plain
explain select * from vt;

-- case explain-analyze
explain analyze update vt set a = 1;

-- case copy-to
-- since 13
copy vt to '/dev/null';

-- case copy-from
copy vt from '/dev/null';

-- case copy-query
copy (select id from vt) to '/dev/null';

-- case copy-from-missing
copy no_such from '/dev/null';

-- case lock-access-share
lock table t in access share mode;

-- case lock-row-share
lock table t in row share mode;

-- case lock-row-exclusive
lock table t in row exclusive mode;

-- case lock-share-update-exclusive
lock table t in share update exclusive mode;

-- case lock-share
lock table t in share mode;

-- case lock-share-row-exclusive
lock table t in share row exclusive mode;

-- case lock-exclusive
lock table t in exclusive mode;

-- case lock-access-exclusive
lock table t in access exclusive mode;

-- case lock-default
lock table t;

-- case lock-two
lock table t, vt in share mode;

-- case lock-inheritance
lock table inhp in share mode;

-- case lock-only
lock table only inhp in share mode;

-- case lock-partitioned
lock table pt in share mode;

-- case lock-view
lock table vw in share mode;

-- case lock-matview
lock table mv in share mode;

-- case lock-nowait
lock table t in exclusive mode nowait;

-- case lock-missing
lock table no_such;

-- case lock-then-alter
lock table t in share mode;
alter table t add column z int;

-- case analyze-table
analyze vt;

-- case analyze-indexed
analyze child;

-- case analyze-columns
analyze vt (a);

-- case analyze-two
analyze vt, inhfree;

-- case analyze-inheritance
analyze inhp;

-- case analyze-partitioned
analyze pt;

-- case analyze-matview
analyze mv;

-- case analyze-missing
analyze no_such;

-- case cluster-child
cluster child using child_pkey;

-- case cluster-again
-- set-up
alter table child cluster on child_pkey;
-- statement
cluster child;

-- case cluster-never
cluster vt;

-- case cluster-missing-index
cluster vt using no_such;

-- case cluster-matview
cluster mv using mv_id;

-- case backfill-then-not-null
alter table vt add column z int;
update vt set z = 1;
alter table vt alter z set not null;

-- case create-fill-index
create table nt (id int, a int);
insert into nt select id, a from vt;
create index nt_a on nt (a);

-- case rename-and-view
alter table vt rename to vt_new;
create view vt as select * from vt_new;

-- case swap-tables
alter table inhfree rename to old;
create table inhfree (id bigint, a int);
insert into inhfree select * from old;

-- case expand-column
alter table t add column a_new bigint;
create index a_new_ix on t (a_new);
alter table t add constraint a_new_nn check (a_new is not null) not valid;
