-- A column gets another type, length, character set or list of values.

-- case int-bigint
ALTER TABLE t MODIFY a BIGINT;

-- case int-smallint
ALTER TABLE t MODIFY a SMALLINT;

-- case smallint-int
ALTER TABLE t MODIFY s INT;

-- case int-unsigned
ALTER TABLE t MODIFY a INT UNSIGNED;

-- case unsigned-int
ALTER TABLE t MODIFY u INT;

-- case int-display-width
ALTER TABLE t MODIFY a INT(5);

-- case int-integer
ALTER TABLE t MODIFY a INTEGER;

-- case int-zerofill
ALTER TABLE t MODIFY a INT ZEROFILL;

-- case bool-tinyint
ALTER TABLE t MODIFY bo TINYINT(1);

-- case bool-tinyint-4
ALTER TABLE t MODIFY bo TINYINT(4);

-- case bool-int
ALTER TABLE t MODIFY bo INT;

-- case int-text
ALTER TABLE t MODIFY a VARCHAR(20);

-- case varchar-grow
ALTER TABLE t MODIFY v VARCHAR(40);

-- case varchar-grow-not-null
ALTER TABLE t MODIFY w VARCHAR(200) NOT NULL;

-- case varchar-grow-within
ALTER TABLE t MODIFY v VARCHAR(63);

-- case varchar-grow-over
ALTER TABLE t MODIFY v VARCHAR(64);

-- case varchar-grow-over-big
ALTER TABLE t MODIFY v VARCHAR(255);

-- case varchar-63-64
ALTER TABLE t MODIFY v63 VARCHAR(64);

-- case varchar-64-65
ALTER TABLE t MODIFY v64 VARCHAR(65);

-- case varchar-300-500
ALTER TABLE t MODIFY l VARCHAR(500);

-- case varchar-shrink
ALTER TABLE t MODIFY v VARCHAR(10);

-- case varchar-shrink-big
ALTER TABLE t MODIFY l VARCHAR(299);

-- case varchar-text
ALTER TABLE t MODIFY v TEXT;

-- case varchar-300-text
ALTER TABLE t MODIFY l TEXT;

-- case varchar-char
ALTER TABLE t MODIFY v CHAR(20);

-- case varchar-grow-indexed
ALTER TABLE t MODIFY v VARCHAR(50);

-- case varbinary-grow
ALTER TABLE t MODIFY vb VARBINARY(200);

-- case varbinary-grow-over
ALTER TABLE t MODIFY vb VARBINARY(256);

-- case char-grow
ALTER TABLE t MODIFY ch CHAR(20);

-- case char-shrink
ALTER TABLE t MODIFY ch CHAR(5);

-- case char-varchar
ALTER TABLE t MODIFY ch VARCHAR(10);

-- case char-latin-grow
ALTER TABLE la MODIFY w CHAR(10);

-- case varchar-latin-grow
ALTER TABLE la MODIFY v VARCHAR(200);

-- case varchar-latin-256
ALTER TABLE la MODIFY v VARCHAR(256);

-- case binary-grow
ALTER TABLE t MODIFY bi BINARY(16);

-- case text-medium
ALTER TABLE t MODIFY tx MEDIUMTEXT;

-- case text-long
ALTER TABLE t MODIFY tx LONGTEXT;

-- case text-varchar
ALTER TABLE t MODIFY tx VARCHAR(500);

-- case blob-long
ALTER TABLE t MODIFY bl LONGBLOB;

-- case json-longtext
ALTER TABLE t MODIFY js LONGTEXT;

-- case enum-append
ALTER TABLE t MODIFY en ENUM('x', 'y', 'z', 'q');

-- case enum-append-two
ALTER TABLE t MODIFY en ENUM('x', 'y', 'z', 'q', 'r');

-- case enum-prepend
ALTER TABLE t MODIFY en ENUM('q', 'x', 'y', 'z');

-- case enum-reorder
ALTER TABLE t MODIFY en ENUM('y', 'x', 'z');

-- case enum-remove
ALTER TABLE t MODIFY en ENUM('x', 'y');

-- case enum-rename
ALTER TABLE t MODIFY en ENUM('x', 'y', 'zz');

-- case enum-same
ALTER TABLE t MODIFY en ENUM('x', 'y', 'z');

-- case enum-varchar
ALTER TABLE t MODIFY en VARCHAR(10);

-- case enum-append-not-null
ALTER TABLE t MODIFY en ENUM('x', 'y', 'z', 'q') NOT NULL;

