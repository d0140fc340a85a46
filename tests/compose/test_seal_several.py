"""批量盖章: several documents under one seal, each on its own, and nothing said to be sealed that is not."""

import uuid

import pytest

from support.carriers import on_carrier
from support.seal_several import change, custodian, seal_of, shown, state_of
from support.seals import small_ofd
from support.world import World, broken_device, small_gongwen
from yichuan.common.errors import Invalid, Refused
from yichuan.common.transactions import command
from yichuan.compose.drafting.content import from_gongwen
from yichuan.compose.models import Document
from yichuan.compose.services import seal_several as room
from yichuan.compose.services.finish import finish
from yichuan.compose.services.save import begin
from yichuan.compose.services.seal_lines import MOST_AT_ONCE, lines_for
from yichuan.compose.services.seal_several import Outcome, seal_several
from yichuan.compose.services.uploads import upload_body
from yichuan.compose.states import DocumentState
from yichuan.seals.kinds import Cause
from yichuan.seals.models import Seal, SealUse
from yichuan.seals.services.issue import issue_seal
from yichuan.seals.services.move import move

OFFICE, HEALTH = "市府办公室", "市卫生局"


def _sealed(world: World, *documents: Document) -> list[Outcome]:
    actor, seal = custodian(world), seal_of(world)
    return seal_several(actor=actor, seal_id=seal.pk, seen=shown(actor, seal, *documents), computer="一号机")


def _joint(world: World, *names: str) -> Document:
    gongwen = small_gongwen(f"江府办〔2008〕{next(world._numbers)}号")
    gongwen |= {"issuers": [world.units[name].name for name in names]}
    fields = from_gongwen(gongwen, kind="通知")
    draft = begin(actor=world.sending_clerk, unit=world.sender, fields=fields, original=gongwen)
    return finish(actor=world.sending_clerk, document_id=draft.pk)


def test_each_is_sealed_in_a_use_of_its_own_where_its_typesetter_left_room(world: World) -> None:
    documents = [world.ready() for _ in range(3)]
    outcomes = _sealed(world, *documents)
    assert [(each.label, each.why) for each in outcomes] == [(each.number, "") for each in documents]
    assert {state_of(each) for each in documents} == {DocumentState.SEALED}
    uses = {use.document_id: use for use in SealUse.objects.all()}
    assert len(uses) == 3
    for document in documents:
        use = uses[document.pk]
        assert (use.state, use.device) == ("done", "一号机")
        place = document.seal_places[0]
        assert use.places == [{"page": place["page"] + 1, "x": place["x"], "y": place["y"]}]


def test_one_that_fails_is_named_with_its_reason_and_stops_no_other(world: World) -> None:
    before, changed, after = (world.ready() for _ in range(3))
    actor, seal = custodian(world), seal_of(world)
    seen = shown(actor, seal, before, changed, after)
    change(world, changed)
    outcomes = seal_several(actor=actor, seal_id=seal.pk, seen=seen)
    assert [each.label for each in outcomes if not each.why] == [before.number, after.number]
    assert outcomes[1].why == room.CHANGED
    assert [state_of(each) for each in (before, changed, after)] == ["sealed", "ready", "sealed"]


def test_a_device_that_does_not_answer_is_a_failure_of_each_on_record(world: World) -> None:
    documents = [world.ready(), world.ready()]
    with broken_device("sign"):
        outcomes = _sealed(world, *documents)
    assert all(each.why for each in outcomes)
    assert {state_of(each) for each in documents} == {"ready"}
    assert set(SealUse.objects.values_list("state", flat=True)) == {"failed"}


