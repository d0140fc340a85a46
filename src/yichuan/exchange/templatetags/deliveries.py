"""`{% load deliveries %}`: the states of deliveries as cells, bars and words."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from yichuan.exchange.models import Delivery, Dispatch
from yichuan.exchange.selectors_board import Board, Line
from yichuan.exchange.states import DeliveryState
from yichuan.web.addresses import to_each
from yichuan.web.templatetags.yc import badge, bar, icon
from yichuan.web.words import moments

register = template.Library()

# state: the board's kind, its icon, the time that says since when
LOOKS: dict[str, tuple[str, str, str]] = {
    DeliveryState.DELIVERED: ("wait", "circle", "arrived_at"),
    DeliveryState.SIGNED_FOR: ("sign", "check-lg", "signed_for_at"),
    DeliveryState.RECEIVED: ("recv", "check-all", "received_at"),
    DeliveryState.RETURNED: ("back", "arrow-return-left", "returned_at"),
    DeliveryState.WITHDRAWN: ("gone", "slash-circle", "arrived_at"),
}
LATE = ("late", "exclamation-circle-fill", "arrived_at")  # not signed for by the end of the half day (G-20)
UNSIGNED = ("wait", "late")
SHORT = {"wait": "未签", "late": "超时", "back": "退回", "gone": "撤回"}  # what a cell says in place of a time
SAID = {look[0]: DeliveryState(state).label for state, look in LOOKS.items()} | {LATE[0]: "超时未签收"}
WORDS: dict[str, str] = {state.value: state.label for state in DeliveryState}


@register.simple_tag
def board_cells(board: Board, lines: Iterable[Line], dispatch: Dispatch) -> SafeString:
    """Recipients on the board: state as icon, word and colour, with the time it was reached. Those that wait can be
    ticked. The board asks for itself every few seconds, so that a cell is written and not drawn part by part."""
    moment, url = moments(), to_each("exchange:recipient", dispatch.pk)
    written = (_cell(line, line.late(board.asked), moment, url(line.id)) for line in lines)
    return mark_safe("".join(written))  # noqa: S308  names are escaped, all else is our own


def _cell(line: Line, late: bool, moment: Callable[[datetime], str], url: str) -> str:
    kind, symbol, since = LATE if late else LOOKS[line.state]
    waits = kind in UNSIGNED
    urged = f"，{moment(line.urged_at)} 催办过" if line.urged_at and waits else ""
    word = f"{'超时' if late else ''}{WORDS[line.state]}{urged}"
    when = SHORT.get(kind) or moment(getattr(line, since))
    name, letters = escape(line.addressee_name), escape(f"{line.pinyin} {line.initials}")
    return f"""
<a
  href="{url}"
  class="yc-cell {kind}"
  title="{name}：{word}"
  data-row
  data-open
  data-kind="{kind}"
  data-unit="{name} {letters}"
  data-id="{line.id}"{f' data-value="{line.id}"' if waits else ""}
