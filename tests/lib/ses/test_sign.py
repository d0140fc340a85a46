"""Signing with a seal."""

import shutil
import subprocess
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from asn1crypto import core

from support.seal_structures import SignatureValue
from support.seals import NOW, YEAR, make_holder, make_seal, pki
from yichuan.lib.gm.sm2 import PublicKey
from yichuan.lib.gm.sm3 import sm3
from yichuan.lib.gm.x509 import Profile
from yichuan.lib.ses.liberal import CHINA
from yichuan.lib.ses.model import SesError, parse_signature
from yichuan.lib.ses.sign import in_seal_list, prepare_signature
from yichuan.lib.ses.verify import content_steps

HASH = sm3(b"<Signature/>")
PATH = "/Doc_0/Signs/Sign_0/Signature.xml"


def prepare(**changes):
    given = {
        "seal": pki().seal,
        "signer_certificate": pki().unit.certificate,
        "data_hash": HASH,
        "property_info": PATH,
        "at": NOW,
    }
    return prepare_signature(**(given | changes))


def prepared_value(**changes):
    unsigned = prepare(**changes)
    return unsigned.attach(pki().unit.key.sign(unsigned.message))


def test_a_signature_reads_back_as_it_was_made():
    unsigned = prepare(at=NOW + timedelta(microseconds=5))
    signed = parse_signature(unsigned.attach(pki().unit.key.sign(unsigned.message)))
    assert (signed.version, signed.data_hash, signed.property_info, signed.time) == ("v4", HASH, PATH, NOW)
    assert signed.seal == pki().seal
    assert signed.certificate == pki().unit.certificate.der
    assert signed.signed == unsigned.message
    assert (signed.time_stamp, signed.notes) == (None, ())


def test_the_written_bytes_are_strict_der_of_the_standards_structure():
    unsigned = prepare()
    der = unsigned.attach(pki().unit.key.sign(unsigned.message))
    value = SignatureValue.load(der, strict=True)
    assert value.native["to_sign"]["version"] == 4
    assert value.dump(force=True) == der


def test_raw_r_and_s_are_taken_and_written_as_der():
    unsigned = prepare()
    der = core.Sequence.load(pki().unit.key.sign(unsigned.message))
    raw = b"".join(int(der[i].native).to_bytes(32, "big") for i in (0, 1))
    assert core.Sequence.load(parse_signature(unsigned.attach(raw)).signature).native == der.native


def test_what_a_signature_is_of_is_worked_out_once_for_all_who_ask(monkeypatch):
    signed = parse_signature(prepared_value())
    asked = []
    original = PublicKey.verify
    monkeypatch.setattr(PublicKey, "verify", lambda self, *given: asked.append(given) or original(self, *given))
    told = [[step.ok for step in content_steps(signed, b"<Signature/>")] for _ in range(3)]
    assert told == [[True, True, True]] * 3
    assert len(asked) == 1
    assert [step.ok for step in content_steps(replace(signed, signed=b"other"), b"<Signature/>")][-1] is False


def test_a_signature_of_another_key_is_refused():
    unsigned = prepare()
    with pytest.raises(SesError) as error:
        unsigned.attach(pki().stranger.key.sign(unsigned.message))
    assert error.value.code == "signature"


def test_a_signature_over_other_bytes_is_refused():
    with pytest.raises(SesError) as error:
        prepare().attach(pki().unit.key.sign(b"something else"))
    assert error.value.code == "signature"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"signer_certificate": pki().stranger.certificate}, "not_in_seal"),
        ({"data_hash": HASH[:-1]}, "data_hash"),
        ({"property_info": "/文档/Signature.xml"}, "property_info"),
        ({"at": NOW + YEAR}, "seal_period"),
        ({"at": NOW - YEAR * 0.9}, "seal_period"),
        ({"at": datetime(2026, 11, 21)}, "time"),  # noqa: DTZ001 - naive on purpose
        ({"seal": replace(pki().seal, version="v1")}, "seal_version"),
        ({"seal": replace(pki().seal, valid_to=NOW + 9 * YEAR), "at": NOW + 5 * YEAR}, "certificate_period"),
    ],
)
def test_what_may_not_be_signed_is_refused_before_the_key_is_asked(changes, code):
    with pytest.raises(SesError) as error:
        prepare(**changes)
    assert error.value.code == code


def test_the_encryption_certificate_of_a_pair_signs_nothing():
    holder = make_holder(Profile.ENCRYPTION, "收件箱", pki().root)
    with pytest.raises(SesError) as error:
        prepare(seal=make_seal(pki().maker, holder), signer_certificate=holder.certificate)
    assert error.value.code == "certificate_usage"


def test_the_time_is_written_in_utc_whatever_zone_it_is_given_in():
    signed = parse_signature(prepared_value(at=NOW.astimezone(CHINA)))
    assert b"20261121090000Z" in (signed.signed or b"")
    assert signed.time == NOW


def test_a_v5_seal_makes_v5_signatures():
    seal = make_seal(pki().maker, pki().unit, version=5)
    signed = parse_signature(prepared_value(seal=seal))
    assert (signed.version, signed.seal, signed.notes) == ("v5", seal, ())


def test_a_list_of_digests_admits_the_certificate_it_names():
    digests = (("SM3", sm3(pki().unit.certificate.der)),)
    seal = replace(pki().seal, certificates=(), certificate_digests=digests)
    assert in_seal_list(seal, pki().unit.certificate.der)
    assert not in_seal_list(seal, pki().stranger.certificate.der)


@pytest.mark.skipif(shutil.which("openssl") is None, reason="the openssl command is not here")
def test_the_openssl_command_agrees_with_the_signature(tmp_path):
    unsigned = prepare()
    signed = parse_signature(unsigned.attach(pki().unit.key.sign(unsigned.message)))
    parts = {"key.der": pki().unit.key.public.der, "value": signed.signature, "message": signed.signed}
    for name, content in parts.items():
        (tmp_path / name).write_bytes(content)
    command = "openssl dgst -sm3 -verify key.der -keyform DER -sigopt distid:1234567812345678 -signature value message"
    result = subprocess.run(command.split(), cwd=tmp_path, capture_output=True, check=False)
    assert result.stdout == b"Verified OK\n"
