"""Reading seals and signatures as their makers wrote them: told apart by shape, departures noted."""

import base64
from datetime import UTC, datetime, timedelta
from functools import cache

import pytest
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from hypothesis import given
from hypothesis import strategies as st

from support.other_seals import (
    bits,
    generalized,
    ia5,
    indefinite,
    integer,
    octets,
    oid,
    seal_info,
    seal_v1,
    seal_v4,
    sequence,
    signature_v1,
    signature_v4,
    signed_data,
)
from support.seals import NOW, PNG, YEAR, pki
from yichuan.lib.gm.sm3 import sm3
from yichuan.lib.ses import liberal, tlv
from yichuan.lib.ses.model import SesError, parse_seal, parse_signature
from yichuan.lib.ses.verify import content_steps, seal_steps

XML = b"<ofd:Signature/>"


def v1_seal(**how) -> bytes:
    return seal_v1(pki().maker, seal_info(pki().unit, **how))


def v4_seal(**how) -> bytes:
    return seal_v4(pki().maker, seal_info(pki().unit, **({"version": 4, "list_type": 1} | how)))


def maker_signed(der: bytes) -> bool | None:
    steps = {each.name: each.ok for each in seal_steps(parse_seal(der), trust=pki().trust, at=NOW)}
    return steps["seal_maker_signature"]


def signed(der: bytes) -> dict[str, bool | None]:
    return {each.name: each.ok for each in content_steps(parse_signature(der), XML)}


GOOD = {"data_hash": True, "signature_algorithm": True, "signature": True}


def test_a_v1_seal_is_told_by_its_shape_whatever_version_it_claims():
    for claimed, notes in ((1, ()), (2, ("seal: header version 2 in the shape of v1",))):
        seal = parse_seal(v1_seal(version=claimed))
        assert (seal.version, seal.header_version, seal.notes) == ("v1", claimed, notes)
        assert (seal.valid_from, seal.valid_to) == (NOW - YEAR / 2, NOW + YEAR / 2)
        assert maker_signed(seal.der) is True


def test_a_v5_seal_may_carry_a_time_stamp():
    info = seal_info(pki().unit, version=5, list_type=1)
    plain = parse_seal(seal_v4(pki().maker, info))
    stamped = parse_seal(seal_v4(pki().maker, info, tlv.encode(tlv.CONTEXT_0, bits(b"token"))))
    assert (plain.version, plain.time_stamp, stamped.version, stamped.time_stamp) == ("v5", None, "v5", b"token")
    assert maker_signed(stamped.der) is True


def test_a_seal_may_list_digests_instead_of_certificates():
    digest = sequence(tlv.encode(tlv.PRINTABLE_STRING, b"SM3"), octets(sm3(pki().unit.certificate.der)))
    seal = parse_seal(v4_seal(list_type=2, certificates=sequence(digest)))
    assert (seal.certificates, seal.certificate_digests) == ((), (("SM3", sm3(pki().unit.certificate.der)),))
    assert seal.notes == ()


@pytest.mark.parametrize(
    ("how", "note"),
    [
        ({"list_type": 3}, "certificate list type 3"),
        ({"name": "印章".encode("gb18030")}, "seal name: not UTF-8"),
        ({"times": (generalized(NOW, "%y%m%d%H%M%SZ"),) * 3}, "two-digit year"),
        ({"times": (generalized(NOW, "%Y%m%d%H%M%S"),) * 3}, "names no time zone"),
        ({"times": (generalized(NOW, "once"),) * 3}, "is not a time"),
        ({"certificates": sequence(ia5("certificate"))}, "tag 0x16 in place of an OCTET STRING"),
        ({"picture": sequence(ia5("bmp"), octets(b"GIF89a"), integer(4), integer(4))}, "called 'bmp', holds 'gif'"),
        (
            {"extensions": sequence(sequence(tlv.encode(tlv.OID, b"remark"), b"\x01\x01\x00", octets(b"")))},
            "text 'remark' in place of an object identifier",
        ),
        (
            {"extensions": sequence(sequence(oid("1.2.3"), b"\x01\x01\xff", octets(b"")))},
            "critical extension 1.2.3",
        ),
    ],
)
def test_a_departure_is_read_and_noted(how, note):
    seal = parse_seal(v4_seal(**how))
    assert any(note in each for each in seal.notes), seal.notes
    assert maker_signed(seal.der) is True


