import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from .base import Base, HexId
from .models import Item


class Order(Base):
    __tablename__ = "orders"

    name: Mapped[str] = mapped_column(sa.String(50))
    item_id: Mapped[object] = mapped_column(HexId, sa.ForeignKey("items.id"))
    item: Mapped[Item] = relationship(Item, back_populates="orders")
