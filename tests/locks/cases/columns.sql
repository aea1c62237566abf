-- Columns: adding, dropping, changing several at once; defaults, generated columns, domains, enums, type changes.

-- case add-two-columns
alter table t add column y int, add column z text default 'x';

-- case add-column-and-volatile-column
alter table t add column y int default 1, add column z float8 default random();

-- case add-column-and-drop-column
alter table t add column y int, drop column f4;

-- case add-column-exists
alter table t add column a int;

-- case add-column-if-not-exists-volatile-existing
alter table t add column if not exists a uuid default gen_random_uuid();

-- case add-column-missing-table
alter table no_such add column z int;

-- case add-column-if-table-exists-missing
alter table if exists no_such add column z int;

-- case add-column-only
alter table only t add column z int;

-- case add-column-bigserial
alter table vt add column z bigserial;

-- case add-column-identity-always
alter table vt add column z int generated always as identity (start 100);

-- case add-column-nextval
alter table vt add column z int default nextval('sq');

-- case add-column-gen-random-uuid
-- since 13
alter table vt add column z uuid default gen_random_uuid();

-- case add-column-current-user
alter table t add column z text default current_user;

-- case add-column-localtimestamp
alter table t add column z timestamp default localtimestamp;

-- case add-column-cast-text
alter table t add column z date default '2020-01-01'::date;

-- case add-column-now-cast
alter table t add column z date default now()::date;

-- case add-column-concat
alter table t add column z text default 'a' || 'b';

-- case add-column-array
alter table t add column z int[] not null default '{}';

-- case add-column-array-constructor
alter table t add column z int[] default array[1, 2, 3];

-- case add-column-boolean
alter table t add column z boolean not null default false;

-- case add-column-enum-default
alter table t add column z mood not null default 'ok';

-- case add-column-enum-new
create type shade as enum ('light', 'dark');
alter table t add column z shade not null default 'dark';

-- case add-column-domain-not-null
-- set-up
create domain dnn as int not null;
-- statement
alter table t add column z dnn default 1;

-- case add-column-domain-default
-- set-up
create domain ddef as int default 5;
-- statement
alter table t add column z ddef;

-- case add-column-domain-volatile-default
-- set-up
create domain dvol as float8 default random();
-- statement
alter table t add column z dvol;

-- case add-column-domain-new
create domain dnew as text;
alter table t add column z dnew;

-- case add-column-not-null-check-default
alter table t add column z int not null default 1 check (z > 0);

-- case add-column-collate
alter table t add column z text collate "C";

-- case add-column-compression
-- since 14
alter table t add column z text compression pglz;

-- case add-column-storage
-- since 16
alter table t add column z text storage external;

-- case add-column-case-default
alter table t add column z int default case when 1 > 0 then 1 else 2 end;

-- case add-column-coalesce-now
alter table t add column z timestamptz default coalesce(null, now());

-- case add-column-extract
alter table t add column z numeric default extract(epoch from clock_timestamp());

-- case add-column-make-date
alter table t add column z date default make_date(2020, 1, 1);

-- case add-column-to-char-now
alter table t add column z text default to_char(now(), 'YYYY');

-- case add-column-txid
alter table t add column z bigint default txid_current();

-- case add-column-stored-generated-inherit
-- since 12
alter table vt add column z int generated always as (id + a) stored;

-- case add-column-stored-generated-on-pt
-- since 12
alter table pt add column z int generated always as (a * 2) stored;

-- case add-column-stored-refers-missing
-- since 12
alter table vt add column z int generated always as (no_such * 2) stored;

-- case add-column-stored-volatile
-- since 12
alter table vt add column z float8 generated always as (random()) stored;

-- case add-column-in-view
alter table vw add column z int;

-- case add-column-in-matview
alter table mv add column z int;

-- case drop-two-columns
alter table t drop column a, drop column b;

-- case drop-column-missing
alter table t drop column no_such;

-- case drop-column-check
alter table t drop column ck;

-- case drop-column-cascade
alter table t drop column a cascade;

-- case drop-column-viewed
alter table vt drop column a;

-- case drop-column-viewed-cascade
alter table vt drop column a cascade;

-- case drop-column-matviewed-cascade
alter table mt drop column a cascade;

-- case drop-column-pkey
alter table child drop column id;

-- case drop-column-serial
-- set-up
alter table vt add column z serial;
-- statement
alter table vt drop column z;

-- case drop-column-identity
-- set-up
alter table vt add column z int generated always as identity;
-- statement
alter table vt drop column z;

-- case drop-column-index-expression
-- set-up
create index ix on t (lower(b), a);
-- statement
alter table t drop column b;

-- case drop-column-partial-index
-- set-up
create index ix on t (a) where nn > 0;
-- statement
alter table t drop column nn;

-- case drop-column-include-index
-- set-up
create index ix on t (a) include (nn);
-- statement
alter table t drop column nn;

