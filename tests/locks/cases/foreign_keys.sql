-- Foreign keys: both sides, the table itself, partitions, actions, together with other changes.

-- case fk-unnamed
alter table t add foreign key (pid) references parent;

-- case fk-on-delete-cascade
alter table t add constraint fk foreign key (pid) references parent (id) on delete cascade on update set null;

-- case fk-deferrable
alter table t add constraint fk foreign key (pid) references parent (id) deferrable initially deferred;

-- case fk-match-full
alter table t add constraint fk foreign key (pid) references parent (id) match full;

-- case fk-self
alter table child add constraint fk foreign key (a) references child (id);

-- case fk-self-not-valid
alter table child add constraint fk foreign key (a) references child (id) not valid;

-- case fk-self-validate
-- set-up
alter table child add constraint fk foreign key (a) references child (id) not valid;
-- statement
alter table child validate constraint fk;

-- case fk-self-drop
-- set-up
alter table child add constraint fk foreign key (a) references child (id);
-- statement
alter table child drop constraint fk;

-- case fk-self-drop-table
-- set-up
alter table mt add constraint fk foreign key (a) references mt (id);
-- statement
drop table mt cascade;

-- case fk-two-columns
-- set-up
alter table parent add constraint pu unique (id, code);
alter table vt add column code varchar(20);
update vt set code = 'c' || id;
-- statement
alter table vt add constraint fk foreign key (id, code) references parent (id, code);

-- case fk-no-unique
alter table t add constraint fk foreign key (pid) references child (a);

-- case fk-type-mismatch
alter table t add constraint fk foreign key (b) references parent (id);

-- case fk-missing-parent
alter table t add constraint fk foreign key (pid) references no_such (id);

-- case fk-missing-column
alter table t add constraint fk foreign key (no_such) references parent (id);

-- case fk-exists
alter table child add constraint child_pid_fk foreign key (a) references child (id);

-- case fk-not-valid-and-validate-one-transaction
alter table t add constraint fk foreign key (pid) references parent (id) not valid;
alter table t validate constraint fk;

-- case fk-two-to-one-parent
alter table t add constraint f1 foreign key (pid) references parent (id), add constraint f2 foreign key (ck) references parent (id);

-- case fk-two-parents
alter table t add constraint f1 foreign key (pid) references parent (id), add constraint f2 foreign key (id) references child (id) not valid;

-- case fk-add-and-drop
alter table child drop constraint child_pid_fk, add constraint child_pid_fk foreign key (pid) references parent (id) on delete cascade;

-- case fk-add-and-drop-not-valid
alter table child drop constraint child_pid_fk, add constraint child_pid_fk foreign key (pid) references parent (id) on delete cascade not valid;

-- case fk-add-column-references
alter table vt add column p int references parent;

-- case fk-add-column-references-default
alter table vt add column p int default 1 references parent (id);

-- case fk-add-column-references-not-null
alter table vt add column p int not null default 1 references parent (id);

-- case fk-add-column-two
alter table vt add column p int references parent (id), add column q int references child (id);

-- case fk-column-then-constraint
alter table vt add column p int default 1, add constraint fk foreign key (p) references parent (id);

-- case fk-not-valid-with-check
alter table t add constraint fk foreign key (pid) references parent (id) not valid, add constraint k check (a > 0) not valid;

-- case fk-validate-valid
alter table child validate constraint child_pid_fk;

-- case fk-rename
alter table child rename constraint child_pid_fk to fk2;

-- case fk-drop-column
alter table child drop column pid;

-- case fk-drop-parent-column
alter table parent drop column id;

-- case fk-drop-parent-column-cascade
alter table parent drop column id cascade;

-- case fk-drop-other-parent-column
alter table parent drop column note;

-- case fk-drop-parent-table
drop table parent;

-- case fk-drop-parent-table-cascade
drop table parent cascade;

-- case fk-drop-child-table
drop table child;

-- case fk-drop-both
drop table child, parent;

