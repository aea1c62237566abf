import enum

PREFIX = "shop_"
TABLE = PREFIX + "orders"
LENGTHS = {"code": 8, "note": 4 * 10}
KINDS = ("small", "large")
NUMBERS = [10 * n for n in range(1, 4)]


class Status(enum.Enum):
    NEW = "new"
    PAID = "paid"


class Level(str, enum.Enum):
    LOW = "low"
    HIGH = "high"


DEFAULT = Status.NEW
