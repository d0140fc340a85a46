"""What the lists of this room can be narrowed by, and which columns they have."""

from collections.abc import Mapping

from django.http import HttpRequest

from yichuan.common import profile
from yichuan.compose.search import Sought
from yichuan.exchange.selectors_search import MARKS, STANDINGS, Wanted
from yichuan.exchange.states import DeliveryState
from yichuan.keys.services.texts import open_text, seal_text
from yichuan.web.lists import Column, Narrowing, Part

INBOX, SENT = "inbox", "sent"
FILTER = "exchange.inbox_filter"

INBOX_COLUMNS = (
    Column("urgency", "缓急", "col-urgency"),
    Column("number", "文号", "col-number"),
    Column("title", "标题", "", fixed=True),
    Column("marks", "标记", "col-marks"),
    Column("role", "主抄送", "col-role", shown=False),
    Column("sender", "来文单位", "col-unit"),
    Column("arrived", "到达", "col-time"),
    Column("signed", "签收", "col-time"),
    Column("received", "接收", "col-time", shown=False),
    Column("state", "状态", "col-state"),
)
SENT_COLUMNS = (
    Column("urgency", "缓急", "col-urgency", shown=False),
    Column("number", "文号", "col-number"),
    Column("title", "标题", "", fixed=True),
    Column("sent", "发出", "col-due"),
    Column("progress", "进度", "col-progress"),
    Column("signed", "已签收", "col-signed"),
    Column("standing", "情况", "col-state"),
)


def _words() -> tuple[Part, ...]:
    urgencies = {each: each for each in profile.current().urgencies}
    return (
        Part("number", "文号含"),
        Part("title", "标题含"),
        Part("text", "全文含"),
        Part("urgency", "缓急", urgencies),
        Part("since", "自", day=True),
        Part("until", "至", day=True),
    )


def inbox_parts() -> tuple[Part, ...]:
    """What an inbox can be narrowed by."""
    states = {state.value: state.label for state in DeliveryState}
    return (Part("state", "状态", states), Part("sender", "来文单位含"), Part("mark", "标记", MARKS), *_words())


def sent_parts() -> tuple[Part, ...]:
    """What the list of dispatches can be narrowed by."""
    return (Part("standing", "情况", STANDINGS), Part("receiver", "收文单位含"), *_words())


def wanted_of(narrowing: Narrowing) -> Wanted:
    """The same as the selectors take it."""
    return Wanted(
        sought=Sought(number=narrowing["number"], title=narrowing["title"], text=narrowing["text"]),
        state=narrowing["state"],
        name=narrowing["sender"] or narrowing["receiver"],
        begin=narrowing.begin,
        end=narrowing.end,
        urgency=narrowing["urgency"],
        mark=narrowing["mark"],
        standing=narrowing["standing"],
    )


def keep_filter(request: HttpRequest, narrowing: Narrowing) -> None:
    """Keep the inbox's filter for this session: what is opened next is the next of the list one came from.

    It rests sealed: what somebody looks for may be the words of a title.
    """
    query = narrowing.query()
    if _kept(request.session) != query:
        request.session[FILTER] = seal_text(query, FILTER).hex() if query else ""


def kept_filter(session: Mapping[str, str]) -> Wanted:
    """The filter of the inbox that the person came from."""
    return wanted_of(Narrowing.read(inbox_parts(), _kept(session)))


def _kept(session: Mapping[str, str]) -> str:
    sealed = session.get(FILTER, "")
    return open_text(bytes.fromhex(sealed), FILTER) if sealed else ""
