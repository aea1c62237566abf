-- What cases need of the whole server, made once before the first: roles and a tablespace are in no database.
CREATE ROLE ro;
CREATE ROLE other_role;
SET allow_in_place_tablespaces = on;
CREATE TABLESPACE ts2 LOCATION '';
