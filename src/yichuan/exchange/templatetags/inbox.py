"""`{% load inbox %}`: the cells of the inbox. A page has a hundred and more: they are written, not drawn in parts."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from html import escape
from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe

from yichuan.compose.models import Document
from yichuan.exchange.models import Delivery, Dispatch
from yichuan.exchange.states import DeliveryState
from yichuan.web.addresses import to_each
from yichuan.web.lists import Column
from yichuan.web.templatetags.yc import badge, icon
from yichuan.web.words import exactly, moments

register = template.Library()

Moment = Callable[[datetime], str]

BADGES: dict[str, tuple[str, str, str]] = {
    DeliveryState.DELIVERED: ("未签收", "blue", "circle"),
    DeliveryState.SIGNED_FOR: ("已签收", "green", "check-lg"),
    DeliveryState.RECEIVED: ("已接收", "green", "check-all"),
    DeliveryState.RETURNED: ("已退回", "amber", "arrow-return-left"),
    DeliveryState.FORWARDED: ("已转收发室", "", "send"),
    DeliveryState.REPLACED: ("已重发", "", "arrow-left-right"),
}
ORDINARY = "平件"
SCANNED = '<span class="yc-tag amber" title="盖章纸质件扫描，没有电子印章">扫描件</span>'
PAPERS = '<span class="yc-tag {kind}" title="纸质件 {all} 件，已到 {arrived} 件">{icon}纸 {arrived}/{all}</span>'


@register.filter
def with_cells(deliveries: Iterable[Delivery], columns: Sequence[Column]) -> Iterator[tuple[Delivery, SafeString]]:
    """Each row of a page with its cells in the columns that somebody chose. What comes from outside is escaped in the
    cell that shows it."""
    written, moment = [CELLS[column.key] for column in columns], moments()
    for delivery in deliveries:
        yield delivery, mark_safe("".join(write(delivery, moment) for write in written))  # noqa: S308


@register.simple_tag
def state_badge(delivery: Delivery) -> SafeString:
    """Where a delivery stands."""
    return badge(*(BADGES.get(delivery.state) or (delivery.get_state_display(), "", "slash-circle")))


@register.simple_tag
def found_title(found: Delivery | Dispatch, document: Document) -> SafeString:
    """The title, with the words marked that a search found."""
    if not found.title_pieces:
        return mark_safe(escape(document.title))  # noqa: S308
    return mark_safe("".join(map(_piece, found.title_pieces)))  # noqa: S308


def _piece(piece: Any) -> str:
    return f"<mark>{escape(piece.text)}</mark>" if piece.hit else escape(piece.text)


def _urgency(delivery: Delivery, _: Moment) -> str:
    urgency = delivery.dispatch.document.urgency
    return f"<td>{badge(urgency, 'danger', 'exclamation-circle') if urgency != ORDINARY else ''}</td>"


def _number(delivery: Delivery, _: Moment) -> str:
    return f'<td class="num">{escape(delivery.dispatch.document.number or "")}</td>'


def _title(delivery: Delivery, _: Moment) -> str:
    document = delivery.dispatch.document
    opened = f'<a href="{to_each("exchange:delivery")(delivery.pk)}" data-open>{found_title(delivery, document)}</a>'
    return f'<td class="ti" title="{escape(document.title)}">{opened}</td>'


def _marks(delivery: Delivery, _: Moment) -> str:
    marks: list[str] = []
    if delivery.dispatch.without_call:
        marks.append(badge("未电话", "amber", "telephone-x"))
    if delivery.dispatch.document.source == Document.Source.SCAN:
        marks.append(SCANNED)
    if all_of_it := delivery.papers:
        arrived = delivery.papers_arrived
        kind = "amber" if arrived < all_of_it else "line"
        marks.append(PAPERS.format(kind=kind, all=all_of_it, arrived=arrived, icon=icon("paperclip")))
    return f'<td class="marks">{" ".join(marks)}</td>'


def _role(delivery: Delivery, _: Moment) -> str:
    return f'<td class="sub">{Delivery.Role(delivery.role).label}</td>'


def _sender(delivery: Delivery, _: Moment) -> str:
    name = escape(delivery.dispatch.sender_name)
    return f'<td class="sub" title="{name}，{escape(delivery.dispatch.sender.name)}">{name}</td>'


def _time(name: str) -> Callable[[Delivery, Moment], str]:
    def written(delivery: Delivery, moment: Moment) -> str:
        at: datetime | None = getattr(delivery, name)
        return f'<td class="num" title="{exactly(at)}">{moment(at)}</td>' if at else '<td class="num" title=""></td>'

    return written


def _state(delivery: Delivery, _: Moment) -> str:
    return f"<td>{state_badge(delivery)}</td>"


CELLS: dict[str, Callable[[Delivery, Moment], str]] = {
    "urgency": _urgency,
    "number": _number,
    "title": _title,
    "marks": _marks,
    "role": _role,
    "sender": _sender,
    "arrived": _time("arrived_at"),
    "signed": _time("signed_for_at"),
    "received": _time("received_at"),
    "state": _state,
}
"""By the keys of `listing.INBOX_COLUMNS`."""