-- case enum-append-default
ALTER TABLE t MODIFY en ENUM('x', 'y', 'z', 'q') DEFAULT 'q';

-- case set-append
ALTER TABLE t MODIFY st SET('r', 'w', 'x');

-- case set-append-bytes
ALTER TABLE t MODIFY st SET('r','w','c','d','e','f','g','h','i');

-- case set-reorder
ALTER TABLE t MODIFY st SET('w', 'r');

-- case decimal-grow
ALTER TABLE t MODIFY de DECIMAL(12,2);

-- case decimal-scale
ALTER TABLE t MODIFY de DECIMAL(10,3);

-- case decimal-shrink
ALTER TABLE t MODIFY de DECIMAL(8,2);

-- case decimal-same
ALTER TABLE t MODIFY de NUMERIC(10,2);

-- case float-double
ALTER TABLE t MODIFY fl DOUBLE;

-- case double-real
ALTER TABLE t MODIFY du DOUBLE PRECISION;

-- case datetime-precision
ALTER TABLE t MODIFY dt DATETIME(6);

-- case datetime-timestamp
ALTER TABLE t MODIFY dt TIMESTAMP NULL;

-- case timestamp-datetime
ALTER TABLE t MODIFY ts DATETIME;

-- case date-datetime
ALTER TABLE t MODIFY da DATETIME;

-- case time-precision
ALTER TABLE t MODIFY ti TIME(3);

-- case timestamp-precision
ALTER TABLE t MODIFY ts TIMESTAMP(3) NULL;

-- case charset-column
ALTER TABLE t MODIFY v VARCHAR(20) CHARACTER SET latin1;

-- case collation-column
ALTER TABLE t MODIFY v VARCHAR(20) COLLATE utf8mb4_bin;

-- case collation-column-unindexed
ALTER TABLE t MODIFY v63 VARCHAR(63) COLLATE utf8mb4_bin;

-- case collation-text
ALTER TABLE t MODIFY tx TEXT COLLATE utf8mb4_unicode_ci;

-- case latin-utf8mb4
ALTER TABLE la MODIFY v VARCHAR(20) CHARACTER SET utf8mb4;

-- case latin-utf8mb3
ALTER TABLE la MODIFY v VARCHAR(20) CHARACTER SET utf8;

-- case utf8mb3-utf8mb4
-- set-up
CREATE TABLE u3 (id INT PRIMARY KEY, v VARCHAR(20)) CHARSET=utf8mb3;
INSERT INTO u3 VALUES (1, 'a');
-- statement
ALTER TABLE u3 MODIFY v VARCHAR(20) CHARACTER SET utf8mb4;

-- case utf8mb3-utf8mb4-indexed
-- set-up
CREATE TABLE u3 (id INT PRIMARY KEY, v VARCHAR(20), KEY (v)) CHARSET=utf8mb3;
INSERT INTO u3 VALUES (1, 'a');
-- statement
ALTER TABLE u3 MODIFY v VARCHAR(20) CHARACTER SET utf8mb4;

-- case utf8mb3-utf8mb4-over
-- set-up
CREATE TABLE u3 (id INT PRIMARY KEY, v VARCHAR(64)) CHARSET=utf8mb3;
INSERT INTO u3 VALUES (1, 'a');
-- statement
ALTER TABLE u3 MODIFY v VARCHAR(64) CHARACTER SET utf8mb4;

-- case convert-charset
ALTER TABLE la CONVERT TO CHARACTER SET utf8mb4;

-- case convert-same-charset
ALTER TABLE t CONVERT TO CHARACTER SET utf8mb4;

-- case convert-collation
ALTER TABLE t CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

-- case convert-no-text
ALTER TABLE cp CONVERT TO CHARACTER SET latin1;

-- case default-charset
ALTER TABLE t DEFAULT CHARACTER SET latin1;

-- case default-charset-no-words
ALTER TABLE t CHARACTER SET utf8mb4;

-- case default-collate
ALTER TABLE t COLLATE utf8mb4_bin;

-- case modify-two-in-place
ALTER TABLE t MODIFY v VARCHAR(40), MODIFY a INT NOT NULL;

-- case modify-two-copy
ALTER TABLE t MODIFY v VARCHAR(40), MODIFY a BIGINT;

