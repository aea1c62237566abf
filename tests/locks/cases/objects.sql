-- Tables, views, materialized views, sequences, triggers, rules, policies, functions: made, changed, dropped, named in every way.

-- case table-create
create table nt (id int primary key, a text);

-- case table-create-exists
create table t (id int);

-- case table-create-if-not-exists-existing
create table if not exists t (id int);

-- case table-create-temp
create temp table tmp1 (id int);

-- case table-create-unlogged
create unlogged table nt (id int);

-- case table-create-like
create table nt (like t);

-- case table-create-like-all
create table nt (like t including all);

-- case table-create-as
create table nt as select id, a from vt;

-- case table-create-as-no-data
create table nt as select id, a from vt with no data;

-- case table-create-temp-as
create temp table tmp1 as select id from vt;

-- case table-create-as-from-view
create table nt as select id from vw;

-- case table-create-domain-column
create table nt (id int, d dpos);

-- case table-create-serial
create table nt (id serial primary key);

-- case table-create-default-nextval
create table nt (id int default nextval('sq'));

-- case table-create-in-schema
-- set-up
create schema s;
-- statement
create table s.nt (id int references public.parent (id));

-- case table-create-schema-missing
create table no_such.nt (id int);

-- case table-select-into
select id into nt from vt;

-- case table-drop
drop table inhfree;

-- case table-drop-if-exists-missing
drop table if exists no_such;

-- case table-drop-missing
drop table no_such;

-- case table-drop-two
drop table inhfree, child;

-- case table-drop-cascade-views
drop table vt cascade;

-- case table-drop-matviewed-cascade
drop table mt cascade;

-- case table-drop-serial
-- set-up
create table st (id serial primary key);
-- statement
drop table st;

-- case table-drop-view-word
drop table vw;

-- case table-drop-indexed
drop table t;

-- case table-drop-trigger-and-policy
-- set-up
create table tp (id int);
create trigger trx before insert on tp for each row execute procedure trg();
create policy p on tp using (true);
-- statement
drop table tp;

-- case table-truncate
truncate vt;

-- case table-truncate-several
truncate vt, inhfree, mt;

-- case table-truncate-indexed
truncate t;

-- case table-truncate-restart-identity
-- set-up
create table st (id serial primary key, a int);
-- statement
truncate st restart identity;

-- case table-truncate-view
truncate vw;

-- case table-truncate-missing
truncate no_such;

-- case table-set-schema-serial
-- set-up
create schema s;
create table st (id serial primary key);
-- statement
alter table st set schema s;

-- case table-set-schema-missing
alter table vt set schema no_such;

-- case table-owner-serial
-- set-up
create table st (id serial primary key);
-- statement
alter table st owner to ro;

-- case table-set-logged-logged
alter table vt set logged;

-- case table-set-unlogged-serial
-- since 15
-- set-up
create table st (id serial primary key);
insert into st select from generate_series(1, 100);
-- statement
alter table st set unlogged;

-- case table-rename-serial
-- set-up
create table st (id serial primary key);
-- statement
alter table st rename to st2;

-- case table-two-options
alter table vt set (fillfactor = 70, autovacuum_enabled = false);

-- case table-option-unknown
alter table vt set (no_such_option = 1);

-- case quoted-create-index
-- set-up
create table "Order Items" ("Id" int, "select" int);
insert into "Order Items" select g, g from generate_series(1, 50) g;
-- statement
create index "Ix One" on "Order Items" ("select");

-- case quoted-alter
-- set-up
create table "Order Items" ("Id" int, "select" int);
insert into "Order Items" select g, g from generate_series(1, 50) g;
-- statement
alter table "Order Items" alter column "select" type bigint;

-- case quoted-fk
-- set-up
create table "Order Items" ("Id" int, "select" int);
-- statement
alter table "Order Items" add constraint "The Key" foreign key ("select") references parent (id) not valid;

-- case quoted-wrong-case
-- set-up
create table "Items" (id int);
-- statement
alter table Items add column z int;

-- case upper-case-unquoted
ALTER TABLE T ADD COLUMN Z INT;

-- case schema-alter
-- set-up
create schema s;
create table s.t (id int);
insert into s.t select g as id from generate_series(1, 50) g;
-- statement
alter table s.t alter column id set not null;

-- case schema-same-names
-- set-up
create schema s;
create table s.t (id int);
insert into s.t select g as id from generate_series(1, 50) g;
-- statement
create index t_b on s.t (id);

-- case schema-drop
-- set-up
create schema s;
-- statement
drop schema s;

-- case schema-drop-not-empty
-- set-up
create schema s;
create table s.t (id int);
insert into s.t select g as id from generate_series(1, 50) g;
-- statement
drop schema s;

-- case schema-drop-cascade
-- set-up
create schema s;
create table s.t (id int primary key);
create view s.v as select id from s.t;
-- statement
drop schema s cascade;

