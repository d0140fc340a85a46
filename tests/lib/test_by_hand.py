"""docs/by_hand.md run as it stands, by a shell, on a document sealed and received here and the centre's own answers."""

from __future__ import annotations

import json
import os
import re
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


def missing(told: str) -> list[str]:
    """What the page's commands should have said and did not."""
    checks = re.findall(r"^(?:issued|signed) |-verify receipt.key", "\n".join(blocks()), re.M)
    words = [each for each in FOUND if each not in told]
    return [*words, *["Verified OK"] * (len(checks) - told.count("Verified OK"))]


def by_hand(folder: Path, centre: str = "") -> subprocess.CompletedProcess[str]:
    """The page's commands in one shell that stops where one fails, those for a PDF without a centre."""
    return shell("\n".join(["set -eu", *(blocks() if centre else blocks(of_pdf=True))]), folder, centre)


def shell(script: str, folder: Path, centre: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"CENTRE": centre, "LC_ALL": "C.UTF-8"}
    command = ["bash", "-c", script]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=120)


ASIDE = """
set +e
cp "$ASIDE/told" "$ASIDE/{number}.told"
(set -e; cp -r . "$ASIDE/{number}"; cd "$ASIDE/{number}"; . "$ASIDE/{number}.rest") >> "$ASIDE/{number}.told"
set -e
"""


def changed_by_hand(folder: Path, centre: str, aside: Path, changes: list[tuple[str, str]]) -> list[str]:
    """What the page's commands say with each of `changes`: before a line, something else is done.

    One shell does the page once; from that line on each change has a copy of the folder in `aside`, until a command
    fails there.
    """
    whole = "\n".join(blocks())
    script = f"set -eu\nASIDE={aside}\nexec > {aside}/told\n{whole}"
    for number, (before, words) in enumerate(changes):
        assert whole.count(before) == 1
        (aside / f"{number}.rest").write_text(f"{words}\n{whole[whole.index(before) :]}")
        script = script.replace(before, ASIDE.format(number=number) + before)
    done = shell(script, folder, centre)
    assert done.returncode == 0, done.stderr
    assert not missing((aside / "told").read_text())
    return [(aside / f"{number}.told").read_text() for number in range(len(changes))]


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
    assert not missing(done.stdout)


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


def test_one_changed_byte_is_found_where_it_stands(
    received: Path, live_server: Any, tmp_path_factory: pytest.TempPathFactory
) -> None:
    page = "ofd/Doc_0/Pages/Page_0/Content.xml"
    change = "test -s {0}\nperl -0777 -pi -e 'substr($_, -9, 1) ^= \"\\x01\"' {0}"
    changes = [(before, change.format(file)) for before, file in CHANGES]
    first, *others = changed_by_hand(
        received,
        live_server.url,
        tmp_path_factory.mktemp("aside"),
        [("part said digest 4", f"printf x >> {page}"), *changes],
    )
    assert re.findall("(.*): CHANGED", first) == [page.removeprefix("ofd")]
    for (_, file), told in zip(CHANGES, others, strict=True):
        assert missing(told), file


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
