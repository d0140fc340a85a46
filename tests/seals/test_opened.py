"""What an opening gives: exactly the document that was shown, at exactly its places, and never one use more (S6)."""

import uuid
from datetime import timedelta

import pytest

from support.at_once import at_once
from support.custody import PLACE, Kept, address, kept, on_carrier
from support.personal import post
from support.world import World, replace_body
from yichuan.audit.models import Entry
from yichuan.common import clock
from yichuan.common.errors import NotAllowed, Refused
from yichuan.common.transactions import command
from yichuan.compose.models import Document
from yichuan.compose.services.read import read_body
from yichuan.compose.services.seal import seal_document
from yichuan.lib.gm.sm3 import sm3
from yichuan.people.models import Account
from yichuan.seals.kinds import OpeningKind, OpeningState
from yichuan.seals.models import Approval, Opening, Seal, SealUse
from yichuan.seals.places import Place
from yichuan.seals.services import open_seal
from yichuan.seals.services.ask_opening import MOST_IN_A_TIME, Wanted, ask_opening
from yichuan.seals.services.open_seal import LASTS, open_if_agreed
from yichuan.seals.services.opened import password_of
from yichuan.seals.services.use import begin_use, fail_use, finish_use


def _use(
    office: Kept, document: Document, places: tuple[Place, ...] = (PLACE,), actor: Account | None = None
) -> SealUse:
    digest = sm3(read_body(document))
    with command():
        return begin_use(
            actor=actor or office.people[0],
            seal=office.seal,
            document_id=document.pk,
            digest=digest,
            places=places,
        )


def _refused(office: Kept, document: Document, places: tuple[Place, ...] = (PLACE,)) -> str:
    with pytest.raises(Refused) as refusal:
        _use(office, document, places)
    assert refusal.value.code == "needs_opening"
    return refusal.value.message


def _agree(office: Kept, opening: Opening) -> Opening:
    for number in (0, 1):
        assert office.approve(opening, number).status_code == 200
    opening.refresh_from_db()
    return opening


def test_a_seal_that_two_must_open_seals_nothing_unopened(world: World) -> None:
    office, document = kept(world), world.ready()
    assert "2 位保管人同意" in _refused(office, document)
    opening = office.ask(document)
    _refused(office, document)
    office.approve(opening, 1)
    _refused(office, document)
    assert not SealUse.objects.exists()


def test_what_two_agreed_to_is_sealed_and_the_seal_closes_behind_it(world: World) -> None:
    office, document = kept(world), world.ready()
    opening = office.opened(document)
    result = seal_document(actor=office.people[0], document_id=document.pk, seal_id=office.seal.pk, places=[PLACE])
    assert result.state == "sealed"
    use = SealUse.objects.get()
    assert (use.opening_id, use.custodians) == (opening.pk, [office.people[1].name, office.people[2].name])
    opening.refresh_from_db()
    assert (opening.state, opening.uses_left, bytes(opening.sealed_password)) == (OpeningState.CLOSED, 0, b"")


def test_another_document_is_not_what_was_agreed_to(world: World) -> None:
    office, shown, other = kept(world), world.ready(), world.ready()
    office.opened(shown)
    assert "2 位保管人同意" in _refused(office, other)


def test_a_body_that_was_swapped_after_the_words_is_not_sealed(world: World) -> None:
    office, shown, other = kept(world), world.ready(), world.ready()
    office.opened(shown)
    replace_body(shown, read_body(other), digest_too=True)
    assert "只能盖他们看过的内容" in _refused(office, shown)


def test_an_attachment_that_was_added_after_the_words_is_not_sealed(world: World) -> None:
    office, shown = kept(world), world.ready()
    office.opened(shown)
    with pytest.raises(Refused) as refusal, command():
        begin_use(
            actor=office.people[0], seal=office.seal, document_id=shown.pk, digest=sm3(read_body(shown)),
            places=[PLACE], attachments="ab" * 32,
        )  # fmt: skip
    assert refusal.value.code == "needs_opening"


@pytest.mark.parametrize(
    "places",
    [
        (Place(0, 105.01, 200.0),),
        (Place(0, 105.0, 199.0),),
        (PLACE, Place(0, 40.0, 40.0)),
        (),
        (Place(0, 105.0, 200.0, "right", 0),),
    ],
    ids=["moved", "higher", "one more", "none", "seam"],
)
def test_another_place_is_not_what_was_agreed_to(world: World, places: tuple[Place, ...]) -> None:
    office, shown = kept(world), world.ready()
    office.opened(shown)
    _refused(office, shown, places)


def test_an_opening_of_another_seal_opens_nothing(world: World) -> None:
    office, document = kept(world), world.ready()
    office.opened(document)
    with command():
        seal = Seal.objects.exclude(pk=office.seal.pk).get()
        seal.quorum = 2
        seal.save()
    with pytest.raises(Refused), command():
        begin_use(
            actor=office.people[0], seal=seal, document_id=document.pk, digest=sm3(read_body(document)), places=[PLACE]
        )


def test_only_its_custodians_use_a_seal(world: World) -> None:
    office, document = kept(world), world.ready()
    office.opened(document)
    with pytest.raises(NotAllowed) as refusal:
        _use(office, document, actor=world.custodian["市府办公室"])
    assert refusal.value.code == "not_its_custodian"


def test_a_use_that_failed_counts_for_nothing_and_one_that_is_done_counts(world: World) -> None:
    office, document = kept(world), world.ready()
    opening = office.opened(document)
    use = _use(office, document)
    _refused(office, document)
    with command():
        fail_use(use, "设备没有应答")
    use = _use(office, document)
    with command():
        finish_use(use, b"sealed")
    _refused(office, document)
    opening.refresh_from_db()
    assert opening.state == OpeningState.CLOSED


