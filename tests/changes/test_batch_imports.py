"""Bringing in the staff form of a batch, and what every import shares (U6)."""

from collections.abc import Sequence
from datetime import timedelta

import pytest

from support.batches import (
    Planned,
    person,
    planned,
    said,
    staff_xlsx,
)
from support.world import World, blob_path
from yichuan.audit.models import Entry
from yichuan.changes.models import Import, ImportRow
from yichuan.changes.services import import_run
from yichuan.changes.services.import_end import KEPT, drop_import, expire_imports
from yichuan.changes.services.import_run import advance, begin_import, go_on
from yichuan.changes.services.import_slice import Slice
from yichuan.changes.services.import_slips import print_slips
from yichuan.common import clock
from yichuan.common.errors import Invalid, NotFound, Refused
from yichuan.operations.services.settle import sweep_blobs
from yichuan.org.models import AccessChange, Staff
from yichuan.people.models import Account


@pytest.fixture
def plan(world: World) -> Planned:
    return planned(world)


def test_a_person_of_the_staff_form_has_an_account_and_the_post_waits_for_the_auditor(plan: Planned) -> None:
    source = plan.imported(staff_xlsx(person(岗位="文件管理员、印章管理员")))
    assert source.state == Import.State.DONE
    staff = Staff.objects.get(account__name="张三")
    assert (staff.unit, staff.mobile, staff.title) == (plan.world.units["市环保局"], "13800138000", "科员")
    asked = AccessChange.objects.filter(account=staff.account)
    assert {(each.duty, each.state) for each in asked} == {("clerk", "waiting"), ("custodian", "waiting")}
    assert not staff.account.posts.exists()
    assert source.rows.get().account == staff.account


def test_who_is_not_trained_is_registered_and_the_post_is_left_out_with_the_reason(plan: Planned) -> None:
    source = plan.imported(staff_xlsx(person(培训日期="")))
    row = source.rows.get()
    assert row.state == ImportRow.State.DONE
    assert "文件管理员没有申请" in (row.note or "") and "培训" in (row.note or "")
    assert not AccessChange.objects.filter(account=row.account).exists()


def test_what_is_right_comes_in_and_the_rest_stays_in_the_result(plan: Planned) -> None:
    others = [person(姓名="李四", 手机="138"), person(姓名="王五", 手机="13800138002")]
    source = plan.imported(staff_xlsx(person(), *others))
    assert [row.state for row in source.rows.order_by("number")] == ["done", "faulty", "done"]
    assert not Staff.objects.filter(account__name="李四").exists()


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (person(单位名称="市环卫局"), "「单位名称」没有「市环卫局」这个单位"),
        (person(单位名称="市环保局．"), "「单位名称」「市环保局．」有形近字或多余的空格：改成「市环保局」"),
        (person(单位名称="巿环保局"), "「单位名称」「巿环保局」有形近字或多余的空格：改成「市环保局」"),
        (person(岗位="厨师"), "「岗位」没有「厨师」这个岗位"),
        (person(姓名="张3"), "「姓名」「张3」不对"),
        (person(手机="138001"), "「手机」「138001」不对"),
        (person(电子邮箱="不是"), "「电子邮箱」「不是」不对"),
        (person(账号="A"), "「账号」「A」不能用"),
        (person(账号="clerk-0"), "「账号」「clerk-0」不能用"),
        (person(培训日期="2090-01-01"), "「培训日期」「2090-01-01」还没有到"),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_a_cell_that_does_not_fit_the_centre_is_named_with_what_to_do(
    plan: Planned, row: list[str], words: str
) -> None:
    (faults,) = said(plan.take(staff_xlsx(row)))
    assert len(faults) == 1
    assert faults[0].startswith(words)


def test_a_trailing_space_is_taken_off_a_name(plan: Planned) -> None:
    assert said(plan.take(staff_xlsx(person(单位名称=" 市环保局 ", 姓名="张三　")))) == [[]]


@pytest.mark.parametrize("name", ["张三", "张 三", "张三 "])
def test_the_same_person_twice_in_a_file_is_one_row_at_fault(plan: Planned, name: str) -> None:
    faults = said(plan.take(staff_xlsx(person(), person(姓名=name))))
    assert faults[0] == []
    assert "和第 2 行重复" in faults[1][0]


def test_a_person_who_is_registered_already_is_not_registered_again(plan: Planned) -> None:
    plan.imported(staff_xlsx(person()))
    same, namesake = said(plan.take(staff_xlsx(person(单位名称="市卫生局"), person(手机="13900139000"))))
    assert "已经登记过" in same[0]
    assert "本单位已经有「张三」" in namesake[0]


def test_a_file_taken_twice_before_it_begins_registers_nobody_twice(plan: Planned) -> None:
    first, second = plan.take(staff_xlsx()), plan.take(staff_xlsx())
    for source in (first, second):
        begin_import(actor=plan.operator, import_id=source.pk)
        while advance(source.pk, seconds=1):
            pass
    assert Staff.objects.filter(account__name="张三").count() == 1
    assert second.rows.get().state == ImportRow.State.FAILED
    assert "已经登记过" in (second.rows.get().note or "")


