"""Joint documents: each unit that signs one seals it in its turn, and no seal breaks an earlier one."""

import uuid
from typing import Any

import pytest

from support.world import World, small_gongwen
from yichuan.common.errors import Invalid, NotFound, Refused
from yichuan.common.models import Event
from yichuan.common.transactions import command
from yichuan.compose.drafting.content import from_gongwen
from yichuan.compose.models import Document, JointSeal
from yichuan.compose.permissions import ComposePermission
from yichuan.compose.selectors import to_seal
from yichuan.compose.services.finish import finish, reopen
from yichuan.compose.services.read import read_body
from yichuan.compose.services.save import begin, own
from yichuan.compose.services.seal import seal_document
from yichuan.compose.services.seal_places import suggested_places
from yichuan.compose.services.uploads import attach
from yichuan.compose.states import DocumentState
from yichuan.exchange.services.send import send
from yichuan.keys.services.authority import trusted_roots
from yichuan.lib.gm.x509 import Certificate
from yichuan.lib.ofd.verifying import verify
from yichuan.people.models import Account
from yichuan.seals.kinds import Cause
from yichuan.seals.models import Seal
from yichuan.seals.places import Place
from yichuan.seals.services.issue import issue_seal
from yichuan.seals.services.withdraw import withdraw_seals

OFFICE, HEALTH = "市府办公室", "市卫生局"


@pytest.fixture
def custodians(world: World) -> dict[str, Account]:
    """Both units that sign have a seal and somebody who keeps it."""
    with command():
        issue_seal(actor=None, unit=world.units[HEALTH], imprint=world.imprint)
    return {OFFICE: world.custodian[OFFICE], HEALTH: world.appoint_custodian(HEALTH)}


def _draft(world: World, *names: str) -> Document:
    gongwen: dict[str, Any] = small_gongwen() | {"issuers": [world.units[name].name for name in names]}
    return _begun(world, gongwen)


def _begun(world: World, gongwen: dict[str, Any]) -> Document:
    fields = from_gongwen(gongwen, kind="通知")
    return begin(actor=world.sending_clerk, unit=world.sender, fields=fields, original=gongwen)


def _joint(world: World) -> Document:
    return finish(actor=world.sending_clerk, document_id=_draft(world, OFFICE, HEALTH).pk)


def _seal(world: World, custodians: dict[str, Account], document: Document, name: str) -> Document:
    seal = Seal.objects.get(unit=world.units[name])
    place = document.seal_places[0 if name == OFFICE else 1]
    return seal_document(
        actor=custodians[name],
        document_id=document.pk,
        seal_id=seal.pk,
        places=[Place(place["page"], place["x"], place["y"])],
    )


def test_each_unit_of_the_signature_block_has_its_turn(world: World, custodians: dict[str, Account]) -> None:
    document = _joint(world)
    assert list(document.joint_seals.values_list("unit__short_name", flat=True)) == [OFFICE, HEALTH]
    assert not to_seal(world.units[HEALTH].pk)
    assert list(to_seal(world.units[OFFICE].pk)) == [document]
    half = _seal(world, custodians, document, OFFICE)
    assert half.state == DocumentState.READY
    told = Event.objects.filter(kind="to_seal", subject_id=document.pk)
    assert list(told.values_list("unit_id", flat=True).order_by("pk")) == [
        custodians[OFFICE].pk,
        custodians[HEALTH].pk,
    ]
    assert list(to_seal(world.units[HEALTH].pk)) == [document]
    assert not to_seal(world.units[OFFICE].pk)
    whole = _seal(world, custodians, document, HEALTH)
    assert whole.state == DocumentState.SEALED
    assert not to_seal(world.units[HEALTH].pk)


def test_both_seals_hold_on_the_finished_document(world: World, custodians: dict[str, Account]) -> None:
    document = _joint(world)
    _seal(world, custodians, document, OFFICE)
    whole = _seal(world, custodians, document, HEALTH)
    report = verify(read_body(whole), trust=trusted_roots(), at=whole.changed_at, crls=[])
    assert [each.integrity for each in report.signatures] == ["ok", "ok"]
    seals = {Certificate.from_der(bytes(each.certificate)).subject_name for each in Seal.objects.all()}
    assert len(seals) == 2


def test_nobody_seals_before_their_turn(world: World, custodians: dict[str, Account]) -> None:
    document = _joint(world)
    with pytest.raises(Refused) as refusal:
        _seal(world, custodians, document, HEALTH)
    assert refusal.value.code == "not_your_turn"
    _seal(world, custodians, document, OFFICE)
    with pytest.raises(Refused) as again:
        _seal(world, custodians, document, OFFICE)
    assert again.value.code == "not_your_turn"


def test_a_half_sealed_document_is_not_sent(world: World, custodians: dict[str, Account]) -> None:
    half = _seal(world, custodians, _joint(world), OFFICE)
    with pytest.raises(Refused):
        send(
            actor=world.sending_clerk,
            document=half,
            recipients=world.recipients("市环保局"),
            idempotency_key=uuid.uuid4(),
        )


def test_a_half_sealed_document_takes_no_more_attachments(world: World, custodians: dict[str, Account]) -> None:
    half = _seal(world, custodians, _joint(world), OFFICE)
    with pytest.raises(Refused):
        attach(actor=world.sending_clerk, document_id=half.pk, name="名单.txt", data="一、二".encode())


