"""批量盖章 with a seal that several people keep: one opening is asked for all, and what they agreed to is sealed."""

import pytest

from support.custody import Kept, kept
from support.seal_several import agree, change, custodian, shown, state_of
from support.world import World
from yichuan.common.errors import Invalid, NotAllowed
from yichuan.compose.models import Document
from yichuan.compose.services.seal_lines import line_for, seal_for_several
from yichuan.compose.services.seal_several import ask_for_several, seal_several
from yichuan.seals.kinds import OpeningKind, OpeningState
from yichuan.seals.models import Opening, SealUse


def _asked(office: Kept, *documents: Document) -> Opening:
    actor = office.people[0]
    return ask_for_several(actor=actor, seal_id=office.seal.pk, seen=shown(actor, office.seal, *documents))


def test_one_opening_for_all_seals_each_of_them_once(world: World) -> None:
    office = kept(world, kind=OpeningKind.COUNT, limit=5)
    documents = [world.ready() for _ in range(3)]
    actor = office.people[0]
    seen = shown(actor, office.seal, *documents)
    assert all("申请用印" in each.why for each in seal_several(actor=actor, seal_id=office.seal.pk, seen=seen))
    opening = _asked(office, *documents)
    assert (opening.kind, opening.uses_left) == (OpeningKind.COUNT, 3)
    assert [each["id"] for each in opening.subject["documents"]] == [str(each.pk) for each in documents]
    agree(office, opening)
    outcomes = seal_several(actor=actor, seal_id=office.seal.pk, seen=seen)
    assert not any(each.why for each in outcomes)
    opening.refresh_from_db()
    assert (opening.state, opening.uses_left) == (OpeningState.CLOSED, 0)
    assert {use.opening_id for use in SealUse.objects.all()} == {opening.pk}


def test_what_changed_after_the_custodians_agreed_is_left_out_and_the_rest_is_sealed(world: World) -> None:
    office = kept(world, kind=OpeningKind.COUNT, limit=5)
    kept_as_is, changed = world.ready(), world.ready()
    agree(office, _asked(office, kept_as_is, changed))
    change(world, changed)
    changed.refresh_from_db()
    actor = office.people[0]
    assert line_for(actor=actor, seal=office.seal, document_id=changed.pk).to_ask, "it is asked for anew"
    outcomes = seal_several(actor=actor, seal_id=office.seal.pk, seen=shown(actor, office.seal, kept_as_is, changed))
    assert [bool(each.why) for each in outcomes] == [False, True]
    assert state_of(changed) == "ready"


def test_an_opening_is_asked_for_all_or_for_none(world: World) -> None:
    sealed = world.sealed()
    office = kept(world, kind=OpeningKind.COUNT, limit=2)
    documents = [world.ready() for _ in range(3)]
    with pytest.raises(Invalid, match="一次最多申请 2 件"):
        _asked(office, *documents)
    with pytest.raises(Invalid, match=f"^{sealed.number}：已经盖过章"):
        _asked(office, documents[0], sealed)
    assert not Opening.objects.exists()


def test_a_seal_for_one_document_at_a_time_is_asked_for_one_and_not_for_two(world: World) -> None:
    office = kept(world, kind=OpeningKind.DOCUMENT)
    first, second = world.ready(), world.ready()
    with pytest.raises(Invalid, match="一次最多申请 1 件"):
        _asked(office, first, second)
    assert _asked(office, first).kind == OpeningKind.DOCUMENT


def test_who_does_not_keep_the_seal_cannot_use_it_for_many_either(world: World) -> None:
    office = kept(world)
    with pytest.raises(NotAllowed):
        seal_for_several(actor=custodian(world), seal_id=office.seal.pk)
