-- What every case begins with. Each table holds rows: what the server reads whole shows in its counters only then.
CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');
CREATE DOMAIN dint AS integer;
CREATE DOMAIN dpos AS integer CHECK (VALUE > 0);
CREATE SEQUENCE sq;
CREATE FUNCTION trg() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;

CREATE TABLE parent (id integer PRIMARY KEY, code varchar(20), note text);
CREATE TABLE child (id integer PRIMARY KEY, pid integer, a integer);
ALTER TABLE child ADD CONSTRAINT child_pid_fk FOREIGN KEY (pid) REFERENCES parent (id);
CREATE RULE ru1 AS ON DELETE TO child DO ALSO NOTHING;

CREATE TABLE t (
  id integer PRIMARY KEY, a integer, nn integer NOT NULL, b text, v varchar(10), c char(10), n numeric(10,2),
  ts timestamp, tz timestamptz, tm time(3), iv interval(3), bv varbit(8), cd cidr, ip inet, j json, jb jsonb, x xml,
  en mood, i2 smallint, ck integer CONSTRAINT t_ck_pos CHECK (ck > 0), pid integer, dm dint, f4 real
);
CREATE INDEX t_v ON t (v);
CREATE INDEX t_b ON t (b);
CREATE INDEX t_ts ON t (ts);
CREATE TRIGGER tr1 BEFORE UPDATE ON t FOR EACH ROW EXECUTE PROCEDURE trg();

CREATE TABLE pt (id integer, k integer, a integer) PARTITION BY RANGE (id);
CREATE TABLE pt1 PARTITION OF pt FOR VALUES FROM (0) TO (1000);
CREATE TABLE pt2 PARTITION OF pt FOR VALUES FROM (1000) TO (2000);

CREATE TABLE inhp (id integer, a integer);
CREATE TABLE inhc (extra integer) INHERITS (inhp);
CREATE TABLE inhfree (id integer, a integer);

CREATE TABLE vt (id integer, a integer);
CREATE VIEW vw AS SELECT id, a FROM vt;
CREATE TABLE mt (id integer PRIMARY KEY, a integer);
CREATE MATERIALIZED VIEW mv AS SELECT id, a FROM mt;
CREATE UNIQUE INDEX mv_id ON mv (id);

INSERT INTO parent SELECT g, 'c' || g, 'n' FROM generate_series(1, 1000) g;
INSERT INTO child SELECT g, 1 + g % 1000, g FROM generate_series(1, 2000) g;
INSERT INTO t SELECT g, g, g, 'b' || g, 'v' || g, 'c', g, timestamp '2020-01-01' + g * interval '1 hour',
  timestamptz '2020-01-01 00:00:00+00' + g * interval '1 hour', '10:00', '1 hour', B'1010', '10.0.0.0/8', '10.0.0.0/8', '{}',
  '{}', '<x/>', 'ok', 1, 1, 1 + g % 1000, g, g FROM generate_series(1, 5000) g;
INSERT INTO pt SELECT g, g, g FROM generate_series(0, 1999) g;
INSERT INTO inhp SELECT g, g FROM generate_series(1, 300) g;
INSERT INTO inhc SELECT g, g, g FROM generate_series(301, 600) g;
INSERT INTO inhfree SELECT g, g FROM generate_series(1, 300) g;
INSERT INTO vt SELECT g, g FROM generate_series(1, 400) g;
INSERT INTO mt SELECT g, g FROM generate_series(1, 500) g;
REFRESH MATERIALIZED VIEW mv;