def test_the_other_units_custodian_sees_it_and_strangers_do_not(world: World, custodians: dict[str, Account]) -> None:
    draft = _draft(world, OFFICE, HEALTH)
    with pytest.raises(NotFound):  # before it is finished it is its maker's alone
        own(custodians[HEALTH], draft.pk, ComposePermission.SEE)
    finish(actor=world.sending_clerk, document_id=draft.pk)
    assert own(custodians[HEALTH], draft.pk, ComposePermission.SEAL) == draft
    for stranger in (world.appoint_custodian("市环保局"), world.clerk["市建设局"]):
        with pytest.raises(NotFound):
            own(stranger, draft.pk, ComposePermission.SEE)
    with pytest.raises(Exception, match="权限"):  # its clerk reads it, and neither changes nor sends it
        own(world.clerk[HEALTH], draft.pk, ComposePermission.WRITE)


def test_a_seal_of_another_unit_than_the_one_whose_turn_it_is_is_refused(
    world: World, custodians: dict[str, Account]
) -> None:
    document = _joint(world)
    _seal(world, custodians, document, OFFICE)
    with pytest.raises(Invalid):
        seal_document(
            actor=custodians[HEALTH],
            document_id=document.pk,
            seal_id=Seal.objects.get(unit=world.sender).pk,
            places=[Place(0, 100, 200)],
        )


def test_taking_it_back_voids_every_seal_and_the_turns_begin_anew(world: World, custodians: dict[str, Account]) -> None:
    document = _joint(world)
    _seal(world, custodians, document, OFFICE)
    reopen(actor=world.sending_clerk, document_id=document.pk)
    assert not JointSeal.objects.exists()
    again = finish(actor=world.sending_clerk, document_id=document.pk)
    assert [each.sealed_at for each in again.joint_seals.all()] == [None, None]


@pytest.mark.parametrize(
    ("issuers", "said"),
    [
        (["江门市人民政府办公室", "江门市没有这个局"], "不是使用单位"),
        (["江门市卫生局", "江门市建设局"], "没有本单位"),
        (["江门市人民政府办公室", "江门市人民政府办公室"], "两遍"),
    ],
)
def test_what_cannot_be_signed_jointly_is_said_at_the_signature_block(
    world: World, issuers: list[str], said: str
) -> None:
    draft = _begun(world, small_gongwen() | {"issuers": issuers})
    with pytest.raises(Invalid, match=said) as refusal:
        finish(actor=world.sending_clerk, document_id=draft.pk)
    assert set(refusal.value.errors) == {"issuer"}


def test_it_does_not_go_out_once_any_of_its_seals_was_withdrawn(world: World, custodians: dict[str, Account]) -> None:
    document = _joint(world)
    _seal(world, custodians, document, OFFICE)
    whole = _seal(world, custodians, document, HEALTH)
    with command():
        withdraw_seals(actor=None, unit=world.units[OFFICE], reason=Cause.RENAME)
    with pytest.raises(Refused, match="已停用"):
        send(
            actor=world.sending_clerk,
            document=whole,
            recipients=world.recipients("市环保局"),
            idempotency_key=uuid.uuid4(),
        )


def test_a_document_of_one_unit_needs_its_own_seal_only(world: World) -> None:
    assert not world.ready().joint_seals.exists()
    assert world.sealed().state == DocumentState.SEALED


def test_the_other_custodian_finds_it_looks_at_it_and_seals_it_on_the_pages(
    world: World, custodians: dict[str, Account]
) -> None:
    document = _joint(world)
    early = world.browser(custodians[HEALTH]).get(f"/documents/{document.pk}/seal/")
    assert early.status_code == 302  # not their turn: only to be looked at
    shown = world.browser(custodians[HEALTH]).get(f"/documents/{document.pk}/").content.decode()
    assert "轮到" in shown and world.units[OFFICE].name in shown
    _seal(world, custodians, document, OFFICE)
    browser = world.browser(custodians[HEALTH])
    assert document.number in browser.get("/seals/").content.decode()
    assert browser.get(f"/documents/{document.pk}/pages/1.svg").status_code == 200
    page = browser.get(f"/documents/{document.pk}/seal/").content.decode()
    assert world.units[HEALTH].name in page
    seal, place = Seal.objects.get(unit=world.units[HEALTH]), document.seal_places[1]
    assert browser.get(f"/documents/{document.pk}/seal/{seal.pk}.svg").status_code == 200
    given = {"seal": str(seal.pk), "page": place["page"] + 1, "x": place["x"], "y": place["y"]}
    assert browser.post(f"/documents/{document.pk}/seal/", given).headers["Location"] == f"/documents/{document.pk}/"
    document.refresh_from_db()
    assert document.state == DocumentState.SEALED


def test_each_unit_is_offered_its_own_place(world: World, custodians: dict[str, Account]) -> None:
    document = _joint(world)
    first = suggested_places(document)
    _seal(world, custodians, document, OFFICE)
    document.refresh_from_db()
    second = suggested_places(document)
    assert [(place.x_mm, place.y_mm) for place in first + second] == [
        (place["x"], place["y"]) for place in document.seal_places
    ]
