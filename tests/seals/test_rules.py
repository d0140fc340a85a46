"""A unit's own seal rules on file (J-26): editions, who files them, who sees who has none."""

import pytest

from support.seal_life import Life
from yichuan.common.errors import Invalid, NotAllowed, Refused
from yichuan.seals.models import SealRules
from yichuan.seals.selectors_rules import newest_rules, units_with_rules
from yichuan.seals.services.file_rules import LONGEST_TEXT, file_rules

TITLE, TEXT = "电子印章管理使用办法", "第一条 印章由专人保管。\n第二条 逐件登记。"


def test_the_newest_edition_counts_and_the_others_stay(life: Life) -> None:
    file_rules(actor=life.custodian, unit=life.unit, title=TITLE, text=TEXT)
    second = file_rules(actor=life.leader, unit=life.unit, title=f" {TITLE} ", text=f"{TEXT}\r\n第三条 交接。\n")
    assert newest_rules(life.unit.pk) == second
    assert (second.title, second.text) == (TITLE, f"{TEXT}\n第三条 交接。")
    assert SealRules.objects.filter(unit=life.unit).count() == 2


def test_the_same_again_is_refused(life: Life) -> None:
    file_rules(actor=life.custodian, unit=life.unit, title=TITLE, text=TEXT)
    with pytest.raises(Refused) as refusal:
        file_rules(actor=life.custodian, unit=life.unit, title=TITLE, text=TEXT)
    assert refusal.value.code == "same_rules"


@pytest.mark.parametrize(
    ("title", "text", "field"),
    [
        ("", TEXT, "title"),
        ("办" * 121, TEXT, "title"),
        ("办法\u202e", TEXT, "title"),
        (TITLE, " ", "text"),
        (TITLE, "字" * (LONGEST_TEXT + 1), "text"),
        (TITLE, "第一条\u200b", "text"),
    ],
    ids=["no title", "long title", "hidden in title", "no text", "long text", "hidden in text"],
)
def test_bounds_are_said_at_their_field(life: Life, title: str, text: str, field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        file_rules(actor=life.custodian, unit=life.unit, title=title, text=text)
    assert set(refusal.value.errors) == {field}


def test_others_file_nothing(life: Life) -> None:
    for actor in (life.clerk, life.supervisor, life.world.leader):
        with pytest.raises(NotAllowed):
            file_rules(actor=actor, unit=life.unit, title=TITLE, text=TEXT)


def test_the_supervising_office_sees_who_has_filed_none(life: Life) -> None:
    filed = file_rules(actor=life.custodian, unit=life.unit, title=TITLE, text=TEXT)
    missing = list(units_with_rules(missing=True))
    assert life.unit not in missing and len(missing) == len(life.world.units) - 1
    assert units_with_rules(missing=False).get(pk=life.unit.pk).rules_id == filed.pk
    browser = life.world.browser(life.supervisor)
    page = browser.get("/seals/rules/units/").content.decode()
    assert "江门市卫生局" in page and "江门市环保局" not in page
    assert "逐件登记" in browser.get(f"/seals/rules/{filed.pk}/").content.decode()


def test_a_unit_files_and_reads_its_own_on_the_page(life: Life) -> None:
    browser = life.world.browser(life.custodian)
    assert "还没有备案" in browser.get("/seals/rules/").content.decode()
    wrong = browser.post("/seals/rules/edit/", {"title": TITLE, "text": ""})
    assert wrong.status_code == 422 and "请填写办法全文" in wrong.content.decode()
    assert browser.post("/seals/rules/edit/", {"title": TITLE, "text": TEXT}).status_code == 302
    assert "逐件登记" in browser.get("/seals/rules/").content.decode()
    rules = newest_rules(life.unit.pk)
    assert rules is not None
    assert life.world.browser(life.world.leader).get(f"/seals/rules/{rules.pk}/").status_code == 404
    assert life.world.browser(life.clerk).get("/seals/rules/").status_code == 403
