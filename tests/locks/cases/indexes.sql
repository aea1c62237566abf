-- CREATE, ALTER, DROP INDEX and REINDEX in a transaction.

-- case index-plain
create index ix on t (a);

-- case index-unique
create unique index ix on t (a);

-- case index-unnamed
create index on t (a, nn);

-- case index-expression
create index ix on t (lower(b));

-- case index-partial
create index ix on t (a) where nn > 10;

-- case index-include
create index ix on t (a) include (nn);

-- case index-hash
create index ix on t using hash (a);

-- case index-gin
create index ix on t using gin (jb);

-- case index-brin
create index ix on t using brin (id);

-- case index-desc-nulls
create index ix on t (a desc nulls last, b);

-- case index-opclass
create index ix on t (b text_pattern_ops);

-- case index-collate
create index ix on t (b collate "C");

-- case index-with
create index ix on t (a) with (fillfactor = 70);

-- case index-tablespace-new
create index ix on t (a) tablespace ts2;

-- case index-ifne-new
create index if not exists ix on t (a);

-- case index-ifne-existing
create index if not exists t_b on t (a);

-- case index-exists
create index t_b on t (a);

-- case index-nulls-not-distinct
-- since 15
create unique index ix on t (a) nulls not distinct;

-- case index-only-plain-table
create index ix on only t (a);

-- case index-on-inheritance-parent
create index ix on inhp (a);

-- case index-on-matview-unique
create unique index ix on mv (a);

-- case index-on-view
create index ix on vw (a);

-- case index-on-new-table
create table nt (id int, a int);
create index on nt (a);

-- case index-two-in-one-transaction
create index i1 on t (a);
create index i2 on t (nn);

-- case index-on-column-missing
create index ix on t (zzz);

-- case index-pt
create index ix on pt (a);

-- case index-pt-only
create index ix on only pt (a);

-- case index-pt-unique-with-key
create unique index ix on pt (id, a);

-- case index-pt-unique-without-key
create unique index ix on pt (a);

-- case index-pt-partition-has-one
-- set-up
create index pt1_ready on pt1 (a);
-- statement
create index ix on pt (a);

-- case index-pt-all-have-one
-- set-up
create index pt1_ready on pt1 (a);
create index pt2_ready on pt2 (a);
-- statement
create index ix on pt (a);

-- case index-on-partition
create index ix on pt1 (a);

-- case index-attach
-- set-up
create index ix on only pt (a);
create index ix1 on pt1 (a);
-- statement
alter index ix attach partition ix1;

-- case index-attach-last
-- set-up
create index ix on only pt (a);
create index ix1 on pt1 (a);
create index ix2 on pt2 (a);
alter index ix attach partition ix1;
-- statement
alter index ix attach partition ix2;

-- case index-attach-again
-- set-up
create index ix on pt (a);
-- statement
alter index ix attach partition pt1_a_idx;

-- case drop-index
drop index t_b;

-- case drop-index-if-exists
drop index if exists t_b;

-- case drop-index-if-exists-missing
drop index if exists no_such_index;

-- case drop-index-missing
drop index no_such_index;

-- case drop-index-two
drop index t_b, t_v;

-- case drop-index-two-tables
-- set-up
create index ci on child (a);
-- statement
drop index t_b, ci;

-- case drop-index-cascade
drop index t_b cascade;

-- case drop-index-pk-cascade
drop index parent_pkey cascade;

-- case drop-index-qualified
drop index public.t_b;

-- case drop-index-pt
-- set-up
create index ix on pt (a);
-- statement
drop index ix;

-- case drop-index-matview
drop index mv_id;

-- case drop-index-not-an-index
drop index t;

-- case index-rename
alter index t_b rename to t_bb;

-- case index-rename-by-table
alter table t_b rename to t_bb;

-- case index-rename-if-exists-missing
alter index if exists no_such rename to other;

-- case index-rename-missing
alter index no_such rename to other;

-- case index-rename-table-word
alter index t rename to tt;

-- case index-set-fillfactor
alter index t_b set (fillfactor = 80);

-- case index-reset-fillfactor
alter index t_b reset (fillfactor);

-- case index-set-statistics
-- set-up
create index ix on t (lower(b));
-- statement
alter index ix alter column 1 set statistics 200;

-- case index-rename-pkey
alter index t_pkey rename to t_id;

-- case index-rename-pt
-- set-up
create index ix on pt (a);
-- statement
alter index ix rename to iy;

-- case reindex-index
reindex index t_b;

-- case reindex-index-pkey
reindex index parent_pkey;

-- case reindex-table
reindex table t;

-- case reindex-table-no-indexes
reindex table vt;

-- case reindex-table-child
reindex table child;

-- case reindex-matview
reindex table mv;

-- case reindex-verbose-options
reindex (verbose) index t_b;

-- case reindex-missing
reindex index no_such;

-- case reindex-index-not-an-index
reindex index t;

-- case reindex-index-partition
-- set-up
create index ix on pt (a);
-- statement
reindex index pt1_a_idx;
