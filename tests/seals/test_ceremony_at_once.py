"""Leaving against making, the end of time against making, many hands at once (S5): all of it happens, or nothing."""

from typing import Any

import pytest

from support.at_once import at_once
from support.ceremonies import PARTIES, Session, right, session
from support.seal_life import Life
from support.seal_life import life as name_parties
from support.world import World
from yichuan.audit.models import Entry
from yichuan.keys.models import IssuedCertificate, SoftKey
from yichuan.seals.models import Ceremony, Seal
from yichuan.seals.services import ceremony_make
from yichuan.seals.services.ceremony_abort import reap_ceremonies


@pytest.fixture
def committed_life(committed_world: World) -> Life:
    return name_parties(committed_world)


def all_or_nothing(one: Session) -> str:
    """The seal is whole and waits for its minutes, or there is no trace of it; the state."""
    state, seal_id = one.state, one.ceremony.request["seal"]["id"]
    keys = SoftKey.objects.filter(label__contains=seal_id).count()
    certificates = IssuedCertificate.objects.filter(holder_id=seal_id, state="valid").count()
    seals = Seal.objects.filter(pk=seal_id).count()
    assert (keys, certificates, seals) == ((2, 2, 1) if state in ("minutes", "done") else (0, 0, 0)), state
    assert state in ("minutes", "done", "aborted")
    return state


@pytest.mark.parametrize("who", PARTIES)
def test_leaving_against_making(committed_life: Life, who: str) -> None:
    one = session(committed_life).agreed()
    hands = [lambda: one.make(), lambda: one.abort(who)]
    assert at_once(lambda hand: hands[hand]() and None, 2) == []
    assert all_or_nothing(one) == "aborted", "who leaves before the minutes are signed ends it, made or not"
    assert Entry.objects.filter(verb="seals.ceremony_abort", subject_id=one.ceremony.pk).count() == 1


def test_keys_that_the_device_made_after_somebody_had_left_are_destroyed_at_once(
    committed_life: Life, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = session(committed_life).agreed()
    make_keys = ceremony_make._make_keys

    def left_meanwhile(*arguments: Any) -> Any:
        assert one.abort("operator").status_code < 400
        return make_keys(*arguments)

    monkeypatch.setattr(ceremony_make, "_make_keys", left_meanwhile)
    assert one.make().status_code == 409
    assert all_or_nothing(one) == "aborted"


def test_the_centres_own_end_against_making(committed_life: Life) -> None:
    one = session(committed_life).agreed()
    Ceremony.objects.filter(pk=one.ceremony.pk).update(expires_at=one.ceremony.opened_at)
    hands = [lambda: one.make(), reap_ceremonies, reap_ceremonies]
    assert at_once(lambda hand: hands[hand]() and None, 3) == []
    assert all_or_nothing(one) == "aborted"


def test_leaving_against_the_last_signature(committed_life: Life) -> None:
    one = session(committed_life).made()
    for party in PARTIES[:2]:
        right(one.sign(party))
    ready = one.prepare("unit").json()
    hands = [lambda: one.sign("unit", ready), lambda: one.abort("operator")]
    assert at_once(lambda hand: hands[hand]() and None, 2) == []
    state = all_or_nothing(one)
    application = one.ceremony.application
    application.refresh_from_db()
    assert application.state == ("done" if state == "done" else "approved")


def test_a_button_pressed_many_times_makes_one_seal(committed_life: Life) -> None:
    one = session(committed_life).agreed()
    answers: list[int] = []
    assert at_once(lambda _: answers.append(one.make().status_code), 3) == []
    assert sorted(answers) == [200, 409, 409]
    assert all_or_nothing(one) == "minutes"


def test_all_who_sign_the_minutes_at_once_are_all_on_them(committed_life: Life) -> None:
    one = session(committed_life).made()

    def sign(hand: int) -> None:
        for _ in PARTIES:
            if one.sign(PARTIES[hand]).status_code == 200:
                return
        raise AssertionError(f"{PARTIES[hand]} did not get its signature on the minutes")

    assert at_once(sign, 3) == []
    assert all_or_nothing(one) == "done"