-- case drop-column-of-generated
-- since 12
-- set-up
alter table t add column z int generated always as (a * 2) stored;
-- statement
alter table t drop column a;

-- case drop-column-of-generated-cascade
-- since 12
-- set-up
alter table t add column z int generated always as (a * 2) stored;
-- statement
alter table t drop column a cascade;

-- case drop-column-statistics
-- set-up
create statistics st on a, nn from t;
-- statement
alter table t drop column a;

-- case drop-column-trigger-of
-- set-up
create trigger tra before update of a on t for each row execute procedure trg();
-- statement
alter table t drop column a;

-- case drop-column-policy
-- set-up
create policy p on t using (a > 0);
-- statement
alter table t drop column a;

-- case drop-column-unique
-- set-up
alter table t add constraint u unique (a, nn);
-- statement
alter table t drop column a;

-- case rename-column-missing
alter table t rename column no_such to other;

-- case rename-column-taken
alter table t rename column a to b;

-- case rename-column-indexed
alter table t rename column b to bb;

-- case rename-column-if-exists
alter table if exists no_such rename column a to b;

-- case rename-column-of-view
-- since 13
alter view vw rename column a to aa;

-- case rename-column-partitioned
alter table pt rename column a to aa;

-- case rename-table-schema-qualified
alter table public.t rename to tt;

-- case rename-table-taken
alter table t rename to child;

-- case rename-table-if-exists-missing
alter table if exists no_such rename to other;

-- case several-defaults
alter table t alter a set default 1, alter b set default 'x', alter nn drop default;

-- case set-default-missing-column
alter table t alter no_such set default 1;

-- case set-default-function
alter table t alter a set default (random() * 100)::int;

-- case type-two-free
alter table t alter v type text, alter n type numeric;

-- case type-free-and-not-free
alter table t alter v type text, alter a type bigint;

-- case type-two-not-free
alter table t alter a type bigint, alter i2 type int;

-- case type-and-not-null
alter table t alter v type text, alter v set not null;

-- case type-and-default
alter table t alter a drop default, alter a type text, alter a set default 'x';

-- case type-and-add-column
alter table t alter v type varchar(20), add column z int default 1;

-- case type-and-drop-column
alter table t alter a type bigint, drop column f4;

-- case type-and-check
alter table t alter v type text, add constraint vck check (length(v) < 30);

-- case type-and-add-index-constraint
alter table t alter a type bigint, add constraint u unique (a);

-- case type-missing-column
alter table t alter no_such type bigint;

-- case type-needs-using
alter table t alter b type int;

-- case type-text-to-int-using
alter table t alter b type int using length(b);

-- case type-int-text
alter table t alter a type text;

-- case type-int-text-using
alter table t alter a type text using a::text;

-- case type-text-using-same
alter table t alter b type text using b;

-- case type-text-using-lower
alter table t alter b type text using lower(b);

-- case type-text-to-enum
-- set-up
alter table vt add column m text default 'ok';
-- statement
alter table vt alter m type mood using m::mood;

-- case type-enum-to-enum
-- set-up
create type mood2 as enum ('sad', 'ok', 'happy', 'great');
-- statement
alter table t alter en type mood2 using en::text::mood2;

-- case type-viewed
alter table vt alter a type bigint;

-- case type-viewed-free
-- set-up
create table s2 (v varchar(10));
create view s2v as select v from s2;
-- statement
alter table s2 alter v type varchar(20);

-- case type-trigger-of
-- set-up
create trigger tra before update of a on t for each row execute procedure trg();
-- statement
alter table t alter a type bigint;

-- case type-policy
-- set-up
create policy p on t using (a > 0);
-- statement
alter table t alter a type bigint;

-- case type-of-generated
-- since 12
-- set-up
alter table t add column z int generated always as (a * 2) stored;
-- statement
alter table t alter a type bigint;

-- case type-generated-column
-- since 12
-- set-up
alter table vt add column z int generated always as (a * 2) stored;
-- statement
alter table vt alter z type bigint;

-- case type-serial
-- set-up
alter table vt add column z serial;
-- statement
alter table vt alter z type bigint;

-- case type-identity
-- set-up
alter table vt add column z int generated by default as identity;
-- statement
alter table vt alter z type bigint;

-- case type-date-timestamp
-- set-up
alter table vt add column d date default '2020-01-01';
-- statement
alter table vt alter d type timestamp;

-- case type-varchar-indexed-unique
-- set-up
create table uv (v varchar(10) unique);
insert into uv select g::text from generate_series(1, 100) g;
-- statement
alter table uv alter v type varchar(20);

-- case type-varchar-pattern-index
-- set-up
create index vp on t (v varchar_pattern_ops);
-- statement
alter table t alter v type varchar(30);

-- case type-varchar-two-column-index
-- set-up
create index vp on t (v, a);
-- statement
alter table t alter v type text;

