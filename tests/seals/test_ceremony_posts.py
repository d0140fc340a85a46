"""The three of a session speak for their offices only as long as they hold the post (J-23)."""

import pytest

from support.ceremonies import PARTIES, right, session
from support.personal import code_of
from support.seal_life import Life
from yichuan.common import clock
from yichuan.org.models import Post
from yichuan.seals.models import Seal


def _leaves_the_post(life: Life, party: str) -> None:
    who = {"supervisor": life.supervisor, "operator": life.operator, "unit": life.custodian}[party]
    Post.objects.filter(account=who).update(until=clock.now())


@pytest.mark.parametrize("party", ["supervisor", "operator"])
def test_who_lost_the_post_after_agreeing_is_no_party_to_the_making(life: Life, party: str) -> None:
    one = session(life).agreed()
    _leaves_the_post(life, party)
    assert code_of(one.make()) == "left_the_post"
    assert one.state == "gathering" and not Seal.objects.filter(unit=life.unit).exists()


def test_who_lost_the_post_after_coming_agrees_to_nothing(life: Life) -> None:
    one = session(life).gathered()
    _leaves_the_post(life, "supervisor")
    assert code_of(one.agree("supervisor")) == "no_ceremony"  # a stranger to the post learns nothing of the session
    assert not one.ceremony.attendances.exclude(agreed_at=None).exists()


def test_who_lost_the_post_since_signs_no_minutes_and_nothing_is_in_use(life: Life) -> None:
    one = session(life).made()
    for party in PARTIES[1:]:
        right(one.sign(party))
    ready = right(one.prepare("supervisor"))
    _leaves_the_post(life, "supervisor")
    assert code_of(one.sign("supervisor", ready)) == "no_ceremony"
    assert Seal.objects.get(unit=life.unit).state == "making"
