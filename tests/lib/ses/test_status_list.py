"""The status list: how a maker's seals stand, and what that says of signatures made with them."""

from datetime import datetime, timedelta

import pytest
from asn1crypto import core
from hypothesis import given
from hypothesis import strategies as st

from support.other_seals import stamping_authority, time_stamp
from support.seals import NOW, YEAR, Holder, make_holder, make_root, pki, sealed_ofd, small_ofd
from yichuan.lib.gm.crl import Reason, Revocation, make_crl
from yichuan.lib.gm.x509 import Profile
from yichuan.lib.ofd.report import Report, Step
from yichuan.lib.ofd.sealing import Stamp, prepare_sealing
from yichuan.lib.ofd.verifying import verify
from yichuan.lib.ses import tlv
from yichuan.lib.ses.errors import SesError
from yichuan.lib.ses.status_list import MOST_ENTRIES, Entry, Status, StatusList, make_status_list, parse_status_list
from yichuan.lib.verifying import verify_file

DAY = timedelta(days=1)
AT = NOW + 10 * DAY
SEAL = pki().seal
AUTHORITY = stamping_authority(pki().root)


def listed(*entries: Entry, maker: Holder | None = None, made: datetime = AT - DAY, number: int = 7) -> StatusList:
    """The maker's list of the day before the check, good for a week."""
    maker = maker or pki().maker
    return make_status_list(
        maker.certificate, maker.key.sign, entries=entries, number=number, this_update=made, next_update=made + 7 * DAY
    )


def ended(since: datetime, status: Status = Status.SUSPENDED) -> Entry:
    return Entry(SEAL.seal_id, status, since, "遗失")


def document(sealed: datetime, *, stamped: bool = False) -> bytes:
    """An OFD that the unit sealed at a time it says itself, with a time stamp of it where it has one."""
    waiting = prepare_sealing(small_ofd(1), SEAL, [Stamp(0, 105, 200)]).for_signer(pki().unit.certificate, sealed)
    done = waiting.attach(pki().unit.key.sign(waiting.message))
    return done.stamped(time_stamp(AUTHORITY, done.signature, sealed)).data if stamped else done.data


def checked(data: bytes, *lists: StatusList, at: datetime = AT) -> tuple[Step, Report]:
    report = verify(data, trust=pki().trust, at=at, status_lists=lists)
    return next(each for each in report.signatures[0].steps if each.name == "seal_status"), report


def test_a_list_says_what_was_written() -> None:
    entries = [ended(NOW), Entry("JM0000000002", Status.DESTROYED, NOW - DAY)]
    read = parse_status_list(listed(*entries).der)
    assert list(read.entries.values()) == entries
    assert (read.number, read.issuer) == (7, pki().maker.certificate.subject_name)
    assert (read.this_update, read.next_update) == (AT - DAY, AT + 6 * DAY)
    assert read.believed(trust=pki().trust, at=AT)


def test_a_seal_that_the_list_does_not_name_is_in_use() -> None:
    step, report = checked(document(NOW), listed(Entry("JM0000000002", Status.WITHDRAWN, NOW)))
    assert (step.ok, step.finding, report.signatures[0].seal) == (True, "status_good", "ok")
    assert "2026-11-30T09:00:00Z" in step.note_zh  # the day of the list is said


def test_sealed_and_stamped_before_the_suspension_a_document_stays_valid_at_its_time() -> None:
    step, report = checked(document(NOW, stamped=True), listed(ended(NOW + DAY)))
    assert (step.ok, step.finding) == (True, "status_later")
    assert report.valid_and_trusted


def test_sealed_after_the_report_of_loss_it_fails_and_says_why() -> None:
    step, report = checked(document(NOW + 2 * DAY, stamped=True), listed(ended(NOW + DAY)))
    assert (step.ok, step.finding, report.signatures[0].seal) == (False, "status_ended", "failed")
    assert "暂停使用（遗失）" in step.note_zh


def test_without_a_stamp_the_signers_own_clock_does_not_rescue_it() -> None:
    step, report = checked(document(NOW), listed(ended(NOW + DAY)))
    assert (step.ok, step.finding, report.signatures[0].seal) == (None, "status_since", "unknown")
    assert "没有时间戳" in step.note_zh
    assert not report.valid_and_trusted


def test_who_admits_to_have_sealed_after_the_suspension_fails_without_a_stamp_too() -> None:
    assert checked(document(NOW + 2 * DAY), listed(ended(NOW + DAY)))[0].finding == "status_ended"


def test_as_of_a_day_before_the_suspension_the_seal_was_in_use() -> None:
    assert checked(document(NOW), listed(ended(NOW + DAY)), at=NOW + DAY / 2)[0].finding == "status_good"


@pytest.mark.parametrize(
    "lists",
    [
        (),
        (listed(made=AT - 8 * DAY),),
        (listed(maker=make_holder(Profile.SEAL_MAKER, "别处的制章中心", pki().root)),),
        (listed(maker=make_holder(Profile.SEAL_MAKER, pki().maker.certificate.subject_name, make_root())),),
        (listed(maker=make_holder(Profile.CLIENT, pki().maker.certificate.subject_name, pki().root)),),
    ],
    ids=["no list", "an old list", "another maker's", "a maker nobody trusts", "no maker at all"],
)
def test_where_no_list_can_tell_it_is_open(lists: tuple[StatusList, ...]) -> None:
    step, report = checked(document(NOW), *lists)
    assert (step.ok, step.finding, report.signatures[0].seal) == (None, "status_unknown", "unknown")


