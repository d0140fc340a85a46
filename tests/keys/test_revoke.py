"""Holding, releasing and revoking certificates, and the revocation lists that say so at once."""

from datetime import timedelta

import pytest
from pytest_django import DjangoCaptureOnCommitCallbacks

from support.certificates import DAY, for_person
from support.world import World, broken_device
from yichuan.audit.models import Entry
from yichuan.common import clock
from yichuan.common.errors import Refused
from yichuan.common.transactions import command
from yichuan.keys.models import IssuedCertificate, PublishedList
from yichuan.keys.selectors import crls, expiring, published
from yichuan.keys.services.authority import ISSUING, ROOT, certificate_of
from yichuan.keys.services.hold import hold
from yichuan.keys.services.publish import KEPT, publish_lists, publish_wanted, want_list
from yichuan.keys.services.registry import row_of
from yichuan.keys.services.release import release
from yichuan.keys.services.revoke import revoke
from yichuan.keys.states import CertificateState, Why
from yichuan.lib.gm.crl import Crl, Reason
from yichuan.lib.gm.x509 import validate_path


def held(world: World) -> IssuedCertificate:
    row = for_person(world.clerk["市环保局"])
    with command():
        return hold(actor=None, certificate=row, reason="本人报告介质丢失")


def newest() -> Crl:
    row = published(ISSUING)
    assert row is not None
    assert row.der is not None
    return Crl.from_der(bytes(row.der))


def listed(row: IssuedCertificate) -> Reason | None:
    entry = newest().revoked.get(int(row.serial, 16))
    return entry.reason if entry else None


def test_a_new_centre_has_a_list_of_each_ca(world: World) -> None:
    assert [crl.number for crl in crls()] == [1, 1]
    assert crls()[0].signed_by(certificate_of(ROOT))
    assert crls()[1].signed_by(certificate_of(ISSUING))


def test_a_held_certificate_is_on_the_list_as_soon_as_the_act_stands(
    world: World, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        row = held(world)
    assert newest().number == 2
    assert listed(row) is Reason.CERTIFICATE_HOLD
    assert (row.state, row.note) == (CertificateState.HELD, "本人报告介质丢失")
    assert [entry.verb for entry in Entry.objects.filter(subject_id=row.pk).order_by("id")] == [
        "keys.issue_certificate",
        "keys.hold_certificate",
    ]


def test_it_is_published_when_the_transaction_ends_and_not_before(committed_world: World) -> None:
    row = for_person(committed_world.clerk["市环保局"])
    with command():
        hold(actor=None, certificate=row, reason="丢失")
        assert newest().number == 1
    assert newest().number == 2
    assert listed(row) is Reason.CERTIFICATE_HOLD


def test_what_did_not_happen_is_not_published(committed_world: World) -> None:
    row = for_person(committed_world.clerk["市环保局"])
    with pytest.raises(ZeroDivisionError), command():
        hold(actor=None, certificate=row, reason="丢失")
        raise ZeroDivisionError
    assert PublishedList.objects.filter(issuer=ISSUING).count() == 1
    assert publish_lists() == 0


def test_a_released_certificate_leaves_the_list(world: World) -> None:
    row = held(world)
    publish_wanted()
    with command():
        row = release(actor=None, certificate=row, reason="介质找到了")
    publish_wanted()
    assert (row.state, row.revoked_at, listed(row)) == (CertificateState.VALID, None, None)
    assert newest().number == 3


def test_a_revocation_after_a_loss_counts_from_the_loss_on(world: World) -> None:
    row = held(world)
    lost = row.revoked_at
    with clock.fixed_at(clock.now() + DAY), command():
        row = revoke(actor=None, certificate=row, reason=Why.KEY_COMPROMISE)
    publish_wanted()
    entry = newest().revoked[int(row.serial, 16)]
    assert lost is not None
    assert entry.at == lost.replace(microsecond=0)
    assert entry.reason is Reason.KEY_COMPROMISE


def test_what_is_revoked_stays_revoked(world: World) -> None:
    row = for_person(world.clerk["市环保局"])
    with command():
        row = revoke(actor=None, certificate=row, reason=Why.CESSATION_OF_OPERATION)
    for verb in (lambda: release(actor=None, certificate=row), lambda: hold(actor=None, certificate=row, reason="")):
        with pytest.raises(Refused) as refusal, command():
            verb()
        assert refusal.value.code == "wrong_state"
        assert "已吊销" in refusal.value.message


def test_the_cas_are_not_revoked_like_other_certificates(world: World) -> None:
    for label in (ROOT, ISSUING):
        with pytest.raises(Refused) as refusal, command():
            revoke(actor=None, certificate=row_of(label), reason=Why.KEY_COMPROMISE)
        assert refusal.value.code == "authority"


def test_a_device_that_fails_leaves_the_list_wanted_and_the_ticker_signs_it(
    world: World, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    row = for_person(world.clerk["市环保局"])
    with broken_device("sign"), django_capture_on_commit_callbacks(execute=True), command():
        hold(actor=None, certificate=row, reason="丢失")
    assert newest().number == 1
    assert publish_lists() == 1
    assert listed(row) is Reason.CERTIFICATE_HOLD
    assert publish_lists() == 0


def test_of_several_lists_that_wait_the_last_says_all(world: World) -> None:
    rows = [held(world) for _ in range(3)]
    assert publish_wanted() == 1
    assert newest().number == 4
    assert set(newest().revoked) == {int(row.serial, 16) for row in rows}
    assert not PublishedList.objects.filter(der=None).exists()


def test_lists_are_published_every_day_and_old_ones_forgotten(world: World) -> None:
    at = newest().this_update + timedelta(seconds=1)  # the world, and its lists, may be older than this test
    with clock.fixed_at(at + DAY - timedelta(minutes=1)):
        assert publish_lists() == 0
    for day in range(1, KEPT + 5):
        with clock.fixed_at(at + day * DAY):
            assert publish_lists() == 2
    assert newest().this_update == at + (KEPT + 4) * DAY
    assert PublishedList.objects.filter(issuer=ISSUING).count() == KEPT


def test_an_ended_certificate_stays_on_the_list_and_old_signatures_can_be_judged(world: World) -> None:
    lost, fine = held(world), for_person(world.clerk["市建设局"])
    issuing, later = certificate_of(ISSUING), max(lost.expires_at, fine.expires_at) + 8 * DAY
    with clock.fixed_at(later):
        publish_lists()
    assert listed(lost) is Reason.CERTIFICATE_HOLD
    for row, found in ((lost, "revoked"), (fine, "ok")):
        day = row.expires_at - DAY
        assert validate_path(row.certificate, trust=[issuing], at=day, crls=[newest()]).code == found


def test_lists_of_one_ca_never_share_a_number(world: World) -> None:
    with command():
        numbers = [want_list(ISSUING).number for _ in range(3)]
    assert numbers == [2, 3, 4]


def test_what_ends_soon_is_known(world: World) -> None:
    soon = for_person(world.clerk["市环保局"], lasts=20 * DAY)
    for_person(world.clerk["市环保局"], lasts=40 * DAY)
    assert list(expiring(clock.now() + 30 * DAY)) == [soon]
    assert not expiring(clock.now() + 7 * DAY)
