"""What verifying may cost is bounded by the caller, and what comes twice is not paid for twice."""

import io

import pytest
from PIL import Image

from support.ofd import media, ofd
from support.seals import NOW, changed, pki, sealed_ofd
from support.verified import LIST, SIGNATURE, VALUE, failed, original_xml
from yichuan.lib.ofd.limits import Limits
from yichuan.lib.ofd.package import Package
from yichuan.lib.ofd.report import Report
from yichuan.lib.ofd.svg import page_to_svg
from yichuan.lib.ofd.verifying import verify


def checked(data: bytes, **limits: int) -> Report:
    return verify(data, trust=pki().trust, at=NOW, limits=Limits(**limits))


def listing(*locations: str) -> bytes:
    lines = "".join(f'<ofd:Signature ID="s{at}" BaseLoc="{each}"/>' for at, each in enumerate(locations))
    return f'<ofd:Signatures xmlns:ofd="http://www.ofdspec.org/2016">{lines}</ofd:Signatures>'.encode()


@pytest.mark.parametrize(
    ("limits", "code"),
    [
        ({"entries": 3}, "too_many_entries"),
        ({"total_bytes": 500}, "total_too_large"),
        ({"package_bytes": 500}, "package_too_large"),
        ({"signatures": 0}, "too_many_signatures"),
    ],
)
def test_a_document_beyond_the_callers_limits_is_refused_by_name(limits, code):
    report = checked(sealed_ofd(), **limits)
    assert (report.readable, report.error, report.signatures) == (False, code, ())


@pytest.mark.parametrize(
    ("limits", "name", "words"),
    [
        ({"references": 3}, "signature_file", "more than 3 references"),
        ({"signature_bytes": 500}, "structure", "more than 500 bytes of signature values"),
    ],
)
def test_a_signature_beyond_the_callers_limits_fails_by_name(limits, name, words):
    (signature,) = checked(sealed_ofd(), **limits).signatures
    assert words in failed(signature)[name]
    assert signature.integrity == "failed"


def test_a_signature_file_listed_twice_counts_once():
    first, second = checked(changed(sealed_ofd(), {LIST: listing("Sign_0/Signature.xml", "/" + SIGNATURE)})).signatures
    assert first.valid_and_trusted
    assert failed(second)["signature_file"] == f"{SIGNATURE} belongs to another signature already"


def test_a_signature_value_serves_one_signature():
    data = changed(
        sealed_ofd(),
        {LIST: listing("Sign_0/Signature.xml", "Sign_0/2.xml"), "Doc_0/Signs/Sign_0/2.xml": original_xml()},
    )
    _, second = checked(data).signatures
    assert failed(second)["structure"] == f"{VALUE} belongs to another signature already"


def test_pages_without_number_are_refused():
    document = Package.open(sealed_ofd()).read("Doc_0/Document.xml")
    report = checked(changed(sealed_ofd(), {"Doc_0/Document.xml": document}), pages=4)
    assert (report.readable, report.error) == (False, "too_many_pages")


def test_pictures_beyond_the_callers_pixels_are_noted_and_not_drawn():
    out = io.BytesIO()
    Image.new("L", (300, 200)).save(out, "PNG")
    image = "<ofd:ImageObject ID='9' Boundary='0 0 40 40' CTM='40 0 0 40 0 0' ResourceID='4'/>"
    data = ofd(image, resources=media(m4="big.png"), entries={"Doc_0/Res/big.png": out.getvalue()})
    for pixels, codes in ((60_000, []), (59_999, ["image_too_large"])):
        package = Package.open(data, Limits(image_pixels=pixels))
        page_to_svg(package, 0)
        assert [note.code for note in package.notes if note.code.startswith("image")] == codes
