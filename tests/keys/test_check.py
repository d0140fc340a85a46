"""Whether a certificate may be relied on: each fault has its own code and says what to do."""

import pytest
from asn1crypto import x509 as asn1

from support.certificates import DAY, YEAR, Outside, accepted, for_person, officer, outside
from support.gm import make
from support.world import World
from yichuan.common import clock
from yichuan.common.errors import Refused
from yichuan.common.transactions import command
from yichuan.keys.models import ImportedList, IssuedCertificate
from yichuan.keys.services.authority import ISSUING, PRINT_CODES, ROOT, certificate_of, trusted_roots
from yichuan.keys.services.check import check_certificate
from yichuan.keys.services.device import device
from yichuan.keys.services.hold import hold
from yichuan.keys.services.import_list import import_list
from yichuan.keys.services.registry import row_of
from yichuan.keys.services.release import release
from yichuan.keys.services.renew import renew
from yichuan.keys.services.revoke import revoke
from yichuan.keys.services.withdraw_authority import withdraw_authority
from yichuan.keys.states import Use, Why
from yichuan.lib.gm.crl import Reason, Revocation
from yichuan.lib.gm.sm2 import PrivateKey
from yichuan.lib.gm.x509 import Certificate, Name, Profile, issue


def refused(certificate: Certificate | bytes, use: Use = Use.LOGIN, **how: object) -> str:
    """The code of the refusal; every message is Chinese and says what to do."""
    at = how.pop("at", None) or clock.now()
    with pytest.raises(Refused) as refusal:
        check_certificate(certificate, use, at, **how)  # type: ignore[arg-type]
    assert any(word in refusal.value.message for word in ("请", "现在不能使用"))
    return refusal.value.code


def person(world: World, **how: object) -> IssuedCertificate:
    return for_person(world.clerk["市环保局"], **how)  # type: ignore[arg-type]


def test_a_good_certificate_of_the_centre_is_found_in_the_register(world: World) -> None:
    row = person(world)
    found = check_certificate(row.certificate, Use.LOGIN, clock.now())
    assert (found.row, found.authority) == (row, None)
    assert check_certificate(bytes(row.der), Use.LOGIN, clock.now()).row == row


def test_expired(world: World) -> None:
    assert refused(person(world).certificate, at=clock.now() + 3 * YEAR) == "certificate_expired"


def test_not_yet_valid(world: World) -> None:
    assert refused(person(world).certificate, at=clock.now() - DAY) == "certificate_not_yet_valid"


def test_held_and_good_again_once_released(world: World) -> None:
    row = person(world)
    with command():
        hold(actor=None, certificate=row, reason="丢失")
    assert refused(row.certificate) == "certificate_held"
    with command():
        release(actor=None, certificate=row)
    assert check_certificate(row.certificate, Use.LOGIN, clock.now()).row == row


def test_revoked_though_no_list_is_published_yet(world: World) -> None:
    row = person(world)
    before = clock.now()
    with command():
        revoke(actor=None, certificate=row, reason=Why.PRIVILEGE_WITHDRAWN)
    assert refused(row.certificate) == "certificate_revoked"
    assert check_certificate(row.certificate, Use.LOGIN, before).row == row


def test_superseded_by_another_key_but_not_by_the_same(world: World) -> None:
    old, same = person(world), person(world)
    with command():
        renew(actor=None, certificate=old, public_key=PrivateKey.generate().public)
        renew(actor=None, certificate=same)
    assert refused(old.certificate) == "certificate_superseded"
    assert check_certificate(same.certificate, Use.LOGIN, clock.now()).row == same


@pytest.mark.parametrize("use", [Use.LOGIN, Use.UNIT, Use.TLS_CLIENT, Use.SEAL_MAKER])
def test_wrong_usage(world: World, use: Use) -> None:
    assert refused(certificate_of(PRINT_CODES), use) == "certificate_wrong_usage"


def test_a_persons_certificate_does_not_log_a_system_in(world: World) -> None:
    assert refused(person(world).certificate, Use.TLS_CLIENT) == "certificate_wrong_usage"


def test_a_ca_is_no_person(world: World) -> None:
    assert refused(certificate_of(ISSUING)) == "certificate_wrong_usage"


def test_forged_by_a_changed_byte(world: World) -> None:
    found = asn1.Certificate.load(bytes(person(world).der))
    found["tbs_certificate"]["serial_number"] = 4711
    assert refused(found.dump(force=True)) == "certificate_forged"


@pytest.mark.parametrize("label", [ROOT, ISSUING])
def test_forged_in_the_name_of_the_centres_ca(world: World, label: str) -> None:
    at, real, key = clock.now(), certificate_of(label), PrivateKey.generate()
    impostor = issue(
        Profile.ROOT, subject=real.subject, public_key=key.public, issuer=None, sign=key.sign,
        not_before=at - DAY, not_after=at + YEAR,
    )  # fmt: skip
    leaf = issue(
        Profile.CLIENT, subject=Name(common_name="文市环保局"), public_key=PrivateKey.generate().public,
        issuer=impostor, sign=key.sign, not_before=at - DAY, not_after=at + DAY,
    )  # fmt: skip
    assert refused(leaf, chain=[impostor]) == "certificate_forged"


def test_signed_with_the_centres_key_but_not_in_the_register(world: World) -> None:
    at = clock.now()
    leaf = issue(
        Profile.CLIENT, subject=Name(common_name="无名氏"), public_key=PrivateKey.generate().public,
        issuer=certificate_of(ISSUING), sign=lambda message: device().sign(ISSUING, message),
        not_before=at, not_after=at + DAY,
    )  # fmt: skip
    assert refused(leaf, at=at + DAY / 2) == "certificate_forged"


