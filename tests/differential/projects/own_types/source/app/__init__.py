from .db.types import GUID