-- case type-partial-index-other-column
-- set-up
create index ip on t (v) where a > 0;
-- statement
alter table t alter a type bigint;

-- case type-include-index
-- set-up
create index ip on t (a) include (v);
-- statement
alter table t alter v type text;

-- case type-exclusion
-- set-up
alter table child add constraint ex exclude using btree (a with =);
-- statement
alter table child alter a type bigint;

-- case type-pkey-free
-- set-up
create table pv (v varchar(10) primary key);
insert into pv select g::text from generate_series(1, 100) g;
-- statement
alter table pv alter v type text;

-- case type-check-two-columns
-- set-up
alter table t add constraint k check (a > 0 or length(v) > 3);
-- statement
alter table t alter v type text;

-- case type-check-not-valid
-- set-up
alter table t add constraint k check (length(v) > 0) not valid;
-- statement
alter table t alter v type text;

-- case type-default-cast-fails
-- set-up
alter table vt alter a set default 5;
-- statement
alter table vt alter a type mood using 'ok'::mood;

-- case type-numeric-unconstrained-to-constrained
-- set-up
alter table vt add column n numeric default 1;
-- statement
alter table vt alter n type numeric(20, 2);

-- case type-varbit-shrink
alter table t alter bv type varbit(4);

-- case type-time-shrink
alter table t alter tm type time(0);

-- case type-timestamptz-prec-grow
-- set-up
alter table vt add column z timestamptz(3) default now();
-- statement
alter table vt alter z type timestamptz(6);

-- case type-char-shrink
alter table t alter c type char(5);

-- case type-bigint-to-int
-- set-up
alter table vt add column z bigint default 1;
-- statement
alter table vt alter z type int;

-- case type-float-to-real
-- set-up
alter table vt add column z float8 default 1;
-- statement
alter table vt alter z type real;

-- case type-domain-over-text
-- set-up
create domain email as text check (value like '%@%');
alter table vt add column e text default 'a@b';
-- statement
alter table vt alter e type email;

-- case type-collate-same
alter table t alter b type text collate "default";

-- case type-inet-text
alter table t alter ip type text;

-- case type-jsonb-json
alter table t alter jb type json;

-- case identity-set-generated
-- set-up
alter table t alter nn add generated by default as identity;
-- statement
alter table t alter nn set generated always;

-- case identity-restart
-- set-up
alter table t alter nn add generated by default as identity;
-- statement
alter table t alter nn restart with 10000;

-- case identity-add-nullable
alter table t alter a add generated by default as identity;

-- case identity-drop-if-exists
alter table t alter a drop identity if exists;

-- case identity-drop-missing
alter table t alter a drop identity;

-- case expression-drop-if-exists
-- since 13
alter table t alter a drop expression if exists;

-- case statistics-two
alter table t alter a set statistics 100, alter b set statistics 200;

-- case statistics-and-storage
alter table t alter a set statistics 100, alter b set storage main;

-- case options-and-default
alter table t set (fillfactor = 80), alter a set default 3;

-- case col-reset-option
alter table t alter a reset (n_distinct);

-- case enum-add-value
-- since 12
alter type mood add value 'great';

-- case enum-add-value-before
-- since 12
alter type mood add value if not exists 'meh' before 'ok';

-- case enum-add-value-existing
-- since 12
alter type mood add value 'ok';

-- case enum-rename-value
alter type mood rename value 'ok' to 'fine';

-- case enum-create
create type shade as enum ('light', 'dark');

-- case enum-drop-used
drop type mood;

-- case enum-drop-cascade
drop type mood cascade;

-- case enum-rename
alter type mood rename to moods;

-- case type-composite-create
create type pair as (a int, b text);

-- case type-composite-add-attribute
-- set-up
create type pair as (a int, b text);
-- statement
alter type pair add attribute c int;

-- case domain-create
create domain positive as int check (value > 0);

-- case domain-add-check
alter domain dint add constraint k check (value > -1);

-- case domain-add-check-not-valid
alter domain dint add constraint k check (value > -1) not valid;

-- case domain-validate
-- set-up
alter domain dint add constraint k check (value > -1) not valid;
-- statement
alter domain dint validate constraint k;

-- case domain-set-not-null
alter domain dint set not null;

-- case domain-drop-not-null
alter domain dint drop not null;

-- case domain-set-default
alter domain dint set default 3;

-- case domain-drop-constraint
alter domain dpos drop constraint dpos_check;

-- case domain-add-check-unused
alter domain dpos add constraint k check (value > -1);

-- case domain-add-check-two-tables
-- set-up
alter table vt add column d dint default 3;
-- statement
alter domain dint add constraint k check (value > -1);

-- case domain-rename
alter domain dint rename to dinteger;

-- case domain-drop-used
drop domain dint;

-- case domain-drop-cascade
drop domain dint cascade;
