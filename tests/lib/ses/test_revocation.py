"""Revocation: what proves that a signature was there before, and what does not."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from support.other_seals import (
    bits,
    generalized,
    seal_info,
    seal_v4,
    signature_v4,
    signed_data,
    stamping_authority,
    time_stamp,
)
from support.seals import NOW, YEAR, make_holder, make_root, pki
from yichuan.lib.gm.crl import Crl, Reason, Revocation, make_crl
from yichuan.lib.gm.x509 import Certificate, Profile
from yichuan.lib.ofd.report import verdict
from yichuan.lib.ses import tlv
from yichuan.lib.ses.model import SealSignature, parse_seal, parse_signature
from yichuan.lib.ses.steps import Step
from yichuan.lib.ses.verify import seal_steps, signer_steps, time_steps

XML = b"<ofd:Signature/>"
DAY = timedelta(days=1)
AT = NOW + 30 * DAY
AUTHORITY = stamping_authority(pki().root)


def lists(
    *revoked: Certificate, since: datetime = NOW, reason: Reason = Reason.KEY_COMPROMISE, made: datetime = AT - DAY
) -> list[Crl]:
    """The root's revocation list, made the day before the check and good for a week."""
    entries = [Revocation(each.serial, since, reason) for each in revoked]
    root = pki().root
    return [
        make_crl(
            root.certificate, root.key.sign, revoked=entries, number=1, this_update=made, next_update=made + 7 * DAY
        )
    ]


def signed(claimed: datetime = NOW, stamped: datetime | None = None) -> SealSignature:
    """A v4 signature of the unit that claims a time and, with `stamped`, has a time stamp of it."""
    plain = signature_v4(pki().seal.der, pki().unit, XML, time=generalized(claimed))
    if stamped is None:
        return parse_signature(plain)
    token = tlv.encode(tlv.CONTEXT_0, bits(time_stamp(AUTHORITY, parse_signature(plain).signature, stamped)))
    members = b"".join(each.raw for each in tlv.read(plain).children())
    return parse_signature(tlv.encode(tlv.SEQUENCE, members + token))


def signer(signature: SealSignature, crls: list[Crl] | None, at: datetime = AT) -> Step:
    steps = {each.name: each for each in signer_steps(signature, trust=pki().trust, at=at, crls=crls)}
    return steps.get("signer_revocation") or steps["revocation"]


def test_a_certificate_that_the_list_does_not_name_is_good():
    step = signer(signed(), lists(pki().stranger.certificate))
    assert (step.name, step.ok, step.finding) == ("signer_revocation", True, "not_revoked")


def test_without_a_list_nothing_is_checked_and_it_is_said():
    step = signer(signed(), None)
    assert (step.name, step.ok, step.note) == ("revocation", None, "no revocation list was given: not checked")


@pytest.mark.parametrize("crls", [[], lists(made=AT - 8 * DAY)], ids=["no list", "an old list"])
def test_where_lists_are_asked_for_and_none_tells_it_is_open(crls):
    step = signer(signed(), crls)
    assert (step.name, step.ok, step.finding) == ("signer_revocation", None, "revocation_unknown")


def test_a_signature_that_says_itself_it_came_after_the_revocation_fails():
    step = signer(signed(claimed=NOW + DAY), lists(pki().unit.certificate))
    assert (step.ok, step.finding) == (False, "revoked")


def test_a_clock_of_ones_own_does_not_rescue_a_revoked_certificate():
    step = signer(signed(claimed=NOW - DAY), lists(pki().unit.certificate))
    assert (step.ok, step.finding) == (None, "revoked_since")
    assert "only the signer's own clock" in step.note


def test_a_time_stamp_from_before_the_revocation_does():
    step = signer(signed(NOW - DAY, stamped=NOW - DAY), lists(pki().unit.certificate))
    assert (step.ok, step.finding) == (True, "revoked_later")


def test_a_time_stamp_from_after_the_revocation_convicts_whatever_is_claimed():
    step = signer(signed(NOW - DAY, stamped=NOW + DAY), lists(pki().unit.certificate))
    assert (step.ok, step.finding) == (False, "revoked")


def test_a_revocation_after_the_day_of_the_check_is_none_yet():
    step = signer(signed(), lists(pki().unit.certificate, since=AT + DAY))
    assert (step.ok, step.finding) == (True, "not_revoked")


def test_a_list_of_the_last_days_of_a_certificate_speaks_for_it_ever_after():
    end = pki().unit.certificate.not_after
    late = end + YEAR
    last = lists(made=end - DAY)
    assert signer(signed(), last, at=late).ok is True
    assert signer(signed(), lists(made=end + DAY), at=late).finding == "revocation_unknown"
    assert signer(signed(NOW - DAY), lists(pki().unit.certificate, made=end - DAY), at=late).finding == "revoked_since"


def test_a_list_of_another_issuer_tells_nothing():
    other = make_root("江门市电子公文交换中心根证书")
    forged = make_crl(
        other.certificate, other.key.sign, revoked=[], number=9, this_update=AT - DAY, next_update=AT + DAY
    )
    assert signer(signed(), [forged]).finding == "revocation_unknown"


