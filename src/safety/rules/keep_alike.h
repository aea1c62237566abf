// What: the middle of a safe way that several rules share: a trigger that keeps {column} and {new_column} of {table}
// alike while the old release writes the one and the new release the other. Literals, so that the records around them
// stay constants. On INSERT, OLD has nothing but NULLs (PostgreSQL 11 to 18).
#pragma once

#define BASCULE_KEEP_ALIKE_SQL                                                                       \
  "CREATE FUNCTION {table}_{new_column}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN\n"            \
  "  IF NEW.{new_column} IS DISTINCT FROM OLD.{new_column} THEN NEW.{column} := NEW.{new_column};\n" \
  "  ELSE NEW.{new_column} := NEW.{column}; END IF;\n"                                               \
  "  RETURN NEW; END $$;\n"                                                                          \
  "CREATE TRIGGER {table}_{new_column} BEFORE INSERT OR UPDATE ON {table}\n"                         \
  "  FOR EACH ROW EXECUTE FUNCTION {table}_{new_column}();\n"

#define BASCULE_KEEP_ALIKE_ALEMBIC                                                                       \
  "op.execute(\"\"\"\n"                                                                                  \
  "    CREATE FUNCTION {table}_{new_column}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN\n"            \
  "      IF NEW.{new_column} IS DISTINCT FROM OLD.{new_column} THEN NEW.{column} := NEW.{new_column};\n" \
  "      ELSE NEW.{new_column} := NEW.{column}; END IF;\n"                                               \
  "      RETURN NEW; END $$\n"                                                                           \
  "\"\"\")\n"                                                                                            \
  "op.execute(\"\"\"\n"                                                                                  \
  "    CREATE TRIGGER {table}_{new_column} BEFORE INSERT OR UPDATE ON {table}\n"                         \
  "      FOR EACH ROW EXECUTE FUNCTION {table}_{new_column}()\n"                                         \
  "\"\"\")\n"
