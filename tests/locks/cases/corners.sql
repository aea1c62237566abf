-- Corners: what depends on what the schema holds already.

-- case pt-fk-workaround
-- set-up
delete from pt where k>1000 or k<1;
alter table pt1 add constraint fk1 foreign key (k) references parent(id) not valid;
alter table pt1 validate constraint fk1;
alter table pt2 add constraint fk2 foreign key (k) references parent(id) not valid;
alter table pt2 validate constraint fk2;
-- statement
alter table pt add constraint fk foreign key (k) references parent(id);

-- case pt-fk-workaround-notvalid
-- set-up
delete from pt where k>1000 or k<1;
alter table pt1 add constraint fk1 foreign key (k) references parent(id) not valid;
alter table pt2 add constraint fk2 foreign key (k) references parent(id) not valid;
-- statement
alter table pt add constraint fk foreign key (k) references parent(id);

-- case pt-set-nn-prechecked
-- set-up
alter table pt add constraint k check (a is not null) not valid;
alter table pt validate constraint k;
-- statement
alter table pt alter a set not null;

-- case pt-set-nn-partition-checked
-- set-up
alter table pt1 add constraint k check (a is not null);
alter table pt2 add constraint k check (a is not null);
-- statement
alter table pt alter a set not null;

-- case pt-add-unique
alter table pt add constraint u unique(id);

-- case pt-add-unique-only
alter table only pt add constraint u unique(id);

-- case pt-add-unique-using
-- set-up
create unique index ui on only pt(id);
-- statement
alter table pt add constraint u unique using index ui;

-- case pt-unique-attach
-- set-up
alter table only pt add constraint u unique(id);
create unique index u1 on pt1(id);
-- statement
alter index u attach partition u1;

-- case set-expression-virt-nochk
-- since 18
-- set-up
alter table child add column z int generated always as (a*2) virtual;
-- statement
alter table child alter z set expression as (a*3);

-- case add-virt-nn
-- since 18
alter table child add column z int generated always as (a*2) virtual not null;

-- case add-virt-check
-- since 18
alter table child add column z int generated always as (a*2) virtual check (z>0);

-- case gen-nokeyword
-- since 12
alter table child add column z int generated always as (a*2);

-- case validate-already
alter table t validate constraint t_ck_pos;

-- case two-setnn-combined
alter table t alter a set not null, alter b set not null;

-- case two-setnn-separate
alter table t alter a set not null;
alter table t alter b set not null;

-- case add-check-implied
-- set-up
alter table t add constraint k check (a>0);
-- statement
alter table t add constraint k2 check (a>-1);

-- case add-pk-nn-notvalid18
-- since 18
-- set-up
alter table t drop constraint t_pkey;
create unique index ui on t(a);
alter table t add constraint ann not null a not valid;
-- statement
alter table t add primary key using index ui;

-- case new-table-in-tx
create table nt(id int primary key);
create index nti on nt(id);
alter table nt add column q int not null default 1;

-- case new-table-fk-in-tx
create table nt(id int primary key, p int);
insert into nt select g, g from generate_series(1, 1000) g;
alter table nt add constraint f foreign key (p) references parent(id);

-- case set-tablespace
alter table t set tablespace ts2;

-- case index-tablespace
alter index t_b set tablespace ts2;

-- case default-current-date
alter table t add column z date default current_date;

-- case default-neg
alter table t add column z int default -1;

-- case default-lower
alter table t add column z text default lower('A');

-- case default-interval
alter table t add column z interval default interval '1 day';

-- case default-array-lit
alter table t add column z jsonb not null default '{}'::jsonb;

-- case default-now-plus
alter table t add column z timestamptz default now() + interval '1 day';

-- case default-stmt-timestamp
alter table t add column z timestamptz default statement_timestamp();

-- case default-timeofday
alter table t add column z text default timeofday();

-- case default-uuidv7
-- since 18
alter table t add column z uuid default uuidv7();

-- case default-user-imm
-- set-up
create function f1() returns int language sql immutable as 'select 1';
-- statement
alter table t add column z int default f1();

-- case default-user-vol
-- set-up
create function f1() returns int language sql volatile as 'select 1';
-- statement
alter table t add column z int default f1();

-- case default-user-unmarked
-- set-up
create function f1() returns int language sql as 'select 1';
-- statement
alter table t add column z int default f1();

-- case type-default-present
-- set-up
alter table t alter v set default 'q';
-- statement
alter table t alter v type text;

-- case type-vc-domain-text
-- set-up
create domain dtxt as text;
-- statement
alter table t alter v type dtxt;

-- case type-num-to-int
alter table t alter a type numeric;

-- case type-vc-to-citextlike
alter table t alter v type name;

-- case type-timestamptz-date
alter table t alter tz type date;

-- case type-int-array
alter table t alter a type int[] using array[a];

-- case type-vcarr-grow
-- set-up
alter table t add column z varchar(10)[];
-- statement
alter table t alter z type varchar(20)[];

-- case type-vcarr-text
-- set-up
alter table t add column z varchar(10)[];
-- statement
alter table t alter z type text[];

-- case type-pt-vc
alter table pt alter a type bigint;

-- case type-stat-ext
-- set-up
create statistics st on a,nn from t;
-- statement
alter table t alter a type bigint;

-- case drop-not-null-pk
alter table t alter id drop not null;

-- case drop-nn-identity
-- set-up
alter table t alter nn add generated by default as identity;
-- statement
alter table t alter nn drop not null;

-- case rename-col-view
alter table vt rename column a to aa;

-- case rename-table-view
alter table vt rename to vtt;

-- case drop-table-view
drop table vt;

-- case replace-view-dropcol
create or replace view vw as select id from vt;

-- case alter-fk-deferrable-pt
alter table child alter constraint child_pid_fk not deferrable;

-- case add-fk-onlyconstraint-both
alter table t add constraint fk foreign key (pid) references parent(id) not valid, validate constraint t_ck_pos;

-- case create-index-on-matview
create index mvx on mv(a);

-- case trigger-on-pt
create trigger trp before update on pt1 for each row execute procedure trg();

-- case trigger-on-pt-parent
create trigger trp after update on pt for each row execute procedure trg();

-- case unlogged-fk
alter table parent set unlogged;

-- case merge-upsert
insert into t(id,nn) values(1,1) on conflict do nothing;

-- case add-col-toplain-pt-default-vol
alter table pt add column z float8 default random();

-- case drop-index-unique-constraint
drop index t_pkey;

-- case drop-idx-pt-child
-- set-up
create index pti on pt(a);
-- statement
drop index pt1_a_idx;

-- case create-ext-trgm
create extension pg_trgm;

-- case security-label
revoke select on t from public;

-- case alter-table-owner-col
alter table t alter a set default nextval('sq');

-- case set-with-oids-off
alter table t set without oids;

-- case truncate-only-pt
truncate pt;

-- case truncate-fk-error
truncate parent;

-- case no-force
alter table t no force row level security;

-- case enable-replica-trigger
alter table t enable replica trigger tr1;

-- case of-type
-- set-up
create type ct as (id int, a int);
-- statement
alter table inhfree of ct;
