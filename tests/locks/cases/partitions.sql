-- Partitions and inheritance: trees of one level and of two, defaults, ATTACH and DETACH, what goes down and what goes up.

-- case pt-create-partition
create table pt3 partition of pt for values from (2000) to (3000);

-- case pt-create-partition-default
create table ptd partition of pt default;

-- case pt-create-partition-beside-default
-- set-up
create table ptd partition of pt default;
insert into ptd select g, g, g from generate_series(5000, 5100) g;
-- statement
create table pt3 partition of pt for values from (2000) to (3000);

-- case pt-create-partition-overlap
create table pt3 partition of pt for values from (500) to (700);

-- case pt-create-partition-exists
create table pt1 partition of pt for values from (2000) to (3000);

-- case pt-create-partition-if-not-exists
create table if not exists pt1 partition of pt for values from (2000) to (3000);

-- case pt-create-partition-of-plain
create table pt3 partition of vt for values from (2000) to (3000);

-- case pt-create-partition-indexed
-- set-up
create index ix on pt (a);
-- statement
create table pt3 partition of pt for values from (2000) to (3000);

-- case pt-create-partition-fk
-- set-up
delete from pt where id < 1 or id > 1000;
alter table pt add constraint fk foreign key (id) references parent (id);
-- statement
create table pt3 partition of pt for values from (2000) to (3000);

-- case pt-create-partition-partitioned
create table pt3 partition of pt for values from (2000) to (3000) partition by list (k);

-- case pt-attach
-- set-up
create table n (id int, k int, a int);
insert into n select g as id, g as k, g as a from generate_series(2000, 2100) g;
-- statement
alter table pt attach partition n for values from (2000) to (3000);

-- case pt-attach-checked
-- set-up
create table n (id int, k int, a int);
insert into n select g as id, g as k, g as a from generate_series(2000, 2100) g;
alter table n add constraint c check (id is not null and id >= 2000 and id < 3000);
-- statement
alter table pt attach partition n for values from (2000) to (3000);

-- case pt-attach-checked-not-null-column
-- set-up
create table n (id int, k int, a int);
insert into n select g as id, g as k, g as a from generate_series(2000, 2100) g;
alter table n alter id set not null;
alter table n add constraint c check (id >= 2000 and id < 3000);
-- statement
alter table pt attach partition n for values from (2000) to (3000);

-- case pt-attach-checked-not-valid
-- set-up
create table n (id int, k int, a int);
insert into n select g as id, g as k, g as a from generate_series(2000, 2100) g;
alter table n add constraint c check (id is not null and id >= 2000 and id < 3000) not valid;
-- statement
alter table pt attach partition n for values from (2000) to (3000);

-- case pt-attach-check-without-not-null
-- set-up
create table n (id int, k int, a int);
insert into n select g as id, g as k, g as a from generate_series(2000, 2100) g;
alter table n add constraint c check (id >= 2000 and id < 3000);
-- statement
alter table pt attach partition n for values from (2000) to (3000);

-- case pt-attach-check-narrower
-- set-up
create table n (id int, k int, a int);
insert into n select g as id, g as k, g as a from generate_series(2000, 2100) g;
alter table n add constraint c check (id is not null and id >= 2000 and id < 2500);
-- statement
alter table pt attach partition n for values from (2000) to (3000);

-- case pt-attach-default
-- set-up
create table n (id int, k int, a int);
insert into n select g as id, g as k, g as a from generate_series(2000, 2100) g;
-- statement
alter table pt attach partition n default;

-- case pt-attach-beside-default
-- set-up
create table ptd partition of pt default;
insert into ptd select g, g, g from generate_series(5000, 5100) g;
create table n (id int, k int, a int);
insert into n select g as id, g as k, g as a from generate_series(2000, 2100) g;
-- statement
alter table pt attach partition n for values from (2000) to (3000);

-- case pt-attach-beside-default-checked
-- set-up
create table ptd partition of pt default;
insert into ptd select g, g, g from generate_series(5000, 5100) g;
alter table ptd add constraint c check (id is not null and id >= 5000);
create table n (id int, k int, a int);
insert into n select g as id, g as k, g as a from generate_series(2000, 2100) g;
alter table n add constraint c check (id is not null and id >= 2000 and id < 3000);
-- statement
alter table pt attach partition n for values from (2000) to (3000);

