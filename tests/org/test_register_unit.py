"""Units of the work plan, and the posts in them."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from support.world import World
from yichuan.audit.models import Entry
from yichuan.common.errors import NotFound
from yichuan.common.transactions import command
from yichuan.keys.services.device import device
from yichuan.org.duties import Duty
from yichuan.org.models import Box
from yichuan.org.selectors import address_book, box_of, boxes_of, units_of
from yichuan.org.services.appoint import appoint
from yichuan.org.services.register_unit import UnitEntry, register_unit
from yichuan.people.models import Account

ENTRY = UnitEntry("JM9999", "市气象局", "江门市气象局", "department", 3, date(2009, 1, 1), 9999)


def test_a_unit_has_its_name_its_box_and_the_keys_of_its_box(world: World) -> None:
    with command():
        unit = register_unit(ENTRY)
    assert (unit.pinyin, unit.initials) == ("shiqixiangju", "sqxj")
    assert unit.names.get().valid_from == date(2009, 1, 1)
    box = box_of(unit.pk)
    assert device().has(box.wrapping_label)
    assert device().has(box.receipt_label)
    assert address_book()[-1] == unit
    assert Entry.objects.filter(verb="org.register_unit", subject_id=unit.pk).count() == 1


def test_of_a_registration_that_fails_nothing_stays(world: World) -> None:
    boxes = Box.objects.count()
    with pytest.raises(ZeroDivisionError), command():
        register_unit(ENTRY)
        raise ZeroDivisionError
    assert Box.objects.count() == boxes
    with command():
        register_unit(ENTRY)


def test_a_unit_without_a_box_is_named(world: World) -> None:
    Box.objects.filter(unit=world.units["市卫生局"]).delete()
    with pytest.raises(NotFound):
        box_of(world.units["市卫生局"].pk)
    assert world.units["市卫生局"].pk not in boxes_of([unit.pk for unit in world.units.values()])


def test_a_post_is_held_once_at_a_time(world: World) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        appoint(actor=None, account=world.sending_clerk, unit=world.sender, duty=Duty.CLERK)


def test_a_person_may_work_in_two_units_and_chooses_on_the_page(world: World) -> None:
    with command():
        appoint(actor=None, account=world.sending_clerk, unit=world.units["市卫生局"], duty=Duty.CLERK)
    clerk = Account.objects.get(pk=world.sending_clerk.pk)
    assert units_of(clerk) == [world.sender, world.units["市卫生局"]]
    browser = world.browser(clerk)
    assert browser.get("/inbox/").wsgi_request.unit == world.sender
    session = browser.session
    session["unit"] = str(world.units["市卫生局"].pk)
    session.save()
    assert browser.get("/inbox/").wsgi_request.unit == world.units["市卫生局"]
    session["unit"] = str(world.units["市环保局"].pk)
    session.save()
    assert browser.get("/inbox/").wsgi_request.unit == world.sender, "a unit in which the person holds no post"
