"""The lists that people keep views of: what each is called, what it can be narrowed by, its columns, its address."""

from collections.abc import Callable
from dataclasses import dataclass

from yichuan.compose.listing import OUTGOING, OUTGOING_COLUMNS, outgoing_parts
from yichuan.exchange.listing import INBOX, INBOX_COLUMNS, SENT, SENT_COLUMNS, inbox_parts, sent_parts
from yichuan.web.lists import Column, Part


@dataclass(frozen=True)
class List:
    """One list; `route` names its page."""

    name: str
    title: str
    route: str
    parts: Callable[[], tuple[Part, ...]]
    columns: tuple[Column, ...]


LISTS = {
    each.name: each
    for each in (
        List(INBOX, "收文", "exchange:inbox", inbox_parts, INBOX_COLUMNS),
        List(SENT, "发送跟踪", "exchange:sent", sent_parts, SENT_COLUMNS),
        List(OUTGOING, "发文", "compose:outgoing", outgoing_parts, OUTGOING_COLUMNS),
    )
}
