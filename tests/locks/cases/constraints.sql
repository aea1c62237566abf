-- Constraints besides foreign keys: checks, keys, exclusions, NOT NULL, alone and together.

-- case check-column-level
alter table t add check (a > 0);

-- case check-two-columns
alter table t add constraint k check (a > 0 and nn > 0);

-- case check-no-inherit
alter table t add constraint k check (a > 0) no inherit;

-- case check-function-volatile
alter table t add constraint k check (a < random() + 100000);

-- case check-exists
alter table t add constraint t_ck_pos check (a > 0);

-- case check-nv-and-validate-one-transaction
alter table t add constraint k check (a > 0) not valid;
alter table t validate constraint k;

-- case check-drop-if-exists-missing
alter table t drop constraint if exists no_such;

-- case check-drop-missing
alter table t drop constraint no_such;

-- case check-drop-cascade
alter table t drop constraint t_ck_pos cascade;

-- case check-validate-missing
alter table t validate constraint no_such;

-- case check-rename-missing
alter table t rename constraint no_such to other;

-- case check-child-table
alter table child add constraint k check (a >= 0);

-- case unique-two-columns
alter table t add constraint u unique (a, nn);

-- case unique-unnamed
alter table child add unique (a);

-- case unique-include
alter table t add constraint u unique (a) include (nn);

-- case unique-deferrable
alter table t add constraint u unique (a) deferrable initially deferred;

-- case unique-tablespace
alter table t add constraint u unique (a) using index tablespace ts2;

-- case unique-using-not-unique
-- set-up
create index ui on t (a);
-- statement
alter table t add constraint u unique using index ui;

-- case unique-using-expression
-- set-up
create unique index ui on t (lower(b));
-- statement
alter table t add constraint u unique using index ui;

-- case unique-using-partial
-- set-up
create unique index ui on t (a) where a > 0;
-- statement
alter table t add constraint u unique using index ui;

-- case unique-using-missing
alter table t add constraint u unique using index no_such;

-- case unique-using-unnamed
-- set-up
create unique index ui on t (a);
-- statement
alter table t add unique using index ui;

-- case unique-drop
-- set-up
alter table t add constraint u unique (a);
-- statement
alter table t drop constraint u;

-- case unique-drop-index
-- set-up
alter table t add constraint u unique (a);
-- statement
drop index u;

-- case unique-rename
-- set-up
alter table t add constraint u unique (a);
-- statement
alter table t rename constraint u to uu;

-- case unique-add-column
alter table t add column z int unique;

-- case unique-add-column-default-null
alter table vt add column z text unique;

-- case pk-two-columns
alter table vt add primary key (id, a);

-- case pk-one-column
alter table vt add primary key (id);

-- case pk-second
alter table t add primary key (a);

-- case pk-named
alter table inhfree add constraint mine primary key (id);

-- case pk-include
alter table vt add primary key (id) include (a);

-- case pk-over-not-null-column
-- set-up
alter table vt alter id set not null;
-- statement
alter table vt add primary key (id);

-- case pk-over-checked-column
-- set-up
alter table vt add constraint idnn check (id is not null);
-- statement
alter table vt add primary key (id);

-- case pk-add-column-serial
alter table vt add column z serial primary key;

-- case pk-add-column-identity
alter table vt add column z int generated always as identity primary key;

-- case pk-column-and-key
alter table vt add column z int, add primary key (id);

-- case pk-drop-referenced
alter table parent drop constraint parent_pkey;

-- case pk-drop-referenced-cascade
alter table parent drop constraint parent_pkey cascade;

-- case pk-drop-and-add
alter table child drop constraint child_pkey, add constraint child_key primary key (id, a);

-- case pk-rename
alter table child rename constraint child_pkey to child_id;

-- case exclude-gist
-- set-up
alter table vt add column r int4range;
-- statement
alter table vt add constraint ex exclude using gist (r with &&);

-- case exclude-where
alter table t add constraint ex exclude using btree (a with =) where (a > 10);

-- case exclude-drop
-- set-up
alter table child add constraint ex exclude using btree (a with =);
-- statement
alter table child drop constraint ex;

-- case set-nn-two-tables
alter table t alter a set not null;
alter table vt alter a set not null;

-- case set-nn-check-or
-- set-up
alter table t add constraint ann check (a is not null or b is not null);
-- statement
alter table t alter a set not null;

-- case set-nn-check-not-null-both
-- set-up
alter table t add constraint ann check (a is not null and b is not null);
-- statement
alter table t alter a set not null, alter b set not null;

-- case set-nn-one-checked-of-two
-- set-up
alter table t add constraint ann check (a is not null);
-- statement
alter table t alter a set not null, alter b set not null;

-- case set-nn-check-other-column
-- set-up
alter table t add constraint bnn check (b is not null);
-- statement
alter table t alter a set not null;

-- case set-nn-check-greater-zero
-- set-up
alter table t add constraint apos check (a > 0);
-- statement
alter table t alter a set not null;

-- case set-nn-check-validated
-- set-up
alter table t add constraint ann check (a is not null) not valid;
alter table t validate constraint ann;
-- statement
alter table t alter a set not null;

-- case set-nn-validate-together
-- set-up
alter table t add constraint ann check (a is not null) not valid;
-- statement
alter table t validate constraint ann, alter a set not null;

-- case set-nn-drop-check-together
-- set-up
alter table t add constraint ann check (a is not null);
-- statement
alter table t alter a set not null, drop constraint ann;

-- case set-nn-missing-column
alter table t alter no_such set not null;

-- case set-nn-pkey-column
alter table t alter id set not null;

-- case set-nn-and-default
alter table t alter a set default 1, alter a set not null;

-- case set-nn-if-exists-missing-table
alter table if exists no_such alter a set not null;

-- case drop-nn-nullable-already
alter table t alter a drop not null;

-- case nn-add-column-default
alter table t add column z int not null default 1, alter a set not null;

-- case nn-add-column-then-check
alter table t add column z int default 1, add constraint k check (a > 0);

-- case nn-not-valid-then-validate-18
-- since 18
-- set-up
alter table t add constraint ann not null a not valid;
-- statement
alter table t validate constraint ann;

-- case nn-not-valid-set-18
-- since 18
alter table t add constraint ann not null a not valid;
alter table t validate constraint ann;

-- case nn-drop-constraint-18
-- since 18
-- set-up
alter table t add constraint ann not null a;
-- statement
alter table t drop constraint ann;

-- case nn-named-column-18
-- since 18
alter table t add column z int constraint znn not null default 0;

-- case nn-inherit-18
-- since 18
-- set-up
alter table inhp add constraint ann not null a;
-- statement
alter table inhp alter constraint ann no inherit;

-- case check-not-enforced-column-18
-- since 18
alter table t add column z int check (z > 0) not enforced;

-- case check-not-enforced-fk-column-18
-- since 18
alter table t add column z int references parent (id) not enforced;
