"""Bringing in the staff form, the list of units and the imprints of a batch (U6)."""

import pytest

from support.batches import (
    Planned,
    person,
    planned,
    staff_xlsx,
)
from support.world import World
from yichuan.changes.models import Import
from yichuan.org.models import AccessChange, Staff


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