-- case enum-append-256
-- set-up
CREATE TABLE big (id INT PRIMARY KEY, e ENUM('v0', 'v1', 'v2', 'v3', 'v4', 'v5', 'v6', 'v7', 'v8', 'v9', 'v10', 'v11', 'v12', 'v13', 'v14', 'v15', 'v16', 'v17', 'v18', 'v19', 'v20', 'v21', 'v22', 'v23', 'v24', 'v25', 'v26', 'v27', 'v28', 'v29', 'v30', 'v31', 'v32', 'v33', 'v34', 'v35', 'v36', 'v37', 'v38', 'v39', 'v40', 'v41', 'v42', 'v43', 'v44', 'v45', 'v46', 'v47', 'v48', 'v49', 'v50', 'v51', 'v52', 'v53', 'v54', 'v55', 'v56', 'v57', 'v58', 'v59', 'v60', 'v61', 'v62', 'v63', 'v64', 'v65', 'v66', 'v67', 'v68', 'v69', 'v70', 'v71', 'v72', 'v73', 'v74', 'v75', 'v76', 'v77', 'v78', 'v79', 'v80', 'v81', 'v82', 'v83', 'v84', 'v85', 'v86', 'v87', 'v88', 'v89', 'v90', 'v91', 'v92', 'v93', 'v94', 'v95', 'v96', 'v97', 'v98', 'v99', 'v100', 'v101', 'v102', 'v103', 'v104', 'v105', 'v106', 'v107', 'v108', 'v109', 'v110', 'v111', 'v112', 'v113', 'v114', 'v115', 'v116', 'v117', 'v118', 'v119', 'v120', 'v121', 'v122', 'v123', 'v124', 'v125', 'v126', 'v127', 'v128', 'v129', 'v130', 'v131', 'v132', 'v133', 'v134', 'v135', 'v136', 'v137', 'v138', 'v139', 'v140', 'v141', 'v142', 'v143', 'v144', 'v145', 'v146', 'v147', 'v148', 'v149', 'v150', 'v151', 'v152', 'v153', 'v154', 'v155', 'v156', 'v157', 'v158', 'v159', 'v160', 'v161', 'v162', 'v163', 'v164', 'v165', 'v166', 'v167', 'v168', 'v169', 'v170', 'v171', 'v172', 'v173', 'v174', 'v175', 'v176', 'v177', 'v178', 'v179', 'v180', 'v181', 'v182', 'v183', 'v184', 'v185', 'v186', 'v187', 'v188', 'v189', 'v190', 'v191', 'v192', 'v193', 'v194', 'v195', 'v196', 'v197', 'v198', 'v199', 'v200', 'v201', 'v202', 'v203', 'v204', 'v205', 'v206', 'v207', 'v208', 'v209', 'v210', 'v211', 'v212', 'v213', 'v214', 'v215', 'v216', 'v217', 'v218', 'v219', 'v220', 'v221', 'v222', 'v223', 'v224', 'v225', 'v226', 'v227', 'v228', 'v229', 'v230', 'v231', 'v232', 'v233', 'v234', 'v235', 'v236', 'v237', 'v238', 'v239', 'v240', 'v241', 'v242', 'v243', 'v244', 'v245', 'v246', 'v247', 'v248', 'v249', 'v250', 'v251', 'v252', 'v253', 'v254'));
INSERT INTO big VALUES (1, 'v1');
-- statement
ALTER TABLE big MODIFY e ENUM('v0', 'v1', 'v2', 'v3', 'v4', 'v5', 'v6', 'v7', 'v8', 'v9', 'v10', 'v11', 'v12', 'v13', 'v14', 'v15', 'v16', 'v17', 'v18', 'v19', 'v20', 'v21', 'v22', 'v23', 'v24', 'v25', 'v26', 'v27', 'v28', 'v29', 'v30', 'v31', 'v32', 'v33', 'v34', 'v35', 'v36', 'v37', 'v38', 'v39', 'v40', 'v41', 'v42', 'v43', 'v44', 'v45', 'v46', 'v47', 'v48', 'v49', 'v50', 'v51', 'v52', 'v53', 'v54', 'v55', 'v56', 'v57', 'v58', 'v59', 'v60', 'v61', 'v62', 'v63', 'v64', 'v65', 'v66', 'v67', 'v68', 'v69', 'v70', 'v71', 'v72', 'v73', 'v74', 'v75', 'v76', 'v77', 'v78', 'v79', 'v80', 'v81', 'v82', 'v83', 'v84', 'v85', 'v86', 'v87', 'v88', 'v89', 'v90', 'v91', 'v92', 'v93', 'v94', 'v95', 'v96', 'v97', 'v98', 'v99', 'v100', 'v101', 'v102', 'v103', 'v104', 'v105', 'v106', 'v107', 'v108', 'v109', 'v110', 'v111', 'v112', 'v113', 'v114', 'v115', 'v116', 'v117', 'v118', 'v119', 'v120', 'v121', 'v122', 'v123', 'v124', 'v125', 'v126', 'v127', 'v128', 'v129', 'v130', 'v131', 'v132', 'v133', 'v134', 'v135', 'v136', 'v137', 'v138', 'v139', 'v140', 'v141', 'v142', 'v143', 'v144', 'v145', 'v146', 'v147', 'v148', 'v149', 'v150', 'v151', 'v152', 'v153', 'v154', 'v155', 'v156', 'v157', 'v158', 'v159', 'v160', 'v161', 'v162', 'v163', 'v164', 'v165', 'v166', 'v167', 'v168', 'v169', 'v170', 'v171', 'v172', 'v173', 'v174', 'v175', 'v176', 'v177', 'v178', 'v179', 'v180', 'v181', 'v182', 'v183', 'v184', 'v185', 'v186', 'v187', 'v188', 'v189', 'v190', 'v191', 'v192', 'v193', 'v194', 'v195', 'v196', 'v197', 'v198', 'v199', 'v200', 'v201', 'v202', 'v203', 'v204', 'v205', 'v206', 'v207', 'v208', 'v209', 'v210', 'v211', 'v212', 'v213', 'v214', 'v215', 'v216', 'v217', 'v218', 'v219', 'v220', 'v221', 'v222', 'v223', 'v224', 'v225', 'v226', 'v227', 'v228', 'v229', 'v230', 'v231', 'v232', 'v233', 'v234', 'v235', 'v236', 'v237', 'v238', 'v239', 'v240', 'v241', 'v242', 'v243', 'v244', 'v245', 'v246', 'v247', 'v248', 'v249', 'v250', 'v251', 'v252', 'v253', 'v254', 'v255');

