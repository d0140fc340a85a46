"""Beginning a draft and saving it (J-27)."""

import pytest
from django.db import IntegrityError

from support.at_once import at_once
from support.world import BODY_SENTENCE, TITLE, World, blob_path, small_gongwen
from yichuan.audit.models import Entry
from yichuan.common.errors import Invalid, NotAllowed, NotFound
from yichuan.compose.drafting.content import Fields, from_gongwen
from yichuan.compose.models import Document
from yichuan.compose.services.content import read_content
from yichuan.compose.services.save import begin, save


def fields(number: str = "江府办〔2008〕50号", **changes: str) -> Fields:
    return from_gongwen(small_gongwen(number), kind="通知") | changes


def _begin(world: World, number: str = "江府办〔2008〕50号", **changes: str) -> Document:
    return begin(actor=world.sending_clerk, unit=world.sender, fields=fields(number, **changes))


def test_a_draft_is_kept_as_it_was_typed(world: World) -> None:
    document = Document.objects.get(pk=_begin(world).pk)
    assert (document.title, document.number, document.state) == (TITLE, "江府办〔2008〕50号", "draft")
    assert read_content(document)[0] == fields()
    assert Entry.objects.get(verb="compose.begin").subject_id == document.pk


def test_it_rests_encrypted(world: World) -> None:
    document = _begin(world)
    assert BODY_SENTENCE.encode() not in blob_path(document.content).read_bytes()


def test_saving_replaces_what_was_typed(world: World) -> None:
    document = _begin(world)
    save(actor=world.sending_clerk, document_id=document.pk, fields=fields(title="另一个\n标题", body="一段。"))
    document.refresh_from_db()
    assert document.title == "另一个标题"
    assert read_content(document)[0]["body"] == "一段。"
    assert Entry.objects.filter(verb="compose.save", subject_id=document.pk).count() == 1


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"title": " \n"}, "title", "标题是空的"),
        ({"title": "长" * 201}, "title", "不超过 200 个字"),
        ({"number": "长" * 61}, "number", "不超过 60 个字"),
        ({"kind": "情书"}, "kind", "文种"),
    ],
)
def test_what_cannot_be_kept_is_refused_by_its_field(
    world: World, changes: dict[str, str], field: str, said: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        _begin(world, **changes)
    assert list(refusal.value.errors) == [field]
    assert said in refusal.value.errors[field]
    document = _begin(world)
    with pytest.raises(Invalid):
        save(actor=world.sending_clerk, document_id=document.pk, fields=fields(**changes))
    document.refresh_from_db()
    assert document.title == TITLE
    assert Document.objects.count() == 1


def test_a_number_is_used_once_in_a_unit(world: World) -> None:
    _begin(world)
    with pytest.raises(Invalid) as refusal:
        _begin(world)
    assert "江府办〔2008〕50号 已经用过" in refusal.value.errors["number"]
    other = _begin(world, "江府办〔2008〕51号")
    with pytest.raises(Invalid):
        save(actor=world.sending_clerk, document_id=other.pk, fields=fields())
    save(actor=world.sending_clerk, document_id=other.pk, fields=fields("江府办〔2008〕51号"))


def test_drafts_without_a_number_do_not_stand_in_each_others_way(world: World) -> None:
    assert _begin(world, "").number is None
    assert _begin(world, " ").number is None


def test_another_unit_may_use_the_same_number(world: World) -> None:
    _begin(world)
    begin(actor=world.clerk["市卫生局"], unit=world.units["市卫生局"], fields=fields())


def test_of_two_clerks_who_ask_for_a_number_at_once_one_is_told(committed_world: World) -> None:
    world, begun = committed_world, []
    raised = at_once(lambda _: begun.append(_begin(world)), 4)
    assert Document.objects.count() == len(begun) == 1
    assert all(isinstance(error, Invalid) and "number" in error.errors for error in raised), raised


def test_the_database_itself_keeps_a_number_from_being_used_twice(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    from yichuan.compose.services import save as service

    first = _begin(world)
    monkeypatch.setattr(service, "require_free_number", lambda _: None)  # what a racing transaction cannot see
    with pytest.raises(Invalid) as refusal:
        _begin(world)
    assert isinstance(refusal.value.__cause__, IntegrityError)
    assert f"{first.number} 已经用过" in refusal.value.errors["number"]


def test_a_unit_that_is_not_ones_own_gets_no_draft(world: World) -> None:
    with pytest.raises(NotAllowed):
        begin(actor=world.clerk["市卫生局"], unit=world.sender, fields=fields())


def test_another_units_draft_looks_as_if_it_did_not_exist(world: World) -> None:
    document = _begin(world)
    with pytest.raises(NotFound):
        save(actor=world.clerk["市卫生局"], document_id=document.pk, fields=fields(title="改了"))
    assert Document.objects.get().title == TITLE


def test_who_may_only_look_does_not_save(world: World) -> None:
    document = _begin(world)
    with pytest.raises(NotAllowed):
        save(actor=world.leader, document_id=document.pk, fields=fields(title="改了"))
