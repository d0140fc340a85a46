"""Evidence packages of sent documents."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from support.auditor import auditor
from support.log import spoil
from support.world import World, broken_device
from yichuan.audit.models import Entry
from yichuan.audit.services.sequence import catch_up
from yichuan.common import clock
from yichuan.common.errors import NotAllowed, NotFound, Refused, Unavailable
from yichuan.compose.models import Document
from yichuan.evidence.services import material
from yichuan.evidence.services.pack import pack, pack_for_audit
from yichuan.exchange.models import Receipt
from yichuan.exchange.services.sign_for import sign_for
from yichuan.keys.models import IssuedCertificate, SoftKey
from yichuan.keys.services.authority import EVIDENCE, ROOT, certificate_of
from yichuan.lib.evidence import verify_evidence
from yichuan.lib.gm.sm3 import sm3
from yichuan.lib.merkle import Tiles
from yichuan.lib.ofd.package import Package


def sent(world: World) -> Document:
    return world.sent("市环保局").document


def test_a_package_is_verified_offline_with_the_root_alone(world: World) -> None:
    document, data = pack(actor=world.sending_clerk, document_id=sent(world).pk)
    evidence = verify_evidence(data, trust=[certificate_of(ROOT)], at=clock.now())
    assert evidence.valid_and_trusted, (evidence.steps, evidence.document)
    assert evidence.manifest is not None
    assert evidence.manifest.number == document.number
    roles = [part.role for part in evidence.manifest.parts]
    assert set(roles) == {
        "document", "seal", "certificate", "revocations", "status", "entries", "proofs", "receipts", "checkpoint",
        "consistency", "summary",
    }  # fmt: skip
    assert evidence.document is not None
    findings = {step.name: step.finding for step in evidence.document.report.signatures[0].steps}
    assert (findings["seal_status"], findings["signer_revocation"]) == ("status_good", "not_revoked")


def test_the_page_verifies_it(world: World) -> None:
    data = pack(actor=world.sending_clerk, document_id=sent(world).pk)[1]
    said = Client().post("/verify/", {"files": SimpleUploadedFile("证据包.zip", data)}).content.decode()
    assert "签章有效" in said
    assert "打包签名" in said


def test_packing_is_on_record_with_the_digest_of_the_package(world: World) -> None:
    data = pack(actor=world.sending_clerk, document_id=sent(world).pk)[1]
    entry = Entry.objects.get(verb="evidence.pack")
    assert entry.detail["digest"] == sm3(data).hex()


def test_the_sender_downloads_it(world: World) -> None:
    document = sent(world)
    address = f"/documents/{document.pk}/evidence/"
    browser = world.browser(world.sending_clerk)
    assert browser.get(address).status_code == 302
    answer = browser.post(address)
    assert (answer.status_code, answer.content[:2]) == (200, b"PK")
    assert "no-store" in answer["Cache-Control"]


def test_a_receiver_gets_none(world: World) -> None:
    with pytest.raises(NotFound):
        pack(actor=world.clerk["市环保局"], document_id=sent(world).pk)


def test_who_may_not_send_gets_none(world: World) -> None:
    with pytest.raises(NotAllowed):
        pack(actor=world.leader, document_id=sent(world).pk)


def test_what_was_not_sent_is_no_evidence(world: World) -> None:
    with pytest.raises(Refused) as refused:
        pack(actor=world.sending_clerk, document_id=world.sealed().pk)
    assert refused.value.code == "not_sent"


def test_a_device_that_is_away_packs_nothing(world: World) -> None:
    document = sent(world)
    with broken_device("sign"), pytest.raises(Unavailable):
        pack(actor=world.sending_clerk, document_id=document.pk)
    assert not Entry.objects.filter(verb="evidence.pack").exists()


def test_a_centre_that_had_no_key_for_it_makes_one(world: World) -> None:
    document = sent(world)
    IssuedCertificate.objects.filter(label=EVIDENCE).delete()
    SoftKey.objects.filter(label=EVIDENCE).delete()
    assert pack(actor=world.sending_clerk, document_id=document.pk)[1]


def test_while_too_much_waits_for_the_log_nothing_is_packed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    document = sent(world)
    monkeypatch.setattr(material, "MOST_WAITING", 1)
    with pytest.raises(Unavailable) as refused:
        pack(actor=world.sending_clerk, document_id=document.pk)
    assert refused.value.code == "still_entering"
    assert not Entry.objects.filter(verb="evidence.pack").exists()


def test_a_damaged_tree_packs_nothing_and_says_whom_to_tell(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    document = sent(world)
    lost: dict[tuple[int, int], bytes] = {}
    monkeypatch.setattr(material, "tiles", lambda: Tiles.of(lost))
    with pytest.raises(Refused) as refused:
        pack(actor=world.sending_clerk, document_id=document.pk)
    assert refused.value.code == "log_damaged"


@pytest.mark.parametrize("column", ["verb", "actor_name", "subject_kind", "detail", "at", "uid"])
def test_where_an_entry_of_it_cannot_be_read_nothing_is_packed_and_the_row_is_named(world: World, column: str) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL takes in no such text")
    document = sent(world)
    catch_up()
    entry = Entry.objects.get(verb="exchange.send")
    spoil(entry.pk, column)
    for packing in (
        lambda: pack(actor=world.sending_clerk, document_id=document.pk),
        lambda: pack_for_audit(actor=auditor(world), subject_id=document.pk),
    ):
        with pytest.raises(Refused, match=f"行号 {entry.pk}") as refused:
            packing()
        assert refused.value.code == "log_damaged"
    assert not Entry.objects.filter(verb="evidence.pack").exists()


def test_a_receipt_that_waited_for_its_signature_is_signed_first(world: World) -> None:
    delivery = world.delivery()
    with broken_device("sign"):
        sign_for(actor=world.clerk["市环保局"], delivery_id=delivery.pk)
    data = pack(actor=world.sending_clerk, document_id=delivery.dispatch.document_id)[1]
    assert str(delivery.receipts.get().pk).encode() in Package.open(data).read("receipts.jsonl")


def test_what_was_altered_in_the_database_is_named_by_the_package(world: World) -> None:
    delivery = world.signed_for()
    receipt = delivery.receipts.get()
    catch_up()
    payload = bytes(receipt.payload).replace("市环保局".encode(), "市卫生局".encode())
    Receipt.objects.filter(pk=receipt.pk).update(payload=payload)
    data = pack(actor=world.sending_clerk, document_id=delivery.dispatch.document_id)[1]
    evidence = verify_evidence(data, trust=[certificate_of(ROOT)], at=clock.now())
    said = {step.finding: step.note_zh for step in evidence.steps}
    assert str(receipt.pk) in said["receipts_changed"]
    assert not evidence.valid_and_trusted