def test_of_several_lists_the_newest_speaks() -> None:
    older, newer = listed(ended(NOW - DAY)), listed(made=AT - DAY / 2, number=8)
    assert checked(document(NOW), older, newer)[0].finding == "status_good"


def test_a_list_of_the_maker_under_its_next_certificate_speaks_of_its_earlier_seals() -> None:
    renewed = make_holder(Profile.SEAL_MAKER, pki().maker.certificate.subject_name, pki().root)
    assert checked(document(NOW), listed(ended(NOW - DAY), maker=renewed))[0].finding == "status_ended"


def test_the_list_of_a_maker_whose_key_was_stolen_says_nothing() -> None:
    maker, root = pki().maker.certificate, pki().root
    stolen = Revocation(maker.serial, NOW, Reason.KEY_COMPROMISE)
    crl = make_crl(
        root.certificate, root.key.sign, revoked=[stolen], number=1, this_update=AT - DAY, next_update=AT + DAY
    )
    assert listed().believed(trust=pki().trust, at=AT, crls=[]) is False
    assert listed().believed(trust=pki().trust, at=AT, crls=[crl]) is False


def test_a_seal_alone_is_asked_for_as_of_now() -> None:
    found = verify_file(SEAL.der, trust=pki().trust, at=AT, status_lists=[listed(ended(NOW))]).report.signatures[0]
    assert [(step.ok, step.finding) for step in found.steps if step.name == "seal_status"] == [(False, "status_ended")]


def test_where_no_list_is_asked_for_nothing_is_said_of_the_seals_standing() -> None:
    report = verify(sealed_ofd(), trust=pki().trust, at=AT)
    assert "seal_status" not in {step.name for step in report.signatures[0].steps}


def test_one_changed_byte_of_what_is_signed_is_not_believed() -> None:
    der = listed(ended(NOW)).der
    altered = parse_status_list(der.replace("遗失".encode(), "损坏".encode()))
    assert not altered.believed(trust=pki().trust, at=AT)


def parts(der: bytes) -> list[tlv.Tlv]:
    return tlv.read(der).children()


def rebuilt(**changes: bytes) -> bytes:
    """The list with other members in its signed part, by their place."""
    whole = parts(listed(ended(NOW)).der)
    names = ("version", "issuer", "digest", "number", "this", "next", "entries")
    inside = dict(zip(names, (each.raw for each in whole[0].children()), strict=True)) | changes
    tbs = tlv.encode(tlv.SEQUENCE, b"".join(inside.values()))
    return tlv.encode(tlv.SEQUENCE, tbs + b"".join(each.raw for each in whole[1:]))


ONE = parts(listed(ended(NOW)).der)[0].children()[6].children()[0].raw


@pytest.mark.parametrize(
    "der",
    [
        b"",
        b"\x30\x80",
        listed().der + b"\0",
        rebuilt(version=core.Integer(2).dump()),
        rebuilt(issuer=core.UTF8String("江门市电子印章中心").dump()),
        rebuilt(digest=core.OctetString(bytes(32)).dump()),
        rebuilt(number=core.Integer(-1).dump()),
        rebuilt(number=core.Integer(2**63).dump()),
        rebuilt(next=core.GeneralizedTime(AT - 2 * DAY).dump()),
        rebuilt(entries=tlv.encode(tlv.SEQUENCE, ONE + ONE)),
        rebuilt(entries=tlv.encode(tlv.SEQUENCE, ONE * (MOST_ENTRIES + 1))),
        rebuilt(entries=tlv.encode(tlv.SEQUENCE, ONE.replace(b"\x0a\x01\x01", b"\x0a\x01\x04"))),
        rebuilt(entries=tlv.encode(tlv.SEQUENCE, ONE.replace(b"JM000", b"JM\0\n0"))),
        bytes(3 * 1024 * 1024),
    ],
    ids=[
        "nothing", "no end", "bytes behind it", "version", "issuer", "digest", "number", "large number", "period",
        "a seal twice", "too many", "a status nobody knows", "control characters", "too long",
    ],
)  # fmt: skip
def test_what_is_no_proper_list_is_refused(der: bytes) -> None:
    with pytest.raises(SesError) as refused:
        parse_status_list(der)
    assert refused.value.code == "status_list"


@given(st.integers(0, 600), st.binary(min_size=1, max_size=4))
def test_whatever_the_bytes_the_reader_refuses_or_reads(place: int, put: bytes) -> None:
    der = bytearray(listed(ended(NOW)).der)
    der[place : place + len(put)] = put
    try:
        parse_status_list(bytes(der))
    except SesError as refused:
        assert refused.code == "status_list"


def test_a_list_is_not_made_wrong() -> None:
    for wrong in (
        lambda: listed(ended(NOW), ended(NOW)),
        lambda: listed(Entry("x" * 200, Status.SUSPENDED, NOW)),
        lambda: make_status_list(
            pki().maker.certificate, pki().unit.key.sign, entries=(), number=1, this_update=NOW, next_update=NOW + YEAR
        ),
    ):
        with pytest.raises(SesError):
            wrong()
