"""A session of three parties from its opening to its end (S5, J-20, J-22, J-23)."""

import pytest

from support.ceremonies import PARTIES, Session, approved, keepers, right, session
from support.seal_life import Life
from yichuan.audit.models import Entry
from yichuan.common import clock
from yichuan.keys.devices.base import DeviceError
from yichuan.keys.models import IssuedCertificate
from yichuan.keys.services.authority import trusted_roots
from yichuan.keys.services.device import device
from yichuan.lib.gm.sm2 import PrivateKey
from yichuan.lib.gm.x509 import Certificate
from yichuan.lib.ofd.verifying import verify
from yichuan.lib.ses.seal import parse_seal
from yichuan.people.models import Account
from yichuan.seals.models import Ceremony, Custodian, Seal, VerificationSeal
from yichuan.seals.selectors import seals_in_use
from yichuan.seals.services.ceremony_abort import reap_ceremonies


def made_by(one: Session) -> Seal:
    one.ceremony.refresh_from_db()
    assert one.ceremony.seal is not None
    return one.ceremony.seal


def test_three_who_are_present_and_agree_make_a_seal_in_its_two_parts(life: Life) -> None:
    one = session(life).done()
    assert one.state == "done"
    seal = made_by(one)
    assert (seal.state, seal.carrier, seal.under_password) == ("in_use", "device", False)
    assert seal.unit == life.unit and seal.name == life.unit.name
    application = one.ceremony.application
    application.refresh_from_db()
    assert (application.state, application.result) == ("done", seal)
    signature = device().sign(seal.key_label, b"to be sealed")
    assert Certificate.from_der(bytes(seal.certificate)).public_key.verify(signature, b"to be sealed")
    assert parse_seal(bytes(seal.der)).certificates == (bytes(seal.certificate),)
    assert seal.verification.holder == life.clerk
    uses = IssuedCertificate.objects.filter(holder_id=seal.pk).values_list("use", "state")
    assert sorted(uses) == [("seal", "valid"), ("verification_seal", "valid")]
    verbs = set(Entry.objects.filter(subject_id=one.ceremony.pk).values_list("verb", flat=True))
    assert verbs == {
        "seals.open_ceremony",
        "seals.join_ceremony",
        "seals.agree_ceremony",
        "seals.ceremony_make",
        "seals.ceremony_made",
        "seals.sign_minutes",
        "seals.ceremony_finish",
    }


def test_nothing_is_in_use_before_the_last_has_signed_the_minutes(life: Life) -> None:
    one = session(life).made()
    seal = made_by(one)
    assert (one.state, seal.state) == ("minutes", "making")
    assert seals_in_use(life.unit.pk) == []
    for party in PARTIES[:2]:
        assert right(one.sign(party)) == {"state": "minutes"}
        seal.refresh_from_db()
        assert seal.state == "making"
    assert right(one.sign("unit")) == {"state": "done"}
    seal.refresh_from_db()
    assert seal.state == "in_use"


def test_the_minutes_bear_three_signatures_and_at_last_the_centres(life: Life) -> None:
    one = session(life).done()
    seal = made_by(one)
    minutes = bytes(one.ceremony.minutes or b"")
    report = verify(minutes, trust=trusted_roots(), at=clock.now())
    assert [(each.integrity, each.signer) for each in report.signatures] == [("ok", "ok")] * 4
    assert report.signatures[-1].coverage.whole and report.signatures[-1].time == "ok"
    signers = [f"“{account.name}”" for account in one.people.values()]
    steps = [next(step for step in each.steps if step.name == "signature") for each in report.signatures]
    assert all(name in step.note_zh for name, step in zip([*signers, "制章"], steps, strict=True))
    page = one.browser("unit").get(f"/seals/ceremonies/{one.ceremony.pk}/minutes/")
    assert page.content == minutes
    assert seal.state == "in_use"


def test_the_key_of_several_custodians_answers_to_their_shares_alone(life: Life) -> None:
    people = (life.custodian, life.second)
    one = session(life, keepers=keepers(*people), quorum=2).done()
    seal = made_by(one)
    assert seal.under_password and seal.quorum == 2
    with pytest.raises(DeviceError) as refused:
        device().sign(seal.key_label, b"without")
    assert refused.value.code == "wrong_password"
    kept = Custodian.objects.filter(seal=seal).order_by("index")
    assert [each.account for each in kept] == list(people)
    assert all(each.sealed_share for each in kept)