def test_a_certificate_relied_on_itself_is_not_asked_for():
    steps = {each.name: each for each in signer_steps(signed(), trust=[pki().unit.certificate], at=AT, crls=[])}
    assert (steps["signer_revocation"].ok, steps["signer_revocation"].finding) == (True, "revocation_anchor")


def test_a_revoked_maker_spoils_seals_that_are_not_proven_older():
    seal, crls = pki().seal, lists(pki().maker.certificate)

    def maker(**how: object) -> Step:
        steps = seal_steps(seal, trust=pki().trust, at=AT, crls=crls, **how)  # type: ignore[arg-type]
        return next(each for each in steps if each.name == "seal_maker_revocation")

    assert (maker().ok, maker().finding) == (None, "revoked_since")
    assert (maker(existed=NOW - DAY).ok, maker(existed=NOW - DAY).finding) == (True, "revoked_later")
    assert (maker(existed=NOW + DAY).ok, maker(existed=NOW + DAY).finding) == (False, "revoked")


def test_a_seal_made_after_its_maker_was_revoked_fails():
    info = seal_info(pki().unit, version=4, list_type=1)
    crls = lists(pki().maker.certificate, since=NOW - YEAR * 0.75)
    steps = seal_steps(parse_seal(seal_v4(pki().maker, info)), trust=pki().trust, at=AT, crls=crls)
    assert {each.name: each.ok for each in steps}["seal_maker_revocation"] is False


@pytest.mark.parametrize(
    ("since", "reason", "holds"),
    [
        (NOW - DAY, Reason.SUPERSEDED, False),
        (NOW + DAY, Reason.SUPERSEDED, True),
        (NOW + DAY, Reason.CESSATION_OF_OPERATION, True),
        (NOW + DAY, Reason.KEY_COMPROMISE, False),
        (NOW + DAY, Reason.UNSPECIFIED, False),
    ],
)
def test_stamps_of_a_revoked_authority_stand_only_when_its_key_was_not_in_danger(since, reason, holds):
    crls = lists(AUTHORITY.certificate, since=since, reason=reason)
    steps = {each.name: each for each in time_steps(signed(stamped=NOW), trust=pki().trust, at=AT, crls=crls)}
    assert steps["time_stamp"].ok is holds
    assert steps["signing_time"].ok is (True if holds else None)


def test_a_list_inside_signed_data_speaks_though_none_was_given():
    (revoking,) = lists(pki().unit.certificate, since=NOW - DAY)
    (clean,) = lists()
    for crl, ok in ((revoking, False), (clean, True)):
        value = parse_signature(signed_data(pki().unit, XML, form="attributes", crls=(b"\x30\x00", crl.der)))
        step = signer(value, None)
        assert (step.name, step.ok) == ("signer_revocation", ok)


def test_too_long_lists_inside_are_passed_over():
    many = lists(*[replace(pki().unit.certificate, serial=2**8000 + number) for number in range(300)])
    value = parse_signature(signed_data(pki().unit, XML, form="attributes", crls=(many[0].der,)))
    assert len(many[0].der) > 256 * 1024
    assert signer(value, None).name == "revocation"


def test_signed_data_carries_its_time_stamp_beside_the_signature():
    value = parse_signature(
        signed_data(pki().unit, XML, form="content", stamped=lambda signature: time_stamp(AUTHORITY, signature, NOW))
    )
    steps = {each.name: each for each in time_steps(value, trust=pki().trust, at=AT)}
    assert (steps["time_stamp"].ok, steps["signing_time"].ok) == (True, True)
    other = parse_signature(
        signed_data(pki().unit, XML, form="content", stamped=lambda _: time_stamp(AUTHORITY, b"other", NOW))
    )
    assert {each.name: each.ok for each in time_steps(other, trust=pki().trust, at=AT)}["time_stamp"] is False


def test_an_intermediate_that_was_revoked_spoils_what_is_below_it():
    root = pki().root
    middle = make_holder(Profile.INTERMEDIATE, "二级", root)
    leaf = make_holder(Profile.SIGNER, "市教育局", middle)
    own = make_crl(
        middle.certificate, middle.key.sign, revoked=[], number=1, this_update=AT - DAY, next_update=AT + DAY
    )
    info = seal_info(leaf, version=4, list_type=1)
    value = parse_signature(signature_v4(seal_v4(pki().maker, info), leaf, XML, time=generalized(NOW + DAY)))
    value = replace(value, extra_certificates=(middle.certificate.der,))
    assert signer(value, [own, *lists()]).ok is True
    assert signer(value, [own, *lists(middle.certificate)]).ok is False
    assert signer(value, lists()).finding == "revocation_unknown"


def test_what_cannot_be_told_leaves_the_signer_open_only_when_lists_were_asked_for():
    for crls, expected in ((None, "ok"), ([], "unknown"), (lists(), "ok"), (lists(pki().unit.certificate), "unknown")):
        steps = signer_steps(signed(NOW - DAY), trust=pki().trust, at=AT, crls=crls)
        assert verdict(steps, frozenset(("signer_in_seal_list", "signer_certificate", "signer_revocation"))) == expected