def test_issued_by_who_may_not_issue(world: World) -> None:
    at, key = clock.now(), PrivateKey.generate()
    clerk = person(world, key=key).certificate
    body = asn1.Certificate.load(bytes(person(world).der))
    body["tbs_certificate"]["issuer"] = asn1.Certificate.load(clerk.der).subject
    for extension in body["tbs_certificate"]["extensions"]:
        if extension["extn_id"].native == "authority_key_identifier":
            extension["extn_value"] = asn1.AuthorityKeyIdentifier({"key_identifier": clerk.subject_key_id})
    body["signature_value"] = key.sign(body["tbs_certificate"].dump(force=True))
    assert refused(body.dump(force=True), at=at + DAY, chain=[clerk]) == "certificate_unknown_authority"


@pytest.mark.parametrize("junk", [b"", b"\x30\x00", b"not a certificate", b"\x30" * 20_000])
def test_unreadable(world: World, junk: bytes) -> None:
    assert refused(junk) == "certificate_unreadable"


class TestFromOutside:
    def test_nobody_believes_it_until_it_is_accepted(self, world: World) -> None:
        assert refused(outside().person.certificate) == "certificate_unknown_authority"

    def test_then_its_persons_are_believed(self, world: World) -> None:
        found = outside()
        row = accepted(world, found)
        checked = check_certificate(found.person.certificate, Use.LOGIN, found.at)
        assert (checked.row, checked.authority) == (None, row)

    def test_also_through_a_ca_that_came_along(self, world: World) -> None:
        found = outside()
        accepted(world, found)
        between = make(
            Profile.INTERMEDIATE, "珠三角", found.authority, not_before=found.at - DAY, not_after=found.at + YEAR
        )
        leaf = make(Profile.CLIENT, "林建", between, not_before=found.at - DAY, not_after=found.at + DAY)
        chain = [between.certificate]
        assert refused(leaf.certificate) == "certificate_unknown_authority"
        assert refused(leaf.certificate, chain=chain) == "certificate_list_out_of_date"  # nobody listed `between`'s

    def test_no_longer_once_withdrawn(self, world: World) -> None:
        found = outside()
        row = accepted(world, found)
        withdraw_authority(actor=officer(world), authority_id=row.pk)
        assert refused(found.person.certificate) == "certificate_unknown_authority"

    def test_revoked_or_held_on_its_list(self, world: World) -> None:
        found = outside()
        accepted(world, found)
        serial = found.person.certificate.serial
        for reason, code in ((Reason.CERTIFICATE_HOLD, "held"), (Reason.KEY_COMPROMISE, "revoked")):
            entry = Revocation(serial, found.at - DAY, reason)
            import_list(actor=officer(world), data=found.list(entry).der)
            assert refused(found.person.certificate) == f"certificate_{code}"

    def test_without_a_list_it_cannot_be_told(self, world: World) -> None:
        found = outside()
        accepted(world, found, listed=False)
        assert refused(found.person.certificate) == "certificate_list_out_of_date"

    def test_an_old_list_tells_nothing(self, world: World) -> None:
        found = outside()
        accepted(world, found)
        assert ImportedList.objects.count() == 1
        assert refused(found.person.certificate, at=found.at + 8 * DAY) == "certificate_list_out_of_date"

    def test_expired_not_yet_valid_wrong_usage_forged(self, world: World) -> None:
        found = outside()
        accepted(world, found)
        times = {"not_before": found.at - 3 * DAY, "not_after": found.at + DAY}
        by = found.authority
        ended = make(Profile.CLIENT, "甲", by, not_before=found.at - 3 * DAY, not_after=found.at - 2 * DAY)
        coming = make(Profile.CLIENT, "乙", by, not_before=found.at + DAY, not_after=found.at + 2 * DAY)
        assert refused(ended.certificate) == "certificate_expired"
        assert refused(coming.certificate) == "certificate_not_yet_valid"
        assert refused(make(Profile.SIGNER, "丙", by, **times).certificate) == "certificate_wrong_usage"
        forged = asn1.Certificate.load(found.person.certificate.der)
        forged["tbs_certificate"]["serial_number"] = 4711
        assert refused(forged.dump(force=True)) == "certificate_forged"

    def test_never_for_seals_unless_marked_so(self, world: World) -> None:
        found = outside(Profile.SIGNER)
        row = accepted(world, found)
        assert refused(found.person.certificate, Use.SEAL) == "certificate_unknown_authority"
        assert row.certificate not in trusted_roots()
        withdraw_authority(actor=officer(world), authority_id=row.pk)
        row = accepted(world, found, for_seals=True)
        assert check_certificate(found.person.certificate, Use.SEAL, found.at).authority == row
        assert row.certificate in trusted_roots()

    @pytest.mark.parametrize("use", [Use.CENTRE, Use.OCSP, Use.TLS_SERVER, Use.UNIT])
    def test_never_for_what_is_the_centres_own(self, world: World, use: Use) -> None:
        found: Outside = outside(Profile.SIGNER)
        accepted(world, found, for_seals=True)
        assert refused(found.person.certificate, use) == "certificate_unknown_authority"


def test_the_register_names_the_row_of_a_key(world: World) -> None:
    assert check_certificate(certificate_of(PRINT_CODES), Use.CENTRE, clock.now()).row == row_of(PRINT_CODES)
