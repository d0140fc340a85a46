"""Hostile bytes: whatever is done to a signed PDF, the answer is a report, soon, and never a pass."""

import io
import re
import time
from functools import cache

import pikepdf
import pytest
from asn1crypto import cms, core
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from support.pdf import (
    DAY,
    PICTURE,
    STAMP,
    Signer,
    certify,
    covered,
    p256,
    revocation_list,
    sealed_pdf,
    signed_pdf,
    small_pdf,
    time_stamp,
    with_value,
)
from support.seals import NOW, pki
from yichuan.lib.ofd.report import Report
from yichuan.lib.pdf.errors import PdfError
from yichuan.lib.pdf.limits import Limits
from yichuan.lib.pdf.signing import prepare_signing
from yichuan.lib.pdf.verifying import verify
from yichuan.lib.ses.model import parse_signature

CONTENTS = rb"/Contents <([0-9A-Fa-f]+)>"
OFTEN = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@cache
def samples() -> tuple[bytes, ...]:
    """One of each: sealed, signed, lasting with a seal on top."""
    pki256, signed = p256(), signed_pdf()
    stamped = signed.stamped(time_stamp(signed.signature, pki256.authority))
    lasting = stamped.with_validation_data([pki256.root.der], [revocation_list(pki256.root).der])
    return sealed_pdf(), signed.data, sealed_pdf(lasting)


def judged(data: bytes) -> Report:
    """The report, within seconds."""
    begun = time.process_time()
    report = verify(data, trust=[*pki().trust, *p256().trust], at=NOW + DAY)
    assert time.process_time() - begun < 5
    report.to_json("x")
    assert all(step.title_zh for signature in report.signatures for step in signature.steps)
    return report


def test_what_fills_the_place_of_a_value_says_nothing() -> None:
    whole = samples()[2]
    end = max(found.end() for found in re.finditer(CONTENTS, whole)) - 1
    changed = whole[: end - 30] + b"1" + whole[end - 29 :]
    assert judged(changed).valid_and_trusted
    assert _values_equal(whole, changed)
    assert not _values_equal(whole, whole[: end - 30] + b"z" + whole[end - 29 :])


@OFTEN
@given(st.integers(0, 2), st.data())
def test_a_byte_changed_anywhere_but_in_the_padding_is_never_valid(which: int, data: st.DataObject) -> None:
    whole = samples()[which]
    place = data.draw(st.integers(0, len(whole) - 1))
    octet = data.draw(st.integers(0, 255).filter(lambda value: value != whole[place]))
    changed = whole[:place] + bytes((octet,)) + whole[place + 1 :]
    report = judged(changed)
    if report.valid_and_trusted:
        # Hexadecimal digits of the value's own padding, or their letters' case, are signed by nobody.
        assert _values_equal(whole, changed)


def _values_equal(whole: bytes, changed: bytes) -> bool:
    values = [[_value(digits) for digits in re.findall(CONTENTS, each)] for each in (whole, changed)]
    rest = [re.sub(CONTENTS, b"", each) for each in (whole, changed)]
    return values[0] == values[1] and rest[0] == rest[1]


def _value(digits: bytes) -> bytes:
    """What is signed with: one DER value. What stands behind it, noughts or not, only fills its place."""
    octets = bytes.fromhex(digits.decode())
    return core.Sequence.load(octets, strict=False).dump()


@OFTEN
@given(st.integers(0, 2), st.integers(0, 99), st.integers(0, 100))
def test_a_piece_cut_out_is_never_valid(which: int, begin: int, length: int) -> None:
    whole = samples()[which]
    start = begin * len(whole) // 100
    assert not judged(whole[:start] + whole[start + 1 + length * 20 :]).valid_and_trusted


@OFTEN
@given(st.integers(0, 1), st.binary(min_size=1, max_size=300), st.integers(0, 4000))
def test_a_value_with_other_bytes_is_valid_only_where_they_say_nothing(which: int, octets: bytes, place: int) -> None:
    """The frame around a signature (CMS versions, sets of algorithms) is signed by nobody and decides nothing."""
    whole = samples()[which]
    kept = covered(whole)[1].rstrip(b"\0")
    place %= len(kept)
    changed = kept[:place] + octets + kept[place + len(octets) :]
    if judged(with_value(whole, "Signature1", changed)).valid_and_trusted:
        assert _substance(changed) == _substance(kept)


def _substance(value: bytes) -> tuple[object, ...]:
    if value[4:6] == b"\x06\x09":
        data = cms.ContentInfo.load(value)["content"]
        signer = data["signer_infos"][0]
        return signer["signed_attrs"].dump(), signer["signature"].native
    read = parse_signature(value)
    return read.signed, read.certificate, read.seal and read.seal.der, core.Sequence.load(read.signature).contents


@OFTEN
@given(st.binary(max_size=2000))
def test_bytes_that_only_begin_as_a_pdf_are_reported(tail: bytes) -> None:
    assert not judged(b"%PDF-1.7\n" + tail).readable


@pytest.mark.parametrize("junk", [b"", b"\0" * 5000, b"\x30\x80" * 2000, b"\x30\x84\xff\xff\xff\xff"])
def test_a_value_that_is_junk_is_named(junk: bytes) -> None:
    report = judged(with_value(samples()[0], "Signature1", junk))
    assert report.signatures[0].integrity == "failed"


def test_a_file_whose_objects_are_reached_in_countless_ways_ends_in_time() -> None:
    """Forty arrays, each naming the next one twice: pyHanko's comparison would follow 2^40 ways."""
    with pikepdf.open(io.BytesIO(small_pdf())) as pdf:
        node = pdf.make_indirect(pikepdf.Dictionary(A=1))
        for _ in range(40):
            node = pdf.make_indirect(pikepdf.Array([node, node]))
        pdf.Root.Ways = node
        out = io.BytesIO()
        pdf.save(out)
    twice = sealed_pdf(sealed_pdf(out.getvalue()))
    report = verify(twice, trust=pki().trust, at=NOW + DAY, limits=Limits(reads=2_000_000))
    first = next(step for step in report.signatures[0].steps if step.name == "later_changes")
    assert (first.ok, first.finding) == (None, "too_complex")
    assert not report.valid_and_trusted


def test_many_certificates_of_one_name_that_signed_each_other_end_in_time() -> None:
    """The validator would try every order of them."""
    keys = [ec.generate_private_key(ec.SECP256R1()) for _ in range(12)]
    authorities = [certify("同名", Signer(by, certify("同名", None, ca=True, key=by).certificate), ca=True, key=key)
                   for key in keys for by in keys[:3]]  # fmt: skip
    unit = certify("单位", authorities[0])
    to_sign = prepare_signing(small_pdf(), PICTURE, [STAMP]).for_signer(
        unit.der, NOW, [each.der for each in authorities]
    )
    report = judged(to_sign.attach(unit.sign(to_sign.message)).data)
    assert report.signatures[0].signer == "unknown"


@OFTEN
@given(st.integers(0, 2), st.lists(st.tuples(st.floats(0, 0.999), st.binary(min_size=1, max_size=8)), max_size=6))
def test_sealing_a_damaged_file_seals_it_or_says_why_not(which: int, changes: list[tuple[float, bytes]]) -> None:
    data = samples()[which]
    for share, octets in changes:
        place = int(share * len(data))
        data = data[:place] + octets + data[place + len(octets) :]
    try:
        sealed = sealed_pdf(data)
    except PdfError as error:
        assert error.code
    else:
        assert sealed.startswith(data)
