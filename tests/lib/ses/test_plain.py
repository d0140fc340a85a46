"""Making GB/T 35275 signatures."""

from datetime import UTC, datetime

import pytest
from asn1crypto import cms, core
from asn1crypto import x509 as asn1_x509

from support.other_seals import stamping_authority, time_stamp
from support.seals import NOW, YEAR, make_holder, pki
from yichuan.lib.gm.sm3 import sm3
from yichuan.lib.gm.x509 import Profile
from yichuan.lib.ses import der, oids, tlv
from yichuan.lib.ses.model import SesError, parse_signature
from yichuan.lib.ses.plain import Form, attribute, prepare_plain_signature, signed_attributes, signed_data
from yichuan.lib.ses.stamping import with_time_stamp
from yichuan.lib.ses.verify import content_steps

HASH = sm3(b"<Signature/>")


def made(form: Form = Form.ATTRIBUTES, at: datetime = NOW) -> bytes:
    unsigned = prepare_plain_signature(pki().unit.certificate, HASH, at, form)
    return unsigned.attach(pki().unit.key.sign(unsigned.message))


def signer_info(der: bytes) -> cms.SignerInfo:
    """The one SignerInfo, as asn1crypto reads it."""
    data = tlv.read(der).children()[1].children()[0]
    signers = data.children()[-1]
    return cms.SignerInfo.load(signers.children()[0].raw, strict=True)


def test_form_b_signs_type_digest_and_time_as_a_set():
    value = parse_signature(made())
    assert (value.version, value.data_hash, value.time, value.notes) == ("35275", HASH, NOW, ())
    assert value.certificate == pki().unit.certificate.der
    assert value.signed is not None
    assert value.signed[0] == tlv.SET
    attributes = {each["type"].native: each["values"][0].native for each in cms.CMSAttributes.load(value.signed)}
    assert attributes == {
        "content_type": "1.2.156.10197.6.1.4.2.1",
        "message_digest": HASH,
        "signing_time": NOW,
    }


def test_the_attributes_are_in_der_order():
    attributes = [each.raw for each in tlv.read(parse_signature(made()).signed or b"").children()]
    assert attributes == sorted(attributes)


def test_form_a_signs_the_digest_and_carries_it():
    value = parse_signature(made(Form.CONTENT))
    assert (value.signed, value.data_hash, value.time) == (HASH, HASH, None)
    assert len(signer_info(made(Form.CONTENT))["signed_attrs"]) == 0


@pytest.mark.parametrize("form", Form)
def test_the_structure_is_that_of_the_standard_in_strict_der(form):
    der = made(form)
    kind, wrapped = tlv.read(der).children()
    assert core.ObjectIdentifier.load(kind.raw).dotted == oids.SIGNED_DATA
    info = signer_info(der)
    assert info["version"].native == "v1"
    assert info["digest_algorithm"]["algorithm"].dotted == oids.SM3
    assert info["signature_algorithm"]["algorithm"].dotted == oids.SM2_SIGN
    assert info["sid"].chosen["serial_number"].native == pki().unit.certificate.serial
    version, digests, content, certificates, signers = wrapped.children()[0].children()
    assert version.content == b"\x01"
    assert [each.tag for each in (digests, certificates, signers)] == [tlv.SET, tlv.CONTEXT_0, tlv.SET]
    assert len(content.children()) == (2 if form is Form.CONTENT else 1)


@pytest.mark.parametrize(("year", "tag"), [(2049, tlv.UTC_TIME), (2050, tlv.GENERALIZED_TIME)])
def test_two_digits_of_the_year_are_written_as_long_as_they_tell_the_century(year, tag):
    moment = datetime(year, 1, 2, 3, 4, 5, tzinfo=UTC)
    encoded = tlv.encode(tlv.SET, signed_attributes("1.2.3", HASH, moment))
    (time,) = [each["values"][0] for each in cms.CMSAttributes.load(encoded) if each["type"].native == "signing_time"]
    assert (time.native, time.chosen.dump()[0]) == (moment, tag)


def test_a_time_stamp_becomes_an_unsigned_attribute():
    plain = made()
    value = parse_signature(plain)
    token = time_stamp(stamping_authority(pki().root), value.signature, NOW)
    stamped = with_time_stamp(plain, token)
    after = parse_signature(stamped)
    assert (after.time_stamp, after.signed, after.signature) == (token, value.signed, value.signature)
    (unsigned,) = signer_info(stamped)["unsigned_attrs"]
    assert unsigned["type"].native == "signature_time_stamp_token"
    assert unsigned["values"][0].dump() == token


def test_there_is_one_time_stamp_at_most_and_only_where_it_has_a_place():
    plain = made()
    signature = parse_signature(plain).signature
    token = time_stamp(stamping_authority(pki().root), signature, NOW)
    for code, value in (("time_stamp_twice", with_time_stamp(plain, token)), ("time_stamp_place", signature)):
        with pytest.raises(SesError) as error:
            with_time_stamp(value, token)
        assert error.value.code == code


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"data_hash": HASH[:-1]}, "data_hash"),
        ({"at": NOW + 5 * YEAR}, "certificate_period"),
        (
            {"signer_certificate": make_holder(Profile.ENCRYPTION, "收件箱", pki().root).certificate},
            "certificate_usage",
        ),
        ({"at": datetime(2026, 11, 21)}, "time"),  # noqa: DTZ001 - naive on purpose
    ],
)
def test_what_may_not_be_signed_is_refused_before_the_key_is_asked(changes, code):
    given = {"signer_certificate": pki().unit.certificate, "data_hash": HASH, "at": NOW}
    with pytest.raises(SesError) as error:
        prepare_plain_signature(**(given | changes))
    assert error.value.code == code


def test_the_encryption_certificate_of_a_pair_signs_nothing():
    holder = make_holder(Profile.ENCRYPTION, "收件箱", pki().root)
    with pytest.raises(SesError) as error:
        prepare_plain_signature(holder.certificate, HASH, NOW)
    assert error.value.code == "certificate_usage"


def test_a_signature_of_another_key_is_refused():
    unsigned = prepare_plain_signature(pki().unit.certificate, HASH, NOW)
    with pytest.raises(SesError) as error:
        unsigned.attach(pki().stranger.key.sign(unsigned.message))
    assert error.value.code == "signature"


def test_attributes_that_name_the_issuer_of_the_certificate_are_what_was_signed():
    """ESSCertIDv2 with its issuerSerial (RFC 5035), as most makers write it: directoryName has the tag [4]."""
    unit = pki().unit
    tbs = asn1_x509.Certificate.load(unit.certificate.der)["tbs_certificate"]
    names = der.sequence(tlv.encode(0xA4, tbs["issuer"].dump()))
    issuer_serial = der.sequence(names, tbs["serial_number"].dump())
    identifier = der.sequence(der.sequence(der.oid(oids.SM3)), der.octets(sm3(unit.certificate.der)), issuer_serial)
    named = attribute("1.2.840.113549.1.9.16.2.47", der.sequence(der.sequence(identifier)))
    attributes = signed_attributes("1.2.156.10197.6.1.4.2.1", sm3(b"content"), NOW, named)
    value = unit.key.sign(tlv.encode(tlv.SET, attributes))
    content = ("1.2.156.10197.6.1.4.2.1", b"")
    made_by_others = signed_data(
        oids.SIGNED_DATA, content, unit.certificate, attributes=attributes, algorithm=oids.SM2_SIGN, value=value
    )
    steps = {each.name: each.ok for each in content_steps(parse_signature(made_by_others), b"content")}
    assert steps == {"data_hash": True, "signature_algorithm": True, "signature": True}