-- case schema-drop-cascade-fk
-- set-up
create schema s;
create table s.t (id int primary key, pid int references public.parent (id));
-- statement
drop schema s cascade;

-- case schema-rename
-- set-up
create schema s;
create table s.t (id int);
-- statement
alter schema s rename to s2;

-- case schema-create
create schema s3;

-- case schema-create-if-not-exists
create schema if not exists public;

-- case view-create
create view v2 as select id, a from vt;

-- case view-create-over-view
create view v2 as select id from vw;

-- case view-create-join
create view v2 as select t.id from t join child on child.id = t.id;

-- case view-create-missing
create view v2 as select id from no_such;

-- case view-create-temp
create temp view v2 as select id from vt;

-- case view-replace
create or replace view vw as select id, a from vt where a > 0;

-- case view-replace-add-column
create or replace view vw as select id, a, a + 1 as b from vt;

-- case view-replace-new
create or replace view v2 as select id from vt;

-- case view-replace-over-view
-- set-up
create view v2 as select id from vw;
-- statement
create or replace view v2 as select id from vw where id > 1;

-- case view-drop
drop view vw;

-- case view-drop-if-exists-missing
drop view if exists no_such;

-- case view-drop-used
-- set-up
create view v2 as select id from vw;
-- statement
drop view vw;

-- case view-drop-cascade
-- set-up
create view v2 as select id from vw;
-- statement
drop view vw cascade;

-- case view-rename
alter view vw rename to vw2;

-- case view-rename-by-table
alter table vw rename to vw2;

-- case view-alter-default
alter view vw alter column a set default 1;

-- case view-set-option
alter view vw set (security_barrier = true);

-- case view-owner
alter view vw owner to ro;

-- case view-set-schema
-- set-up
create schema s;
-- statement
alter view vw set schema s;

-- case view-rename-table-below
alter table vt rename to vt2;

-- case view-cascade-of-chain
-- set-up
create view v2 as select id from vw;
create view v3 as select id from v2;
-- statement
drop table vt cascade;

-- case matview-create
create materialized view m2 as select id from vt;

-- case matview-create-no-data
create materialized view m2 as select id from vt with no data;

-- case matview-create-over-view
create materialized view m2 as select id from vw;

-- case matview-create-if-not-exists-existing
create materialized view if not exists mv as select id from vt;

-- case matview-refresh
refresh materialized view mv;

-- case matview-refresh-concurrently
refresh materialized view concurrently mv;

-- case matview-refresh-no-data
refresh materialized view mv with no data;

-- case matview-refresh-missing
refresh materialized view no_such;

-- case matview-refresh-concurrently-no-index
-- set-up
create materialized view m2 as select id from vt;
-- statement
refresh materialized view concurrently m2;

-- case matview-drop
drop materialized view mv;

-- case matview-rename
alter materialized view mv rename to mv2;

-- case matview-rename-column
alter materialized view mv rename column a to aa;

-- case matview-owner
alter materialized view mv owner to ro;

-- case matview-set-statistics
alter materialized view mv alter column a set statistics 100;

-- case matview-over-matview-drop-cascade
-- set-up
create materialized view m2 as select id from mv;
-- statement
drop materialized view mv cascade;

-- case sequence-create
create sequence s2;

-- case sequence-create-owned
create sequence s2 owned by vt.id;

-- case sequence-create-if-not-exists-existing
create sequence if not exists sq;

-- case sequence-alter-restart
alter sequence sq restart with 100;

-- case sequence-alter-increment
alter sequence sq increment by 10;

-- case sequence-alter-owned-by
alter sequence sq owned by vt.id;

-- case sequence-alter-owned-by-none
-- set-up
create table st (id serial primary key);
-- statement
alter sequence st_id_seq owned by none;

-- case sequence-alter-type
alter sequence sq as bigint;

-- case sequence-alter-missing
alter sequence no_such restart;

-- case sequence-alter-if-exists-missing
alter sequence if exists no_such restart;

-- case sequence-rename
alter sequence sq rename to sq2;

-- case sequence-set-schema
-- set-up
create schema s;
-- statement
alter sequence sq set schema s;

-- case sequence-owner
alter sequence sq owner to ro;

-- case sequence-drop
drop sequence sq;

-- case sequence-drop-used
-- set-up
create table st (id serial primary key);
-- statement
drop sequence st_id_seq;

-- case sequence-drop-used-cascade
-- set-up
create table st (id serial primary key);
-- statement
drop sequence st_id_seq cascade;

-- case sequence-drop-if-exists-missing
drop sequence if exists no_such;

-- case trigger-create
create trigger tr2 after insert on vt for each row execute procedure trg();

-- case trigger-create-statement
create trigger tr2 after insert on vt for each statement execute procedure trg();

-- case trigger-create-constraint
create constraint trigger tr2 after insert on vt deferrable for each row execute procedure trg();

-- case trigger-create-constraint-from
create constraint trigger tr2 after insert on vt from parent deferrable for each row execute procedure trg();

