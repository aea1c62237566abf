import uuid

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.types import CHAR, TypeDecorator, UserDefinedType

LENGTH = 32


class GUID(TypeDecorator):
    impl = CHAR
    cache_ok = True

    def load_dialect_impl(self, dialect):
        if dialect.name == "postgresql":
            return dialect.type_descriptor(postgresql.UUID())
        return dialect.type_descriptor(CHAR(LENGTH))

    def process_bind_param(self, value, dialect):
        if value is None:
            return value
        if not isinstance(value, uuid.UUID):
            value = uuid.UUID(value)
        return str(value) if dialect.name == "postgresql" else "%.32x" % value.int


class PseudoJSON(TypeDecorator):
    impl = sa.Text
    cache_ok = True


class Name(TypeDecorator):
    impl = sa.String
    cache_ok = True

    def __init__(self, length=None, loud=False):
        super().__init__(length=length)
        self.loud = loud

    def process_bind_param(self, value, dialect):
        return shout(value) if self.loud else value


def shout(text):
    return text.upper() + MARK


MARK = "!"


class Money(UserDefinedType):
    cache_ok = True

    def __init__(self, places=2):
        self.places = places

    def get_col_spec(self, **kw):
        return f"NUMERIC(12, {self.places})"


LongText = sa.Text().with_variant(sa.String(200), "sqlite")
