-- What every case begins with. Every table holds rows.
CREATE TABLE p (id INT NOT NULL PRIMARY KEY, code VARCHAR(20) NOT NULL, note TEXT) ENGINE=InnoDB;
CREATE TABLE t (
  id INT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  a INT, nn INT NOT NULL, b BIGINT, s SMALLINT, u INT UNSIGNED,
  v VARCHAR(20), w VARCHAR(100) NOT NULL, v63 VARCHAR(63), v64 VARCHAR(64), l VARCHAR(300), vb VARBINARY(20),
  ch CHAR(10), bi BINARY(8), tx TEXT, bl BLOB, js JSON,
  en ENUM('x', 'y', 'z'), st SET('r', 'w'), de DECIMAL(10,2), fl FLOAT, du DOUBLE,
  dt DATETIME, da DATE, ti TIME, ts TIMESTAMP NULL, bo BOOLEAN, df INT NOT NULL DEFAULT 5,
  gb INT NOT NULL DEFAULT 1,
  ix INT, uq INT, m1 INT, m2 INT, pid INT, ckd INT,
  KEY t_ix (ix), UNIQUE KEY t_uq (uq), KEY t_m (m1, m2), KEY t_v (v),
  CONSTRAINT t_ck CHECK (ckd > 0)
) ENGINE=InnoDB;
CREATE TABLE gvt (id INT NOT NULL PRIMARY KEY, a INT, nn INT NOT NULL, gv INT AS (nn + 1) VIRTUAL, z1 INT) ENGINE=InnoDB;
CREATE TABLE gst (id INT NOT NULL PRIMARY KEY, a INT, nn INT NOT NULL, gs INT AS (nn + 1) STORED, z1 INT) ENGINE=InnoDB;
CREATE TABLE gvi (id INT NOT NULL PRIMARY KEY, a INT, nn INT NOT NULL, gv INT AS (nn + 1) VIRTUAL, KEY (gv)) ENGINE=InnoDB;
CREATE TABLE ctu (id INT NOT NULL PRIMARY KEY, a INT, up TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP) ENGINE=InnoDB;
CREATE TABLE c (
  id INT NOT NULL PRIMARY KEY, pid INT, a INT, q INT,
  CONSTRAINT c_pid FOREIGN KEY (pid) REFERENCES p (id)
) ENGINE=InnoDB;
CREATE TABLE nopk (a INT NOT NULL, b INT, k INT NOT NULL) ENGINE=InnoDB;
CREATE TABLE cp (a INT NOT NULL, b INT NOT NULL, c INT, PRIMARY KEY (a, b)) ENGINE=InnoDB;
CREATE TABLE ft (id INT NOT NULL PRIMARY KEY, body TEXT, title VARCHAR(200), g POINT NOT NULL, FULLTEXT KEY ft_body (body)) ENGINE=InnoDB;
CREATE TABLE pt (id INT NOT NULL, k INT, PRIMARY KEY (id)) ENGINE=InnoDB
  PARTITION BY RANGE (id) (PARTITION p0 VALUES LESS THAN (100), PARTITION p1 VALUES LESS THAN (200));
CREATE TABLE la (id INT NOT NULL PRIMARY KEY, v VARCHAR(20), w CHAR(5)) ENGINE=InnoDB DEFAULT CHARSET=latin1;
CREATE TABLE cr (id INT NOT NULL PRIMARY KEY, v VARCHAR(20)) ENGINE=InnoDB ROW_FORMAT=COMPRESSED;
CREATE TABLE rd (id INT NOT NULL PRIMARY KEY, v VARCHAR(20), n INT) ENGINE=InnoDB ROW_FORMAT=REDUNDANT;
CREATE TABLE my (id INT NOT NULL PRIMARY KEY, a INT) ENGINE=MyISAM;
CREATE VIEW vw AS SELECT id, a FROM t;
INSERT INTO p SELECT seq, CONCAT('c', seq), 'n' FROM seq_1_to_50;
INSERT INTO t (id, a, nn, b, s, u, v, w, v63, v64, l, ch, tx, js, en, st, de, fl, du, dt, da, ti, ts, bo, ix, uq, m1, m2, pid, ckd)
  SELECT seq, seq, seq, seq, seq, seq, 'v', 'w', 'x', 'y', 'l', 'c', 't', '{}', 'x', 'r', 1, 1, 1, '2020-01-01', '2020-01-01', '10:00', '2020-01-01', 1,
  seq, seq, seq, seq, 1 + seq % 50, seq FROM seq_1_to_200;
INSERT INTO c SELECT seq, 1 + seq % 50, seq, seq FROM seq_1_to_100;
INSERT INTO nopk SELECT seq, seq, seq FROM seq_1_to_100;
INSERT INTO cp SELECT seq, seq, seq FROM seq_1_to_100;
INSERT INTO ft SELECT seq, 'body', 'title', ST_PointFromText('POINT(1 1)') FROM seq_1_to_50;
INSERT INTO pt SELECT seq, seq FROM seq_1_to_150;
INSERT INTO la SELECT seq, 'v', 'w' FROM seq_1_to_50;
INSERT INTO cr SELECT seq, 'v' FROM seq_1_to_50;
INSERT INTO rd SELECT seq, 'v', seq FROM seq_1_to_50;
INSERT INTO my SELECT seq, seq FROM seq_1_to_50;
INSERT INTO gvt (id, a, nn) SELECT seq, seq, seq FROM seq_1_to_50;
INSERT INTO gst (id, a, nn) SELECT seq, seq, seq FROM seq_1_to_50;
INSERT INTO gvi (id, a, nn) SELECT seq, seq, seq FROM seq_1_to_50;
INSERT INTO ctu (id, a) SELECT seq, seq FROM seq_1_to_50;