-- case trigger-create-on-view
create trigger tr2 instead of insert on vw for each row execute procedure trg();

-- case trigger-create-or-replace
-- since 14
create or replace trigger tr1 before update on t for each row execute procedure trg();

-- case trigger-create-exists
create trigger tr1 before update on t for each row execute procedure trg();

-- case trigger-create-missing-table
create trigger tr2 after insert on no_such for each row execute procedure trg();

-- case trigger-drop
drop trigger tr1 on t;

-- case trigger-drop-if-exists-missing
drop trigger if exists no_such on t;

-- case trigger-drop-missing
drop trigger no_such on t;

-- case trigger-drop-if-exists-missing-table
drop trigger if exists tr1 on no_such;

-- case trigger-rename
alter trigger tr1 on t rename to tr9;

-- case trigger-enable
alter table t enable trigger tr1;

-- case trigger-enable-user
alter table t enable trigger user;

-- case trigger-disable-missing
alter table t disable trigger no_such;

-- case trigger-function-drop
drop function trg();

-- case trigger-function-drop-cascade
drop function trg() cascade;

-- case trigger-drop-on-pt
-- set-up
create trigger trp after update on pt for each row execute procedure trg();
-- statement
drop trigger trp on pt;

-- case rule-create
create rule r2 as on insert to vt do instead nothing;

-- case rule-create-other-table
create rule r2 as on insert to vt do also insert into inhfree values (1, 1);

-- case rule-drop
drop rule ru1 on child;

-- case rule-rename
alter rule ru1 on child rename to ru2;

-- case policy-create-select
create policy p on t for select using (a > 0);

-- case policy-create-subquery
create policy p on t using (exists (select from parent where parent.id = t.pid));

-- case policy-alter
-- set-up
create policy p on t using (true);
-- statement
alter policy p on t using (a > 0);

-- case policy-rename
-- set-up
create policy p on t using (true);
-- statement
alter policy p on t rename to q;

-- case policy-drop-if-exists-missing
drop policy if exists no_such on t;

-- case function-create
create function f2() returns int language sql as 'select 1';

-- case function-replace
create or replace function trg() returns trigger language plpgsql as $$ begin return new; end $$;

-- case function-drop-if-exists-missing
drop function if exists no_such();

-- case statistics-create
create statistics st on a, nn from t;

-- case statistics-drop
-- since 12
-- set-up
create statistics st on a, nn from t;
-- statement
drop statistics st;

-- case publication-create
create publication p for table t;

-- case publication-create-two
create publication p for table t, vt;

-- case publication-add-table
-- set-up
create publication p for table t;
-- statement
alter publication p add table vt;

-- case publication-drop-table
-- set-up
create publication p for table t, vt;
-- statement
alter publication p drop table vt;

-- case publication-drop
-- set-up
create publication p for table t;
-- statement
drop publication p;

-- case extension-create-existing
create extension if not exists plpgsql;

-- case role-create
create role lab_role_one;

-- case comment-table
comment on table t is 'x';

-- case comment-column
comment on column t.a is 'x';

-- case comment-index
comment on index t_b is 'x';

-- case comment-view
comment on view vw is 'x';

-- case comment-view-column
comment on column vw.a is 'x';

-- case comment-matview
comment on materialized view mv is 'x';

-- case comment-sequence
comment on sequence sq is 'x';

-- case comment-constraint
comment on constraint t_ck_pos on t is 'x';

-- case comment-trigger
comment on trigger tr1 on t is 'x';

-- case comment-rule
comment on rule ru1 on child is 'x';

-- case comment-type
comment on type mood is 'x';

-- case comment-domain
comment on domain dint is 'x';

-- case comment-schema
comment on schema public is 'x';

-- case comment-function
comment on function trg() is 'x';

-- case comment-missing
comment on table no_such is 'x';

-- case comment-policy
-- set-up
create policy p on t using (true);
-- statement
comment on policy p on t is 'x';

-- case grant-table
-- until 17
grant select on t to ro;

-- case grant-table-18
-- since 18
grant select on t to ro;

-- case grant-two-tables
-- until 17
grant select, insert on t, vt to ro;

-- case grant-all-tables
-- until 17
grant select on all tables in schema public to ro;

-- case grant-sequence
-- until 17
grant usage on sequence sq to ro;

-- case grant-schema
grant usage on schema public to ro;

-- case grant-column
-- until 17
grant select (a) on t to ro;

-- case grant-role
grant ro to other_role;

-- case grant-missing-table
grant select on no_such to ro;

-- case revoke-table
-- until 17
revoke all on vt from ro;

-- case default-privileges
alter default privileges in schema public grant select on tables to ro;

-- case reassign-owned-nothing
reassign owned by other_role to ro;

-- case drop-owned-nothing
drop owned by other_role;

-- case set-timeouts
set local lock_timeout = '2s';
set local statement_timeout = '5s';

-- case set-constraints
set constraints all deferred;
