"""docs/by_hand.md run as it stands, by a shell, on a document sealed and received here and the centre's own answers."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from support.pdf import p256, signed_pdf
from support.world import World
from yichuan.evidence.services.pack import pack
from yichuan.exchange.models import Delivery
from yichuan.exchange.services.check import delivered_body
from yichuan.keys.services.device import device

pytestmark = pytest.mark.one_database

PAGE = Path(__file__).parents[2] / "docs/by_hand.md"


def blocks(*, of_pdf: bool = False) -> list[str]:
    """The commands for an OFD, or those for a PDF."""
    sections = re.split(r"^## ", PAGE.read_text(encoding="utf-8"), flags=re.M)
    chosen = [each for each in sections if each.startswith("A seal in a PDF") == of_pdf]
    return re.findall(r"```sh\n(.*?)```", "".join(chosen), re.S)


FOUND = (
    "Signature.xml: the same",
    "/OFD.xml: the same",
    "Seal.esl: the same",
    "the seal names this certificate",
    "stamped: this signature",
    "signed: this stamp",
    "unit.cer: good",
    "not on the list: in force",
    "received: this document",
    "package: these certificates",
    "signed: this list",
    "document.ofd: the same",
    "status/1.der: the same",
    "receipts.jsonl: the same",
    "entry: in the log",
    "receipt: in an entry, with this key",
)


def missing(done: subprocess.CompletedProcess[str]) -> list[str]:
    """What the page's commands should have said and did not."""
    checks = re.findall(r"^(?:issued|signed) |-verify receipt.key", "\n".join(blocks()), re.M)
    words = [each for each in FOUND if each not in done.stdout]
    return [*words, *["Verified OK"] * (len(checks) - done.stdout.count("Verified OK"))]


def by_hand(folder: Path, centre: str = "", *changes: tuple[str, str]) -> subprocess.CompletedProcess[str]:
    """The page's commands in one shell that stops where one fails, those for a PDF without a
    centre; `changes` put words before others."""
    script = "\n".join(["set -eu", *(blocks() if centre else blocks(of_pdf=True))])
    for before, words in changes:
        assert script.count(before) == 1
        script = script.replace(before, f"{words}\n{before}")
    environment = os.environ | {"CENTRE": centre, "LC_ALL": "C.UTF-8"}
    command = ["bash", "-c", script]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=120)


@pytest.fixture
def received(committed_world: World, tmp_path: Path) -> Path:
    """A folder with a sealed document and its receipt, as an expert gets them."""
    delivery: Delivery = committed_world.signed_for()
    (tmp_path / "正文.ofd").write_bytes(delivered_body(delivery))
    sender, sent = committed_world.sending_clerk, delivery.dispatch.document_id
    (tmp_path / "证据包.zip").write_bytes(pack(actor=sender, document_id=sent)[1])
    receipt = delivery.receipts.get()
    said = {
        "payload": bytes(receipt.payload).decode(),
        "signature": bytes(receipt.signature or b"").hex(),
        "public_key": device().public_key(delivery.box.receipt_label).der.hex(),
    }
    (tmp_path / "回执.json").write_text(json.dumps(said, ensure_ascii=False, indent=2))
    return tmp_path


def test_every_command_of_the_page_finds_all_in_order(received: Path, live_server: Any) -> None:
    done = by_hand(received, live_server.url)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "CHANGED" not in done.stdout
    assert not missing(done)


CHANGES = [
    ("issued issuing.cer unit.cer", "unit.cer"),
    ("signed unit.cer value said", "said"),
    ("openssl dgst -sm3 -binary Signature.xml", "Signature.xml"),
    ("signed maker.cer seal.value info", "info"),
    ("signed stamps.cer stamp.value attributes", "attributes"),
    ("signed ocsp.cer answer.value answer.tbs", "answer.tbs"),
    ("signed lister.cer status.value status.tbs", "status.tbs"),
    ("openssl dgst -sm3 -verify receipt.key", "payload"),
    ("signed packer.cer packer.value attributes", "attributes"),
    ("signed package/certificates/3.cer checkpoint.value checkpoint.said", "checkpoint.said"),
    ("digest=$( (printf", "entry"),
    ('perl -ne \'print pack("H*", $1) if /"public_key":"([0-9', "receipt.said"),
]


def test_one_changed_byte_is_found_where_it_stands(received: Path, live_server: Any, tmp_path: Path) -> None:
    page = "ofd/Doc_0/Pages/Page_0/Content.xml"
    done = by_hand(received, live_server.url, ("part said digest 4", f"printf x >> {page}"))
    assert re.findall("(.*): CHANGED", done.stdout) == [page.removeprefix("ofd")]
    for before, file in CHANGES:
        folder = tmp_path / before.replace("/", " ")
        folder.mkdir()
        for name in ("正文.ofd", "回执.json", "证据包.zip"):
            shutil.copy(received / name, folder)
        change = f"perl -0777 -pi -e 'substr($_, -9, 1) ^= \"\\x01\"' {file}"
        done = by_hand(folder, live_server.url, (before, f"test -s {file}\n{change}"))
        assert missing(done), file


@pytest.fixture
def pdf(tmp_path: Path) -> Path:
    """A folder with a PDF sealed with P-256, and the root that certified it."""
    (tmp_path / "盖章.pdf").write_bytes(signed_pdf().data)
    (tmp_path / "pdf-root.cer").write_bytes(p256().root.der)
    return tmp_path


def test_pdfsig_and_openssl_accept_our_seal_in_a_pdf(pdf: Path) -> None:
    done = by_hand(pdf)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Signature is Valid." in done.stdout
    assert "Total document signed" in done.stdout
    assert "CMS Verification successful" in done.stderr


def test_a_changed_pdf_is_refused_by_both(pdf: Path) -> None:
    data = bytearray((pdf / "盖章.pdf").read_bytes())
    data[1000] ^= 1
    (pdf / "盖章.pdf").write_bytes(data)
    done = by_hand(pdf)
    assert done.returncode != 0
    assert "Signature is Valid." not in done.stdout
    assert "CMS Verification successful" not in done.stderr
