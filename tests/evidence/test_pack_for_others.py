"""Evidence packages of a receiver and of the auditor: digest, receipts and the log, never body or title."""

import subprocess
import sys
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from support.world import TITLE, World
from yichuan.audit.models import Entry
from yichuan.audit.selectors_tree import newest_checkpoint, signed_text
from yichuan.common import clock
from yichuan.common.errors import NotAllowed, NotFound, Refused
from yichuan.evidence.services.pack import pack, pack_for_audit, pack_received
from yichuan.exchange.models import Delivery, Receipt
from yichuan.exchange.services.sign_for import sign_for
from yichuan.exchange.services.take_copy import take_copy
from yichuan.keys.services.authority import ROOT, certificate_of
from yichuan.lib.evidence import Evidence, Form, verify_evidence
from yichuan.lib.ofd.package import Package
from yichuan.org.duties import Duty


def verified(data: bytes) -> Evidence:
    return verify_evidence(data, trust=[certificate_of(ROOT)], at=clock.now())


def received(world: World) -> Delivery:
    """One of two deliveries, signed for and copied; the other unit has signed too."""
    dispatch = world.sent("市环保局", "市卫生局")
    for delivery in dispatch.deliveries.select_related("unit"):
        clerk = world.clerk[delivery.unit.short_name]
        sign_for(actor=clerk, delivery_id=delivery.pk)
    mine = dispatch.deliveries.get(unit=world.units["市环保局"])
    take_copy(actor=world.clerk["市环保局"], delivery_id=mine.pk)
    return mine


def text(data: bytes) -> str:
    """Every part of a package as text."""
    package = Package.open(data)
    return "".join(package.read(name).decode(errors="replace") for name in package.names())


def test_a_receivers_package_proves_its_receipts_and_names_nobody_else(world: World) -> None:
    delivery = received(world)
    document, data = pack_received(actor=world.clerk["市环保局"], delivery_id=delivery.pk)
    evidence = verified(data)
    assert evidence.valid_and_trusted, evidence.steps
    assert evidence.manifest is not None
    assert (evidence.manifest.form, evidence.manifest.digest) == (Form.RECEIVER, document.body_digest)
    inside = text(data)
    assert all(str(each.pk) in inside for each in Receipt.objects.filter(delivery=delivery))
    assert str(Receipt.objects.exclude(delivery=delivery).get().pk) not in inside
    assert "市卫生局" not in inside
    assert "document.ofd" not in Package.open(data).names()
    assert TITLE not in inside
    said = Client().post("/verify/", {"files": SimpleUploadedFile("证据包.zip", data)}).content.decode()
    assert "包里没有正文，印章没有核验" in said
    assert "签章有效" not in said, "the page claims nothing of a seal that is not there"


def test_nobody_else_takes_it(world: World) -> None:
    """Another unit does not find the delivery; who only reads takes nothing along."""
    delivery = received(world)
    with pytest.raises(NotFound):
        pack_received(actor=world.clerk["市卫生局"], delivery_id=delivery.pk)
    with pytest.raises(NotAllowed):
        pack_received(actor=world.appoint_leader("市环保局"), delivery_id=delivery.pk)
    for actor in (world.sending_clerk, world.clerk["市环保局"], world.holder(Duty.SECURITY_OFFICER)):
        with pytest.raises(NotAllowed):
            pack_for_audit(actor=actor, subject_id=delivery.pk)


def test_before_signing_for_there_is_nothing_to_prove(world: World) -> None:
    delivery = world.delivery()
    with pytest.raises(Refused) as refused:
        pack_received(actor=world.clerk["市环保局"], delivery_id=delivery.pk)
    assert refused.value.code == "no_receipt"


def test_the_auditors_package_has_everything_of_the_log_and_nothing_of_the_text(world: World) -> None:
    delivery = received(world)
    document, data = pack_for_audit(actor=world.holder(Duty.AUDITOR), subject_id=delivery.pk)
    evidence = verified(data)
    assert evidence.valid_and_trusted, evidence.steps
    assert evidence.manifest is not None
    assert (evidence.manifest.form, evidence.manifest.title) == (Form.AUDITOR, "")
    inside = text(data)
    assert all(str(each.pk) in inside for each in Receipt.objects.all())
    about = Entry.objects.filter(subject_id__in=[document.pk, delivery.pk, delivery.dispatch_id])
    uids = about.exclude(verb="evidence.pack").values_list("uid", flat=True)
    assert len(uids) > 5
    assert all(str(uid) in inside for uid in uids)
    assert TITLE not in inside


def test_the_document_is_found_by_whatever_of_it_the_log_names(world: World) -> None:
    delivery = received(world)
    auditor, receipt = world.holder(Duty.AUDITOR), Receipt.objects.filter(delivery=delivery).latest("at")
    for named in (delivery.dispatch.document_id, delivery.dispatch_id, receipt.pk):
        document, _ = pack_for_audit(actor=auditor, subject_id=named)
        assert document.pk == delivery.dispatch.document_id


def test_what_belongs_to_no_sent_document_has_no_package(world: World) -> None:
    auditor = world.holder(Duty.AUDITOR)
    with pytest.raises(NotFound):
        pack_for_audit(actor=auditor, subject_id=world.sender.pk)
    with pytest.raises(Refused) as refused:
        pack_for_audit(actor=auditor, subject_id=world.sealed().pk)
    assert refused.value.code == "not_sent"


def test_all_three_are_one_download_and_on_record(world: World) -> None:
    delivery = received(world)
    auditor, clerk = world.holder(Duty.AUDITOR), world.clerk["市环保局"]
    for actor, address in (
        (auditor, f"/log/evidence/{delivery.pk}/"),
        (clerk, f"/deliveries/{delivery.pk}/evidence/"),
    ):
        browser: Client = world.browser(actor)
        assert browser.get(address).status_code == 302
        answer = browser.post(address)
        assert (answer.status_code, answer.content[:2]) == (200, b"PK")
        assert "no-store" in answer["Cache-Control"]
    pack(actor=world.sending_clerk, document_id=delivery.dispatch.document_id)
    page = world.browser(clerk).get(f"/deliveries/{delivery.pk}/").content.decode()
    assert f"/deliveries/{delivery.pk}/evidence/" in page
    forms = [entry.detail["form"] for entry in Entry.objects.filter(verb="evidence.pack").order_by("pk")]
    assert forms == ["auditor", "receiver", "sender"]


def test_it_is_verified_where_there_is_no_network_no_database_and_no_home(world: World, tmp_path: Path) -> None:
    delivery = received(world)
    (tmp_path / "证据包.zip").write_bytes(pack(actor=world.sending_clerk, document_id=delivery.dispatch.document_id)[1])
    (tmp_path / "root.pem").write_bytes(certificate_of(ROOT).to_pem())
    newest = newest_checkpoint()
    assert newest is not None
    (tmp_path / "checkpoint.txt").write_text(signed_text(newest))
    command = [sys.executable, "-m", "yichuan.cli", "verify", "--trust", "root.pem", "--checkpoint", "checkpoint.txt"]
    empty = {"HOME": str(tmp_path / "nobody"), "LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin"}
    done = subprocess.run(
        ["unshare", "-rn", *command, "证据包.zip"], cwd=tmp_path, env=empty, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stdout + done.stderr
    for said in ("为发文单位打包：有效且可信", "√ 回执：3 份都登记在日志里", "√ 另存的检查点", "√ 日志条目"):
        assert said in done.stdout
    assert not (tmp_path / "nobody").exists()
