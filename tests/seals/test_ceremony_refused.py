"""Whom and what a session refuses (S5): strangers, one person twice, stale pages, another's certificate, absence."""

from datetime import timedelta

import pytest

from support.ceremonies import PARTIES, Session, approved, right, session
from support.personal import code_of
from support.seal_life import Life
from support.world import broken_device
from yichuan.audit.models import Entry
from yichuan.common import clock
from yichuan.common.errors import Refused
from yichuan.common.transactions import command
from yichuan.keys.models import IssuedCertificate, SoftKey
from yichuan.org.duties import Duty
from yichuan.org.models import Unit
from yichuan.org.services.appoint import appoint
from yichuan.seals.models import Attendance, Ceremony, Custodian, Seal, SealApplication, VerificationSeal
from yichuan.seals.services.ceremony_abort import reap_ceremonies
from yichuan.seals.services.ceremony_open import open_ceremony
from yichuan.seals.services.ceremony_undo import LATEST_KEY
from yichuan.seals.services.send_back_application import send_back_application

OTHER = "00" * 32


def nothing_is_left(one: Session) -> None:
    """No seal, no key, no certificate in force; the application waits as before."""
    one.ceremony.refresh_from_db()
    assert (one.ceremony.state, one.ceremony.seal) == ("aborted", None)
    seal_id = one.ceremony.request["seal"]["id"]
    assert not Seal.objects.filter(pk=seal_id).exists()
    assert not VerificationSeal.objects.filter(pk=seal_id).exists() and not Custodian.objects.exists()
    assert not IssuedCertificate.objects.filter(holder_id=seal_id, state="valid").exists()
    assert not SoftKey.objects.filter(label__contains=seal_id).exists()
    assert Entry.objects.filter(verb="seals.ceremony_abort", subject_id=one.ceremony.pk).count() == 1


def leave(one: Session, party: str) -> None:
    """The last proof of this party was 71 seconds ago."""
    rows = Attendance.objects.filter(ceremony=one.ceremony, party=party)
    assert rows.update(proven_at=clock.now() - timedelta(seconds=71)) == 1


def test_a_stranger_learns_nothing_of_a_session(life: Life) -> None:
    one = session(life)
    stranger = life.world.browser(life.world.custodian["市府办公室"])
    address = f"/seals/ceremonies/{one.ceremony.pk}/"
    assert [stranger.get(f"{address}{verb}").status_code for verb in ("", "live/", "imprint/", "minutes/")] == [404] * 4
    assert stranger.post(f"{address}abort/").status_code == 404
    assert one.state == "gathering"


def test_only_the_one_whom_the_application_names_comes_for_the_unit(life: Life) -> None:
    one = session(life)
    one.browsers["unit"] = life.world.browser(life.second)
    one.life.signers[life.custodian.pk] = life.signer(life.second)
    assert one.join("unit").status_code == 404
    assert code_of(one.join("operator", party="unit")) == "not_the_attendant"
    assert code_of(one.join("operator", party="supervisor")) == "no_permission"


def test_one_person_is_not_two_parties(life: Life) -> None:
    with command():
        appoint(actor=None, account=life.operator, unit=life.world.units["市府办公室"], duty=Duty.SUPERVISOR)
    one = session(life)
    right(one.join("operator"))
    assert code_of(one.join("operator", party="supervisor")) == "person_twice"
    right(one.join("supervisor"))
    assert code_of(one.join("operator", party="supervisor")) == "party_taken"


def test_another_persons_certificate_opens_nobodys_place(life: Life) -> None:
    one = session(life)
    assert code_of(one.join("operator", by="unit")) == "not_your_certificate"
    right(one.join("operator"))
    said = one.signed("operator", "present", str(one.ceremony.pk), "operator", by="unit", party="operator")
    assert code_of(one.post("operator", "present", said)) == "not_your_certificate"


def test_presence_counts_from_the_login_that_came_only(life: Life) -> None:
    one = session(life)
    right(one.join("operator"))
    one.browsers["operator"] = life.world.browser(life.operator)
    assert code_of(one.prove("operator")) == "other_session"
    right(one.join("operator"))
    right(one.prove("operator"))
    assert code_of(one.prove("unit")) == "not_here"


def test_a_signature_for_one_session_or_party_is_none_for_another(life: Life) -> None:
    one, two = session(life), session(life, cause="expiry", matter="change", seal_id=life.seal().pk)
    said = one.signed("operator", "attend", str(one.ceremony.pk), "operator", one.ceremony.digest, party="operator")
    two.browsers = one.browsers
    moved = said | {"digest": two.ceremony.digest}
    assert code_of(two.post("operator", "join", moved)) == "challenge_digest"
    said = one.signed("operator", "agree", str(one.ceremony.pk), "operator", one.ceremony.digest, party="operator")
    assert code_of(one.post("operator", "join", said | {"digest": one.ceremony.digest})) == "challenge_action"


def test_a_page_that_shows_another_request_is_refused(life: Life) -> None:
    one = session(life)
    assert code_of(one.join("operator", digest=OTHER)) == "ceremony_stale"
    one.gathered()
    assert code_of(one.agree("unit", digest=OTHER)) == "ceremony_stale"
    for party in PARTIES:
        right(one.agree(party))
    assert code_of(one.make(digest=OTHER)) == "ceremony_stale"
    assert one.state == "gathering"


