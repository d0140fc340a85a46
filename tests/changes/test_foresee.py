"""What carrying out will do is said before, and what was said is what happens."""

from io import BytesIO

import pikepdf
import pypdfium2
import pytest

from support.changes import Parties
from yichuan.changes.content import CONTENTS
from yichuan.changes.printing import application_form
from yichuan.changes.services.carry_out import carry_out
from yichuan.changes.services.foresee import faults, foresee
from yichuan.changes.services.send_back import refuse, send_back
from yichuan.changes.services.take_back_seals import take_back_seals
from yichuan.common.errors import NotAllowed, Refused
from yichuan.common.transactions import command
from yichuan.org.models import UnitName
from yichuan.seals.services.issue import issue_seal


def _said(parties: Parties, kind: str, **changed: object) -> str:
    application = parties.approved(kind, **changed)
    return "\n".join(line for each in foresee(application) for line in [each.heading, *each.lines])


def test_a_closing_units_boxes_letters_seals_and_people_are_counted(parties: Parties) -> None:
    world = parties.world
    world.delivery("市环保局")
    world.signed_for("市环保局")
    with command():
        issue_seal(actor=None, unit=world.units["市环保局"], imprint=world.imprint)
    said = _said(parties, "deregister")
    assert "1 个交换箱交给江门市建设局（接着办理）：收文 2 件" in said
    assert "还没有办完接收的来文 2 件" in said
    assert "停用印章 1 枚：「江门市环保局」" in said and "市府办公室秘书科" in said
    assert "停用 2 人的账号" in said


def test_who_only_keeps_the_documents_is_said(parties: Parties) -> None:
    assert "交给江门市人民政府办公室（只保管，不办理）" in _said(parties, "deregister", disposal="archive", to="")


def test_a_rename_names_who_is_left_out(parties: Parties) -> None:
    clerk, admin = parties.world.clerk["市环保局"], parties.admin["市环保局"]
    said = _said(parties, "rename", users=(str(clerk.pk),))
    assert f"没有列入的 1 人停用账号：{admin.name}" in said
    assert "「江门市环保局」改为「江门市生态环境局」" in said


def test_it_changes_nothing_to_look(parties: Parties) -> None:
    application = parties.approved("merge_new")
    foresee(application)
    application.refresh_from_db()
    assert application.state == "approved"
    assert UnitName.objects.filter(valid_to=None).count() == len(parties.world.units)


def test_what_stands_against_it_is_said_in_the_place_of_it(parties: Parties) -> None:
    application = parties.approved("join")
    UnitName.objects.filter(name="江门市卫生局").update(name="江门市水利局")
    assert len(faults(application)) == 1 and "江门市水利局" in faults(application)[0]


@pytest.mark.parametrize("kind", sorted(CONTENTS))
def test_the_form_of_every_kind_prints_with_its_opinions(parties: Parties, kind: str) -> None:
    application = parties.submitted(kind)
    before = application_form(application)
    send_back(actor=parties.operator, application_id=application.pk, words="请补一份材料")
    application.refresh_from_db()
    after = application_form(application)
    for pdf in (before, after):
        with pikepdf.open(BytesIO(pdf)) as opened:
            assert 1 <= len(opened.pages) <= 3
    assert len(after) > len(before)


def test_the_words_of_both_parties_stand_on_the_form(parties: Parties) -> None:
    application = parties.approved("rename")
    page = pypdfium2.PdfDocument(application_form(application))[0]
    text = page.get_textpage().get_text_bounded()
    for words in ("材料齐全，拟同意。", "同意。", "江门市生态环境局", "SQ"):
        assert words in text


def test_withdrawn_seals_come_back_to_the_supervising_office_once(parties: Parties) -> None:
    world = parties.world
    with command():
        issue_seal(actor=None, unit=world.units["市环保局"], imprint=world.imprint)
    application = parties.approved("rename")
    carry_out(actor=parties.operator, application_id=application.pk)
    office = world.browser(parties.supervisor)
    assert "交回旧印章" in office.get(f"/applications/{application.pk}/").content.decode()
    with pytest.raises(NotAllowed):
        take_back_seals(actor=parties.operator, application_id=application.pk)
    take_back_seals(actor=parties.supervisor, application_id=application.pk, words="李四交来")
    assert application.steps.last().words == "江门市环保局。李四交来"  # type: ignore[union-attr]
    with pytest.raises(Refused, match="已经登记收回"):
        take_back_seals(actor=parties.supervisor, application_id=application.pk)
    assert "交回旧印章" not in office.get(f"/applications/{application.pk}/").content.decode()


def test_where_no_seal_was_withdrawn_none_comes_back(parties: Parties) -> None:
    application = parties.approved("add_name")
    carry_out(actor=parties.operator, application_id=application.pk)
    with pytest.raises(Refused, match="没有要收回的印章"):
        take_back_seals(actor=parties.supervisor, application_id=application.pk)


def test_a_refusal_needs_its_reason_and_ends_it(parties: Parties) -> None:
    application = parties.submitted("rename")
    with pytest.raises(Refused, match="不予批准的理由"):
        refuse(actor=parties.operator, application_id=application.pk, words=" ")
    refuse(actor=parties.operator, application_id=application.pk, words="名称与批文不符")
    application.refresh_from_db()
    assert application.state == "refused"
