-- What may not run in a transaction: CONCURRENTLY, VACUUM and the like, each kept waiting by another session.

-- case cic
-- held up by update t set a = a where id = 1
create index concurrently ix on t (a);

-- case cic-unique
-- held up by update t set a = a where id = 1
create unique index concurrently ix on t (a);

-- case cic-snapshot-elsewhere
-- held up by set transaction isolation level repeatable read; select count(*) from pg_am
create index concurrently ix on t (a);

-- case cic-ifne-existing
-- held up by lock table t in share row exclusive mode
create index concurrently if not exists t_b on t (a);

-- case cic-partial
-- held up by update t set a = a where id = 1
create index concurrently ix on t (a) where nn > 100;

-- case cic-expression
-- held up by update t set a = a where id = 1
create index concurrently ix on t (lower(b));

-- case cic-include
-- held up by update child set a = a where id = 1
create index concurrently ix on child (a) include (pid);

-- case cic-matview
-- held up by set transaction isolation level repeatable read; select count(*) from pg_am
create index concurrently ix on mv (a);

-- case cic-partitioned
create index concurrently ix on pt (a);

-- case cic-partition
-- held up by update pt1 set a = a where id = 1
create index concurrently ix on pt1 (a);

-- case cic-missing-table
create index concurrently ix on no_such (a);

-- case cic-exists
create index concurrently t_b on t (a);

-- case dic
-- held up by update t set a = a where id = 1
drop index concurrently t_b;

-- case dic-if-exists
-- held up by update t set a = a where id = 1
drop index concurrently if exists t_b;

-- case dic-if-exists-missing
drop index concurrently if exists no_such;

-- case dic-reader
-- held up by select from t limit 0
drop index concurrently t_b;

-- case dic-constraint
drop index concurrently t_pkey;

-- case dic-two
drop index concurrently t_b, t_v;

-- case dic-cascade
drop index concurrently t_b cascade;

-- case dic-partitioned
-- set-up
create index ix on pt (a);
-- statement
drop index concurrently ix;

-- case reindex-index-concurrently
-- since 12
-- held up by update t set a = a where id = 1
reindex index concurrently t_b;

-- case reindex-table-concurrently
-- since 12
-- held up by update t set a = a where id = 1
reindex table concurrently t;

-- case reindex-table-concurrently-child
-- since 12
-- held up by update child set a = a where id = 1
reindex table concurrently child;

-- case reindex-concurrently-options
-- since 14
-- held up by update t set a = a where id = 1
reindex (concurrently) index t_b;

-- case reindex-concurrently-exclusion
-- since 12
-- held up by update child set a = a where id = 1
-- set-up
alter table child add constraint ex exclude using btree (a with =);
-- statement
reindex table concurrently child;

-- case reindex-partitioned
-- since 14
-- held up by alter index ix rename to iy
-- held up by select from pt1 limit 0
-- held up by select from pt2 limit 0
-- set-up
create index ix on pt (a);
-- statement
reindex index ix;

-- case detach-concurrently
-- since 14
-- held up by select from pt where id < 10 limit 0
-- held up by select from pt2 limit 0
alter table pt detach partition pt2 concurrently;

-- case detach-concurrently-default
-- since 14
-- set-up
create table ptd partition of pt default;
-- statement
alter table pt detach partition pt2 concurrently;

-- case vacuum
-- held up by lock table vt in share update exclusive mode
vacuum vt;

-- case vacuum-indexed
-- held up by set enable_seqscan = off; declare c cursor for select * from child where id > 0; fetch 1 from c
-- set-up
update child set a = a;
-- statement
vacuum (freeze) child;

-- case vacuum-full-indexed
-- held up by alter index child_pkey set (fillfactor = 90)
vacuum full child;

-- case vacuum-analyze
-- held up by lock table vt in share update exclusive mode
vacuum analyze vt;

-- case vacuum-full
-- held up by select from vt limit 0
vacuum full vt;

-- case vacuum-missing
vacuum no_such;

-- case vacuum-two
-- held up by lock table vt in share update exclusive mode
-- held up by lock table inhfree in share update exclusive mode
vacuum vt, inhfree;

-- case create-database
create database another_one;

-- case create-database-options
create database another_two encoding 'UTF8' template template0;

-- case drop-database-if-exists
drop database if exists no_such_database;

-- case create-tablespace
create tablespace ts_lab location '';

-- case drop-tablespace-missing
drop tablespace if exists no_such_tablespace;

-- case alter-system
alter system reset work_mem;

-- case reindex-schema
-- held up by alter index s.one_a set (fillfactor = 90)
-- set-up
create schema s;
create table s.one (a int);
insert into s.one select 1 as a;
create index one_a on s.one (a);
-- statement
reindex schema s;

-- case enum-add-value-11
-- until 11
alter type mood add value 'fine';

-- case create-subscription-missing
drop subscription if exists no_such_subscription;
