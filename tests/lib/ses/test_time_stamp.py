"""Time stamps over a signature value."""

from datetime import datetime, timedelta
from functools import cache

import pytest

from support.other_seals import (
    bits,
    generalized,
    seal_info,
    seal_v1,
    seal_v4,
    signature_v1,
    signature_v4,
    stamping_authority,
    time_stamp,
)
from support.seals import NOW, YEAR, Holder, make_root, pki
from yichuan.lib.gm.sm3 import sm3
from yichuan.lib.ses import tlv
from yichuan.lib.ses.model import parse_seal, parse_signature
from yichuan.lib.ses.steps import Step
from yichuan.lib.ses.verify import seal_steps, time_steps

XML = b"<ofd:Signature/>"
LATER = NOW + timedelta(days=1)


@cache
def authority() -> Holder:
    return stamping_authority(pki().root)


def steps_of(
    by: Holder | None = None, *, claimed: datetime = NOW, stamped: datetime = NOW, over: bytes | None = None
) -> dict[str, Step]:
    plain = parse_signature(signature_v4(pki().seal.der, pki().unit, XML, time=generalized(claimed)))
    token = time_stamp(by or authority(), over or plain.signature, stamped)
    members = tlv.read(plain.der).children()
    whole = b"".join(each.raw for each in members) + tlv.encode(tlv.CONTEXT_0, bits(token))
    signature = parse_signature(tlv.encode(tlv.SEQUENCE, whole))
    return {each.name: each for each in time_steps(signature, trust=pki().trust, at=LATER)}


def test_a_trusted_stamp_proves_the_time():
    steps = steps_of()
    assert {name: each.ok for name, each in steps.items()} == dict.fromkeys(
        ("signing_time", "seal_period", "certificate_period", "time_stamp"), True
    )
    assert "江门市时间戳服务" in steps["time_stamp"].note


@pytest.mark.parametrize(
    ("how", "finding"),
    [
        ({"over": b"another signature"}, "stamp_of_other"),
        ({"by": pki().unit}, "stamp_usage"),
        ({"stamped": LATER + timedelta(days=1)}, "time_future"),
        ({"stamped": NOW + 9 * YEAR}, "time_future"),
    ],
)
def test_a_stamp_that_does_not_hold_is_named(how, finding):
    step = steps_of(**how)["time_stamp"]
    assert (step.ok, step.finding) == (False, finding)
    assert steps_of(**how)["signing_time"].ok is None


def test_a_stamp_of_an_authority_nobody_trusts_leaves_the_time_open():
    steps = steps_of(stamping_authority(make_root("别的根")))
    assert (steps["time_stamp"].ok, steps["signing_time"].ok) == (None, None)


def test_a_damaged_token_fails():
    token = bytearray(time_stamp(authority(), b"signature", NOW))
    plain = parse_signature(signature_v4(pki().seal.der, pki().unit, XML))
    token[-10] ^= 1
    whole = b"".join(each.raw for each in tlv.read(plain.der).children())
    for value in (bytes(token), b"", b"token"):
        signature = parse_signature(tlv.encode(tlv.SEQUENCE, whole + tlv.encode(tlv.CONTEXT_0, bits(value))))
        steps = {each.name: each.ok for each in time_steps(signature, trust=pki().trust, at=LATER)}
        assert steps["time_stamp"] is False


def test_a_time_claimed_after_the_stamp_is_a_contradiction():
    steps = steps_of(claimed=NOW + timedelta(hours=1))
    assert (steps["signing_time"].ok, steps["signing_time"].finding) == (False, "time_contradicted")


def test_a_back_dated_signature_is_caught_by_its_stamp():
    steps = steps_of(claimed=NOW, stamped=NOW - YEAR * 0.75)
    assert steps["seal_period"].ok is False


@pytest.mark.parametrize(
    ("over", "ok", "note"),
    [
        (sm3(XML), True, "stamped dataHash at 2026-11-21T09:00:00Z: the signature is later"),
        (XML, True, "stamped Signature.xml"),
        (b"something else", None, "covers neither the digest nor the seal"),
    ],
)
def test_the_token_inside_a_v1_signature_says_what_it_covers_and_proves_no_more(over, ok, note):
    seal = seal_v1(pki().maker, seal_info(pki().unit))
    value = signature_v1(seal, pki().unit, XML, time_stamp(authority(), over, NOW))
    steps = {each.name: each for each in time_steps(parse_signature(value), trust=pki().trust, at=LATER)}
    assert steps["time_stamp"].ok is ok
    assert note in steps["time_stamp"].note
    assert (steps["signing_time"].ok, steps["signing_time"].finding) == (None, "time_claimed")


def test_a_stamp_on_a_v5_seal_is_checked():
    info = seal_info(pki().unit, version=5, list_type=1)
    plain = parse_seal(seal_v4(pki().maker, info))
    members = b"".join(each.raw for each in tlv.read(plain.der).children())
    for stamped, expected in ((plain.signature, True), (b"another seal", False)):
        token = tlv.encode(tlv.CONTEXT_0, bits(time_stamp(authority(), stamped, NOW)))
        seal = parse_seal(tlv.encode(tlv.SEQUENCE, members + token))
        steps = {each.name: each.ok for each in seal_steps(seal, trust=pki().trust, at=LATER)}
        assert steps["seal_time_stamp"] is expected