-- case ascii-utf8mb4
-- set-up
CREATE TABLE asc_t (id INT PRIMARY KEY, v VARCHAR(20)) CHARSET=ascii;
INSERT INTO asc_t VALUES (1, 'a');
-- statement
ALTER TABLE asc_t MODIFY v VARCHAR(20) CHARACTER SET utf8mb4;

-- case char-utf8mb3-utf8mb4
-- set-up
CREATE TABLE u3 (id INT PRIMARY KEY, v CHAR(20)) CHARSET=utf8mb3;
INSERT INTO u3 VALUES (1, 'a');
-- statement
ALTER TABLE u3 MODIFY v CHAR(20) CHARACTER SET utf8mb4;

-- case char-64-utf8mb3-utf8mb4
-- set-up
CREATE TABLE u3 (id INT PRIMARY KEY, v CHAR(64)) CHARSET=utf8mb3;
INSERT INTO u3 VALUES (1, 'a');
-- statement
ALTER TABLE u3 MODIFY v CHAR(64) CHARACTER SET utf8mb4;

-- case collation-unique
-- set-up
CREATE TABLE cv (id INT PRIMARY KEY, k VARCHAR(20) NOT NULL UNIQUE, a INT);
INSERT INTO cv VALUES (1, 'a', 1);
-- statement
ALTER TABLE cv MODIFY k VARCHAR(20) COLLATE utf8mb4_bin NOT NULL;

-- case convert-utf8mb3-char
-- set-up
CREATE TABLE u3 (id INT PRIMARY KEY, v CHAR(20)) CHARSET=utf8mb3;
INSERT INTO u3 VALUES (1, 'a');
-- statement
ALTER TABLE u3 CONVERT TO CHARACTER SET utf8mb4;

-- case convert-utf8mb3-longtext
-- set-up
CREATE TABLE u3 (id INT PRIMARY KEY, v LONGTEXT) CHARSET=utf8mb3;
INSERT INTO u3 VALUES (1, 'a');
-- statement
ALTER TABLE u3 CONVERT TO CHARACTER SET utf8mb4;

-- case text-utf8mb3-utf8mb4
-- set-up
CREATE TABLE u3 (id INT PRIMARY KEY, v TEXT) CHARSET=utf8mb3;
INSERT INTO u3 VALUES (1, 'a');
-- statement
ALTER TABLE u3 MODIFY v TEXT CHARACTER SET utf8mb4;

-- case enum-utf8mb3-utf8mb4
-- set-up
CREATE TABLE u3 (id INT PRIMARY KEY, v ENUM('a', 'b')) CHARSET=utf8mb3;
INSERT INTO u3 VALUES (1, 'a');
-- statement
ALTER TABLE u3 MODIFY v ENUM('a', 'b') CHARACTER SET utf8mb4;

