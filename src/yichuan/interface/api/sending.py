"""Sending by the office system (J-30, J-31): once, whatever is lost on the way back."""

import uuid
from collections.abc import Sequence
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Router
from pydantic import AwareDatetime, Field, StringConstraints

from yichuan.common import profile
from yichuan.common.errors import Invalid
from yichuan.compose.permissions import ComposePermission
from yichuan.exchange.models import Delivery, Dispatch
from yichuan.exchange.services.calls import CallRecord
from yichuan.exchange.services.paper import PaperRecipientWish
from yichuan.exchange.services.routing import Recipient
from yichuan.exchange.services.send import send
from yichuan.interface.api.base import Given, client_of, named_by_key, operation
from yichuan.interface.api.dispatches import DispatchOut, tracked
from yichuan.interface.api.documents import own_document
from yichuan.interface.selectors import offices_named, units_named
from yichuan.org.models import Office
from yichuan.org.selectors.addressing import NamedUnit

router = Router(tags=["发送跟踪 Dispatches"])
Short = Annotated[str, StringConstraints(max_length=200)]
Role = Delivery.Role


class RecipientIn(Given):
    """A unit by its id, code or name; with `office` one of its offices, by id or name."""

    unit: Short = Field(examples=["市卫生局"])
    office: Short | None = None
    allowance: Annotated[int, Field(ge=0, le=10_000)] | None = Field(None, description="prints allowed to this one")


class UnconnectedIn(Given):
    """A recipient that is not connected and gets paper (D6)."""

    name: Short
    role: Delivery.Role = Role.MAIN
    address: Short = ""
    copies: Annotated[int, Field(ge=1, le=999)] = 1


class CallIn(Given):
    """The telephone record that an urgent document out of hours asks for (G-16)."""

    called: Short
    phone: Short
    caller: Short
    at: AwareDatetime
    said: Annotated[str, StringConstraints(max_length=1000)] = ""


class SendIn(Given):
    """Whom it goes to. `allowance` is for those that name none; null for the centre's default."""

    main: Annotated[list[RecipientIn], Field(max_length=5000)] = Field(examples=[[{"unit": "市卫生局"}]])
    copy_: Annotated[list[RecipientIn], Field(max_length=5000)] = Field([], alias="copy")
    allowance: Annotated[int, Field(ge=0, le=10_000)] | None = None
    unconnected: Annotated[list[UnconnectedIn], Field(max_length=500)] = []
    call: CallIn | None = None
    accept_without_call: bool = Field(False, description="it goes marked; the sender answers for it")
    declared: bool = Field(False, description="本件不含密级内容、内部资料和私人信息 (J-4); kept in the log")


@operation(
    router, "POST", "/documents/{uuid:document_id}/send", permission=ComposePermission.SEND, answer=DispatchOut,
    status=201, key=True, codes=("no_document", "wrong_state", "seal_withdrawn", "urgency", "boxes_moving", "no_box",
    "clock_back"),
    summary="发送 Send",
)  # fmt: skip
def send_document(request: HttpRequest, document_id: uuid.UUID, given: SendIn) -> DispatchOut:
    """A sealed document, to all recipients in one transaction; its completion is the sending time.

    Under one key it is sent once; the dispatch is told again however often this is asked.
    """
    document = own_document(request, document_id, ComposePermission.SEND)
    dispatch: Dispatch = send(
        actor=client_of(request).account,
        document=document,
        idempotency_key=named_by_key(request),
        **wished(given),
    )
    return DispatchOut.of(tracked(request, dispatch))


def wished(given: SendIn) -> dict[str, Any]:
    """What the request says of the sending, as `send` takes it. Raises `Invalid` as to whom it goes."""
    return {
        "recipients": _recipients(given),
        "call": CallRecord(**given.call.model_dump()) if given.call else None,
        "accept_without_call": given.accept_without_call,
        "declared": given.declared,
        "paper": [PaperRecipientWish(each.name, each.role, each.address, each.copies) for each in given.unconnected],
    }


def _recipients(given: SendIn) -> list[Recipient]:
    """Looked up at once. Raises `Invalid`, one message a place in the lists."""
    default = profile.current().default_allowance if given.allowance is None else given.allowance
    asked = [(Role.MAIN, place, each) for place, each in enumerate(given.main)]
    asked += [(Role.COPY, place, each) for place, each in enumerate(given.copy_)]
    meant = units_named(each.unit for _, _, each in asked)
    with_office = [unit.id for _, _, each in asked if each.office for unit in meant[each.unit]]
    offices = offices_named(with_office) if with_office else {}
    errors: dict[str, str] = {}
    found: list[Recipient] = []
    for role, place, each in asked:
        field = f"{role.value}.{place}"
        unit = _one(meant[each.unit], f"单位「{each.unit}」", f"{field}.unit", errors)
        office = _office(offices.get(unit.id, []), each.office, f"{field}.office", errors) if unit else None
        if unit is not None:
            allowance = default if each.allowance is None else each.allowance
            found.append(Recipient(unit.id, role, allowance, office.pk if office else None))
    if errors:
        raise Invalid(errors)
    return found


def _one(found: Sequence[NamedUnit], said: str, field: str, errors: dict[str, str]) -> NamedUnit | None:
    if len(found) == 1:
        return found[0]
    errors[field] = f"{said}不在通讯录里。" if not found else f"{said}有 {len(found)} 个，请改用单位编号。"
    return None


def _office(offices: list[Office], said: str | None, field: str, errors: dict[str, str]) -> Office | None:
    if not said:
        return None
    office = next((each for each in offices if said in (each.name, str(each.pk))), None)
    if office is None:
        errors[field] = f"这个单位没有「{said}」，或者已经撤销。"
    return office
