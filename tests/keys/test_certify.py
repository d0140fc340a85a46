"""Certifying keys that were made elsewhere, and renewing certificates."""

import pytest
from django.db import IntegrityError, transaction

from support.certificates import YEAR, for_person
from support.world import World
from yichuan.audit.models import Entry
from yichuan.common import clock
from yichuan.common.errors import Refused
from yichuan.common.transactions import command
from yichuan.keys.models import IssuedCertificate, PublishedList
from yichuan.keys.services.authority import ISSUING, PRINT_CODES, ROOT, certificate_of
from yichuan.keys.services.registry import row_of
from yichuan.keys.services.renew import renew
from yichuan.keys.states import CertificateState, Use
from yichuan.lib.gm.sm2 import PrivateKey
from yichuan.lib.gm.x509 import CLIENT_AUTHENTICATION
from yichuan.seals.models import Seal


def test_a_persons_key_gets_a_certificate_for_logging_in_alone(world: World) -> None:
    key = PrivateKey.generate()
    row = for_person(world.clerk["市环保局"], key=key)
    certificate = row.certificate
    assert certificate.public_key == key.public
    assert certificate.signed_by(certificate_of(ISSUING))
    assert certificate.key_usage == {"digital_signature"}
    assert certificate.extended_key_usage == {CLIENT_AUTHENTICATION}
    assert (row.use, row.state, row.label) == (Use.LOGIN, CertificateState.VALID, "")
    assert row.holder_id == world.clerk["市环保局"].pk
    assert Entry.objects.get(subject_id=row.pk).verb == "keys.issue_certificate"


def test_one_key_is_certified_once(world: World) -> None:
    key = PrivateKey.generate()
    for_person(world.clerk["市环保局"], key=key)
    with pytest.raises(Refused) as refusal:
        for_person(world.clerk["市建设局"], key=key)
    assert refusal.value.code == "key_taken"


def test_no_certificate_outlives_the_ca_that_signed_it(world: World) -> None:
    row = for_person(world.clerk["市环保局"], lasts=40 * YEAR)
    assert row.certificate.not_after == certificate_of(ISSUING).not_after


def test_a_number_is_given_once_by_one_ca(world: World) -> None:
    row = for_person(world.clerk["市环保局"])
    row.pk = None
    row._state.adding = True
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)


def test_a_renewed_key_of_the_device_keeps_its_label_and_its_old_certificate_stays_good(world: World) -> None:
    old = row_of(PRINT_CODES)
    with clock.fixed_at(clock.now() + YEAR), command():
        new = renew(actor=None, certificate=old)
    old.refresh_from_db()
    assert (old.state, old.revoked_at) == (CertificateState.SUPERSEDED, None)
    assert row_of(PRINT_CODES) == new
    assert new.renewed_from == old
    assert new.certificate.public_key == old.certificate.public_key
    assert new.expires_at > old.expires_at


def test_with_a_new_key_the_old_certificate_goes_onto_the_list(world: World) -> None:
    old, key = for_person(world.clerk["市环保局"]), PrivateKey.generate()
    with command():
        new = renew(actor=None, certificate=old, public_key=key.public)
    old.refresh_from_db()
    assert (old.state, old.reason) == (CertificateState.SUPERSEDED, "superseded")
    assert old.revoked_at is not None
    assert PublishedList.objects.filter(issuer=ISSUING, der=None).exists()
    assert new.certificate.public_key == key.public
    assert (new.holder_id, new.holder_name, new.use) == (old.holder_id, old.holder_name, old.use)
    assert new.certificate.subject == old.certificate.subject


def test_what_is_bound_to_a_seal_or_signs_others_is_not_renewed_here(world: World) -> None:
    for label, code in ((Seal.objects.get().key_label, "bound_to_seal"), (ROOT, "authority"), (ISSUING, "authority")):
        before = IssuedCertificate.objects.count()
        with pytest.raises(Refused) as refusal, command():
            renew(actor=None, certificate=row_of(label))
        assert refusal.value.code == code
        assert IssuedCertificate.objects.count() == before


def test_a_step_runs_in_its_callers_transaction_only(committed_world: World) -> None:
    with pytest.raises(RuntimeError):
        renew(actor=None, certificate=row_of(PRINT_CODES))
