"""Planning batches and looking at how far their units are (U6, J-plan 二 and 四)."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from support.batches import STARTS, UNITS_HEAD, Planned, imprint_png, person, planned, staff_xlsx, unit, xlsx, zipped
from support.certificates import for_person
from support.world import World
from yichuan.changes.batch_lists import course_of
from yichuan.changes.models import Batch, Import
from yichuan.changes.readiness import Board
from yichuan.changes.services.batch_plan import StageEntry, edit_batch, plan_batch
from yichuan.common import clock
from yichuan.common.errors import Invalid, NotAllowed, NotFound, Refused
from yichuan.keys.states import CertificateState
from yichuan.org.duties import Duty
from yichuan.org.models import Staff, Unit
from yichuan.org.selectors.unit_certificates import unit_certificates
from yichuan.people.models import Account

HERE = "/applications/batches"


@pytest.fixture
def plan(world: World) -> Planned:
    return planned(world)


def stages_of(batch: Batch) -> list[StageEntry]:
    return [StageEntry(each.phase, each.until, each.what, each.who) for each in batch.stages.all()]


def edited(plan: Planned, *, version: int = 1, starts: date = STARTS, stages: list[StageEntry] | None = None) -> Batch:
    return edit_batch(
        actor=plan.operator, number=1, version=version, name="第一批", starts=starts, note="",
        stages=stages_of(plan.batch) if stages is None else stages,
    )  # fmt: skip


def test_the_timetable_is_the_founding_plans_counted_back_from_the_day(plan: Planned) -> None:
    days = {stage.what: stage.until for stage in plan.batch.stages.all()}
    assert len(days) == 9
    assert days["安装电子公文交换系统（服务器端）"] == date(2008, 5, 30)
    assert days["完成制作电子印章"] == date(2008, 6, 20)
    assert days["人员培训"] == date(2008, 6, 25)
    assert days["各单位完成安装（客户端）"] == date(2008, 7, 15)
    assert days["各单位启用电子公文交换系统"] == STARTS


def test_a_change_of_a_day_is_on_record_with_what_was_before(plan: Planned) -> None:
    stages = stages_of(plan.batch)
    stages[4] = StageEntry(stages[4].phase, date(2008, 6, 22), stages[4].what, stages[4].who)
    edited(plan, starts=date(2008, 8, 15), stages=stages)
    assert course_of(plan.batch)[0].detail["changes"] == [
        "启用日期由 2008-08-01 改为 2008-08-15",
        "「完成制作电子印章」由 2008-06-20 改为 2008-06-22 ",
    ]
    assert course_of(plan.batch)[0].actor_name == plan.operator.name


def test_the_units_of_a_batch_begin_on_its_new_day(plan: Planned) -> None:
    Unit.objects.filter(batch=1).update(starts=STARTS)
    edited(plan, starts=STARTS + timedelta(days=14))
    assert set(Unit.objects.filter(batch=1).values_list("starts", flat=True)) == {date(2008, 8, 15)}


def test_saving_what_is_the_same_leaves_no_line(plan: Planned) -> None:
    edited(plan)
    assert [entry.verb for entry in course_of(plan.batch)] == ["changes.plan_batch"]


def test_of_two_who_change_it_at_once_the_second_is_told(plan: Planned) -> None:
    edited(plan, starts=date(2008, 8, 15))
    with pytest.raises(Refused, match="被别人改过"):
        edited(plan, starts=date(2008, 8, 20))


def test_a_number_is_planned_once(plan: Planned) -> None:
    with pytest.raises(Invalid, match="第一批已经安排过"):
        plan_batch(actor=plan.operator, number=1, starts=STARTS)


@pytest.mark.parametrize(
    "stages", [[], [StageEntry("prepare", None, "字" * 201, "")], [StageEntry("never", None, "x", "")]]
)
def test_a_timetable_that_cannot_be_kept_is_refused(plan: Planned, stages: list[StageEntry]) -> None:
    with pytest.raises(Invalid) as caught:
        edited(plan, stages=stages)
    assert set(caught.value.errors) == {"stages"}


def test_the_supervising_office_sees_and_does_not_plan(plan: Planned) -> None:
    with pytest.raises(NotAllowed):
        plan_batch(actor=plan.supervisor, number=2, starts=STARTS)
    with pytest.raises(NotFound):
        edit_batch(
            actor=plan.world.sending_clerk,
            number=1,
            version=1,
            name="第一批",
            starts=STARTS,
            note="",
            stages=stages_of(plan.batch),
        )
    assert plan.world.browser(plan.supervisor).get(f"{HERE}/1/").status_code == 200
    assert plan.world.browser(plan.supervisor).get(f"{HERE}/1/edit/").status_code == 403


def test_an_operator_of_another_unit_finds_no_batch(plan: Planned) -> None:
    stranger = plan.world.holder(Duty.OPERATOR, "市规划局")
    browser = plan.world.browser(stranger)
    for address in ("1/", "1/plan/", "1/edit/", "1/imports/", "1/imprints/", "99/", "99999999999/"):
        assert browser.get(f"{HERE}/{address}").status_code == 404, address


# the board


def marks_of(plan: Planned, name: str) -> dict[str, tuple[bool, str]]:
    line = next(each for each in Board(plan.batch)[0:100] if each.name == name)
    return {mark.key: (mark.done, mark.said) for mark in line.marks}


def test_the_board_says_of_each_unit_how_far_it_is(plan: Planned) -> None:
    plan.world.signed_for("市环保局")
    Account.objects.filter(pk=plan.world.sending_clerk.pk).update(last_login=clock.now())
    sender, receiver = marks_of(plan, "市府办公室"), marks_of(plan, "市环保局")
    assert sender["posts"] == (True, "3/3")
    assert sender["seals"] == (True, "已制")
    assert sender["logins"] == (False, "1/4")
    assert sender["tested"] == (False, "已发")
    assert receiver["posts"] == (False, "1/3")
    assert receiver["seals"] == (False, "未制")
    assert receiver["tested"] == (False, "已收")


def test_certificates_are_the_peoples_and_the_units_own(plan: Planned) -> None:
    for_person(plan.world.clerk["市环保局"])
    assert marks_of(plan, "市环保局")["certificates"] == (True, "1/1")
    unit_certificates().filter(holder_id=plan.world.units["市环保局"].pk).update(state=CertificateState.HELD)
    assert marks_of(plan, "市环保局")["certificates"] == (False, "1/1，单位没有")


def test_a_post_that_waits_for_the_auditor_is_told_apart(plan: Planned) -> None:
    plan.imported(staff_xlsx(person(岗位="印章管理员")))
    assert marks_of(plan, "市环保局")["posts"] == (False, "1/3，1 个待审核")


def test_units_that_have_not_joined_stand_first_and_who_joined_by_application_is_not_among_them(plan: Planned) -> None:
    plan.imported(xlsx(UNITS_HEAD, [unit(1), unit(2)]), Import.Kind.UNITS)
    Unit.objects.filter(short_name="市规划局").update(name="江门市第2局")
    lines = Board(plan.batch)[0:100]
    assert [line.name for line in lines if line.unit_id is None] == ["市第1局"]
    assert lines[0].name == "市第1局"
    counts = Board(plan.batch).counts()
    assert (counts["all"], counts["joined"], counts["ready"]) == (6, 5, 0)


def test_the_board_names_whom_to_telephone(plan: Planned) -> None:
    unit_ = plan.world.units["市环保局"]
    Staff.objects.filter(account=plan.world.clerk["市环保局"]).update(phone="0750-3321179")
    plan.world.holder(Duty.UNIT_ADMIN, "市环保局")
    Staff.objects.filter(unit=unit_, phone="").update(mobile="13800138000")
    line = next(each for each in Board(plan.batch)[0:100] if each.name == "市环保局")
    assert [call.account.name for call in line.calls] == ["单位系统管理员1"]


def test_the_board_is_read_in_a_handful_of_queries(plan: Planned) -> None:
    with CaptureQueriesContext(connection) as asked:
        Board(plan.batch).counts()
        Board(plan.batch)[0:40]
    assert len(asked) <= 8


@pytest.mark.parametrize(("only", "shown"), [("", 5), ("open", 5), ("seals", 4), ("joined", 0), ("nonsense", 5)])
def test_the_board_can_show_what_is_missing_only(plan: Planned, only: str, shown: int) -> None:
    page = plan.world.browser(plan.operator).get(f"{HERE}/1/", {"only": only})
    assert page.context["page"].paginator.count == shown


# the pages


def test_an_operator_goes_the_whole_way_on_the_pages(plan: Planned) -> None:
    browser = plan.world.browser(plan.operator)
    assert "第一批" in browser.get(f"{HERE}/").content.decode()
    made = browser.post(f"{HERE}/new/", {"number": "2", "starts": "2008-10-01", "note": "三区四市政府"})
    assert made.headers["Location"] == f"{HERE}/2/plan/"
    page = browser.get(f"{HERE}/2/edit/")
    form = {f"stage-{n}-{key}": "" for n in range(11) for key in ("until", "what", "who")}
    form |= {f"stage-{n}-phase": "prepare" for n in range(11)} | {"stage-0-what": "动员", "stage-0-until": "2008-09-01"}
    form |= {"stage-TOTAL_FORMS": "11", "stage-INITIAL_FORMS": "9", "version": "1", "name": "第二批"}
    assert page.status_code == 200
    kept = browser.post(f"{HERE}/2/edit/", form | {"starts": "2008-10-08"})
    assert kept.headers["Location"] == f"{HERE}/2/plan/"
    assert "启用日期由 2008-10-01 改为 2008-10-08" in browser.get(f"{HERE}/2/plan/").content.decode()
    late = browser.post(f"{HERE}/2/edit/", form | {"starts": "2008-10-09"})
    assert late.status_code == 422 and "被别人改过" in late.content.decode()
    assert browser.get(f"{HERE}/1/board.xlsx").content.startswith(b"PK")
    for kind in ("staff", "units", "imprints"):
        for suffix in ("xlsx", "csv"):
            assert browser.get(f"{HERE}/templates/{kind}/{suffix}/").status_code == 200
    assert browser.get(f"{HERE}/templates/join/xlsx/").status_code == 404


def test_a_sheet_is_uploaded_looked_at_imported_and_its_slips_printed_on_the_pages(plan: Planned) -> None:
    browser = plan.world.browser(plan.operator)
    data = staff_xlsx(person(), person(姓名="=李四", 手机="13800138001"), person(姓名="王五", 手机="1"))
    sheet = SimpleUploadedFile("报名表.xlsx", data)
    taken = browser.post(f"{HERE}/1/imports/", {"kind": "staff", "file": sheet})
    here = taken.headers["Location"]
    looked = browser.get(here).content.decode()
    assert "1 行可以导入，2 行需要更正" in looked
    assert "第 4 行「手机」「1」不对：手机号应是 11 位数字。" in looked
    assert browser.post(f"{here}begin/").status_code == 302
    assert "可以离开本页" in browser.get(here).content.decode()
    done = browser.post(f"{here}advance/", headers={"HX-Request": "true"})
    assert done.headers["HX-Refresh"] == "true"
    assert "导入 1 行，2 行没有导入" in browser.get(here).content.decode()
    assert browser.get(f"{here}result.xlsx").content.startswith(b"PK")
    assert browser.get(f"{here}file/").content == data
    slip = browser.post(f"{here}slips/{plan.world.units['市环保局'].pk}/")
    assert slip.content.startswith(b"%PDF-")
    assert "已打印" in browser.get(here).content.decode()
    assert browser.post(f"{here}remove/").status_code == 302
    assert "表格和明细已经删除" in browser.get(here).content.decode()
    assert browser.get(f"{here}result.xlsx").status_code == browser.get(f"{here}file/").status_code == 404


def test_a_file_that_is_no_sheet_is_said_beside_the_field(plan: Planned) -> None:
    browser = plan.world.browser(plan.operator)
    old = SimpleUploadedFile("x.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
    page = browser.post(f"{HERE}/1/imports/", {"kind": "staff", "file": old})
    assert page.status_code == 422
    assert "旧的 xls 文件" in page.content.decode()


def test_the_imprints_are_shown_at_their_size_with_what_to_warn_of(plan: Planned) -> None:
    sheet = xlsx(["单位全称", "印模图片", "直径（毫米）"], [["市环保局", "a.png", ""], ["市卫生局", "b.png", ""]])
    pictures = zipped(**{"a.png": imprint_png(), "b.png": imprint_png(200, "#202020", None)})
    plan.imported(sheet, Import.Kind.IMPRINTS, pictures=pictures)
    page = plan.world.browser(plan.operator).get(f"{HERE}/1/imprints/")
    shown = page.content.decode()
    assert 'width="192" height="192"' in shown  # 600 pixels at 300 dpi are two inches
    assert "太小" in shown and "不是红色" in shown and "没有写明分辨率" in shown and "像是传真" in shown
    picture = page.context["shown"][0]["imprint"].pk
    assert plan.world.browser(plan.operator).get(f"/applications/imprints/{picture}.png").content.startswith(b"\x89PNG")
    assert plan.world.browser(plan.supervisor).get(f"/applications/imprints/{picture}.png").status_code == 403
