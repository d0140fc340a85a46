"""Handing back a step with a reason (D1): what comes back, what is void, and who is told why."""

import pytest

from support.world import World
from yichuan.audit.models import Entry
from yichuan.common import memory
from yichuan.common.errors import Invalid, NotAllowed, NotFound, Refused
from yichuan.common.models import Event
from yichuan.common.transactions import command
from yichuan.compose.models import Document, HandBack
from yichuan.compose.selectors import blob_names
from yichuan.compose.services.hand_back import hand_back
from yichuan.compose.services.read import read_body
from yichuan.lib.ofd.package import Package
from yichuan.lib.ofd.signatures import read_records
from yichuan.org.duties import Duty
from yichuan.seals.models import Seal, SealUse
from yichuan.seals.services.issue import issue_seal

OFFICE, HEALTH = "市府办公室", "市卫生局"
WHY = "页码不对"


def test_the_custodian_gives_it_back_to_the_clerk_as_a_draft(world: World) -> None:
    document = hand_back(actor=world.custodian[OFFICE], document_id=world.ready().pk, reason=f" {WHY} ")
    document.refresh_from_db()
    assert (document.state, document.body, document.pages) == ("draft", "", 0)
    row = HandBack.objects.get(document=document)
    assert (row.source, row.target, row.reason, row.by) == ("ready", "draft", WHY, world.custodian[OFFICE])
    assert Entry.objects.get(verb="compose.hand_back").detail["reason"] == WHY
    assert Event.objects.filter(kind="handed_back", unit_id=world.sender.pk, subject_id=document.pk).exists()


def test_the_sender_gives_it_back_to_be_sealed_anew_with_the_body_as_it_was(world: World) -> None:
    ready = world.ready()
    before, digest = read_body(ready), ready.body_digest
    sealed = world.put_seal(ready)
    assert sealed.unsealed in set(blob_names()), "the sweeper must leave what may come back"
    back = hand_back(actor=world.sending_clerk, document_id=sealed.pk, reason=WHY)
    back.refresh_from_db()
    memory.forget_all()
    assert (back.state, back.body_digest, back.unsealed) == ("ready", digest, "")
    assert read_body(back) == before
    use = SealUse.objects.get(document_id=back.pk)
    assert (use.state, use.reason) == ("done", "已作废：公文退回上一步")
    assert Entry.objects.get(verb="seals.void_use", subject_id=use.pk).unit_id == world.sender.pk
    assert Event.objects.filter(kind="to_seal", subject_id=back.pk).count() == 2, "the custodian is asked again"
    again = world.put_seal(back)
    assert (again.state, len(read_records(Package.open(read_body(again))))) == ("sealed", 1)
    assert SealUse.objects.filter(document_id=back.pk, reason="").count() == 1


def test_joint_signers_begin_anew(world: World) -> None:
    from compose.test_joint import _joint, _seal

    with command():
        issue_seal(actor=None, unit=world.units[HEALTH], imprint=world.imprint)
    custodians = {OFFICE: world.custodian[OFFICE], HEALTH: world.appoint_custodian(HEALTH)}
    document = _joint(world)
    body = document.body
    for name in (OFFICE, HEALTH):
        document = _seal(world, custodians, document, name)
    assert document.unsealed == body, "the body before the first of the seals"
    back = hand_back(actor=world.sending_clerk, document_id=document.pk, reason=WHY)
    assert set(back.joint_seals.values_list("use_id", "sealed_at")) == {(None, None)}
    assert SealUse.objects.filter(document_id=back.pk, reason__startswith="已作废").count() == 2
    half = _seal(world, custodians, back, OFFICE)
    assert half.state == "ready"
    with pytest.raises(NotAllowed):
        hand_back(actor=custodians[OFFICE], document_id=half.pk, reason=WHY)
    draft = hand_back(actor=custodians[HEALTH], document_id=half.pk, reason="联合单位名称有误")
    assert (draft.state, draft.joint_seals.count()) == ("draft", 0)


def test_each_step_is_given_back_by_whose_step_it_is(world: World) -> None:
    ready = world.ready()
    for other in (world.sending_clerk, world.leader):
        with pytest.raises(NotAllowed):
            hand_back(actor=other, document_id=ready.pk, reason=WHY)
    sealed = world.put_seal(ready)
    with pytest.raises(NotAllowed):
        hand_back(actor=world.custodian[OFFICE], document_id=sealed.pk, reason=WHY)
    with pytest.raises(NotFound):
        hand_back(actor=world.holder(Duty.CLERK, HEALTH), document_id=sealed.pk, reason=WHY)
    assert not HandBack.objects.exists()


@pytest.mark.parametrize("reason", ["", " \n", "长" * 401, "页\u200b码"])
def test_a_reason_is_asked_for(world: World, reason: str) -> None:
    ready = world.ready()
    with pytest.raises(Invalid) as refusal:
        hand_back(actor=world.custodian[OFFICE], document_id=ready.pk, reason=reason)
    assert list(refusal.value.errors) == ["reason"]
    assert Document.objects.get(pk=ready.pk).state == "ready"


def test_sealed_meanwhile_it_is_not_given_back_behind_the_custodians_hand(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    from yichuan.compose.services import hand_back as service

    ready, looked = world.ready(), service._unsealed_digest

    def sealed_in_between(document: Document) -> str:
        said = looked(document)
        world.put_seal(ready)
        return said

    monkeypatch.setattr(service, "_unsealed_digest", sealed_in_between)
    with pytest.raises((Refused, NotAllowed)):
        hand_back(actor=world.custodian[OFFICE], document_id=ready.pk, reason=WHY)
    assert Document.objects.get(pk=ready.pk).state == "sealed"
    assert Seal.objects.get(unit=world.sender).uses.filter(reason="").count() == 1