-- case pt-attach-parent-indexed
-- set-up
create index ix on pt (a);
create table n (id int, k int, a int);
insert into n select g as id, g as k, g as a from generate_series(2000, 2100) g;
-- statement
alter table pt attach partition n for values from (2000) to (3000);

-- case pt-attach-parent-indexed-ready
-- set-up
create index ix on pt (a);
create table n (id int, k int, a int);
insert into n select g as id, g as k, g as a from generate_series(2000, 2100) g;
create index n_a on n (a);
-- statement
alter table pt attach partition n for values from (2000) to (3000);

-- case pt-attach-parent-pkey
-- set-up
alter table pt add primary key (id);
create table n (id int, k int, a int);
insert into n select g as id, g as k, g as a from generate_series(2000, 2100) g;
alter table n alter id set not null;
-- statement
alter table pt attach partition n for values from (2000) to (3000);

-- case pt-attach-parent-fk
-- set-up
delete from pt where id < 1 or id > 1000;
alter table pt add constraint fk foreign key (k) references parent (id);
create table n (id int, k int, a int);
insert into n select g as id, 1 as k, g as a from generate_series(2000, 2100) g;
-- statement
alter table pt attach partition n for values from (2000) to (3000);

-- case pt-attach-column-missing
-- set-up
create table n (id int, k int);
insert into n select g as id, g as k from generate_series(2000, 2100) g;
-- statement
alter table pt attach partition n for values from (2000) to (3000);

-- case pt-attach-missing
alter table pt attach partition no_such for values from (2000) to (3000);

-- case pt-attach-to-plain
alter table vt attach partition inhfree for values from (2000) to (3000);

-- case pt-detach
alter table pt detach partition pt2;

-- case pt-detach-with-default
-- set-up
create table ptd partition of pt default;
-- statement
alter table pt detach partition pt2;

-- case pt-detach-indexed
-- set-up
create index ix on pt (a);
-- statement
alter table pt detach partition pt2;

-- case pt-detach-default
-- set-up
create table ptd partition of pt default;
-- statement
alter table pt detach partition ptd;

-- case pt-detach-fk
-- set-up
delete from pt where id < 1 or id > 1000;
alter table pt add constraint fk foreign key (k) references parent (id);
-- statement
alter table pt detach partition pt2;

-- case pt-detach-not-a-partition
alter table pt detach partition vt;

-- case pt-detach-and-drop
alter table pt detach partition pt2;
drop table pt2;

-- case pt-drop-partition
drop table pt2;

-- case pt-drop-partition-with-default
-- set-up
create table ptd partition of pt default;
-- statement
drop table pt2;

-- case pt-drop-parent
drop table pt;

-- case pt-truncate-partition
truncate pt2;

-- case pt-truncate-only
truncate only pt;

-- case pt-add-column
alter table pt add column z int;

-- case pt-add-column-default
alter table pt add column z int not null default 1;

-- case pt-add-column-only
alter table only pt add column z int;

-- case pt-add-column-on-partition
alter table pt1 add column z int;

-- case pt-drop-column
alter table pt drop column a;

-- case pt-drop-column-key
alter table pt drop column id;

-- case pt-drop-column-on-partition
alter table pt1 drop column a;

-- case pt-set-default
alter table pt alter a set default 5;

-- case pt-set-default-only
alter table only pt alter a set default 5;

-- case pt-set-not-null
alter table pt alter a set not null;

-- case pt-set-not-null-partition
alter table pt1 alter a set not null;

-- case pt-set-statistics
alter table pt alter a set statistics 100;

-- case pt-add-check
alter table pt add constraint c check (a >= 0);

-- case pt-add-check-not-valid
alter table pt add constraint c check (a >= 0) not valid;

-- case pt-add-check-no-inherit
alter table pt add constraint c check (a >= 0) no inherit;

-- case pt-add-check-only
alter table only pt add constraint c check (a >= 0);

