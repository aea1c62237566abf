from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from .base import Base, HexId

if TYPE_CHECKING:
    from .elsewhere import Order


class Item(Base):
    __tablename__ = "items"

    id: Mapped[object] = mapped_column(HexId, primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(50), index=True)
    slug: Mapped[str | None] = mapped_column(sa.String(50))
    # The table has it in a later version only.
    later: Mapped[str | None] = mapped_column(sa.String(50))
    orders: Mapped[list["Order"]] = relationship("Order", back_populates="item")


class Part(Base):
    __tablename__ = "parts"

    name: Mapped[str] = mapped_column(sa.String(50))
    item_id: Mapped[object] = mapped_column(HexId, sa.ForeignKey("items.id"))
    item: Mapped[Item] = relationship(Item)
