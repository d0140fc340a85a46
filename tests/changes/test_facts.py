"""What must be so in the centre: names that no reader mistakes, units that are open, people who qualify."""

from typing import Any

import pytest

from support.changes import Parties
from yichuan.changes.services.begin import begin
from yichuan.changes.services.facts import check_facts
from yichuan.common.errors import Invalid, NotAllowed
from yichuan.common.transactions import command
from yichuan.org.models import CentreRole
from yichuan.org.services.close_unit import close_unit


def _faults(parties: Parties, kind: str, unit: str | None = "市环保局", **changed: Any) -> dict[str, str]:
    with pytest.raises(Invalid) as refusal:
        check_facts(parties.world.units[unit] if unit else None, parties.content(kind, **changed))
    return refusal.value.errors


@pytest.mark.parametrize(
    "name",
    [
        "江门市卫生局",
        "江门市卫生局 ",
        "江门市 卫生局",
        "江门巿卫生局",
        "江门市卫生局。",
        "（江门市）卫生局",
        "市卫生局",
        "江⻔市卫生局",
    ],
)
def test_a_name_that_reads_like_another_units_is_refused(parties: Parties, name: str) -> None:
    errors = _faults(parties, "join", None, name=name)
    assert "已经有单位使用" in errors["name"]


def test_a_short_name_must_be_free_too(parties: Parties) -> None:
    assert "已经有单位使用" in _faults(parties, "join", None, short_name="市卫生局")["short_name"]


def test_a_further_name_of_a_unit_counts_as_taken(parties: Parties) -> None:
    parties.content("drop_name")  # hangs 江门市核安全局 on 市环保局
    assert "已经有单位使用" in _faults(parties, "join", None, name="江门市核安全局")["name"]


def test_a_closed_units_name_is_free_again(parties: Parties) -> None:
    with command():
        close_unit(actor=None, unit=parties.world.units["市卫生局"], successor=None, disposal="archive")
    check_facts(None, parties.content("join", name="江门市卫生局", short_name="市卫生局"))


def test_a_name_of_signs_alone_is_none(parties: Parties) -> None:
    assert "要有汉字" in _faults(parties, "join", None, name="（）、。")["name"]


def test_an_administrator_who_was_not_trained_does_not_qualify(parties: Parties) -> None:
    clerk = parties.world.clerk["市卫生局"]
    assert "不是本单位登记的人员" in _faults(parties, "rename", administrator=str(clerk.pk))["administrator"]
    staff = parties.world.clerk["市环保局"].staff
    staff.trained_on = None
    staff.save()
    chosen = str(parties.world.clerk["市环保局"].pk)
    assert "还没有上岗培训" in _faults(parties, "rename", administrator=chosen)["administrator"]


def test_the_administrators_card_is_checked_like_any_card(parties: Parties) -> None:
    errors = _faults(parties, "join", None, admin_mobile="123", admin_mail="not a mail")
    assert set(errors) == {"admin_mobile", "admin_mail"}


def test_documents_go_to_an_open_unit_that_is_another(parties: Parties) -> None:
    own = str(parties.world.units["市环保局"].pk)
    assert "不能移交给要注销的单位自己" in _faults(parties, "deregister", to=own)["to"]
    with command():
        close_unit(actor=None, unit=parties.world.units["市建设局"], successor=None, disposal="archive")
    assert "已经注销" in _faults(parties, "deregister")["to"]
    assert "已经注销" in _faults(parties, "merge_into")["survivor"]


def test_only_one_of_those_who_merge_applies_for_the_merger(parties: Parties) -> None:
    assert "应是合并的一方" in _faults(parties, "merge_into", "市卫生局")["merged"]


@pytest.mark.parametrize("role", list(CentreRole.Role))
def test_the_centres_own_parties_hand_their_part_on_first(parties: Parties, role: CentreRole.Role) -> None:
    CentreRole.objects.filter(role=role).update(unit=parties.world.units["市环保局"])
    for kind, field in (("deregister", "unit"), ("merge_into", "merged")):
        assert "请系统管理员先改定" in _faults(parties, kind)[field]


def test_an_administrator_writes_for_the_own_unit_only_and_nobody_but_the_operator_on_paper(parties: Parties) -> None:
    admin, other = parties.admin["市环保局"], parties.world.units["市卫生局"]
    with pytest.raises(NotAllowed):
        begin(actor=admin, unit=other, content=parties.content("rename"))
    with pytest.raises(NotAllowed):
        begin(actor=admin, unit=other, content=parties.content("rename"), paper=True)
    with pytest.raises(Invalid):
        begin(actor=admin, unit=None, content=parties.content("join"))


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"name": "江\u200b门市水利局"}, "name"),
        ({"name": "长" * 61}, "name"),
        ({"unit_kind": "club"}, "unit_kind"),
        ({"reason": "  "}, "reason"),
        ({"admin_established": False}, "admin_established"),
        ({"starts": None}, "starts"),
    ],
)
def test_what_is_wrong_with_a_field_by_itself_is_said_beside_it(
    parties: Parties, changed: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        begin(actor=parties.operator, unit=None, content=parties.content("join", **changed), paper=True)
    assert field in refusal.value.errors
