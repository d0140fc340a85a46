"""Sealing a PDF with SM2 (GM.sm2seal): made in steps, seen upright, earlier signatures kept byte for byte."""

import io
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest
from asn1crypto import core
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image
from pyhanko.sign.fields import MDPPerm

from support.gm import DISTID, openssl_output
from support.other_seals import stamping_authority, time_stamp
from support.pdf import (
    DAY,
    PICTURE,
    STAMP,
    covered,
    half_red,
    others_signature,
    p256,
    page_picture,
    sealed_pdf,
    signed_pdf,
    small_pdf,
)
from support.seals import NOW, YEAR, make_holder, make_seal, pki
from yichuan.lib.gm.sm3 import sm3
from yichuan.lib.gm.x509 import Profile
from yichuan.lib.ofd.sealing import Stamp
from yichuan.lib.pdf.errors import PdfError
from yichuan.lib.pdf.sealing import prepare_sealing
from yichuan.lib.pdf.verifying import verify
from yichuan.lib.ses.errors import SesError
from yichuan.lib.ses.model import Picture, parse_signature

LATER = NOW + DAY
RED = (230, 0, 18)


def png_picture(size_mm: int = 40) -> Picture:
    """As `half_red`, but a PNG with a transparent right half."""
    image = Image.new("RGBA", (40, 40), (0, 0, 0, 0))
    image.paste((*RED, 255), (0, 0, 20, 40))
    out = io.BytesIO()
    image.save(out, "PNG")
    return Picture("png", out.getvalue(), size_mm, size_mm)


def at(page: Image.Image, x_mm: float, y_mm: float) -> tuple[int, ...]:
    return page.getpixel((round(x_mm * 4), round(y_mm * 4)))


class Members(core.SequenceOf):
    """SES_Signature, read by asn1crypto alone."""

    _child_spec = core.Any

    def native_members(self) -> list[bytes]:
        """toSign in DER, and the contents of certificate, algorithm and signature."""
        der = [each.dump() for each in self]
        return [der[0], core.OctetString.load(der[1]).native, der[2], core.OctetBitString.load(der[3]).native]


def steps(data: bytes) -> dict[str, tuple[bool | None, str]]:
    (found,) = verify(data, trust=pki().trust, at=LATER).signatures
    return {step.name: (step.ok, step.finding) for step in found.steps}


def test_a_sealed_pdf_is_valid_and_trusted() -> None:
    (found,) = verify(sealed_pdf(), trust=pki().trust, at=LATER).signatures
    assert (found.kind, found.version, found.id) == ("Seal", "v4", "Signature1")
    assert (found.integrity, found.seal, found.signer, found.time) == ("ok", "ok", "ok", "unknown")
    assert found.valid_and_trusted


def test_it_has_the_form_in_use() -> None:
    with pikepdf.open(io.BytesIO(sealed_pdf())) as pdf:
        (field,) = pdf.Root.AcroForm.Fields
        assert field.FT == "/Sig"
        assert (field.V.Filter, field.V.SubFilter) == ("/Gomain.GMPkiLite", "/GM.sm2seal")
        assert str(field.V.M).startswith("D:20261121090000")
        assert field.Rect is not None and pdf.pages[0].obj == field.P


def test_openssl_finds_the_same_digest_and_signature(tmp_path: Path) -> None:
    signed, value = covered(sealed_pdf())
    to_sign, certificate, _, signature = Members.load(value).native_members()
    for name, content in (("signed", signed), ("to_sign", to_sign), ("signature", signature)):
        (tmp_path / name).write_bytes(content)
    (tmp_path / "key.pem").write_bytes(openssl_output("x509", "-inform", "DER", "-pubkey", "-noout", stdin=certificate))
    assert parse_signature(value).data_hash == openssl_output("dgst", "-sm3", "-binary", tmp_path / "signed")
    arguments = ["-sigopt", DISTID, "-verify", tmp_path / "key.pem", "-signature", tmp_path / "signature"]
    assert openssl_output("dgst", "-sm3", *arguments, tmp_path / "to_sign").strip() == b"Verified OK"


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
@pytest.mark.parametrize("picture", [half_red(), png_picture()], ids=["ofd", "png"])
def test_the_picture_stands_upright_where_it_was_put(rotate: int, picture: Picture) -> None:
    seal = make_seal(pki().maker, pki().unit, picture=picture)
    page = page_picture(sealed_pdf(small_pdf(1, rotate), seal=seal, stamp=Stamp(0, 60, 70)))
    assert at(page, 50, 60) == at(page, 41, 51) == at(page, 59, 89) == RED
    assert at(page, 70, 60) == at(page, 39, 60) == at(page, 50, 91) == (255, 255, 255)


def test_text_under_the_seal_stays_readable() -> None:
    """Multiplied: the letters of the page at 72, 700 pt stay black where the seal covers them."""
    seal = make_seal(pki().maker, pki().unit, picture=half_red())
    bare, sealed = page_picture(small_pdf(1)), page_picture(sealed_pdf(small_pdf(1), seal=seal, stamp=Stamp(0, 40, 49)))
    black = [(x, y) for x in range(25 * 4, 38 * 4) for y in range(44 * 4, 52 * 4) if max(bare.getpixel((x, y))) < 40]
    assert len(black) > 20
    assert all(max(sealed.getpixel(place)) < 60 for place in black)


