"""Finishing a draft, and taking it back (J-27, C1, C2)."""

import pytest

from support.world import BODY_SENTENCE, World, blob_path
from yichuan.audit.models import Entry
from yichuan.common.errors import Invalid, NotAllowed, NotFound, Refused
from yichuan.compose.models import Document
from yichuan.compose.services import finish as service
from yichuan.compose.services.content import read_content
from yichuan.compose.services.finish import finish, reopen
from yichuan.compose.services.read import draw_page, read_body
from yichuan.compose.services.save import save
from yichuan.lib.gm.sm3 import sm3
from yichuan.lib.ofd.model import read_document
from yichuan.lib.ofd.package import Package


def _changed(document: Document, **changes: str) -> dict[str, str]:
    return read_content(document)[0] | changes


def test_a_draft_becomes_a_body_with_a_place_for_its_seal(world: World) -> None:
    document = finish(actor=world.sending_clerk, document_id=world.draft().pk)
    document.refresh_from_db()
    body = read_body(document)
    assert (document.state, document.pages) == ("ready", len(read_document(Package.open(body)).pages))
    assert document.body_digest == sm3(body).hex()
    assert len(document.seal_places) == 1
    assert draw_page(body, document.body, 0).startswith("<svg")
    assert Entry.objects.get(verb="compose.finish").detail["digest"] == document.body_digest
    assert BODY_SENTENCE.encode() not in blob_path(document.body).read_bytes()


def test_faults_come_back_by_field_and_nothing_is_made(world: World) -> None:
    document = world.draft()
    save(actor=world.sending_clerk, document_id=document.pk, fields=_changed(document, body="", number=""))
    with pytest.raises(Invalid) as refusal:
        finish(actor=world.sending_clerk, document_id=document.pk)
    assert set(refusal.value.errors) == {"body", "number"}
    document.refresh_from_db()
    assert (document.state, document.body) == ("draft", "")


def test_a_draft_that_was_changed_while_it_was_set_is_not_finished(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    document, real = world.draft(), service.typeset_fields

    def meanwhile(*args: object) -> object:
        save(actor=world.sending_clerk, document_id=document.pk, fields=_changed(document, body="改了。"))
        return real(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(service, "typeset_fields", meanwhile)
    with pytest.raises(Refused) as refusal:
        finish(actor=world.sending_clerk, document_id=document.pk)
    assert refusal.value.code == "changed"
    document.refresh_from_db()
    assert (document.state, document.body) == ("draft", "")


def test_only_those_who_write_finish(world: World) -> None:
    document = world.draft()
    with pytest.raises(NotAllowed):
        finish(actor=world.leader, document_id=document.pk)
    with pytest.raises(NotFound):
        finish(actor=world.clerk["市卫生局"], document_id=document.pk)


@pytest.mark.parametrize("state", ["ready", "sealed"])
def test_taking_it_back_voids_the_body_and_with_it_the_seal(world: World, state: str) -> None:
    document = world.ready() if state == "ready" else world.sealed()
    digest = document.body_digest
    reopen(actor=world.sending_clerk, document_id=document.pk)
    document.refresh_from_db()
    assert (document.state, document.body, document.body_digest, document.pages) == ("draft", "", "", 0)
    assert document.seal_places == []
    with pytest.raises(Refused):
        read_body(document)
    assert Entry.objects.get(verb="compose.reopen").detail == {"from": state, "digest": digest}
    save(actor=world.sending_clerk, document_id=document.pk, fields=_changed(document, body="改好了。"))
    assert finish(actor=world.sending_clerk, document_id=document.pk).body_digest != digest


def test_a_custodian_does_not_take_it_back(world: World) -> None:
    document = world.ready()
    with pytest.raises(NotAllowed):
        reopen(actor=world.custodian["市府办公室"], document_id=document.pk)