>{icon(symbol, "", word)}<span class="cut">{name}</span> <time>{when}</time></a>"""


@register.filter
def segments(progress: Dispatch | Board) -> list[tuple[str, int]]:
    """The bar of a dispatch: received, signed for, not signed for in time, not signed for, returned."""
    if isinstance(progress, Board):
        return _with_late([(LOOKS[state][0], count) for state, count in _in_order(progress.counts)], progress.late)
    counts = {
        DeliveryState.RECEIVED: progress.received,
        DeliveryState.SIGNED_FOR: progress.signed,
        DeliveryState.RETURNED: progress.returned,
    }
    rest = DeliveryState.DELIVERED if progress.withdrawn_at is None else DeliveryState.WITHDRAWN
    counts[rest] = progress.total - sum(counts.values())
    return _with_late([(LOOKS[state][0], count) for state, count in _in_order(counts)], progress.late)


def _with_late(counted: list[tuple[str, int]], late: int) -> list[tuple[str, int]]:
    """The same, with those who should have signed by now apart from the others who have not."""
    place = [kind for kind, _ in counted].index("wait")
    waiting = counted[place][1]
    return [*counted[:place], ("late", late), ("wait", max(waiting - late, 0)), *counted[place + 1 :]]


@register.simple_tag
def progress(dispatch: Dispatch) -> SafeString:
    """The bar of a dispatch, and in words for those who do not see it."""
    counted = segments(dispatch)
    return bar(counted, "，".join(f"{SAID[kind]} {count}" for kind, count in counted))


@register.filter
def signed_of(dispatch: Dispatch) -> str:
    """How many of how many have signed for it: 76 / 92."""
    return f"{dispatch.signed + dispatch.received} / {dispatch.total}"


@register.filter
def board_words(board: Board) -> str:
    return "，".join(f"{state['label']} {state['count']}" for state in states(board))


@register.simple_tag
def dispatch_badge(dispatch: Dispatch) -> SafeString:
    """How a dispatch stands, the most pressing first."""
    if dispatch.withdrawn_at is not None:
        return badge("已撤回", "", "slash-circle")
    counts = dict(segments(dispatch))
    if counts["back"]:
        return badge(f"{counts['back']} 家退回", "amber", "arrow-return-left")
    if counts["late"]:
        return badge(f"{counts['late']} 家超时未签收", "danger", "exclamation-circle-fill")
    if counts["wait"]:
        return badge(f"{counts['wait']} 家未签收", "", "circle")
    if counts["sign"]:
        return badge("全部签收", "green", "check-lg")
    return badge("全部接收", "green", "check-all")


@register.filter
def states(board: Board) -> list[dict[str, Any]]:
    """The board's legend: each state with its colour and its number."""
    return [
        {"kind": kind, "label": SAID[kind], "count": count}
        for kind, count in segments(board)
        if count or kind != LATE[0]
    ]


def _in_order(counts: Any) -> list[tuple[str, int]]:
    """In the order of the bar; a state that is rare shows only where it is."""
    order = (DeliveryState.RECEIVED, DeliveryState.SIGNED_FOR, DeliveryState.DELIVERED, DeliveryState.RETURNED)
    found = [(state, counts.get(state, 0)) for state in order]
    return found + [(state, counts[state]) for state in LOOKS if state not in order and counts.get(state)]


SETTLED: dict[str, str] = {
    DeliveryState.RETURNED: "已退回发文单位，不能再打印、下载。",
    DeliveryState.REPLACED: "发文单位已经重发，请在重发的一件上办理。这一件的回执和打印编号仍然有效。",
    DeliveryState.FORWARDED: "已转本单位收发室，由收发室签收、打印。",
}


@register.simple_tag
def delivery_hint(delivery: Delivery, may: Mapping[str, bool], sound: bool) -> str:
    """What the buttons do next, or why they are off. `may` by verb; `sound`: the checks found nothing against it."""
    if delivery.state == DeliveryState.DELIVERED:
        if not sound:
            return "校验没有通过，不能签收。请退回；只是这一份损坏的，可以申请重发。"
        if not may["sign_for"]:
            return "你的岗位不能签收，请本单位文件管理员办理。"
        return "签收以后才能打印和下载。签收表示收到，不表示办理完毕。"
    if delivery.state in SETTLED:
        return SETTLED[delivery.state]
    left = delivery.allowance - delivery.printed
    said = "允许的份数已经打完，需要时向发文单位申请追加。"
    if left:
        said = f"打印原件剩余 {left} 份，共 {delivery.allowance} 份。"
    if delivery.received_at:
        said += "已接收的公文不能退回。"
    elif may["print"]:
        said += "打印或下载以后计为接收，不能再退回。"
    if not (may["print"] and may["copy"]):
        said += "打印、下载由有权的岗位办理。"
    return said
