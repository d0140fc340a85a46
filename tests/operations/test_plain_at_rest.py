"""No plain body at rest: every byte of the database and of every folder is read after a document went the whole way.

The pages are used as in a browser, uploads included; what is looked for are the document's own sentences.
"""

import json
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import quote

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from support.printing import WORDS, hold
from support.seals import small_ofd
from support.world import World
from yichuan.compose.models import Document
from yichuan.exchange.models import Delivery
from yichuan.seals.models import Seal

TITLE = "关于白鹭洲水源保护的通知"
BODY = "自本月十五日起白鹭洲停止一切采砂作业"
ANNEX = "采砂船只逐一登记造册"
FILE = "船主陈阿水持有采砂许可证"
FILE_NAME = "采砂船主名册"
UPLOADED = "一份上传的成品里的机密字句"
SENTENCES = (TITLE, BODY, ANNEX, FILE, FILE_NAME, UPLOADED)
ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be", "gb18030", "unicode_escape")


def _forms(sentence: str) -> Iterator[bytes]:
    """How a sentence may lie somewhere: in any encoding, escaped as JSON does, or as an address does."""
    for encoding in ENCODINGS:
        yield sentence.encode(encoding)
    yield quote(sentence).encode()


def _found(place: str, data: bytes) -> list[str]:
    return [f"{sentence} in {place}" for sentence in SENTENCES if any(form in data for form in _forms(sentence))]


def _files(*folders: Path) -> list[Path]:
    return [path for folder in folders for path in sorted(folder.rglob("*")) if path.is_file()]


def _database() -> Iterator[tuple[str, bytes]]:
    """Every table, as bytes. SQLite's lie in its files, journal included, and are read with the folders."""
    if connection.vendor == "sqlite":
        return
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            with cursor.cursor.copy(f'COPY "{table}" TO STDOUT (FORMAT binary)') as rows:
                yield f"table {table}", b"".join(bytes(part) for part in rows)


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The temporary folder of this test alone; Python may not even open a file in it."""

    def refuse(*_: object, **__: object) -> NoReturn:
        raise AssertionError("a temporary file was opened")

    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    for call in ("mkstemp", "mkdtemp", "TemporaryFile", "NamedTemporaryFile", "SpooledTemporaryFile"):
        monkeypatch.setattr(tempfile, call, refuse)
    return folder


FORM = {
    "kind": "通知",
    "urgency": "平件",
    "number": "江府办〔2008〕77号",
    "title": TITLE,
    "recipients": "各市、区人民政府",
    "body": f"{BODY}。",
    "sections": f"#附件 登记办法\n{ANNEX}。",
    "issuer_mark": "江门市人民政府办公室文件",
    "issuer": "江门市人民政府办公室",
    "date": "2008-06-02",
}


def _post(browser: Client, address: str, data: dict[str, Any], *, expected: int = 302) -> Any:
    answer = browser.post(address, data)
    assert answer.status_code == expected, (address, answer.content.decode(errors="replace")[:2000])
    return answer


def _make(world: World) -> Document:
    clerk, custodian = world.browser(world.sending_clerk), world.browser(world.custodian["市府办公室"])
    _post(clerk, "/documents/new/", FORM)
    document = Document.objects.get(number=FORM["number"])
    here = f"/documents/{document.pk}"
    _post(clerk, f"{here}/edit/", FORM, expected=200)
    assert clerk.get(f"{here}/draft/1.svg").status_code == 200
    large = SimpleUploadedFile(f"{FILE_NAME}.txt", f"{FILE}。\n".encode() * 80_000)
    _post(clerk, f"{here}/attachments/", {"file": large})
    _post(clerk, f"{here}/finish/", FORM)
    assert clerk.get(f"{here}/pages/1.svg").status_code == 200
    _post(custodian, f"{here}/seal/", {"seal": str(Seal.objects.get().pk), "page": "1", "x": "140", "y": "220"})
    assert custodian.get(f"{here}/").status_code == 200
    receiver = str(world.units["市环保局"].pk)
    _post(clerk, f"{here}/send/", {"key": str(uuid.uuid4()), "main": [receiver], "allowance": "2", "declared": "on"})
    return document


def _receive(world: World) -> None:
    delivery = Delivery.objects.get()
    clerk, here = world.browser(world.clerk["市环保局"]), f"/deliveries/{delivery.pk}"
    for address in ("/", "/inbox/", f"{here}/", f"{here}/pages/1.svg", f"{here}/pages/2.svg"):
        assert clerk.get(address).status_code == 200, address
    attached = delivery.dispatch.document.attachments.get()
    assert FILE.encode() in clerk.get(f"{here}/attachments/{attached.pk}/").getvalue()
    _post(clerk, f"{here}/sign-for/", {})
    hold(delivery.unit, world.clerk["市环保局"])
    for verb in ("print", "copy"):
        form = {"copies": "1", "key": str(uuid.uuid4()), "password": WORDS}
        assert _post(clerk, f"{here}/{verb}/", form, expected=200).content.startswith(b"%PDF-")


def _upload(world: World) -> None:
    clerk = world.browser(world.sending_clerk)
    _post(clerk, "/documents/new/", FORM | {"number": "江府办〔2008〕78号"})
    document = Document.objects.get(number="江府办〔2008〕78号")
    ofd = SimpleUploadedFile("成品.ofd", small_ofd(pages=1, marker=UPLOADED))
    _post(clerk, f"/documents/{document.pk}/upload/", {"file": ofd})
    assert clerk.get(f"/documents/{document.pk}/pages/1.svg").status_code == 200


def test_after_the_whole_way_no_sentence_lies_anywhere_in_the_clear(committed_world: World, temporary: Path) -> None:
    _make(committed_world)
    _receive(committed_world)
    _upload(committed_world)

    home = settings.HOME.parent  # the centre's folder, its secrets and, with SQLite, its database with its journal
    read = [(str(path), path.read_bytes()) for path in _files(home, temporary)] + list(_database())
    assert [place for name, data in read for place in _found(name, data)] == []
    assert sum(len(data) for _, data in read) > 3_200_000, "the attachment alone is as large as that"
    if connection.vendor == "sqlite":
        assert str(connection.settings_dict["NAME"]) in {name for name, _ in read}
    else:
        assert {"table compose_document", "table audit_entry", "table django_session"} <= {name for name, _ in read}


def test_blobs_are_neither_packages_nor_print_files(committed_world: World, temporary: Path) -> None:
    _make(committed_world)
    _receive(committed_world)
    _upload(committed_world)
    blobs = [path.read_bytes() for path in _files(settings.HOME / "blobs")]
    assert len(blobs) >= 6
    for blob in blobs:
        for mark in (b"PK\x03\x04\x14", b"%PDF-", b"OFD.xml", b"<svg x", b"<?xml", b'"fields"'):
            assert mark not in blob
    assert _files(temporary) == []


@pytest.mark.parametrize("form", range(len(ENCODINGS) + 1))
def test_the_search_would_have_found_it(form: int) -> None:
    data = b"\0" * 100 + list(_forms(BODY))[form] + b"\0" * 100
    assert _found("here", data) == [f"{BODY} in here"]
    assert _found("here", json.dumps({"body": BODY}).encode()) == [f"{BODY} in here"]