def test_what_nobody_foresaw_hides_no_outcome_of_the_others(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    first, broken, last = (world.ready() for _ in range(3))
    sealing = room.seal_document

    def seal_document(**how: object) -> Document:
        if how["document_id"] == broken.pk:
            raise RuntimeError("disk")
        return sealing(**how)  # type: ignore[arg-type]

    monkeypatch.setattr(room, "seal_document", seal_document)
    outcomes = _sealed(world, first, broken, last)
    assert [each.why for each in outcomes] == ["", room.UNEXPECTED, ""]
    assert str(broken.pk) in caplog.text


def test_a_document_of_another_unit_is_refused_like_one_that_is_not_there(world: World) -> None:
    gongwen = small_gongwen("江卫〔2008〕1号") | {"issuers": [world.units[HEALTH].name]}
    clerk, fields = world.clerk[HEALTH], from_gongwen(gongwen, kind="通知")
    theirs = begin(actor=clerk, unit=world.units[HEALTH], fields=fields, original=gongwen)
    theirs = finish(actor=clerk, document_id=theirs.pk)
    actor, own = custodian(world), world.ready()
    nowhere = uuid.uuid4()
    seen = shown(actor, seal_of(world), own) | {theirs.pk: theirs.body_digest, nowhere: ""}
    outcomes = {each.document_id: each for each in seal_several(actor=actor, seal_id=seal_of(world).pk, seen=seen)}
    assert outcomes[own.pk].why == ""
    assert outcomes[theirs.pk].why == outcomes[nowhere].why != ""
    assert outcomes[theirs.pk].label == outcomes[nowhere].label == "一件公文"
    assert state_of(theirs) == "ready"


def test_what_was_sealed_before_is_not_sealed_again(world: World) -> None:
    sealed, waiting = world.sealed(), world.ready()
    outcomes = _sealed(world, sealed, waiting)
    assert ["已经盖过章" in outcomes[0].why, outcomes[1].why] == [True, ""]
    assert SealUse.objects.filter(document_id=sealed.pk).count() == 1


def test_a_draft_is_not_sealed(world: World) -> None:
    draft = world.draft()
    (outcome,) = _sealed(world, draft)
    assert "草稿" in outcome.why
    assert not SealUse.objects.exists()


def test_a_joint_document_out_of_turn_is_refused_and_in_turn_gets_its_own_place(world: World) -> None:
    with command():
        issue_seal(actor=None, unit=world.units[HEALTH], imprint=world.imprint)
    theirs_first, ours_first = _joint(world, HEALTH, OFFICE), _joint(world, OFFICE, HEALTH)
    outcomes = _sealed(world, theirs_first, ours_first)
    assert "现在轮到「" in outcomes[0].why
    assert outcomes[1].why == ""
    place = ours_first.seal_places[0]
    assert SealUse.objects.get().places == [{"page": place["page"] + 1, "x": place["x"], "y": place["y"]}]
    assert state_of(ours_first) == "ready", "the other unit's seal is still wanted"


def test_a_document_without_a_place_is_sent_to_its_own_page(world: World) -> None:
    actor = world.sending_clerk
    undated = upload_body(actor=actor, document_id=world.draft().pk, name="成品.ofd", data=small_ofd())
    other = world.ready()
    outcomes = _sealed(world, undated, other)
    assert ["请打开单独盖" in outcomes[0].why, outcomes[1].why] == [True, ""]
    assert state_of(undated) == "ready"


def test_nothing_ticked_and_too_many_are_said_before_anything_is_sealed(world: World) -> None:
    actor, seal = custodian(world), seal_of(world)
    with pytest.raises(Invalid, match="还没有勾选"):
        seal_several(actor=actor, seal_id=seal.pk, seen={})
    with pytest.raises(Invalid, match="一次最多盖 50 件，现在勾了 51 件"):
        seal_several(actor=actor, seal_id=seal.pk, seen={uuid.uuid4(): "" for _ in range(MOST_AT_ONCE + 1)})
    one = world.ready()
    assert len(lines_for(actor=actor, seal=seal, document_ids=[one.pk, one.pk])) == 1
    assert not SealUse.objects.exists()


def test_a_seal_that_is_not_theirs_or_not_usable_refuses_the_whole_batch(world: World) -> None:
    document = world.ready()
    with command():
        other = issue_seal(actor=None, unit=world.units[HEALTH], imprint=world.imprint)
    for seal_id in (other.pk, uuid.uuid4()):
        with pytest.raises(Invalid, match="本单位在用的印章"):
            seal_several(actor=custodian(world), seal_id=seal_id, seen={document.pk: ""})
    own = seal_of(world)
    with command():
        move(actor=None, seal=Seal.objects.select_for_update().get(pk=own.pk), verb="suspend", cause=Cause.LOSS)
    with pytest.raises(Refused, match="暂停使用") as refusal:
        seal_several(actor=custodian(world), seal_id=own.pk, seen={document.pk: ""})
    assert refusal.value.code == "seal_suspended"
    assert not SealUse.objects.exists()


def test_a_seal_on_a_carrier_is_not_used_by_the_server(world: World) -> None:
    held = on_carrier(world.sender, world.imprint)
    with pytest.raises(Refused) as refusal:
        seal_several(actor=custodian(world), seal_id=held.seal.pk, seen={world.ready().pk: ""})
    assert refusal.value.code == "on_carrier"