-- case pt-validate-check
-- set-up
alter table pt add constraint c check (a >= 0) not valid;
-- statement
alter table pt validate constraint c;

-- case pt-drop-check
-- set-up
alter table pt add constraint c check (a >= 0);
-- statement
alter table pt drop constraint c;

-- case pt-rename-check
-- set-up
alter table pt add constraint c check (a >= 0);
-- statement
alter table pt rename constraint c to cc;

-- case pt-add-primary-key
alter table pt add primary key (id);

-- case pt-add-primary-key-without-key
alter table pt add primary key (a);

-- case pt-drop-primary-key
-- set-up
alter table pt add primary key (id);
-- statement
alter table pt drop constraint pt_pkey;

-- case pt-rename
alter table pt rename to ptt;

-- case pt-rename-partition
alter table pt1 rename to ptt1;

-- case pt-set-schema
-- set-up
create schema s;
-- statement
alter table pt set schema s;

-- case pt-owner
alter table pt owner to ro;

-- case pt-set-unlogged
-- until 17
alter table pt1 set unlogged;

-- case pt-enable-rls
alter table pt enable row level security;

-- case pt-disable-trigger-all
alter table pt disable trigger all;

-- case pt-set-tablespace
-- since 12
alter table pt set tablespace ts2;

-- case pt-set-fillfactor
alter table pt set (fillfactor = 70);

-- case pt-type-free
-- set-up
alter table pt add column v varchar(10);
-- statement
alter table pt alter v type varchar(20);

-- case pt-type-key
alter table pt alter id type bigint;

-- case pt-create-list
create table lp (id int, region text) partition by list (region);

-- case pt-create-hash-and-partitions
create table hp (id int) partition by hash (id);
create table hp0 partition of hp for values with (modulus 2, remainder 0);
create table hp1 partition of hp for values with (modulus 2, remainder 1);

-- case pt-list-attach
-- set-up
create table lp (id int, region text) partition by list (region);
create table lp_eu (id int, region text);
insert into lp_eu select g as id, 'eu'::text as region from generate_series(1, 100) g;
-- statement
alter table lp attach partition lp_eu for values in ('eu');

-- case pt-list-attach-checked
-- set-up
create table lp (id int, region text) partition by list (region);
create table lp_eu (id int, region text);
insert into lp_eu select g as id, 'eu'::text as region from generate_series(1, 100) g;
alter table lp_eu add constraint c check (region is not null and region = 'eu');
-- statement
alter table lp attach partition lp_eu for values in ('eu');

-- case tree-add-column
-- set-up
create table pt3 partition of pt for values from (2000) to (3000) partition by list (k);
create table pt31 partition of pt3 for values in (1);
-- statement
alter table pt add column z int;

-- case tree-add-volatile-column
-- set-up
create table pt3 partition of pt for values from (2000) to (3000) partition by list (k);
create table pt31 partition of pt3 for values in (1);
insert into pt values (2001, 1, 1);
-- statement
alter table pt add column z float8 default random();

-- case tree-create-index
-- set-up
create table pt3 partition of pt for values from (2000) to (3000) partition by list (k);
create table pt31 partition of pt3 for values in (1);
insert into pt values (2001, 1, 1);
-- statement
create index ix on pt (a);

-- case tree-create-index-middle
-- set-up
create table pt3 partition of pt for values from (2000) to (3000) partition by list (k);
create table pt31 partition of pt3 for values in (1);
insert into pt values (2001, 1, 1);
-- statement
create index ix on pt3 (a);

-- case tree-drop-index
-- set-up
create table pt3 partition of pt for values from (2000) to (3000) partition by list (k);
create table pt31 partition of pt3 for values in (1);
create index ix on pt (a);
-- statement
drop index ix;

-- case tree-set-not-null
-- set-up
create table pt3 partition of pt for values from (2000) to (3000) partition by list (k);
create table pt31 partition of pt3 for values in (1);
insert into pt values (2001, 1, 1);
-- statement
alter table pt alter a set not null;

-- case tree-add-leaf
-- set-up
create table pt3 partition of pt for values from (2000) to (3000) partition by list (k);
create table pt31 partition of pt3 for values in (1);
-- statement
create table pt32 partition of pt3 for values in (2);

