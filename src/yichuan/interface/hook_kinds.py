"""What office systems are told of (webhooks): which event of the outbox, and about what."""

from dataclasses import dataclass
from enum import StrEnum


class About(StrEnum):
    """What the id of a call names."""

    DELIVERY = "delivery"  # in the client's own box
    DISPATCH = "dispatch"  # of the client's unit
    DOCUMENT = "document"  # of the client's unit


@dataclass(frozen=True)
class Kind:
    """`event`: its name in the outbox, whose subject is `named`. Of dispatches and documents only a registry hears."""

    event: str
    about: About
    meaning: str
    named: About = About.DELIVERY


KINDS = {
    "arrival": Kind("arrival", About.DELIVERY, "It arrived in the box: sent, sent again or forwarded.", About.DISPATCH),
    "withdrawn": Kind("withdrawn", About.DELIVERY, "The sender took it back.", About.DISPATCH),
    "answered": Kind("answered", About.DELIVERY, "The sender granted or refused what was asked for."),
    "changed": Kind("inbox", About.DELIVERY, "Somebody of the unit signed for it or returned it."),
    "receipt": Kind("receipt", About.DISPATCH, "A recipient signed for it, received or returned it."),
    "asked": Kind("asked", About.DISPATCH, "A recipient asks for a resend or for more prints."),
    "sealed": Kind("sealed", About.DOCUMENT, "The custodian sealed it; it waits to be sent."),
    "handed_back": Kind("handed_back", About.DOCUMENT, "It was handed back with a reason."),
}
OF_EVENT = {kind.event: name for name, kind in KINDS.items()}
