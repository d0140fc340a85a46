"""单位加密证书: issued when a unit joins, made anew when it is renamed; the security officer mends what is missing."""

import pytest

from support.certificates import YEAR
from support.over_the_years import rename
from support.world import World
from yichuan.audit.models import Entry
from yichuan.common import clock
from yichuan.common.errors import NotAllowed, Refused
from yichuan.common.transactions import command
from yichuan.keys.models import IssuedCertificate
from yichuan.keys.services.check import check_certificate
from yichuan.keys.services.device import device
from yichuan.keys.services.hold import hold
from yichuan.keys.services.revoke import revoke
from yichuan.keys.states import CertificateState, Use, Why
from yichuan.org.duties import Duty
from yichuan.org.models import Unit
from yichuan.org.selectors.unit_certificates import certificates_in_force, units_without_certificate
from yichuan.org.services.unit_certificate import issue_unit_certificate

PAGE = "/unit-certificates/"


@pytest.fixture
def unit(world: World) -> Unit:
    return world.units["市环保局"]


def present(unit: Unit) -> IssuedCertificate:
    return certificates_in_force().get(holder_id=unit.pk)


def revoked(unit: Unit) -> IssuedCertificate:
    with command():
        return revoke(actor=None, certificate=present(unit), reason=Why.KEY_COMPROMISE)


def test_every_unit_has_a_certificate_for_encryption_of_its_key_in_the_device(unit: Unit) -> None:
    row = present(unit)
    assert (row.label, row.holder_kind, row.holder_name) == (f"unit:{unit.pk}:encryption", "unit", unit.name)
    assert row.certificate.public_key == device().public_key(row.label)
    assert check_certificate(row.certificate, Use.UNIT, clock.now()).row == row
    with pytest.raises(Refused) as refusal:
        check_certificate(row.certificate, Use.LOGIN, clock.now())
    assert refusal.value.code == "certificate_wrong_usage"
    assert not units_without_certificate().exists()
    assert Entry.objects.filter(verb="keys.issue_certificate", subject_id=row.pk).count() == 1


def test_after_a_rename_the_same_key_has_a_certificate_in_the_new_name(unit: Unit) -> None:
    old = present(unit)
    rename(unit, "市生态环境局")
    new = present(unit)
    old.refresh_from_db()
    assert old.state == CertificateState.SUPERSEDED
    assert new.renewed_from == old
    assert new.certificate.public_key == old.certificate.public_key
    assert (new.subject, new.holder_name) == ("江门市生态环境局", "江门市生态环境局")


def test_a_held_certificate_ends_with_the_name_and_the_next_has_a_key_of_its_own(unit: Unit) -> None:
    old = present(unit)
    with command():
        hold(actor=None, certificate=old, reason="疑似泄露")
    rename(unit, "市生态环境局")
    old.refresh_from_db()
    assert old.state == CertificateState.REVOKED
    assert present(unit).certificate.public_key != old.certificate.public_key


def test_the_officer_issues_what_is_missing_with_another_key_after_a_revocation(world: World, unit: Unit) -> None:
    old = revoked(unit)
    assert list(units_without_certificate()) == [unit]
    officer = world.holder(Duty.SECURITY_OFFICER)
    browser = world.browser(officer)
    assert unit.name in browser.get(PAGE).content.decode()
    answer = browser.post(f"{PAGE}{unit.pk}/issue/")
    assert answer.headers["Location"] == f"/certificates/{present(unit).pk}/"
    assert present(unit).certificate.public_key != old.certificate.public_key
    assert unit.name not in browser.get(PAGE).content.decode()
    with pytest.raises(Refused) as refusal:
        issue_unit_certificate(actor=officer, unit_id=unit.pk)
    assert refusal.value.code == "certified_already"
    assert "不用再签发" in browser.post(f"{PAGE}{unit.pk}/issue/").content.decode()


def test_an_ended_one_is_renewed_with_the_same_key(world: World, unit: Unit) -> None:
    old = present(unit)
    with clock.fixed_at(clock.now() + 6 * YEAR):
        assert unit in units_without_certificate()
        new = issue_unit_certificate(actor=world.holder(Duty.SECURITY_OFFICER), unit_id=unit.pk)
        assert unit not in units_without_certificate()
    assert new.renewed_from == old
    assert new.certificate.public_key == old.certificate.public_key


def test_what_is_held_is_decided_first_and_closed_units_get_none(world: World, unit: Unit) -> None:
    officer = world.holder(Duty.SECURITY_OFFICER)
    with command():
        hold(actor=None, certificate=present(unit), reason="疑似泄露")
    with pytest.raises(Refused) as refusal:
        issue_unit_certificate(actor=officer, unit_id=unit.pk)
    assert refusal.value.code == "held"
    assert "签发</button>" not in world.browser(officer).get(PAGE).content.decode()
    Unit.objects.filter(pk=unit.pk).update(closed_at=clock.now())
    assert unit not in units_without_certificate()
    with pytest.raises(Refused) as refusal:
        issue_unit_certificate(actor=officer, unit_id=unit.pk)
    assert refusal.value.code == "unit_closed"


def test_nobody_but_the_security_officer_issues_one(world: World, unit: Unit) -> None:
    revoked(unit)
    with pytest.raises(NotAllowed):
        issue_unit_certificate(actor=world.holder(Duty.SYSTEM_ADMIN), unit_id=unit.pk)
    assert world.browser(world.holder(Duty.AUDITOR)).get(PAGE).status_code == 403
