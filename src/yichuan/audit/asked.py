"""What somebody asked of the log, with who and what they named: from a form's fields to `selectors_search.Wanted`."""

import uuid
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils.timezone import make_aware

from yichuan.audit.objects import MOST_NAMED, Named, objects
from yichuan.audit.selectors_search import Found, Place, Wanted, found, verbs_of

THE_CENTRE = "系统"
ABOUT = "about"
"""The side of a person to whom something was done; else it is who did it."""
LATELY = timedelta(days=7)


@dataclass
class Asked:
    """`named`: field and who or what was taken for it, where a reader should see it; `unknown`: what is nothing here.
    `document`: the one whose evidence may be taken along.

    `wanted` is None where something was named that is nothing here, so that nothing can be found.
    """

    first: date | None
    last: date | None
    wanted: Wanted | None = None
    named: list[tuple[str, list[Named]]] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    document: uuid.UUID | None = None

    def found(self, older: Place | None, most: int) -> Found:
        """A page of it."""
        return found(self.wanted, older, most) if self.wanted is not None else Found([])


def asked(fields: dict[str, Any], today: date) -> Asked:
    """What the checked fields of `LogForm` ask for."""
    first, last = span(fields, today)
    made = Asked(first, last)
    narrowed: dict[str, Any] = {
        "begin": _midnight(first) if first else None,
        "end": _midnight(last + timedelta(days=1)) if last else None,
        "verbs": verbs_of(fields["act"]),
        "place": fields["place"] - 1 if fields["place"] else None,
    }
    if person := fields["person"].strip():
        is_about = fields["side"] == ABOUT
        if person == THE_CENTRE and not is_about:
            narrowed["actors"] = (None,)
        else:
            narrowed["about" if is_about else "actors"] = _meant(made, "person", person, objects().persons(person))
    if unit := fields["unit"].strip():
        narrowed["units"] = _meant(made, "unit", unit, objects().units(unit))
    if document := fields["document"].strip():
        one = objects().document(document)
        narrowed["about"] = _meant(made, "document", document, [one] if one else [])
        made.document = one.ids[0] if one and len(one.ids) > 1 else None
    if not made.unknown:
        made.wanted = Wanted(**narrowed)
    return made


_UNKNOWN = {
    "person": "没有叫「{}」的人，也没有这个账号。请核对姓名，或者填账号。",
    "unit": "没有名称含「{}」的单位，原来的名称也没有。请核对单位名称。",
    "document": "没有文号是「{}」的公文。请写全文号，例如 江府办〔2008〕44号，括号怎么写都可以。",
}


def _meant(made: Asked, name: str, text: str, meant: list[Named]) -> tuple[Any, ...]:
    if not meant:
        made.unknown.append(_UNKNOWN[name].format(text))
    if len(meant) > MOST_NAMED:
        made.unknown.append(f"符合「{text}」的太多，请写全名称。")
        return ()
    if len(meant) > 1 or any(text != each.exactly for each in meant):
        made.named.append((name, meant))
    return tuple(each_id for each in meant for each_id in each.ids)


def _midnight(day: date) -> datetime:
    return make_aware(datetime.combine(day, time()))


def span(fields: dict[str, Any], today: date) -> tuple[date | None, date | None]:
    """The days to look through: as given; where nothing at all is asked, the last seven."""
    if any(fields.values()):
        return fields["since"], fields["until"]
    return today - LATELY, today
