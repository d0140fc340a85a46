"""Asking the other custodians to open a seal (J-24)."""

from typing import Any

import pytest

from support.custody import PLACE, Kept, kept
from support.world import World
from yichuan.audit.models import Entry
from yichuan.common import clock
from yichuan.common.errors import Invalid, NotAllowed, NotFound, Refused
from yichuan.common.models import Event
from yichuan.seals.kinds import OpeningKind, OpeningState
from yichuan.seals.models import Opening, Seal
from yichuan.seals.services import ask_opening as asking
from yichuan.seals.services.ask_opening import Wanted, ask_opening
from yichuan.seals.services.subject import digest_of_subject


@pytest.fixture
def office(world: World) -> Kept:
    return kept(world, shares=False)


def test_it_holds_exactly_what_is_to_be_sealed_and_the_others_hear_of_it_at_once(office: Kept) -> None:
    document = office.world.ready()
    opening = office.ask(document)
    assert (opening.state, opening.kind, opening.quorum, opening.uses_left) == ("asked", "document", 2, 1)
    (listed,) = opening.subject["documents"]
    assert (listed["id"], listed["digest"]) == (str(document.pk), document.body_digest)
    assert listed["places"] == [PLACE.to_json()]
    assert opening.subject["opening"] == str(opening.pk)
    assert opening.digest == digest_of_subject(opening.subject)
    told = Event.objects.filter(kind="opening", subject_id=opening.pk).values_list("unit_id", flat=True)
    assert set(told) == {person.pk for person in office.people}
    assert Entry.objects.get(verb="seals.ask_opening").detail["digest"] == opening.digest


def test_no_title_lies_in_it_in_plain(office: Kept) -> None:
    document = office.world.ready()
    assert document.title not in str(office.ask(document).subject)


def test_asking_again_for_the_same_document_takes_the_place_of_the_first(office: Kept) -> None:
    document = office.world.ready()
    first, other = office.ask(document), office.ask(office.world.ready())
    second = office.ask(document)
    states = {each.pk: each.state for each in Opening.objects.all()}
    assert states == {first.pk: "closed", other.pk: "asked", second.pk: "asked"}


def test_only_a_custodian_of_the_seal_asks(office: Kept) -> None:
    wanted = [Wanted(office.world.ready().pk, [PLACE])]
    for somebody in (office.world.custodian["市府办公室"], office.world.sending_clerk):
        with pytest.raises(NotAllowed):
            ask_opening(actor=somebody, seal_id=office.seal.pk, wanted=wanted)
    with pytest.raises(NotAllowed):
        ask_opening(actor=office.world.appoint_custodian("市卫生局"), seal_id=office.seal.pk, wanted=wanted)


def test_a_draft_and_an_unknown_document_cannot_be_asked_for(office: Kept) -> None:
    with pytest.raises(Invalid):
        office.ask(office.world.draft())
    with pytest.raises(Invalid):
        office.ask(office.world.ready(), places=())
    with pytest.raises(NotFound):
        ask_opening(actor=office.people[0], seal_id=office.seal.pk, wanted=[Wanted(office.seal.pk, [PLACE])])


def test_a_document_of_another_unit_cannot_be_asked_for(office: Kept) -> None:
    document = office.world.ready()
    type(document).objects.filter(pk=document.pk).update(unit=office.world.units["市卫生局"])
    with pytest.raises(NotFound):
        office.ask(document)


def test_a_suspended_seal_and_one_that_needs_no_opening_are_not_asked_for(office: Kept) -> None:
    document = office.world.ready()
    Seal.objects.filter(pk=office.seal.pk).update(suspended_at=clock.now(), state="suspended")
    with pytest.raises(Refused) as refusal:
        office.ask(document)
    assert refusal.value.code == "seal_suspended"
    plain = Seal.objects.exclude(pk=office.seal.pk).get()
    with pytest.raises(Refused) as refusal:
        ask_opening(actor=office.people[0], seal_id=plain.pk, wanted=[Wanted(document.pk, [PLACE])])
    assert refusal.value.code == "no_opening_needed"


@pytest.mark.parametrize(
    ("kind", "said", "field"),
    [
        (OpeningKind.DOCUMENT, {"uses": 1, "words": "用印"}, "documents"),
        (OpeningKind.DOCUMENT, {"minutes": 5, "words": "用印"}, "documents"),
        (OpeningKind.COUNT, {"uses": 4, "words": "用印"}, "uses"),
        (OpeningKind.COUNT, {"uses": 0, "words": "用印"}, "uses"),
        (OpeningKind.COUNT, {"uses": 2, "words": " "}, "words"),
        (OpeningKind.COUNT, {"uses": 2, "words": "用\u200b印"}, "words"),
        (OpeningKind.PERIOD, {"minutes": 4, "words": "用印"}, "minutes"),
        (OpeningKind.PERIOD, {"uses": 2, "words": "用印"}, "minutes"),
    ],
)
def test_no_more_can_be_asked_for_than_the_unit_chose(
    office: Kept, kind: OpeningKind, said: dict[str, Any], field: str
) -> None:
    Seal.objects.filter(pk=office.seal.pk).update(opening_kind=kind, opening_limit=3)
    with pytest.raises(Invalid) as refusal:
        ask_opening(actor=office.people[0], seal_id=office.seal.pk, **said)
    assert list(refusal.value.errors) == [field]
    assert not Opening.objects.exists()


def test_a_batch_is_no_longer_than_the_unit_chose(office: Kept) -> None:
    Seal.objects.filter(pk=office.seal.pk).update(opening_kind=OpeningKind.COUNT, opening_limit=1)
    wanted = [Wanted(office.world.ready().pk, [PLACE]) for _ in range(2)]
    with pytest.raises(Invalid):
        ask_opening(actor=office.people[0], seal_id=office.seal.pk, wanted=wanted)


def test_openings_do_not_pile_up(office: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "MOST_STANDING", 1)
    office.ask(office.world.ready())
    with pytest.raises(Refused) as refusal:
        office.ask(office.world.ready())
    assert refusal.value.code == "too_many_openings"
    assert Opening.objects.get().state == OpeningState.ASKED