def test_a_time_stamp_of_our_authority_proves_the_time() -> None:
    authority = stamping_authority(pki().root)
    to_sign = prepare_sealing(small_pdf(), pki().seal, [STAMP]).for_signer(pki().unit.certificate, NOW)
    sealed = to_sign.attach(pki().unit.key.sign(to_sign.message))
    stamped = sealed.stamped(time_stamp(authority, sealed.signature, NOW))
    assert steps(stamped.data)["time_stamp"] == (True, "stamp_holds")
    with pytest.raises(SesError, match="something else"):
        sealed.stamped(time_stamp(authority, b"another", NOW))


def test_what_is_signed_is_described() -> None:
    to_sign = prepare_sealing(small_pdf(), pki().seal, [STAMP]).for_signer(pki().unit.certificate, NOW)
    said = to_sign.describe()
    assert said["title"] == "关于做好电子公文交换工作的通知"
    assert (said["pages"], said["seal"], said["signer"]) == (2, "江门市人民政府办公室", "江门市人民政府办公室")
    assert said["stamps"] == [{"page": 1, "box_mm": [117.5, 197.5, 45.0, 45.0]}]
    signed, _ = covered(to_sign.attach(pki().unit.key.sign(to_sign.message)).data)
    assert said["document_sm3"] == sm3(signed).hex()


def test_another_ones_signature_is_not_attached() -> None:
    to_sign = prepare_sealing(small_pdf(), pki().seal, [STAMP]).for_signer(pki().unit.certificate, NOW)
    with pytest.raises(SesError) as caught:
        to_sign.attach(pki().stranger.key.sign(to_sign.message))
    assert caught.value.code == "signature"


def test_a_stranger_cannot_use_the_seal() -> None:
    with pytest.raises(SesError) as caught:
        prepare_sealing(small_pdf(), pki().seal, [STAMP]).for_signer(pki().stranger.certificate, NOW)
    assert caught.value.code == "not_in_seal"


def test_a_seal_made_by_a_stranger_is_not_trusted() -> None:
    forged = make_seal(make_holder(Profile.SIGNER, "别家", pki().root), pki().unit)
    assert steps(sealed_pdf(seal=forged))["seal_maker_certificate"][0] is False


def test_the_seal_had_to_be_in_its_period() -> None:
    late = NOW + YEAR / 2 + DAY
    with pytest.raises(SesError) as caught:
        prepare_sealing(small_pdf(), pki().seal, [STAMP]).for_signer(pki().unit.certificate, late)
    assert caught.value.code == "seal_period"


@pytest.mark.parametrize(
    ("stamp", "code"),
    [(Stamp(2, 10, 10), "stamp_page"), (Stamp(-1, 10, 10), "stamp_page"), (Stamp(0, 211, 10), "stamp_place")],
)
def test_a_place_off_the_document_is_refused(stamp: Stamp, code: str) -> None:
    with pytest.raises(PdfError) as caught:
        prepare_sealing(small_pdf(), pki().seal, [stamp])
    assert caught.value.code == code


@pytest.mark.parametrize("data", [b"not a picture", PICTURE.data[:40], b""])
def test_a_picture_that_is_none_is_refused(data: bytes) -> None:
    seal = make_seal(pki().maker, pki().unit)
    broken = replace(seal, picture=Picture("png", data, 40, 40))
    with pytest.raises(PdfError) as caught:
        prepare_sealing(small_pdf(), broken, [STAMP]).for_signer(pki().unit.certificate, NOW)
    assert caught.value.code == "seal_picture"


def test_a_document_that_forbids_changes_takes_no_seal() -> None:
    closed = others_signature(small_pdf(), p256().unit, certify=True, docmdp_permissions=MDPPerm.NO_CHANGES)
    with pytest.raises(PdfError) as caught:
        prepare_sealing(closed, pki().seal, [STAMP])
    assert caught.value.code == "no_changes"


def test_a_flawed_file_is_not_sealed_but_named() -> None:
    data = small_pdf() + b"x" * 2000
    with pytest.raises(PdfError) as caught:
        prepare_sealing(data, pki().seal, [STAMP])
    assert caught.value.code in ("damaged", "broken")


def _once_more(data: bytes, choice: tuple[str, int, int]) -> bytes:
    kind, page, where = choice
    stamp = Stamp(page, 40 + where, 60 + where)
    if kind == "sm2":
        return sealed_pdf(data, stamp=stamp)
    return signed_pdf(data, stamp=stamp).data


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.tuples(st.sampled_from(["sm2", "p256"]), st.integers(0, 1), st.integers(0, 120)), min_size=2, max_size=4
    )
)
def test_every_earlier_signature_keeps_every_byte_and_holds(choices: list[tuple[str, int, int]]) -> None:
    data, values = small_pdf(), []
    for choice in choices:
        more = _once_more(data, choice)
        assert more.startswith(data)
        values.append(covered(more, f"Signature{len(values) + 1}")[1])
        data = more
    assert [covered(data, f"Signature{number}")[1] for number in range(1, len(values) + 1)] == values
    report = verify(data, trust=[*pki().trust, *p256().trust], at=LATER)
    assert [each.kind for each in report.signatures] == ["Seal" if kind == "sm2" else "Sign" for kind, *_ in choices]
    assert report.valid_and_trusted
