"""What this room keeps: units and boxes, staff and posts, changes of access."""

from yichuan.org.models.access import AccessChange, AccessConfirmation, Filing
from yichuan.org.models.posts import HandOver, Post, Staff
from yichuan.org.models.units import Box, CentreRole, Office, Unit, UnitName

__all__ = [
    "AccessChange",
    "AccessConfirmation",
    "Box",
    "CentreRole",
    "Filing",
    "HandOver",
    "Office",
    "Post",
    "Staff",
    "Unit",
    "UnitName",
]
