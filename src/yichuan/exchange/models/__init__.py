"""Everything that is kept of documents on their way."""

from yichuan.exchange.models.asking import (
    Assignment,
    DeliveryRequest,
    LateNotice,
    PhoneCall,
    Reminder,
    ReturnNotice,
    ReturnSeries,
)
from yichuan.exchange.models.boxes import Rewrap, TakeOver
from yichuan.exchange.models.choosing import GroupMember, RecipientGroup, SavedView
from yichuan.exchange.models.deliveries import Delivery, Dispatch, PrintedCopy, Receipt
from yichuan.exchange.models.paper import PaperItem, PaperRecipient, Track, TrackRule

__all__ = [
    "Assignment",
    "Delivery",
    "DeliveryRequest",
    "Dispatch",
    "GroupMember",
    "LateNotice",
    "PaperItem",
    "PaperRecipient",
    "PhoneCall",
    "PrintedCopy",
    "Receipt",
    "RecipientGroup",
    "Reminder",
    "ReturnNotice",
    "ReturnSeries",
    "Rewrap",
    "SavedView",
    "TakeOver",
    "Track",
    "TrackRule",
]
