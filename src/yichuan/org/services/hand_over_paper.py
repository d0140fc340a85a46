"""交接清单: the form of a hand-over on paper, to be signed by both and filed (P5, G-6)."""

from datetime import datetime

from django.utils import timezone

from yichuan.common import clock
from yichuan.org.models import HandOver
from yichuan.org.services.appoint import name_of
from yichuan.people.models import Account
from yichuan.web.paper_form import Cell, PaperForm


def hand_over_paper(form: HandOver) -> bytes:
    """The list as PDF: posts, open work, who confirmed when. Not while locks are held."""
    posts = list(form.posts.select_related("office", "unit").order_by("since"))
    paper = PaperForm(
        title="岗位交接清单",
        number=f"单号 {str(form.pk)[-12:]}",
        footer=f"{timezone.localtime(clock.now()):%Y-%m-%d %H:%M} 打印",
    )
    paper.table(
        [1, 2, 1, 2],
        [
            [Cell("单位", label=True), Cell(form.unit.name if form.unit else "交换中心", span=3)],
            [
                Cell("移交人", label=True),
                Cell(_person(form.giver)),
                Cell("接任人", label=True),
                Cell(_person(form.taker)),
            ],
            [Cell("交接原因", label=True), Cell(form.reason, span=3)],
            [Cell("现在状态", label=True), Cell(form.get_state_display(), span=3)],
        ],
    )
    paper.heading("一、移交的岗位")
    paper.table(
        [1, 4, 3],
        [[Cell("序号", label=True), Cell("岗位", label=True), Cell("移交人任岗起", label=True)]]
        + [
            [Cell(str(number)), Cell(name_of(post)), Cell(f"{timezone.localtime(post.since):%Y-%m-%d}")]
            for number, post in enumerate(posts, start=1)
        ],
    )
    paper.heading("二、没有办完的事项")
    if form.items:
        paper.table(
            [3, 4, 1],
            [[Cell("岗位", label=True), Cell("事项", label=True), Cell("件数", label=True)]]
            + [[Cell(item["post"]), Cell(item["what"]), Cell(str(item["number"]))] for item in form.items],
        )
    else:
        paper.note("提出交接时没有未办完的事项。")
    paper.note("交换箱和印章随岗位归接任人使用；个人数字证书不随岗位移交，移交人离岗的应当办理吊销。")
    paper.heading("三、确认")
    given = _at(form.given_at) + _in_place(form)
    paper.table(
        [1, 2, 1, 2],
        [
            [Cell("移交人确认", label=True), Cell(given), Cell("接任人确认", label=True), Cell(_at(form.taken_at))],
            [
                Cell("移交人签名", label=True, height_mm=16),
                Cell(),
                Cell("接任人签名", label=True, height_mm=16),
                Cell(),
            ],
            [Cell("监交人签名", label=True, height_mm=16), Cell(), Cell("日期", label=True), Cell()],
        ],
    )
    return paper.pdf()


def _person(account: Account) -> str:
    return f"{account.name}（{account.username}）"


def _at(at: datetime | None) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}" if at else "还没有确认"


def _in_place(form: HandOver) -> str:
    """Says who confirmed where the giver was gone."""
    return "" if form.given_by is None or form.given_by_id == form.giver_id else f"（{form.given_by.name}代为确认）"
