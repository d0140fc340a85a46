"""Sealing with a seal that several people keep: only what they were shown, and only after enough of them agreed."""

import json

import pytest

from support.custody import PLACE, Kept, kept
from support.world import World
from yichuan.common.errors import Invalid, Refused
from yichuan.compose.models import Document
from yichuan.compose.services.content import read_content
from yichuan.compose.services.finish import finish, reopen
from yichuan.compose.services.read import read_body
from yichuan.compose.services.save import save
from yichuan.compose.services.seal import seal_document
from yichuan.compose.services.seal_opening import ask_to_seal, opening_of
from yichuan.compose.services.uploads import attach
from yichuan.seals.models import Opening, SealUse
from yichuan.seals.places import Place


@pytest.fixture
def office(world: World) -> Kept:
    """A seal that two of three open."""
    return kept(world)


def _seal(office: Kept, document: Document, place: Place = PLACE) -> Document:
    return seal_document(
        actor=office.people[0], document_id=document.pk, seal_id=office.seal.pk, places=[place], computer="一号机"
    )


def _change(office: Kept, document: Document) -> None:
    clerk = office.world.sending_clerk
    reopen(actor=clerk, document_id=document.pk)
    fields = read_content(document)[0] | {"body": "改过的正文。"}
    save(actor=clerk, document_id=document.pk, fields=fields)
    finish(actor=clerk, document_id=document.pk)


def test_without_an_opening_nothing_is_sealed_and_with_it_all_who_opened_are_on_record(office: Kept) -> None:
    document = office.world.ready()
    with pytest.raises(Refused) as refusal:
        _seal(office, document)
    assert refusal.value.code == "needs_opening"
    assert not SealUse.objects.exists()
    opening = office.opened(document)
    assert opening_of(document, office.seal).open
    assert _seal(office, document).state == "sealed"
    use = SealUse.objects.get()
    assert (use.opening, use.device) == (opening, "一号机")
    assert use.custodians == [office.people[1].name, office.people[2].name]
    opening.refresh_from_db()
    assert (opening.state, opening.uses_left) == ("closed", 0)


@pytest.mark.parametrize("changed", ["body", "attachment", "place"])
def test_what_was_agreed_to_is_what_is_sealed(office: Kept, changed: str) -> None:
    document = office.world.ready()
    office.opened(document)
    if changed == "body":
        _change(office, document)
    if changed == "attachment":
        attach(actor=office.world.sending_clerk, document_id=document.pk, name="表.txt", data="表".encode())
    document.refresh_from_db()
    assert opening_of(document, office.seal).stale is (changed != "place")
    with pytest.raises(Refused) as refusal:
        _seal(office, document, Place(0, 106, 200) if changed == "place" else PLACE)
    assert refusal.value.code == "needs_opening"
    assert "重新申请" in refusal.value.message
    assert not SealUse.objects.exists()


def test_two_documents_swapped_between_approval_and_sealing_are_refused(office: Kept) -> None:
    agreed, other = office.world.ready(), office.world.ready()
    office.opened(agreed)
    with pytest.raises(Refused) as refusal:
        _seal(office, other)
    assert refusal.value.code == "needs_opening"
    body, digest = agreed.body, agreed.body_digest
    Document.objects.filter(pk=agreed.pk).update(body_digest=other.body_digest)
    Document.objects.filter(pk=other.pk).update(body=body, body_digest=digest)
    with pytest.raises(Refused):
        _seal(office, Document.objects.get(pk=other.pk))
    assert not SealUse.objects.filter(state="done").exists()


def test_a_use_that_failed_gives_the_opening_back(office: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    document = office.world.ready()
    opening = office.opened(document)

    def broken(*_: object) -> bytes:
        raise Refused("sealed_unfit", "没有通过核验")

    with monkeypatch.context() as patch:
        patch.setattr("yichuan.compose.services.seal.apply", broken)
        with pytest.raises(Refused):
            _seal(office, document)
    opening.refresh_from_db()
    assert (opening.state, opening.uses_left) == ("open", 1)
    assert _seal(office, document).state == "sealed"


def test_asking_takes_the_places_of_the_page_and_refuses_what_could_not_be_sealed(office: Kept) -> None:
    document = office.world.ready()
    ask = {"actor": office.people[0], "document_id": document.pk, "seal_id": office.seal.pk}
    with pytest.raises(Invalid):
        ask_to_seal(**ask, places=[Place(0, 5, 5)])
    assert not Opening.objects.exists()
    opening = ask_to_seal(**ask, places=[PLACE])
    standing = opening_of(document, office.seal)
    assert (standing.opening, standing.open, standing.places) == (opening, False, [PLACE])
    assert [agreed for _, agreed in standing.words] == [None, None, None]
    office.approve(opening, 1)
    assert [agreed for _, agreed in opening_of(document, office.seal).words] == [None, True, None]


def test_the_page_offers_to_ask_then_waits_then_seals(office: Kept) -> None:
    document = office.world.ready()
    browser, here = office.world.browser(office.people[0]), f"/documents/{document.pk}/seal/"
    page = browser.get(here, {"seal": str(office.seal.pk)}).content.decode()
    assert "申请用印" in page and "尚未申请" in page
    said = {"seal": str(office.seal.pk), "places": json.dumps([PLACE.to_json()]), "ask": "1"}
    assert browser.post(here, said).headers["Location"] == f"{here}?seal={office.seal.pk}"
    opening = Opening.objects.get()
    page = browser.get(here, {"seal": str(office.seal.pk)}).content.decode()
    assert "等待同意" in page and "不能再动" in page and 'name="ask"' not in page
    for number in (1, 2):
        office.approve(opening, number)
    page = browser.get(here, {"seal": str(office.seal.pk)}).content.decode()
    assert "已开启" in page
    del said["ask"]
    assert browser.post(here, said).headers["Location"] == f"/documents/{document.pk}/"
    document.refresh_from_db()
    assert document.state == "sealed"
    assert read_body(document)
