"""发文, the list of a unit's own documents: what it can be narrowed by, and its columns."""

from yichuan.common import profile
from yichuan.compose.states import DocumentState
from yichuan.web.lists import Column, Part

OUTGOING = "outgoing"
OUTGOING_COLUMNS = (
    Column("urgency", "缓急", "col-urgency", shown=False),
    Column("number", "文号", "col-number"),
    Column("title", "标题", "", fixed=True),
    Column("kind", "文种", "col-mark"),
    Column("author", "拟稿", "col-unit"),
    Column("begun", "开始制作", "col-time", shown=False),
    Column("changed", "最近改动", "col-time"),
    Column("state", "状态", "col-state"),
)


def outgoing_parts() -> tuple[Part, ...]:
    """What the list can be narrowed by."""
    return (
        Part("state", "状态", {state.value: state.label for state in DocumentState}),
        Part("number", "文号含"),
        Part("title", "标题含"),
        Part("author", "拟稿人含"),
        Part("urgency", "缓急", {each: each for each in profile.current().urgencies}),
        Part("since", "自", day=True),
        Part("until", "至", day=True),
    )
