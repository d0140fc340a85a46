"""The cells of the inbox's rows, written without a template: all columns, all marks, nothing unescaped."""

from datetime import UTC, datetime

from yichuan.compose.models import Document
from yichuan.exchange.listing import INBOX_COLUMNS
from yichuan.exchange.models import Delivery, Dispatch
from yichuan.exchange.services.show_found import Piece
from yichuan.exchange.states import DeliveryState
from yichuan.exchange.templatetags.inbox import CELLS, with_cells
from yichuan.org.models import Unit, UnitName

AT = datetime(2009, 6, 2, 6, 50, 7, tzinfo=UTC)


def row(state: DeliveryState = DeliveryState.RECEIVED) -> Delivery:
    document = Document(title="关于<b>水利</b>的通知", number="江<i>府办", source=Document.Source.SCAN, urgency="特急")
    sender, unit = UnitName(short_name="<u>水利局", name='市"水利局'), Unit(short_name="<u>水利局")
    dispatch = Dispatch(document=document, sender=sender, unit=unit, without_call=True)
    return Delivery(dispatch=dispatch, role=Delivery.Role.COPY, state=state, arrived_at=AT)


def cells(delivery: Delivery) -> str:
    ((_, written),) = with_cells([delivery], INBOX_COLUMNS)
    return str(written)


def test_every_column_has_its_cell() -> None:
    assert set(CELLS) == {column.key for column in INBOX_COLUMNS}
    assert cells(row()).count("<td") == len(INBOX_COLUMNS)


def test_what_comes_from_outside_is_escaped() -> None:
    written = cells(row())
    for raw in ("<b>", "<i>", "<u>", '市"'):
        assert raw not in written
    assert "江&lt;i&gt;府办" in written
    assert "关于&lt;b&gt;水利&lt;/b&gt;的通知" in written


def test_found_words_are_marked_and_escaped() -> None:
    delivery = row()
    delivery.title_pieces = (Piece("关于<b>", False), Piece("<水利>", True))
    assert "关于&lt;b&gt;<mark>&lt;水利&gt;</mark></a>" in cells(delivery)


def test_marks_times_and_states_are_said() -> None:
    delivery = row()
    delivery.papers, delivery.papers_arrived = 2, 1
    written = cells(delivery)
    for said in (
        "特急",
        "未电话",
        "扫描件",
        "纸质件 2 件，已到 1 件",
        "纸 1/2",
        "抄送",
        "已接收",
        "2009-06-02 14:50:07",
    ):
        assert said in written
    assert "yc-tag amber" in written
    for state in DeliveryState:
        assert f"{state.label}</span>" in cells(row(state))