def test_after_its_time_an_opening_gives_nothing(world: World) -> None:
    office, document = kept(world), world.ready()
    office.opened(document)
    with clock.fixed_at(clock.now() + LASTS[OpeningKind.DOCUMENT] + timedelta(seconds=1)):
        _refused(office, document)


def test_an_opening_that_ended_gives_no_password_and_keeps_no_use(world: World) -> None:
    office, document = kept(world), world.ready()
    opening = office.opened(document)
    use = _use(office, document)
    Opening.objects.filter(pk=opening.pk).update(state=OpeningState.CLOSED, sealed_password=b"")
    with pytest.raises(Refused) as refusal:
        password_of(opening)
    assert refusal.value.code == "opening_closed"
    with pytest.raises(Refused) as refusal, command():
        finish_use(use, b"sealed")
    assert refusal.value.code == "opening_closed"


def test_a_listed_batch_is_good_for_each_of_its_documents_once(world: World) -> None:
    office = kept(world, kind=OpeningKind.COUNT, limit=3)
    first, second, third = (world.ready() for _ in range(3))
    wanted = [Wanted(document.pk, [PLACE]) for document in (first, second)]
    opening = _agree(office, ask_opening(actor=office.people[0], seal_id=office.seal.pk, wanted=wanted))
    assert opening.uses_left == 2
    _use(office, first)
    _refused(office, first)
    _refused(office, third)
    _use(office, second)


def test_a_number_is_good_for_so_many_documents(world: World) -> None:
    office = kept(world, kind=OpeningKind.COUNT, limit=3)
    _agree(office, ask_opening(actor=office.people[0], seal_id=office.seal.pk, uses=2, words="月底集中用印"))
    documents = [world.ready() for _ in range(3)]
    _use(office, documents[0])
    _use(office, documents[1])
    _refused(office, documents[2])


def test_a_time_is_counted_too_and_ends(world: World) -> None:
    office = kept(world, kind=OpeningKind.PERIOD, limit=60)
    opening = _agree(office, ask_opening(actor=office.people[0], seal_id=office.seal.pk, minutes=30, words="会议用印"))
    assert opening.uses_left == MOST_IN_A_TIME
    assert opening.opened_at is not None
    assert opening.expires_at - opening.opened_at == timedelta(minutes=30)
    _use(office, world.ready())
    with clock.fixed_at(opening.expires_at + timedelta(seconds=1)):
        _refused(office, world.ready())


def test_a_seal_on_a_carrier_needs_both_words_for_each_use(world: World) -> None:
    office, document = on_carrier(world), world.ready()
    opening = office.ask(document)
    office.approve(opening, 0)
    _refused(office, document)
    office.approve(opening, 1)
    assert _use(office, document).opening_id == opening.pk


@pytest.mark.parametrize(("uses", "hands"), [(1, "........"), (3, "..x..x.."), (4, "xxxxxxxx"), (2, "x.x.x.x.")])
def test_however_many_hands_reach_for_it_no_use_more_is_given_than_was_opened(
    committed_world: World, uses: int, hands: str
) -> None:
    """Eight hands at once; those marked x give theirs back."""
    world = committed_world
    office = kept(world, kind=OpeningKind.COUNT, limit=4, shares=False)
    opening = ask_opening(actor=office.people[0], seal_id=office.seal.pk, uses=uses, words="集中用印")
    Opening.objects.filter(pk=opening.pk).update(
        state=OpeningState.OPEN, opened_at=clock.now(), expires_at=clock.now() + timedelta(hours=1)
    )

    def reach(number: int) -> None:
        actor = Account.objects.get(pk=office.people[number % 3].pk)
        with command():
            use = begin_use(actor=actor, seal=office.seal, document_id=uuid.uuid4(), digest=bytes(32))
        if hands[number] == "x":
            with command():
                fail_use(use, "没有盖成")

    raised = at_once(reach, len(hands))
    assert {getattr(each, "code", repr(each)) for each in raised} <= {"needs_opening"}
    opening.refresh_from_db()
    taken = SealUse.objects.filter(opening=opening).exclude(state=SealUse.State.FAILED).count()
    assert taken + opening.uses_left == uses
    assert opening.uses_left == 0 or "x" in hands


def test_two_last_words_at_once_open_it_once(committed_world: World) -> None:
    world = committed_world
    office, document = kept(world), world.ready()
    opening = office.ask(document)
    said = [(world.browser(office.people[number]), number) for number in (1, 2)]
    bodies = [office.said(browser, opening, number) for browser, number in said]

    def word(number: int) -> None:
        assert post(said[number][0], address(opening), bodies[number]).status_code == 200

    assert at_once(word, 2) == []
    assert open_if_agreed(opening.pk).state == OpeningState.OPEN
    assert Entry.objects.filter(verb="seals.open").count() == 1


def test_the_second_of_two_last_words_finds_the_shares_gone_and_the_seal_open(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    office, document = kept(world), world.ready()
    opening = office.ask(document)
    browsers = [(world.browser(office.people[number]), number) for number in (1, 2)]
    first, second = (office.said(browser, opening, number) for browser, number in browsers)
    agreed = open_seal._agreed

    def after_the_other(asked: Opening) -> list[Approval]:
        monkeypatch.setattr(open_seal, "_agreed", agreed)
        assert open_if_agreed(asked.pk).state == OpeningState.OPEN
        return agreed(asked)

    assert post(browsers[0][0], address(opening), first).status_code == 200
    monkeypatch.setattr(open_seal, "_agreed", after_the_other)
    assert post(browsers[1][0], address(opening), second).status_code == 200
    assert Entry.objects.filter(verb="seals.open").count() == 1
