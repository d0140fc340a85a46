"""What a document's author declares about its use (Permissions, GB/T 33190-2016 7.5).

Declarations only: nothing in the file enforces them, whoever shows or prints the document has to.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from lxml import etree

from .xmlread import child, text

BEIJING = timezone(timedelta(hours=8))


@dataclass(frozen=True)
class Permissions:
    """What may be done with the document; all is allowed that is not forbidden.

    `copies`: how many prints, None without bound, 0 none. The document is to be used from `valid_from` to `valid_to`
    (aware; None where that end is open).
    """

    edit: bool = True
    annotate: bool = True
    export: bool = True
    sign: bool = True
    watermark: bool = True
    print_screen: bool = True
    print: bool = True
    copies: int | None = None
    valid_from: datetime | None = None
    valid_to: datetime | None = None

    def to_json(self) -> dict[str, object]:
        """Plain values; times in ISO 8601."""
        shown: dict[str, object] = dict(vars(self))
        for name in ("valid_from", "valid_to"):
            moment = getattr(self, name)
            shown[name] = moment.isoformat() if moment else None
        return shown


def read_permissions(element: etree._Element | None) -> Permissions:
    """The Permissions element of Document.xml; values that say neither yes nor no count as not written."""
    if element is None:
        return Permissions()
    printing, period = child(element, "Print"), child(element, "ValidPeriod")
    return Permissions(
        edit=_allowed(text(child(element, "Edit"))),
        annotate=_allowed(text(child(element, "Annot"))),
        export=_allowed(text(child(element, "Export"))),
        sign=_allowed(text(child(element, "Signature"))),
        watermark=_allowed(text(child(element, "Watermark"))),
        print_screen=_allowed(text(child(element, "PrintScreen"))),
        print=_allowed(_attribute(printing, "Printable")),
        copies=_copies(_attribute(printing, "Copies")),
        valid_from=date(_attribute(period, "StartDate")),
        valid_to=date(_attribute(period, "EndDate")),
    )


def date(value: str) -> datetime | None:
    """A date or dateTime; a value without a zone is given the zone of the files that write it so, Beijing time."""
    try:
        parsed = datetime.fromisoformat(value)
    except ValueError:
        return None
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=BEIJING)


def _attribute(element: etree._Element | None, name: str) -> str:
    return (element.get(name) or "").strip() if element is not None else ""


def _allowed(written: str) -> bool:
    return written.lower() not in ("false", "0")


def _copies(written: str) -> int | None:
    try:
        count = int(written[:10])
    except ValueError:
        return None
    return count if count >= 0 else None