-- case fk-truncate-child
truncate child;

-- case fk-truncate-parent-cascade
truncate parent cascade;

-- case fk-truncate-both
truncate parent, child;

-- case fk-rename-parent
alter table parent rename to parents;

-- case fk-rename-parent-column
alter table parent rename column id to pid;

-- case fk-type-child
alter table child alter column pid type bigint;

-- case fk-type-child-same
alter table child alter column pid type int;

-- case fk-type-parent-varchar-grow
-- set-up
alter table parent add constraint pcode unique (code);
alter table vt add column code varchar(20) references parent (code);
-- statement
alter table parent alter column code type varchar(40);

-- case fk-type-other-column
alter table child alter column a type bigint;

-- case fk-type-both-sides-in-turn
alter table child alter column pid type bigint;
alter table parent alter column id type bigint;

-- case fk-create-table
create table nt (id int primary key, p int references parent (id));

-- case fk-create-table-two
create table nt (id int primary key, p int references parent (id), q int references child);

-- case fk-create-table-self
create table nt (id int primary key, up int references nt (id));

-- case fk-create-table-missing-parent
create table nt (id int primary key, p int references no_such (id));

-- case fk-to-partitioned
-- since 12
-- set-up
alter table pt add primary key (id);
-- statement
alter table child add constraint fk foreign key (pid) references pt (id);

-- case fk-to-partitioned-not-valid
-- since 12
-- set-up
alter table pt add primary key (id);
-- statement
alter table vt add constraint fk foreign key (id) references pt (id) not valid;

-- case fk-to-partitioned-validate
-- since 12
-- set-up
alter table pt add primary key (id);
alter table child add constraint fk foreign key (pid) references pt (id) not valid;
-- statement
alter table child validate constraint fk;

-- case fk-to-partitioned-drop
-- since 12
-- set-up
alter table pt add primary key (id);
alter table vt add constraint fk foreign key (id) references pt (id);
-- statement
alter table vt drop constraint fk;

-- case fk-to-partitioned-create-table
-- since 12
-- set-up
alter table pt add primary key (id);
-- statement
create table nt (p int references pt (id));

-- case fk-to-partitioned-drop-child-table
-- since 12
-- set-up
alter table pt add primary key (id);
alter table vt add constraint fk foreign key (id) references pt (id);
-- statement
drop table vt cascade;

-- case fk-from-partitioned
-- set-up
delete from pt where id < 1 or id > 1000;
-- statement
alter table pt add constraint fk foreign key (id) references parent (id);

-- case fk-from-partitioned-not-valid
-- set-up
delete from pt where id < 1 or id > 1000;
-- statement
alter table pt add constraint fk foreign key (id) references parent (id) not valid;

-- case fk-from-partitioned-drop
-- set-up
delete from pt where id < 1 or id > 1000;
alter table pt add constraint fk foreign key (id) references parent (id);
-- statement
alter table pt drop constraint fk;

-- case fk-from-partition
alter table pt1 add constraint fk foreign key (k) references child (id) not valid;

-- case fk-from-inheritance-parent
alter table inhp add constraint fk foreign key (a) references parent (id);

-- case fk-alter-deferrable-twice
alter table child alter constraint child_pid_fk deferrable, alter constraint child_pid_fk initially deferred;

-- case fk-alter-missing
alter table child alter constraint no_such deferrable;

-- case fk-disable-triggers
alter table parent disable trigger all;

-- case fk-qualified
alter table public.t add constraint fk foreign key (pid) references public.parent (id);

-- case fk-if-exists
alter table if exists t add constraint fk foreign key (pid) references parent (id) not valid;

-- case fk-index-then-key
create index t_pid on t (pid);
alter table t add constraint fk foreign key (pid) references parent (id);

-- case fk-from-schema
-- set-up
create schema s;
create table s.orders (id int, pid int);
insert into s.orders select g as id, g as pid from generate_series(1, 100) g;
-- statement
alter table s.orders add constraint fk foreign key (pid) references parent (id);