def test_odd_wrappings_of_the_signature_value_are_read_and_noted():
    info = seal_info(pki().unit, version=4, list_type=1)
    value = pki().maker.key.sign(info)
    for wrapped, note in ((octets(value), "OCTET STRING in place of a BIT STRING"), (bits(value, 7), "7 unused bits")):
        seal = parse_seal(seal_v4(pki().maker, info, value=wrapped))
        assert any(note in each for each in seal.notes)
        assert maker_signed(seal.der) is True


def test_ber_is_read_noted_and_verified_over_its_der():
    seal = parse_seal(indefinite(v1_seal()))
    assert seal.notes == ("seal: BER with indefinite lengths instead of DER",)
    assert maker_signed(seal.der) is True


def test_a_changed_octet_of_the_seal_is_not_its_makers():
    der = v4_seal()
    at = der.index(PNG) + 20
    assert maker_signed(der[:at] + bytes((der[at] ^ 1,)) + der[at + 1 :]) is False


def test_a_v1_signature_is_read_and_verified():
    for written, moment in (
        (b"2026-11-21 17:00:00", NOW),
        (b"20261121090000Z", NOW),
        (b"2026-11-21T17:00:00+08:00", NOW),
        (b"\x30\x03token", None),
    ):
        signature = parse_signature(signature_v1(v1_seal(), pki().unit, XML, written))
        assert (signature.version, signature.time) == ("v1", moment)
        assert signature.time_stamp == (None if moment else b"\x30\x03token")
        assert signature.property_info == "/Doc_0/Signs/Sign_0/Signature.xml"
        assert signed(signature.der) == GOOD


def test_v4_and_v5_signatures_are_read_and_verified():
    assert signed(signature_v4(v4_seal(), pki().unit, XML)) == GOOD
    five = parse_signature(signature_v4(v4_seal(version=5), pki().unit, XML))
    assert (five.version, signed(five.der)) == ("v5", GOOD)


def test_a_time_stamp_beside_a_signature_is_kept():
    stamp = tlv.encode(tlv.CONTEXT_0, bits(b"token"))
    assert parse_signature(signature_v4(v4_seal(), pki().unit, XML, more=stamp)).time_stamp == b"token"


@pytest.mark.parametrize("form", ["content", "attributes", "detached"])
def test_signed_data_of_gbt_35275_is_read_and_verified(form):
    der = signed_data(pki().unit, XML, form=form)
    signature = parse_signature(der)
    assert (signature.version, signature.certificate) == ("35275", pki().unit.certificate.der)
    assert signature.time == (NOW if form == "attributes" else None)
    assert signed(der) == GOOD
    assert signed(indefinite(der)) == GOOD


@pytest.mark.parametrize("inside", [sm3(XML), sm3(XML).hex().encode(), base64.b64encode(sm3(XML)), XML])
def test_attributes_may_vouch_for_a_content_that_holds_the_digest(inside):
    der = signed_data(pki().unit, inside, form="attributes", carried=inside)
    assert signed(der) == GOOD


@pytest.mark.parametrize("form", ["content", "attributes", "detached"])
def test_signed_data_over_another_file_fails(form):
    results = signed(signed_data(pki().unit, XML + b" ", form=form))
    assert results["data_hash"] is False


def test_signed_data_without_its_certificate_is_undecided():
    assert signed(signed_data(pki().unit, XML, form="content", certificates=False))["signature"] is None


def test_a_bare_value_is_undecided_for_want_of_a_certificate():
    signature = parse_signature(pki().unit.key.sign(XML))
    assert (signature.version, signature.certificate, signature.data_hash) == ("bare", None, None)
    assert {each.name: each.ok for each in content_steps(signature, XML)} == {
        "data_hash": None,
        "signature_algorithm": True,
        "signature": None,
    }


def test_known_wrong_algorithm_names_pass_and_foreign_ones_fail():
    assert signed(signature_v4(v4_seal(), pki().unit, XML, algorithm="1.2.156.10197.6.1.4.2.2")) == GOOD
    rsa = signed(signature_v4(v4_seal(), pki().unit, XML, algorithm="1.2.840.113549.1.1.11"))
    assert rsa == {"data_hash": True, "signature_algorithm": False, "signature": True}


