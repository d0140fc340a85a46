"""Single and dual track (D4, G-note-2): by which track a pair exchanges, and who says so."""

from typing import Any

import pytest

from support.papers import dual
from support.world import World
from yichuan.audit.models import Entry
from yichuan.common.errors import Invalid, NotAllowed, Refused
from yichuan.exchange.models import Track, TrackRule
from yichuan.exchange.services.track import end_track, set_track, track_between
from yichuan.org.duties import Duty

SENDER, ONE, OTHER = "市府办公室", "市环保局", "市卫生局"


def tracks(world: World) -> dict[str, Track]:
    units = {name: world.units[name].pk for name in (ONE, OTHER)}
    found = track_between(world.sender.pk, units.values())
    return {name: found[pk] for name, pk in units.items()}


def test_without_a_rule_the_centres_profile_says_it(world: World, settings: Any) -> None:
    assert set(tracks(world).values()) == {Track.SINGLE}
    settings.YICHUAN_PROFILE = "guangdong-2012"
    assert set(tracks(world).values()) == {Track.DUAL}


def test_a_pairs_own_rule_wins_over_every_wider_one(world: World) -> None:
    dual(world)
    dual(world, receiver=ONE, sender=SENDER, track="single")
    assert tracks(world) == {ONE: Track.SINGLE, OTHER: Track.DUAL}


def test_where_either_side_keeps_paper_it_is_dual(world: World) -> None:
    dual(world, sender=SENDER, track="single")
    dual(world, receiver=ONE)
    assert tracks(world) == {ONE: Track.DUAL, OTHER: Track.SINGLE}


def test_a_rule_of_another_sender_says_nothing(world: World) -> None:
    dual(world, receiver=ONE, sender=OTHER)
    assert tracks(world)[ONE] == Track.SINGLE


def test_a_new_rule_ends_the_one_before_and_both_stay_on_record(world: World) -> None:
    dual(world, receiver=ONE)
    dual(world, receiver=ONE, track="single")
    first, second = TrackRule.objects.order_by("since")
    assert (first.until, second.until) == (second.since, None)
    assert [entry.detail["to"] for entry in Entry.objects.filter(verb="exchange.set_track").order_by("pk")] == [
        "dual",
        "single",
    ]


def test_what_holds_already_is_not_set_again(world: World) -> None:
    dual(world, receiver=ONE)
    with pytest.raises(Refused) as refusal:
        dual(world, receiver=ONE)
    assert refusal.value.code == "same_track"


def test_a_rule_that_ended_gives_way_to_the_wider_one(world: World) -> None:
    approver = dual(world, receiver=ONE)
    rule = TrackRule.objects.get()
    end_track(actor=approver, at=world.sender, rule_id=rule.pk)
    end_track(actor=approver, at=world.sender, rule_id=rule.pk)
    assert tracks(world)[ONE] == Track.SINGLE
    assert Entry.objects.filter(verb="exchange.end_track").count() == 1


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"track": "triple"}, "track"),
        ({"reason": " "}, "reason"),
        ({"reason": "长" * 201}, "reason"),
        ({"reason": "依据\u202e"}, "reason"),
    ],
    ids=["no such track", "no reason", "too long", "hidden character"],
)
def test_what_cannot_be_set_is_refused_beside_its_field(world: World, changed: dict[str, str], field: str) -> None:
    given = {"track": "dual", "reason": "江府办〔2008〕60号"} | changed
    with pytest.raises(Invalid) as refusal:
        set_track(
            actor=world.holder(Duty.SUPERVISOR, SENDER), at=world.sender, sender_id=None, receiver_id=None, **given
        )
    assert list(refusal.value.errors) == [field]


def test_only_the_approver_sets_it(world: World) -> None:
    for actor in (world.sending_clerk, world.holder(Duty.OPERATOR, SENDER)):
        with pytest.raises(NotAllowed):
            set_track(
                actor=actor,
                at=world.sender,
                sender_id=None,
                receiver_id=None,
                track="dual",
                reason="江府办〔2008〕60号",
            )
    assert not TrackRule.objects.exists()
