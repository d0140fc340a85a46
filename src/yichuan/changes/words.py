"""An application in words: what pages, the printed form and the course show of it."""

import dataclasses
from datetime import date
from typing import Any

from yichuan.changes.content import Content, Deregister, DropName, Rename, content_of
from yichuan.changes.models import Application, Step
from yichuan.changes.states import VERBS, ApplicationState
from yichuan.org.models import Unit, UnitName
from yichuan.people.models import Account

STATE_LOOKS = {
    ApplicationState.DRAFT: ("", "pencil-square"),
    ApplicationState.SUBMITTED: ("blue", "circle"),
    ApplicationState.ACCEPTED: ("blue", "circle"),
    ApplicationState.APPROVED: ("blue", "circle"),
    ApplicationState.CARRYING_OUT: ("amber", "hourglass-split"),
    ApplicationState.DONE: ("green", "check-all"),
    ApplicationState.RETURNED: ("amber", "arrow-return-left"),
    ApplicationState.REFUSED: ("danger", "x-circle-fill"),
    ApplicationState.WITHDRAWN: ("", "dash-lg"),
}


def rows(application: Application) -> list[tuple[str, str]]:
    """The fields with their values in words, in the order of the form; what was left empty is left out."""
    content = content_of(application)
    ordered = sorted(dataclasses.fields(content), key=_place)
    found = [(str(field.metadata["label"]), _words(content, field)) for field in ordered]
    return [(label, words) for label, words in found if words]


def _place(field: "dataclasses.Field[Any]") -> int:
    """First what it is about, then the administrator, then what every application says."""
    if field.name in ("reason", "head", "contact", "phone"):
        return 2
    return 1 if field.name.startswith("admin") else 0


def _words(content: Content, field: "dataclasses.Field[Any]") -> str:
    value = getattr(content, field.name)
    if isinstance(content, Rename) and content.administrator and field.name.startswith("admin_"):
        return ""
    if isinstance(content, Deregister) and field.name == "to" and content.disposal != Unit.Disposal.HAND_OVER:
        return ""
    if isinstance(content, DropName) and field.name == "dropped":
        return UnitName.objects.filter(pk=int(value)).values_list("name", flat=True).first() or ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, date):
        return day(value)
    if "choices" in field.metadata:
        return str(field.metadata["choices"].get(value, value))
    if field.metadata.get("units"):
        return unit_names(value if isinstance(value, tuple) else (value,))
    if field.metadata.get("people"):
        return _people(value if isinstance(value, tuple) else (value,))
    return str(value)


def day(at: date) -> str:
    """A day as offices write it."""
    return f"{at.year}年{at.month}月{at.day}日"


def unit_names(ids: "tuple[str, ...] | list[str]") -> str:
    """Units by their present names, closed ones too."""
    known = {str(pk): name for pk, name in Unit.objects.filter(pk__in=[i for i in ids if i]).values_list("pk", "name")}
    return "、".join(known[each] for each in ids if each in known)


def _people(ids: "tuple[str, ...] | list[str]") -> str:
    known = {str(p): name for p, name in Account.objects.filter(pk__in=[i for i in ids if i]).values_list("pk", "name")}
    return "、".join(known[each] for each in ids if each in known)


def course(application: Application) -> list[dict[str, Any]]:
    """The steps, the last first, as the page's 经过 shows them."""
    return [
        {
            "at": each.at,
            "text": f"{VERBS[each.verb]}：{each.words}" if each.words else VERBS[each.verb],
            "by": who(each),
        }
        for each in reversed(list(application.steps.all()))
    ]


def who(step: Step) -> str:
    """Person and unit of a step."""
    return f"{step.unit_name} {step.by_name}".strip()