-- case convert-utf8mb3-varchar
-- set-up
CREATE TABLE u3 (id INT PRIMARY KEY, v VARCHAR(20)) CHARSET=utf8mb3;
INSERT INTO u3 VALUES (1, 'a');
-- statement
ALTER TABLE u3 CONVERT TO CHARACTER SET utf8mb4;

-- case convert-utf8mb3-text
-- set-up
CREATE TABLE u3 (id INT PRIMARY KEY, v TEXT) CHARSET=utf8mb3;
INSERT INTO u3 VALUES (1, 'a');
-- statement
ALTER TABLE u3 CONVERT TO CHARACTER SET utf8mb4;

-- case convert-collation-varchar
-- set-up
CREATE TABLE cv (id INT PRIMARY KEY, v VARCHAR(20), w TEXT);
INSERT INTO cv VALUES (1, 'a', 'b');
-- statement
ALTER TABLE cv CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- case convert-collation-indexed
-- set-up
CREATE TABLE cv (id INT PRIMARY KEY, v VARCHAR(20), KEY (v));
INSERT INTO cv VALUES (1, 'a');
-- statement
ALTER TABLE cv CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- case convert-collation-char
-- set-up
CREATE TABLE cv (id INT PRIMARY KEY, v CHAR(20));
INSERT INTO cv VALUES (1, 'a');
-- statement
ALTER TABLE cv CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- case convert-collation-enum
-- set-up
CREATE TABLE cv (id INT PRIMARY KEY, v ENUM('a'));
INSERT INTO cv VALUES (1, 'a');
-- statement
ALTER TABLE cv CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- case convert-collation-json
-- set-up
CREATE TABLE cv (id INT PRIMARY KEY, v JSON);
INSERT INTO cv VALUES (1, '{}');
-- statement
ALTER TABLE cv CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- case collation-char
ALTER TABLE t MODIFY ch CHAR(10) COLLATE utf8mb4_bin;

-- case collation-enum
ALTER TABLE t MODIFY en ENUM('x', 'y', 'z') COLLATE utf8mb4_bin;

-- case collation-pk
-- set-up
CREATE TABLE cv (k VARCHAR(20) PRIMARY KEY, a INT);
INSERT INTO cv VALUES ('a', 1);
-- statement
ALTER TABLE cv MODIFY k VARCHAR(20) COLLATE utf8mb4_bin NOT NULL;

-- case collation-default-said
ALTER TABLE t MODIFY v VARCHAR(20) COLLATE utf8mb4_general_ci;

-- case charset-same-said
ALTER TABLE t MODIFY v VARCHAR(20) CHARACTER SET utf8mb4;

-- case null-redundant
-- set-up
ALTER TABLE rd MODIFY n INT NOT NULL;
-- statement
ALTER TABLE rd MODIFY n INT NULL;

-- case year-int
-- set-up
CREATE TABLE yy (id INT PRIMARY KEY, y YEAR);
INSERT INTO yy VALUES (1, 2020);
-- statement
ALTER TABLE yy MODIFY y INT;

-- case bit-grow
-- set-up
CREATE TABLE yy (id INT PRIMARY KEY, y BIT(3));
INSERT INTO yy VALUES (1, 2);
-- statement
ALTER TABLE yy MODIFY y BIT(9);

-- case char-uuid
-- set-up
CREATE TABLE yy (id INT PRIMARY KEY, y CHAR(36));
INSERT INTO yy VALUES (1, UUID());
-- statement
ALTER TABLE yy MODIFY y UUID;

-- case modify-fk-column
ALTER TABLE c MODIFY pid BIGINT;

-- case modify-referenced
ALTER TABLE p MODIFY id BIGINT NOT NULL;

-- case modify-varchar-grow-and-not-null
ALTER TABLE t MODIFY v VARCHAR(40) NOT NULL;

-- case change-rename-and-type
ALTER TABLE t CHANGE a a2 BIGINT;

-- case change-rename-and-grow
ALTER TABLE t CHANGE v v2 VARCHAR(40);

-- case modify-partitioned
ALTER TABLE pt MODIFY k BIGINT;

-- case redundant-char-grow
ALTER TABLE rd MODIFY v VARCHAR(300);

-- case redundant-varchar-grow
ALTER TABLE rd MODIFY v VARCHAR(40);

-- case compressed-varchar-grow
ALTER TABLE cr MODIFY v VARCHAR(40);
