"""What Alembic and SQLAlchemy offer that no revision of the differential test uses.

The offer is asked of the installed packages (worker.py describe: signatures of op.* and batch_op.*, the type classes and
their parameters, the constructs, the dialects' own keywords); the use is read from the revisions' syntax trees. What
is left out on purpose is listed below with its reason, and an entry that is not needed any more is reported too.
"""

import ast
import fnmatch
import json
import subprocess

# pattern: why no revision uses it
LEFT_OUT = {
    "op.context": "part of Alembic's own machinery, not of a migration's vocabulary",
    "op.create_module_class_proxy": "part of Alembic's own machinery",
    "op.implementation_for": "declares a plug-in's operation: refused by Bascule",
    "op.register_operation": "declares a plug-in's operation: refused by Bascule",
    "op.invoke*": "takes operation objects: refused by Bascule",
    "op.run_async*": "runs application code: refused by Bascule",
    "batch_op.context": "inherited from op, means the same",
    "batch_op.create_module_class_proxy": "inherited from op",
    "batch_op.implementation_for": "inherited from op",
    "batch_op.register_operation": "inherited from op",
    "batch_op.invoke*": "inherited from op",
    "batch_op.run_async*": "inherited from op",
    "batch_op.batch_alter_table*": "a batch inside a batch is not a thing",
    "batch_op.get_bind": "inherited from op; op.get_bind is used",
    "batch_op.get_context": "inherited from op; op.get_context is used",
    "batch_op.inline_literal*": "inherited from op; op.inline_literal is used",
    "sa.TupleType*": "only in expressions, never a column's type",
    "sa.TypeDecorator*": "a base class of applications' own types",
    "postgresql.AbstractMultiRange": "abstract base class",
    "postgresql.AbstractRange": "abstract base class",
    "postgresql.AbstractSingleRange": "abstract base class",
    "postgresql.NamedType": "abstract base class",
    "postgresql.CITEXT.*": "a length is refused by the server, a collation is as sa.Text's",
    "postgresql.TEXT.length": "refused by the server",
    "sa.CheckConstraint.table": "the table is given by the constraint's place",
    "sa.ForeignKeyConstraint.table": "the table is given by the constraint's place",
    "*.collation_schema": "neither PostgreSQL's nor SQLite's compiler renders it",
    "sa.NCHAR.collation": "NATIONAL character types are SQLite's only here; collation is shown with the others",
    "sa.NVARCHAR.collation": "as NCHAR",
    "sa.CLOB.collation": "as NCHAR",
    "sqlite.*": "parameters as the generic types': shown there",
    "sqlite.JSONB": "needs SQLite 3.45; Debian 12 has 3.40",
    "sa.PickleType.impl": "exchanges the stored type: TypeDecorator's field",
    "sa.Table.*": "Table() is for batches' copy_from and for inserts; its keywords are create_table's",
    "sa.Sequence.order": "Oracle's",
    "sa.Sequence.quote*": "quotes what would be quoted anyway",
    "sa.Sequence.for_update": "no database knows it",
    "sa.Sequence.metadata": "has effect with MetaData.create_all only",
    "sa.Column.insert_sentinel": "of bulk inserts of the ORM",
    "sa.MetaData.*": "of MetaData only the naming convention reaches a migration",
    "sa.Index.info": "never reaches the database",
    "postgresql_invalid": "reflected only",
    "sqlite_if_not_exists": "of views, which Alembic has no operation for",
    "postgresql_on_commit": "of temporary tables, which are gone before they could be compared",
}


class _Use(ast.NodeVisitor):
    """Collects dotted names with their parameters: op.add_column, op.add_column.schema, sa.String.length ..."""

    def __init__(self, offer, used):
        self._offer, self._used = offer, used
        self._modules = {"op": "op", "sa": "sa"}
        self._names = {}

    def visit_Import(self, node):
        for alias in node.names:
            known = {"sqlalchemy": "sa", "sqlalchemy.dialects.postgresql": "postgresql",
                     "sqlalchemy.dialects.sqlite": "sqlite"}.get(alias.name)
            if known and (alias.asname or "." not in alias.name):
                self._modules[alias.asname or alias.name] = known

    def visit_ImportFrom(self, node):
        module = {"sqlalchemy": "sa", "sqlalchemy.types": "sa", "sqlalchemy.schema": "sa", "sqlalchemy.sql": "sa",
                  "sqlalchemy.dialects.postgresql": "postgresql", "sqlalchemy.dialects.sqlite": "sqlite"}.get(node.module)
        for alias in node.names:
            if node.module == "sqlalchemy.dialects":
                self._modules[alias.asname or alias.name] = alias.name
            elif node.module == "alembic":
                self._modules[alias.asname or alias.name] = alias.name
            elif module:
                self._names[alias.asname or alias.name] = f"{module}.{alias.name}"

    def _resolve(self, node):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            owner = node.value.id
            if owner.startswith("batch"):
                return f"batch_op.{node.attr}"
            if owner in self._modules:
                return f"{self._modules[owner]}.{node.attr}"
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Attribute) and node.value.attr in ("schema", "sql"):
            return f"sa.{node.attr}"
        if isinstance(node, ast.Name):
            return self._names.get(node.id)
        return None

    def visit_Attribute(self, node):
        name = self._resolve(node)
        if name:
            self._used.add(name)
        self.generic_visit(node)

    def visit_Name(self, node):
        if node.id in self._names:
            self._used.add(self._names[node.id])

    def visit_Call(self, node):
        name = self._resolve(node.func)
        if name:
            self._used.add(name)
            for keyword in node.keywords:
                if keyword.arg:
                    self._used.add(f"{name}.{keyword.arg}")
            for parameter, _ in zip(self._offer.get(name, []), node.args):
                self._used.add(f"{name}.{parameter}")
        for keyword in node.keywords:
            if keyword.arg:
                self._used.add(keyword.arg)
        self.generic_visit(node)


def report(paths, worker, python):
    """Prints what is not used; returns the exit code: 0 when nothing is missing."""
    described = json.loads(subprocess.run([python, "-W", "ignore", worker, "describe"], check=True, capture_output=True,
                                          text=True).stdout)
    offer = {}
    for owner in ("op", "batch_op", "sa"):
        offer |= {f"{owner}.{name}": parameters for name, parameters in described[owner].items()}
    for module, types in described["types"].items():
        offer |= {f"{module}.{name}": parameters for name, parameters in types.items()}
    keywords = {f"{dialect}_{name}" for dialect, constructs in described["dialect_arguments"].items()
                for names in constructs.values() for name in names}

    used = set()
    for path in paths:
        with open(path, encoding="utf-8") as file:
            _Use(offer, used).visit(ast.parse(file.read(), path))

    wanted = set(offer) | {f"{name}.{parameter}" for name, parameters in offer.items() for parameter in parameters} | keywords
    missing = {name for name in wanted - used if name.rpartition(".")[0] not in wanted - used}
    explained = {name: pattern for name in missing for pattern in LEFT_OUT if fnmatch.fnmatchcase(name, pattern)}
    print(f"Alembic {described['alembic']}, SQLAlchemy {described['sqlalchemy']}: "
          f"{len(wanted)} functions, types and keywords; {len(wanted & used)} used, {len(explained)} left out with a reason")
    for name in sorted(missing - explained.keys()):
        print(f"not used: {name}")
    for pattern in sorted(LEFT_OUT.keys() - set(explained.values())):
        print(f"left out but used or unknown: {pattern}")
    return 1 if missing - explained.keys() else 0
