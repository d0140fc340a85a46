"""The list of authorities outside: what may be brought in, by whom, and what each step needs."""

import pytest

from support.certificates import DAY, YEAR, accepted, officer, outside
from support.gm import make
from support.pdf import p256
from support.world import World
from yichuan.audit.models import Entry
from yichuan.common import clock
from yichuan.common.errors import Invalid, NotAllowed, NotFound, Refused
from yichuan.common.ids import new_id
from yichuan.keys.models import ExternalAuthority, ImportedList
from yichuan.keys.selectors import crls
from yichuan.keys.services.accept_authority import accept_authority
from yichuan.keys.services.authority import ISSUING, certificate_of
from yichuan.keys.services.import_list import import_list
from yichuan.keys.services.propose_authorities import propose_authorities
from yichuan.keys.services.withdraw_authority import withdraw_authority
from yichuan.keys.states import AuthorityState
from yichuan.lib.gm.crl import make_crl
from yichuan.lib.gm.x509 import Profile
from yichuan.org.duties import Duty


def faults(world: World, bundle: bytes) -> str:
    with pytest.raises(Invalid) as refusal:
        propose_authorities(actor=officer(world), bundle=bundle)
    assert not ExternalAuthority.objects.exclude(state=AuthorityState.ACCEPTED).exists()
    return refusal.value.errors["bundle"]


def test_a_bundle_is_shown_certificate_by_certificate_and_believed_by_nobody(world: World) -> None:
    found = outside()
    between = make(
        Profile.INTERMEDIATE, "珠三角", found.authority, not_before=found.at - DAY, not_after=found.at + YEAR
    )
    bundle = found.authority.certificate.to_pem() + between.certificate.to_pem()
    rows = propose_authorities(actor=officer(world), bundle=bundle)
    assert [(row.subject, row.self_signed, row.state) for row in rows] == [
        ("广东省党政内网证书机构", True, AuthorityState.PROPOSED),
        ("珠三角", False, AuthorityState.PROPOSED),
    ]
    assert rows[1].issuer == "广东省党政内网证书机构"
    assert rows[0].fingerprint == found.authority.certificate.fingerprint.hex()
    assert Entry.objects.filter(verb="keys.propose_authority").count() == 2


def test_der_is_read_too(world: World) -> None:
    assert len(propose_authorities(actor=officer(world), bundle=outside().authority.certificate.der)) == 1


def test_what_could_never_vouch_is_refused_and_named(world: World) -> None:
    found = outside()
    assert "不是证书机构" in faults(world, found.person.certificate.to_pem())
    assert "SM2" in faults(world, p256().root.anchor.to_pem())
    ended = make(Profile.ROOT, "旧", not_before=found.at - YEAR, not_after=found.at - DAY)
    assert "过期" in faults(world, ended.certificate.to_pem())
    hidden = make(Profile.ROOT, "省\u202e机构", not_before=found.at - DAY, not_after=found.at + YEAR)
    assert "看不见" in faults(world, hidden.certificate.to_pem())
    assert "本中心" in faults(world, certificate_of(ISSUING).to_pem())
    for junk in (b"", b"PK\x03\x04", b"-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"):
        assert "读不出" in faults(world, junk)
    assert "1 MB" in faults(world, b"\x30" * (1024 * 1024 + 1))
    many = b"".join(
        make(Profile.ROOT, f"{n}", not_before=found.at, not_after=found.at + DAY).certificate.to_pem()
        for n in range(51)
    )
    assert "最多导入 50 张" in faults(world, many)


def test_what_is_known_is_not_brought_in_again_but_what_was_withdrawn_may_be(world: World) -> None:
    found = outside()
    row = accepted(world, found)
    assert "没有新的证书" in faults(world, found.authority.certificate.to_pem())
    withdraw_authority(actor=officer(world), authority_id=row.pk)
    assert len(propose_authorities(actor=officer(world), bundle=found.authority.certificate.der)) == 1


def test_the_fingerprint_is_compared_first(world: World) -> None:
    (row,) = propose_authorities(actor=officer(world), bundle=outside().authority.certificate.der)
    with pytest.raises(Invalid) as refusal:
        accept_authority(actor=officer(world), authority_id=row.pk, compared=False)
    assert "compared" in refusal.value.errors
    row.refresh_from_db()
    assert row.state == AuthorityState.PROPOSED


def test_each_step_is_taken_once(world: World) -> None:
    row = accepted(world, outside())
    with pytest.raises(Refused) as refusal:
        accept_authority(actor=officer(world), authority_id=row.pk, compared=True)
    assert "已信任" in refusal.value.message
    withdraw_authority(actor=officer(world), authority_id=row.pk)
    with pytest.raises(Refused):
        withdraw_authority(actor=officer(world), authority_id=row.pk)
    with pytest.raises(NotFound):
        withdraw_authority(actor=officer(world), authority_id=new_id())


@pytest.mark.parametrize("duty", [Duty.SYSTEM_ADMIN, Duty.AUDITOR])
def test_only_the_security_officer_may(world: World, duty: Duty) -> None:
    actor, found = world.holder(duty), outside()
    row = accepted(world, found)
    for act in (
        lambda: propose_authorities(actor=actor, bundle=b"junk"),
        lambda: accept_authority(actor=actor, authority_id=row.pk, compared=True),
        lambda: withdraw_authority(actor=actor, authority_id=row.pk),
        lambda: import_list(actor=actor, data=b"junk"),
    ):
        with pytest.raises((NotAllowed, Refused)) as refusal:
            act()
        assert refusal.value.code in ("no_permission", "wrong_state")
    row.refresh_from_db()
    assert row.state == AuthorityState.ACCEPTED


def test_a_list_takes_the_place_of_the_one_before(world: World) -> None:
    found = outside()
    accepted(world, found, listed=False)
    actor = officer(world)
    import_list(actor=actor, data=found.list(number=1, made=found.at - 2 * DAY).to_pem())
    row = import_list(actor=actor, data=found.list(number=2).der)
    assert (ImportedList.objects.get(), row.number) == (row, "2")
    assert found.list(number=2).this_update in [crl.this_update for crl in crls()]
    with pytest.raises(Invalid) as refusal:
        import_list(actor=actor, data=found.list(number=1, made=found.at - 2 * DAY).der)
    assert "旧的" in refusal.value.errors["revocations"]


def test_a_list_that_nobody_accepted_signed_is_refused(world: World) -> None:
    found, other = outside(), outside()
    accepted(world, found)
    actor = officer(world)
    forged = bytearray(found.list().der)
    forged[-1] ^= 1
    for data, word in (
        (other.list().der, "不是信任名单里"),
        (bytes(forged), "不是信任名单里"),
        (found.list(made=clock.now() - 8 * DAY).der, "过期"),
        (found.list(made=clock.now() + DAY).der, "没有生效"),
        (b"junk", "读不出"),
    ):
        with pytest.raises(Invalid) as refusal:
            import_list(actor=actor, data=data)
        assert word in refusal.value.errors["revocations"]


def test_a_list_of_the_centres_own_ca_cannot_be_brought_in_from_outside(world: World) -> None:
    key = make(Profile.ROOT, certificate_of(ISSUING).subject_name)
    crl = make_crl(
        key.certificate,
        key.key.sign,
        revoked=(),
        number=9,
        this_update=clock.now() - DAY,
        next_update=clock.now() + DAY,
    )
    with pytest.raises(Invalid):
        import_list(actor=officer(world), data=crl.der)