-- case tree-add-leaf-beside-default
-- set-up
create table pt3 partition of pt for values from (2000) to (3000) partition by list (k);
create table pt3d partition of pt3 default;
insert into pt values (2001, 1, 1);
-- statement
create table pt32 partition of pt3 for values in (2);

-- case tree-drop-leaf
-- set-up
create table pt3 partition of pt for values from (2000) to (3000) partition by list (k);
create table pt31 partition of pt3 for values in (1);
-- statement
drop table pt31;

-- case tree-drop-middle
-- set-up
create table pt3 partition of pt for values from (2000) to (3000) partition by list (k);
create table pt31 partition of pt3 for values in (1);
-- statement
drop table pt3;

-- case tree-detach-middle
-- set-up
create table pt3 partition of pt for values from (2000) to (3000) partition by list (k);
create table pt31 partition of pt3 for values in (1);
-- statement
alter table pt detach partition pt3;

-- case tree-attach-tree
-- set-up
create table n (id int, k int, a int) partition by list (k);
create table n1 partition of n for values in (1);
insert into n values (2001, 1, 1);
-- statement
alter table pt attach partition n for values from (2000) to (3000);

-- case tree-add-check-not-valid
-- set-up
create table pt3 partition of pt for values from (2000) to (3000) partition by list (k);
create table pt31 partition of pt3 for values in (1);
-- statement
alter table pt add constraint c check (a >= 0) not valid;

-- case tree-truncate
-- set-up
create table pt3 partition of pt for values from (2000) to (3000) partition by list (k);
create table pt31 partition of pt3 for values in (1);
-- statement
truncate pt;

-- case inh-add-column-only
alter table only inhp add column z int;

-- case inh-add-column-child
alter table inhc add column z int;

-- case inh-add-column-volatile
alter table inhp add column z float8 default random();

-- case inh-drop-column
alter table inhp drop column a;

-- case inh-drop-column-only
alter table only inhp drop column a;

-- case inh-drop-column-on-child
alter table inhc drop column a;

-- case inh-rename-column
alter table inhp rename column a to aa;

-- case inh-rename-column-only
alter table only inhp rename column a to aa;

-- case inh-type
alter table inhp alter a type bigint;

-- case inh-set-not-null
alter table inhp alter a set not null;

-- case inh-set-not-null-only
-- until 17
alter table only inhp alter a set not null;

-- case inh-add-check
alter table inhp add constraint c check (a >= 0);

-- case inh-add-check-no-inherit
alter table inhp add constraint c check (a >= 0) no inherit;

-- case inh-add-check-not-valid
alter table inhp add constraint c check (a >= 0) not valid;

-- case inh-validate-check
-- set-up
alter table inhp add constraint c check (a >= 0) not valid;
-- statement
alter table inhp validate constraint c;

-- case inh-drop-check
-- set-up
alter table inhp add constraint c check (a >= 0);
-- statement
alter table inhp drop constraint c;

-- case inh-set-default
alter table inhp alter a set default 1;

-- case inh-create-child
create table inh2 (more int) inherits (inhp);

-- case inh-create-child-two-parents
create table inh2 () inherits (inhp, inhfree);

-- case inh-drop-parent
drop table inhp;

-- case inh-drop-parent-cascade
drop table inhp cascade;

-- case inh-drop-child
drop table inhc;

-- case inh-truncate
truncate inhp;

-- case inh-truncate-only
truncate only inhp;

-- case inh-rename-parent
alter table inhp rename to inhp2;

-- case inh-set-statistics
alter table inhp alter a set statistics 100;

-- case inh-owner
alter table inhp owner to ro;

-- case inh-inherit-missing-column
alter table vt inherit inhc;

-- case inh-grandchild-add-column
-- set-up
create table inhg () inherits (inhc);
insert into inhg values (1, 1, 1);
-- statement
alter table inhp add column z int default 1;

-- case inh-grandchild-check
-- set-up
create table inhg () inherits (inhc);
insert into inhg values (1, 1, 1);
-- statement
alter table inhp add constraint c check (a >= 0);
