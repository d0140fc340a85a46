"""The rows of a slice of the staff form are brought in together, and each still stands on its own."""

from collections.abc import Collection

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from support.batches import Planned, person, planned, staff_xlsx
from support.world import World
from yichuan.audit.models import Entry
from yichuan.changes.services.import_run import advance, begin_import
from yichuan.org.models import AccessChange, Filing, Staff
from yichuan.org.services import staff
from yichuan.people.models import Account

GIVEN = "伟芳娜敏静丽强磊军洋"


@pytest.fixture
def plan(world: World) -> Planned:
    return planned(world)


def people(number: int, surname: str) -> list[list[str]]:
    return [
        person(姓名=f"{surname}{GIVEN[each]}", 手机=f"1380013{ord(surname) % 100:02d}{each:02d}")
        for each in range(number)
    ]


def asked_for(plan: Planned, rows: list[list[str]]) -> int:
    """How often the database is asked to bring these rows in; savepoints are not counted."""
    source = plan.take(staff_xlsx(*rows))
    begin_import(actor=plan.operator, import_id=source.pk)
    with CaptureQueriesContext(connection) as asked:
        advance(source.pk, seconds=60)
    assert source.rows.filter(state="done").count() == len(rows)
    return sum("SAVEPOINT" not in each["sql"] for each in asked)


def test_a_person_more_asks_the_database_once_more_for_a_free_username(plan: Planned) -> None:
    assert asked_for(plan, people(10, "张")) - asked_for(plan, people(2, "李")) == 8


def test_each_of_many_has_entries_a_filing_and_a_request_of_its_own(plan: Planned) -> None:
    source = plan.imported(staff_xlsx(*people(5, "张")))
    for row in source.rows.select_related("account__staff"):
        account = row.account
        assert account is not None
        change = AccessChange.objects.get(account=account)
        assert (change.duty, change.unit, change.requested_by) == ("clerk", account.staff.unit, None)
        assert Filing.objects.get(account=account).by == source.taken_by
        verbs = Entry.objects.filter(subject_id__in=(account.pk, change.pk)).values_list("verb", flat=True)
        assert sorted(verbs) == ["org.register_person", "org.request_change", "people.open_account"]


def test_two_of_one_name_get_usernames_of_their_own(plan: Planned) -> None:
    plan.imported(staff_xlsx(person(手机="13800138001"), person(手机="13800138002", 姓名="章三")))
    assert set(Account.objects.filter(username__startswith="zhangsan").values_list("username", flat=True)) == {
        "zhangsan",
        "zhangsan2",
    }


def test_a_username_taken_at_the_same_moment_holds_up_that_row_alone(
    plan: Planned, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, taken = staff.free_username, Account.objects.values_list("username", flat=True)[0]

    def late(wanted: str, name: str, given: Collection[str] = ()) -> str:
        return taken if name == "张芳" else real(wanted, name, given)

    monkeypatch.setattr(staff, "free_username", late)
    source = plan.imported(staff_xlsx(*people(3, "张")))
    assert [row.state for row in source.rows.order_by("number")] == ["done", "failed", "done"]
    assert "重复" in (source.rows.get(state="failed").note or "")
    assert Staff.objects.filter(account__name__in=("张伟", "张芳", "张娜")).count() == 2
    assert AccessChange.objects.count() == 2