def test_an_import_that_died_half_way_goes_on_from_there(plan: Planned, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [person(姓名=f"张{name}", 手机=f"1380013800{number}") for number, name in enumerate("伟芳娜敏静")]
    source = plan.take(staff_xlsx(*rows))
    begin_import(actor=plan.operator, import_id=source.pk)
    monkeypatch.setattr(import_run, "SLICE", 2)
    assert import_run._slice(source.pk)
    real = import_run.bring_in

    def dies(part: Slice, rows: Sequence[ImportRow]) -> None:
        real(part, rows)
        raise KeyboardInterrupt

    monkeypatch.setattr(import_run, "bring_in", dies)
    with pytest.raises(KeyboardInterrupt):
        import_run._slice(source.pk)
    assert Staff.objects.filter(account__name__in=[row[2] for row in rows]).count() == 2
    monkeypatch.setattr(import_run, "bring_in", real)
    assert go_on() == 0
    assert Staff.objects.filter(account__name__in=[row[2] for row in rows]).count() == 5
    source.refresh_from_db()
    assert source.state == Import.State.DONE


def test_an_import_begins_once(plan: Planned) -> None:
    source = plan.imported(staff_xlsx())
    with pytest.raises(Refused, match="已导入"):
        begin_import(actor=plan.operator, import_id=source.pk)


def test_a_sheet_with_no_right_row_does_not_begin(plan: Planned) -> None:
    source = plan.take(staff_xlsx(person(手机="1")))
    with pytest.raises(Refused, match="没有一行可以导入"):
        begin_import(actor=plan.operator, import_id=source.pk)


def test_only_the_operator_imports(plan: Planned) -> None:
    source = plan.take(staff_xlsx())
    for stranger in (plan.supervisor, plan.world.sending_clerk):
        with pytest.raises(NotFound):
            begin_import(actor=stranger, import_id=source.pk)


def test_slips_draw_the_passwords_when_they_are_printed_and_void_earlier_ones(plan: Planned) -> None:
    source = plan.imported(staff_xlsx())
    account = Staff.objects.get(account__name="张三").account
    before = Account.objects.get(pk=account.pk).password
    unit_id = plan.world.units["市环保局"].pk
    pdf = print_slips(actor=plan.operator, import_id=source.pk, unit_id=unit_id)
    assert pdf.startswith(b"%PDF-")
    first = Account.objects.get(pk=account.pk).password
    print_slips(actor=plan.operator, import_id=source.pk, unit_id=unit_id)
    assert len({before, first, Account.objects.get(pk=account.pk).password}) == 3


def test_who_has_logged_in_gets_no_slip(plan: Planned) -> None:
    source = plan.imported(staff_xlsx())
    Account.objects.filter(name="张三").update(last_login=clock.now())
    with pytest.raises(Refused, match="没有等着领初始密码"):
        print_slips(actor=plan.operator, import_id=source.pk, unit_id=plan.world.units["市环保局"].pk)


def test_the_file_and_its_rows_rest_encrypted_and_go_on_demand(plan: Planned) -> None:
    source = plan.imported(staff_xlsx())
    blob = blob_path(source.blob)
    assert b"PK" not in blob.read_bytes()[:64]
    drop_import(actor=plan.operator, import_id=source.pk)
    source.refresh_from_db()
    assert (source.blob, source.file_name, source.rows.count()) == ("", "", 0)
    assert Staff.objects.filter(account__name="张三").exists()
    with pytest.raises(Refused, match="已经删除"):
        drop_import(actor=plan.operator, import_id=source.pk)


def test_after_thirty_days_they_go_by_themselves(plan: Planned) -> None:
    kept, old = plan.take(staff_xlsx()), plan.take(staff_xlsx())
    Import.objects.filter(pk=old.pk).update(taken_at=clock.now() - KEPT - timedelta(minutes=1))
    assert expire_imports() == 1
    assert not ImportRow.objects.filter(source=old).exists()
    assert ImportRow.objects.filter(source=kept).exists()
    assert expire_imports() == 0


def test_the_sweeper_leaves_what_imports_refer_to(plan: Planned, monkeypatch: pytest.MonkeyPatch) -> None:
    source = plan.take(staff_xlsx())
    monkeypatch.setattr("yichuan.operations.services.settle.BLOB_GRACE_SECONDS", -10)
    sweep_blobs()
    assert blob_path(source.blob).exists()


def test_no_password_and_no_number_is_in_the_log(plan: Planned) -> None:
    plan.imported(staff_xlsx())
    for entry in Entry.objects.filter(verb__startswith="changes."):
        assert "13800138000" not in str(entry.detail) and "张三" not in str(entry.detail)


def test_a_kind_that_no_form_has_is_refused(plan: Planned) -> None:
    with pytest.raises(Invalid, match="选择导入哪一种表"):
        plan.take(staff_xlsx(), Import.Kind.JOIN)


def test_an_unwatched_import_is_brought_in_by_the_ticker(plan: Planned) -> None:
    source = plan.take(staff_xlsx())
    begin_import(actor=plan.operator, import_id=source.pk)
    assert go_on() == 0
    source.refresh_from_db()
    assert source.state == Import.State.DONE
