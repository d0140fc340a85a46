"""What a file is, by its bytes."""

import io
import zipfile

import pytest

from support.pdf import small_pdf
from support.seals import PNG, pki, small_ofd
from yichuan.lib.kinds import container_of, kind_of


def packed(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, b"x")
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (small_ofd(), "ofd"),
        (small_pdf(), "pdf"),
        (b"\n" + small_pdf(), "pdf"),
        (packed("[Content_Types].xml", "word/document.xml"), "docx"),
        (packed("xl/workbook.xml"), "xlsx"),
        (packed("ppt/presentation.xml"), "pptx"),
        (packed("a.txt"), "zip"),
        (packed("word"), "zip"),
        (b"PK\x03\x04 cut off", "zip"),
        (b"Founder CEB\x002.50f", "ceb"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(99), "ole"),
        (PNG, "png"),
        (b"\xff\xd8\xff\xe0", "jpeg"),
        (b"MZ\x90", "program"),
        ("关于…的通知".encode("gb18030"), "text"),
        ("关于…的通知".encode(), "text"),
        (b"", ""),
        (b"\x00\x01", ""),
    ],
)
def test_each_kind_is_told_by_its_bytes(data: bytes, kind: str) -> None:
    assert kind_of(data) == kind


def test_a_seal_is_asn1() -> None:
    assert kind_of(pki().seal.der) == "der"


def test_the_container_says_nothing_of_what_is_inside() -> None:
    assert container_of(small_ofd()) == "zip"
    assert container_of(b"\n" + small_pdf()) != "pdf"
