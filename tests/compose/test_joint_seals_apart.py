"""Joint documents: no unit covers another's seal, and each seals in the name under which it signs."""

from typing import Any

import pytest

from support.world import World, small_gongwen
from yichuan.common import clock
from yichuan.common.errors import Invalid
from yichuan.common.transactions import command
from yichuan.compose.drafting.content import from_gongwen
from yichuan.compose.models import Document
from yichuan.compose.services.finish import finish
from yichuan.compose.services.save import begin
from yichuan.compose.services.seal import seal_document
from yichuan.org.models import UnitName
from yichuan.people.models import Account
from yichuan.seals.models import Seal
from yichuan.seals.places import Place
from yichuan.seals.services.issue import issue_seal

OFFICE, HEALTH = "市府办公室", "市卫生局"


def _finished(world: World, *names: str) -> Document:
    gongwen: dict[str, Any] = small_gongwen() | {"issuers": list(names)}
    fields = from_gongwen(gongwen, kind="通知")
    draft = begin(actor=world.sending_clerk, unit=world.sender, fields=fields, original=gongwen)
    return finish(actor=world.sending_clerk, document_id=draft.pk)


def _place(document: Document, number: int) -> Place:
    place = document.seal_places[number]
    return Place(place["page"], place["x"], place["y"])


def _seal(actor: Account, document: Document, seal: Seal, place: Place) -> Document:
    return seal_document(actor=actor, document_id=document.pk, seal_id=seal.pk, places=[place])


def test_a_seal_is_not_put_over_the_one_that_stands_there(world: World) -> None:
    with command():
        issue_seal(actor=None, unit=world.units[HEALTH], imprint=world.imprint)
    custodian = world.appoint_custodian(HEALTH)
    document = _finished(world, world.units[OFFICE].name, world.units[HEALTH].name)
    first = _place(document, 0)
    _seal(world.custodian[OFFICE], document, Seal.objects.get(unit=world.sender), first)
    seal = Seal.objects.get(unit=world.units[HEALTH])
    for over in (first, Place(first.page_index, first.x_mm + 5, first.y_mm - 5)):
        with pytest.raises(Invalid) as refusal:
            _seal(custodian, document, seal, over)
        assert "碰在一起" in refusal.value.errors["places"]
    assert _seal(custodian, document, seal, _place(document, 1)).state == "sealed"


def test_a_unit_of_two_names_seals_each_line_with_the_seal_of_that_name(world: World) -> None:
    second = "江州市外事办公室"
    UnitName.objects.create(unit=world.sender, name=second, short_name="市外办", main=False, valid_from=clock.now())
    with command():
        other = issue_seal(actor=None, unit=world.sender, imprint=world.imprint)
    Seal.objects.filter(pk=other.pk).update(name=second)
    own = Seal.objects.exclude(pk=other.pk).get(unit=world.sender)
    document, custodian = _finished(world, world.sender.name, second), world.custodian[OFFICE]
    with pytest.raises(Invalid) as refusal:
        _seal(custodian, document, other, _place(document, 0))
    assert world.sender.name in refusal.value.errors["seal"]
    _seal(custodian, document, own, _place(document, 0))
    with pytest.raises(Invalid) as refusal:
        _seal(custodian, document, own, _place(document, 1))
    assert second in refusal.value.errors["seal"]
    other.refresh_from_db()
    assert _seal(custodian, document, other, _place(document, 1)).state == "sealed"
