"""What is said of an uploaded body before the unit's seal goes on it."""

from support.world import World
from yichuan.compose.models import Document
from yichuan.compose.services.body_notes import body_notes
from yichuan.compose.services.content import read_content
from yichuan.compose.services.finish import typeset_fields
from yichuan.compose.services.read import read_body
from yichuan.compose.services.uploads import upload_body


def _uploaded(world: World, data: bytes, document: Document) -> Document:
    return upload_body(actor=world.sending_clerk, document_id=document.pk, name="成品.ofd", data=data)


def _body_of(document: Document) -> bytes:
    return typeset_fields(document.pk, *read_content(document)).ofd


def test_a_body_of_this_document_needs_no_note(world: World) -> None:
    document = world.draft()
    assert body_notes(_uploaded(world, _body_of(document), document)) == []


def test_a_body_with_another_number_is_said(world: World) -> None:
    other, document = world.draft(), world.draft()
    (note,) = body_notes(_uploaded(world, _body_of(other), document))
    assert f"没有找到文号 {document.number}" in note


def test_a_body_that_was_sealed_before_is_said_also_after_ones_own_seal(world: World) -> None:
    sent, document = world.sealed(), world.draft()
    uploaded = _uploaded(world, read_body(sent), document)
    assert any("1 个签章" in note for note in body_notes(uploaded))
    assert any("1 个签章" in note for note in body_notes(world.put_seal(uploaded)))


def test_what_was_typeset_here_has_none(world: World) -> None:
    assert body_notes(world.sealed()) == []


def test_the_custodian_sees_the_note(world: World) -> None:
    other, document = world.draft(), world.draft()
    _uploaded(world, _body_of(other), document)
    page = world.browser(world.custodian["市府办公室"]).get(f"/documents/{document.pk}/seal/").content.decode()
    assert "没有找到文号" in page