@pytest.mark.parametrize(
    "der",
    [b"", b"\x30", b"\x30\x80", b"\x30\x84\xff\xff\xff\xff", b"\x1f\x81\x00", sequence(), sequence(integer(1)), PNG],
)
def test_what_is_no_seal_is_refused_with_a_code(der):
    for parse in (parse_seal, parse_signature):
        with pytest.raises(SesError) as error:
            parse(der)
        assert error.value.code in ("asn1", "seal_shape", "signature_shape")


def test_nesting_without_end_is_refused():
    deep = b"\x24\x80" * 5000
    with pytest.raises(SesError):
        parse_seal(b"\x30\x80" + deep)
    nested = b""
    for _ in range(300):
        nested = tlv.encode(0x24, nested)
    with pytest.raises(SesError):
        parse_seal(v4_seal(certificates=sequence(nested)))


@cache
def sound() -> tuple[bytes, ...]:
    return (
        v1_seal(),
        v4_seal(),
        indefinite(v1_seal()),
        signature_v1(v1_seal(), pki().unit, XML, b"20261121090000Z"),
        signature_v4(v4_seal(), pki().unit, XML),
        signed_data(pki().unit, XML, form="attributes"),
    )


@given(st.data())
def test_damaged_bytes_never_raise_anything_but_a_ses_error(data):
    der = bytearray(data.draw(st.sampled_from(sound())))
    for _ in range(data.draw(st.integers(1, 4))):
        der[data.draw(st.integers(0, len(der) - 1))] = data.draw(st.integers(0, 255))
    damaged = bytes(der[: data.draw(st.integers(len(der) // 2, len(der)))])
    for parse in (parse_seal, parse_signature):
        try:
            parse(damaged)
        except SesError:
            continue


@pytest.mark.parametrize(
    ("written", "moment", "noted"),
    [
        ("20261121090000Z", NOW, False),
        ("261121090000Z", NOW, False),
        ("20261121170000", NOW, True),
        ("2026-11-21 17:00:00", NOW, True),
        ("2026-11-21T17:00:00.250", NOW + timedelta(milliseconds=250), True),
        ("20261121170000123", NOW + timedelta(milliseconds=123), True),
        ("2026-11-21T17:00:00+08:00", NOW, False),
        ("20261121040000-0500", NOW, False),
        ("2026-11-21", datetime(2026, 11, 20, 16, tzinfo=UTC), True),
        ("700101000000Z", datetime(1970, 1, 1, tzinfo=UTC), False),
        ("20261321090000Z", None, True),
        ("20261121250000Z", None, True),
        ("00000000000000Z", None, True),
        ("", None, True),
        ("昨天", None, True),
    ],
)
def test_times_are_read_in_every_form_that_was_met(written, moment, noted):
    notes: list[str] = []
    assert liberal.time_text(written, "time", notes) == moment
    assert bool(notes) == noted


def test_a_certificate_with_a_mangled_key_is_a_failed_step():
    certificate = pki().maker.certificate.der
    at = certificate.index(bytes.fromhex("301306072a8648ce3d0201"))
    mangled = certificate[: at + 1] + b"\x30" + certificate[at + 2 :]
    info = seal_info(pki().unit, version=4, list_type=1)
    value = bits(pki().maker.key.sign(info))
    seal = parse_seal(sequence(info, octets(mangled), oid("1.2.156.10197.1.501"), value))
    steps = {each.name: (each.ok, each.finding) for each in seal_steps(seal, trust=pki().trust, at=NOW)}
    assert steps["seal_maker_signature"][0] is False
    assert steps["seal_maker_certificate"] == (False, "certificate_unreadable")


def test_a_raw_signature_value_is_read_and_noted():
    value = decode_dss_signature(pki().unit.key.sign(b"x"))
    raw = b"".join(part.to_bytes(32, "big") for part in value)
    signature = parse_signature(signature_v4(pki().seal.der, pki().unit, XML, wrap=bits(raw)))
    assert signature.signature == raw
    assert "signature: r and s side by side in place of DER" in signature.notes


def test_white_space_around_the_path_is_noted():
    seal = seal_v1(pki().maker, seal_info(pki().unit))
    signature = parse_signature(signature_v1(seal, pki().unit, XML, b"20261121090000Z"))
    assert signature.property_info == "/Doc_0/Signs/Sign_0/Signature.xml"
    assert "propertyInfo: white space around it" in signature.notes
