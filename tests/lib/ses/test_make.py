"""Making seals."""

import re
from dataclasses import replace
from datetime import datetime

import pytest
from asn1crypto import core

from support.other_seals import stamping_authority, time_stamp
from support.seals import NOW, PNG, YEAR, make_seal, pki
from yichuan.lib.ses import asn1
from yichuan.lib.ses.make import SealDraft
from yichuan.lib.ses.model import Picture, SesError, parse_seal
from yichuan.lib.ses.stamping import seal_with_time_stamp
from yichuan.lib.ses.verify import seal_steps


def draft(**changes):
    base = SealDraft(
        seal_id="JM1",
        name="江门市人民政府办公室",
        kind=1,
        picture=Picture("png", PNG, 45, 45),
        signer_certificates=(pki().unit.certificate,),
        created=NOW,
        valid_from=NOW,
        valid_to=NOW + YEAR,
    )
    return replace(base, **changes)


def test_a_seal_reads_back_as_it_was_drafted():
    unsigned = draft().prepare(pki().maker.certificate)
    seal = unsigned.attach(pki().maker.key.sign(unsigned.message))
    assert (seal.version, seal.name, seal.kind, seal.seal_id, seal.vendor_id) == (
        "v4",
        "江门市人民政府办公室",
        1,
        "JM1",
        "YICHUAN",
    )
    assert seal.picture == Picture("png", PNG, 45, 45)
    assert seal.certificates == (pki().unit.certificate.der,)
    assert (seal.created, seal.valid_from, seal.valid_to) == (NOW, NOW, NOW + YEAR)
    assert seal.signed == unsigned.message
    assert seal.notes == ()
    assert parse_seal(seal.der) == seal


def test_the_written_bytes_are_strict_der_of_the_standards_structure():
    value = asn1.SealValue.load(pki().seal.der, strict=True)
    assert value.native["info"]["header"] == {"id": "ES", "version": 4, "vendor_id": "YICHUAN"}
    assert value.native["info"]["properties"]["certificate_list_type"] == 1
    assert value.dump(force=True) == pki().seal.der


def test_raw_r_and_s_are_taken_and_written_as_der():
    unsigned = draft().prepare(pki().maker.certificate)
    der = core.Sequence.load(pki().maker.key.sign(unsigned.message))
    raw = b"".join(int(der[i].native).to_bytes(32, "big") for i in (0, 1))
    assert core.Sequence.load(unsigned.attach(raw).signature).native == der.native


def test_a_signature_of_somebody_else_is_refused():
    unsigned = draft().prepare(pki().maker.certificate)
    with pytest.raises(SesError) as error:
        unsigned.attach(pki().stranger.key.sign(unsigned.message))
    assert error.value.code == "signature"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"seal_id": ""}, "seal_id"),
        ({"seal_id": "印章"}, "seal_id"),
        ({"vendor_id": "驿传"}, "vendor_id"),
        ({"name": " "}, "name"),
        ({"picture": Picture("tiff", PNG, 45, 45)}, "picture"),
        ({"picture": Picture("png", PNG, 0, 45)}, "picture"),
        ({"picture": Picture("png", b"", 45, 45)}, "picture"),
        ({"picture": Picture("gif", PNG, 45, 45)}, "picture"),
        ({"picture": Picture("svg", PNG, 45, 45)}, "picture"),
        ({"picture": Picture("svg", b"<html/>", 45, 45)}, "picture"),
        ({"picture": Picture("ofd", b"not a package", 45, 45)}, "picture"),
        ({"signer_certificates": ()}, "certificates"),
        ({"version": 1}, "seal_version"),
        ({"valid_to": NOW}, "period"),
        ({"created": datetime(2026, 1, 1)}, "time"),  # noqa: DTZ001 - naive on purpose
    ],
)
def test_an_incomplete_draft_is_refused_by_field(changes, code):
    with pytest.raises(SesError, match=re.escape(code.split("_")[0])) as error:
        draft(**changes).prepare(pki().maker.certificate)
    assert error.value.code == code


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("ofd", b"PK\x03\x04..."),
        ("png", PNG),
        ("gif", b"GIF89a..."),
        ("bmp", b"BM..."),
        ("jpg", b"\xff\xd8\xff..."),
        ("svg", b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"/>'),
    ],
)
def test_a_picture_is_of_the_kind_it_is_called(kind, data):
    unsigned = draft(picture=Picture(kind, data, 42, 30)).prepare(pki().maker.certificate)
    seal = unsigned.attach(pki().maker.key.sign(unsigned.message))
    assert (seal.picture, seal.notes) == (Picture(kind, data, 42, 30), ())


def test_a_list_of_digests_names_the_same_certificates_in_strict_der():
    signers = (pki().unit.certificate, pki().stranger.certificate)
    unsigned = draft(signer_certificates=signers, list_digests=True).prepare(pki().maker.certificate)
    seal = unsigned.attach(pki().maker.key.sign(unsigned.message))
    assert seal.certificates == ()
    assert seal.certificate_digests == tuple(("SM3", each.fingerprint) for each in signers)
    assert seal.notes == ()
    value = asn1.SealValue.load(seal.der, strict=True)
    assert value.native["info"]["properties"]["certificate_list_type"] == 2
    assert value.dump(force=True) == seal.der


def test_a_v5_seal_may_bear_a_time_stamp():
    unsigned = draft(version=5).prepare(pki().maker.certificate)
    seal = unsigned.attach(pki().maker.key.sign(unsigned.message))
    assert (seal.version, seal.time_stamp, seal.notes) == ("v5", None, ())
    token = time_stamp(stamping_authority(pki().root), seal.signature, NOW)
    stamped = seal_with_time_stamp(seal, token)
    assert stamped == replace(seal, der=stamped.der, time_stamp=token)
    steps = {each.name: each.ok for each in seal_steps(stamped, trust=pki().trust, at=NOW)}
    assert steps["seal_maker_signature"] is True
    assert steps["seal_time_stamp"] is True
    assert asn1.SealValue.load(stamped.der, strict=True).dump(force=True) == stamped.der


def test_a_time_stamp_that_does_not_belong_there_is_refused():
    unsigned = draft(version=5).prepare(pki().maker.certificate)
    seal = unsigned.attach(pki().maker.key.sign(unsigned.message))
    authority = stamping_authority(pki().root)
    token = time_stamp(authority, seal.signature, NOW)
    for code, stamped, given in (
        ("time_stamp_place", pki().seal, token),
        ("time_stamp_twice", seal_with_time_stamp(seal, token), token),
        ("time_stamp_imprint", seal, time_stamp(authority, b"another seal", NOW)),
        ("asn1", seal, b"no token"),
    ):
        with pytest.raises(SesError) as error:
            seal_with_time_stamp(stamped, given)
        assert error.value.code == code


def test_several_units_may_share_a_seal():
    seal = make_seal(pki().maker, pki().unit, pki().stranger)
    assert len(seal.certificates) == 2