def test_nothing_is_agreed_before_all_are_there_nor_made_before_all_agree(life: Life) -> None:
    one = session(life)
    right(one.join("unit"))
    right(one.join("operator"))
    assert code_of(one.agree("unit")) == "not_all_here"
    right(one.join("supervisor"))
    for party in ("unit", "operator"):
        right(one.agree(party))
    assert code_of(one.make()) == "not_all_agreed"
    assert one.make("operator").status_code == 403
    assert one.state == "gathering" and not Seal.objects.filter(unit=life.unit).exists()


@pytest.mark.parametrize("party", PARTIES)
def test_who_is_silent_for_more_than_a_minute_has_left_and_nothing_is_made(life: Life, party: str) -> None:
    one = session(life).agreed()
    leave(one, party)
    assert code_of(one.make()) == "ceremony_ended"
    assert "已离开" in one.browser("unit").get(f"/seals/ceremonies/{one.ceremony.pk}/live/").content.decode()
    assert reap_ceremonies() == 1
    nothing_is_left(one)


def test_after_ten_minutes_everything_is_undone(life: Life) -> None:
    one = session(life).made()
    with clock.fixed_at(clock.now() + timedelta(minutes=10, seconds=1)):
        assert code_of(one.sign("unit", {"message": "31", "at": clock.now().isoformat(), "minutes": ""})) in (
            "ceremony_ended",
            "challenge_expired",
        )
        assert reap_ceremonies() == 1
        assert reap_ceremonies() == 0
    nothing_is_left(one)
    with clock.fixed_at(clock.now() + timedelta(minutes=11) + LATEST_KEY):
        assert reap_ceremonies() == 1
    one.ceremony.refresh_from_db()
    assert one.ceremony.labels == []
    again = open_ceremony(actor=life.operator, application_id=one.ceremony.application_id)
    assert again.number != one.ceremony.number


@pytest.mark.parametrize("party", PARTIES)
def test_any_party_ends_it_at_any_time(life: Life, party: str) -> None:
    one = session(life).made()
    right(one.sign("operator"))
    assert one.abort(party).status_code == 302
    nothing_is_left(one)
    assert (
        code_of(one.sign("unit", {"message": "31", "at": clock.now().isoformat(), "minutes": ""})) == "ceremony_state"
    )


def test_an_application_that_is_sent_back_meanwhile_is_not_made(life: Life) -> None:
    one = session(life).agreed()
    with pytest.raises(Refused, match="正在进行"):
        send_back_application(actor=life.operator, application_id=one.ceremony.application_id, words="印模要改")
    SealApplication.objects.filter(pk=one.ceremony.application_id).update(state="returned")
    assert code_of(one.make()) == "application_changed"
    one.abort("operator")
    nothing_is_left(one)


def test_an_application_that_is_changed_while_the_minutes_are_signed_comes_to_nothing(life: Life) -> None:
    one = session(life).made()
    for party in PARTIES[:2]:
        right(one.sign(party))
    SealApplication.objects.filter(pk=one.ceremony.application_id).update(words="改过了")
    assert code_of(one.sign("unit")) == "application_changed"
    one.abort("unit")
    nothing_is_left(one)


def test_an_application_whose_text_was_changed_after_the_head_signed_opens_no_session(life: Life) -> None:
    application = approved(life)
    application.quorum = 2
    application.save()
    answer = life.world.browser(life.operator).post(f"/seals/ceremonies/open/{application.pk}/")
    assert answer.status_code == 409 and not Ceremony.objects.exists()


@pytest.mark.parametrize("calls", ["make_signing_key", "sign"])
def test_a_device_that_fails_ends_the_session_and_leaves_nothing(life: Life, calls: str) -> None:
    one = session(life).agreed()
    with broken_device(calls):
        assert one.make().status_code == 503
    nothing_is_left(one)


def test_who_signs_second_over_the_same_bytes_is_asked_again(life: Life) -> None:
    one = session(life).made()
    first, second = one.prepare("unit").json(), one.prepare("operator").json()
    right(one.sign("unit", first))
    assert code_of(one.sign("operator", second)) == "minutes_moved"
    right(one.sign("operator"))
    assert code_of(one.prepare("unit")) == "signed_before"


def test_a_signature_by_another_key_is_not_put_on_the_minutes(life: Life) -> None:
    one = session(life).made()
    ready = one.prepare("unit").json()
    wrong = life.signer(life.operator).key.sign(bytes.fromhex(ready["message"])).hex()
    said = {"party": "unit", "digest": one.ceremony.digest, "at": ready["at"], "minutes": ready["minutes"]}
    assert code_of(one.post("unit", "minutes/sign", said | {"signature": wrong})) == "signature_wrong"


def test_a_unit_that_is_renamed_meanwhile_gets_no_seal_of_its_former_name(life: Life) -> None:
    one = session(life).agreed()
    Unit.objects.filter(pk=life.unit.pk).update(name="江门市生态环境局")
    assert code_of(one.make()) == "application_changed"
    assert one.state == "gathering"
