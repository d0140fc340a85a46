"""Time stamps in the sequence of sealing."""

import pytest

from support.other_seals import time_stamp
from support.seal_structures import SignatureValue
from support.sealing import authority, signature_entries, signed, token_for
from support.seals import NOW, pki, small_ofd
from yichuan.lib.ofd.package import Package
from yichuan.lib.ofd.sealing import SignedOfd, Stamp, prepare_sealing
from yichuan.lib.ofd.verifying import verify
from yichuan.lib.ses.model import SesError, parse_signature

VALUE = "Doc_0/Signs/Sign_0/SignedValue.dat"


def document() -> SignedOfd:
    return signed(prepare_sealing(small_ofd(), pki().seal, [Stamp(0, 140, 220)]), pki().unit)


def test_a_stamped_seal_has_a_proven_time():
    sealed = document()
    stamped = sealed.stamped(token_for(sealed))
    assert stamped.signature_id == sealed.signature_id == "s001"
    report = verify(stamped.data, trust=pki().trust, at=NOW)
    assert report.valid_and_trusted
    assert report.signatures[0].time == "ok"
    (step,) = [each for each in report.signatures[0].steps if each.name == "time_stamp"]
    assert authority().certificate.subject_name in step.note


def test_the_stamp_changes_the_signature_value_alone_and_of_that_nothing_signed():
    sealed = document()
    token = token_for(sealed)
    before, after = Package.open(sealed.data), Package.open(sealed.stamped(token).data)
    assert [name for name in before.names() if before.read(name) != after.read(name)] == [VALUE]
    plain, stamped = parse_signature(before.read(VALUE)), parse_signature(after.read(VALUE))
    assert (stamped.signed, stamped.signature, stamped.time_stamp) == (plain.signed, plain.signature, token)
    assert stamped.notes == ()
    strict = SignatureValue.load(after.read(VALUE), strict=True)
    assert strict["time_stamp"].native == token
    assert strict.dump(force=True) == after.read(VALUE)


def test_the_next_seal_protects_the_stamp():
    sealed = document()
    stamped = sealed.stamped(token_for(sealed)).data
    data = signed(prepare_sealing(stamped, pki().seal, [Stamp(1, 140, 220)]), pki().unit).data
    assert signature_entries(data).items() >= signature_entries(stamped).items()
    report = verify(data, trust=pki().trust, at=NOW)
    assert report.valid_and_trusted
    assert [each.time for each in report.signatures] == ["ok", "unknown"]


def test_a_stamp_over_something_else_is_refused():
    sealed = document()
    holder = pki().unit
    for token, code in ((time_stamp(holder, b"another signature", NOW), "time_stamp_imprint"), (b"no token", "asn1")):
        with pytest.raises(SesError) as error:
            sealed.stamped(token)
        assert error.value.code == code