def test_a_key_file_is_made_elsewhere_and_must_open_again_before_the_minutes(life: Life) -> None:
    one = session(life, carrier="file", papers=()).agreed()
    key = PrivateKey.generate()
    answer = right(one.make_carrier(key))
    assert answer["state"] == one.state == "making"
    assert one.try_carrier(PrivateKey.generate()).json()["code"] == "carrier_wrong"
    assert one.state == "making"
    assert right(one.try_carrier(key)) == {"state": "minutes"}
    for party in PARTIES:
        right(one.sign(party))
    seal = made_by(one)
    assert (seal.state, seal.carrier, seal.key_label) == ("in_use", "file", "")
    assert Certificate.from_der(bytes(seal.certificate)).public_key.point == key.public.point
    assert not device().has(f"seal:{seal.pk}:sign")


def test_a_change_makes_new_parts_and_ends_the_old_ones_in_one_commit(life: Life) -> None:
    old = life.seal()
    application = approved(life, "change", seal_id=old.pk, cause="expiry")
    one = session(life, application).done()
    old.refresh_from_db()
    assert old.state == "withdrawn" and made_by(one).replaces == old
    assert not IssuedCertificate.objects.filter(holder_id=old.pk, state="valid").exists()


def test_a_destruction_ends_both_certificates_and_both_keys(life: Life) -> None:
    old = life.seal()
    application = approved(life, "destroy", seal_id=old.pk, cause="other", words="不再使用")
    one = session(life, application)
    one.made()
    assert device().has(old.key_label), "nothing is destroyed before all three have signed"
    for party in PARTIES:
        right(one.sign(party))
    old.refresh_from_db()
    assert (one.state, old.state) == ("done", "destroyed")
    assert not device().has(old.key_label) and not device().has(old.verification.key_label)
    assert not IssuedCertificate.objects.filter(holder_id=old.pk, state="valid").exists()


def test_who_holds_the_verification_part_takes_it_over_once(life: Life) -> None:
    one = session(life).done()
    seal = made_by(one)
    browser = life.world.browser(life.clerk)
    address = f"/seals/verification/{seal.pk}/take/"
    before = bytes(seal.verification.sealed_password)
    said = {"new": "Water-and-hills-2008", "again": "another"}
    assert "两次输入的密码不一样" in browser.post(address, said).content.decode()
    said["again"] = said["new"]
    assert browser.post(address, said).status_code == 302
    kept = VerificationSeal.objects.get(pk=seal.pk)
    assert kept.taken_at is not None and bytes(kept.sealed_password) != before
    assert browser.post(address, said).status_code == 404
    assert life.world.browser(life.custodian).get(address).status_code in (403, 404)


def test_a_page_that_changes_nothing_is_answered_with_nothing(life: Life) -> None:
    one = session(life)
    right(one.join("operator"))
    browser = one.browser("operator")
    page = browser.get(f"/seals/ceremonies/{one.ceremony.pk}/").content.decode()
    live = f"/seals/ceremonies/{one.ceremony.pk}/live/"
    seen = page.split(f"{live}?seen=")[1][:16]
    assert browser.get(live, {"seen": seen}).status_code == 204
    right(one.join("unit"))
    assert "已用本人证书证明到场" in browser.get(live, {"seen": seen}).content.decode()


def test_a_second_session_about_the_same_application_is_refused(life: Life) -> None:
    one = session(life)
    answer = one.browser("operator").post(f"/seals/ceremonies/open/{one.ceremony.application_id}/")
    assert answer.status_code == 409 and Ceremony.objects.count() == 1
    assert reap_ceremonies() == 0


def test_the_list_shows_the_centre_all_and_a_unit_its_own(life: Life) -> None:
    one = session(life)
    number = one.ceremony.number

    def sees(account: Account) -> bool:
        return number in life.world.browser(account).get("/seals/ceremonies/").content.decode()

    assert sees(life.supervisor) and sees(life.operator) and sees(life.custodian)
    assert not sees(life.world.custodian["市府办公室"])
