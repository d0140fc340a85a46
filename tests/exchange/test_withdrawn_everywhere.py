"""What was taken back is not read any more, by whichever address: of what was passed on, sent again, returned, kept."""

import io
import zipfile

import pytest

from support.offices import an_office, of_office
from support.over_the_years import box_of_office, close
from support.requests import asked_for_resend
from support.systems import problem_of, system_of
from support.world import World
from yichuan.common.errors import Refused
from yichuan.compose.services.uploads import attach
from yichuan.exchange.models import Delivery, Dispatch, ReturnNotice
from yichuan.exchange.services.export_kept import export_kept
from yichuan.exchange.services.forward import forward
from yichuan.exchange.services.grant_request import grant
from yichuan.exchange.services.kept import kept_document
from yichuan.exchange.services.return_delivery import return_delivery
from yichuan.exchange.services.return_notice import verify_notice
from yichuan.exchange.services.send import Recipient, send
from yichuan.exchange.services.withdraw import withdraw
from yichuan.org.duties import Duty
from yichuan.people.models import Account

WHY = "附件用错了版本"
PDF = b"%PDF-1.4\nattached\n%%EOF"


def _take_back(world: World, dispatch: Dispatch) -> None:
    withdraw(actor=world.sending_clerk, dispatch_id=dispatch.pk, reason=WHY)


def _closed_to(world: World, reader: Account, delivery: Delivery) -> None:
    """Neither pages nor attachments nor the whole: what is left says who took it back."""
    browser, here = world.browser(reader), f"/deliveries/{delivery.pk}/"
    assert browser.get(f"{here}pages/1.svg").status_code == 409
    for file in delivery.dispatch.document.attachments.all():
        assert browser.get(f"{here}attachments/{file.pk}/").status_code == 409
    page = browser.get(here)
    assert page.status_code == 200 and WHY in page.content.decode() and "/pages/1.svg" not in page.content.decode()
    side = browser.get(f"{here}side/", headers={"HX-Request": "true"})
    assert side.headers["HX-Refresh"] == "true"


def test_not_at_the_office_that_had_passed_it_on(world: World) -> None:
    office = an_office(world, "监测科", "市环保局")
    box_of_office(office)
    receiver, document = of_office(office, Duty.RECEIVER, "receiver"), world.draft()
    attach(actor=world.sending_clerk, document_id=document.pk, name="名单.pdf", data=PDF)
    document = world.sealed(document)
    wanted = [Recipient(office.unit_id, Delivery.Role.MAIN, 3, office.pk)]
    dispatch = send(actor=world.sending_clerk, document=document, recipients=wanted, idempotency_key=document.pk)
    old = dispatch.deliveries.get()
    assert world.browser(receiver).get(f"/deliveries/{old.pk}/pages/1.svg").status_code == 200
    forward(actor=receiver, delivery_id=old.pk)
    _take_back(world, dispatch)
    _closed_to(world, receiver, old)


def test_not_in_the_place_of_what_was_sent_again(world: World) -> None:
    old = world.delivery()
    system = system_of(world)
    grant(actor=world.sending_clerk, request_id=asked_for_resend(world, old).pk)
    _take_back(world, old.dispatch)
    _closed_to(world, world.clerk["市环保局"], old)
    assert problem_of(system.get(f"/deliveries/{old.pk}/checks")) == "wrong_state"
    assert problem_of(system.post(f"/deliveries/{old.pk}/read")) == "wrong_state"


def test_not_by_who_returned_it_whose_notice_stays(world: World) -> None:
    dispatch = world.sent("市环保局", "市卫生局")
    old, clerk = dispatch.deliveries.get(unit=world.units["市环保局"]), world.clerk["市环保局"]
    return_delivery(actor=clerk, delivery_id=old.pk, reason="缺附件")
    _take_back(world, dispatch)
    _closed_to(world, clerk, old)
    notice = f"/deliveries/{old.pk}/notice.pdf"
    assert notice in world.browser(clerk).get(f"/deliveries/{old.pk}/").content.decode()
    assert world.browser(clerk).get(notice).content.startswith(b"%PDF")
    assert verify_notice(ReturnNotice.objects.get())


def test_not_by_who_keeps_the_box_of_a_closed_unit(world: World) -> None:
    delivery, keeper = world.delivery(), world.clerk["市建设局"]
    close(world.units["市环保局"], world.units["市建设局"], kept="export")
    assert kept_document(keeper, delivery.dispatch.document_id).body()
    _take_back(world, delivery.dispatch)
    with pytest.raises(Refused, match="已撤回"):
        kept_document(keeper, delivery.dispatch.document_id)
    box = Delivery.objects.get(pk=delivery.pk).box_id
    exported = zipfile.ZipFile(io.BytesIO(b"".join(export_kept(actor=keeper, box_id=box).stream())))
    assert [name for name in exported.namelist() if "正文" in name] == []
    assert world.browser(keeper).get(f"/kept/{box}/").status_code == 200
