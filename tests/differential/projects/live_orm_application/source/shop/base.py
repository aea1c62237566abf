import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column, synonym


class HexId(sa.types.TypeDecorator):
    impl = sa.CHAR(32)
    cache_ok = True

    def process_bind_param(self, value, dialect):
        return None if value is None else value.hex

    def process_result_value(self, value, dialect):
        return None if value is None else uuid.UUID(value)


class Base(DeclarativeBase):
    id: Mapped[int] = mapped_column(sa.Integer, primary_key=True)

    @declared_attr
    def title(cls):
        return synonym("name")

    @classmethod
    def normalize(cls, text):
        return text.lower().strip()
