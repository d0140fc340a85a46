"""Corrected and sent again (更正重发): a new draft with everything of the old one, under the same number."""

import pytest

from support.at_once import at_once
from support.world import World, blob_path
from yichuan.audit.models import Entry
from yichuan.common import sealed
from yichuan.common.errors import Invalid, NotAllowed, NotFound, Refused
from yichuan.compose.models import Document, PaperAttachment
from yichuan.compose.services.chain import chain_of
from yichuan.compose.services.content import read_content
from yichuan.compose.services.correct import correct
from yichuan.compose.services.keys import own_key
from yichuan.compose.services.save import begin, save
from yichuan.compose.services.uploads import attach
from yichuan.exchange.models import Delivery, Dispatch
from yichuan.exchange.services.return_delivery import return_delivery
from yichuan.exchange.services.withdraw import withdraw

TABLE = "断面,时间\n北街,七月".encode()


def _returned(world: World) -> Dispatch:
    draft = world.draft()
    attach(actor=world.sending_clerk, document_id=draft.pk, name="附表.csv", data=TABLE)
    PaperAttachment.objects.create(document=draft, order=1, name="断面位置图", copies=2)
    dispatch = world.sent("市环保局", document=draft)
    return_delivery(actor=world.clerk["市环保局"], delivery_id=dispatch.deliveries.get().pk, reason="附表缺页")
    return dispatch


def test_what_was_returned_begins_anew_with_all_of_it(world: World) -> None:
    old = _returned(world).document
    new = correct(actor=world.sending_clerk, document_id=old.pk)
    assert (new.state, new.number, new.corrects, new.title) == ("draft", old.number, old, old.title)
    assert read_content(new) == read_content(old)
    copied, kept = new.attachments.get(), old.attachments.get()
    assert (copied.name, copied.size, copied.digest) == (kept.name, kept.size, kept.digest)
    assert blob_path(copied.blob).read_bytes() != blob_path(kept.blob).read_bytes()
    assert sealed.read_bytes(own_key(new), copied.context, copied.blob) == TABLE
    with pytest.raises(Refused):
        sealed.read_bytes(own_key(old), copied.context, copied.blob)
    assert list(new.paper_attachments.values_list("name", "copies")) == [("断面位置图", 2)]
    assert Entry.objects.get(verb="compose.correct").detail == {"number": old.number, "corrects": str(old.pk)}
    assert Entry.objects.get(verb="compose.corrected").subject_id == old.pk
    assert Document.objects.get(pk=old.pk).state == "sent"


def test_it_goes_out_under_the_old_number_and_the_chain_stays(world: World) -> None:
    first = world.sent("市环保局")
    withdraw(actor=world.sending_clerk, dispatch_id=first.pk, reason="附件用错")
    second = correct(actor=world.sending_clerk, document_id=first.document_id)
    sent = world.sent("市环保局", document=second)
    return_delivery(actor=world.clerk["市环保局"], delivery_id=sent.deliveries.get().pk, reason="又错了")
    third = correct(actor=world.sending_clerk, document_id=second.pk)
    for each in (first.document, second, third):
        assert [step.pk for step in chain_of(Document.objects.get(pk=each.pk))] == [
            first.document_id, second.pk, third.pk,
        ]  # fmt: skip
    assert Delivery.objects.filter(dispatch__document__number=first.document.number).count() == 2


def test_outside_of_the_chain_the_number_is_taken(world: World) -> None:
    old = _returned(world).document
    new = correct(actor=world.sending_clerk, document_id=old.pk)
    fields = read_content(new)[0]
    with pytest.raises(Invalid, match="已经用过，请换一个序号。同号更正请"):
        begin(actor=world.sending_clerk, unit=world.sender, fields=fields)
    other = world.draft()
    with pytest.raises(Invalid, match="已经用过") as refusal:
        save(actor=world.sending_clerk, document_id=new.pk, fields=fields | {"number": other.number or ""})
    assert list(refusal.value.errors) == ["number"]
    with pytest.raises(Invalid, match="已经用过"):
        save(actor=world.sending_clerk, document_id=other.pk, fields=read_content(other)[0] | {"number": old.number})
    save(actor=world.sending_clerk, document_id=new.pk, fields=fields | {"number": "江府办〔2008〕9号"})
    save(actor=world.sending_clerk, document_id=new.pk, fields=fields)
    assert Document.objects.get(pk=new.pk).number == old.number


def test_a_number_that_a_correction_gave_up_is_free_for_one_of_two_that_want_it(committed_world: World) -> None:
    world = committed_world
    dispatch = world.sent("市环保局")
    withdraw(actor=world.sending_clerk, dispatch_id=dispatch.pk, reason="附件用错")
    drafts = [correct(actor=world.sending_clerk, document_id=dispatch.document_id), world.draft()]

    def take(number: int) -> None:
        document = Document.objects.get(pk=drafts[number].pk)
        wanted = read_content(document)[0] | {"number": "江府办〔2008〕8号"}
        save(actor=world.sending_clerk, document_id=document.pk, fields=wanted)

    raised = at_once(take, 2)
    assert [getattr(each, "code", each) for each in raised] == ["invalid"]
    assert Document.objects.filter(number="江府办〔2008〕8号").count() == 1


def test_only_what_came_back_is_corrected_and_one_correction_at_a_time(world: World) -> None:
    dispatch = world.sent("市环保局")
    with pytest.raises(Refused) as refusal:
        correct(actor=world.sending_clerk, document_id=dispatch.document_id)
    assert refusal.value.code == "nothing_to_correct"
    withdraw(actor=world.sending_clerk, dispatch_id=dispatch.pk, reason="附件用错")
    correct(actor=world.sending_clerk, document_id=dispatch.document_id)
    with pytest.raises(Refused) as refusal:
        correct(actor=world.sending_clerk, document_id=dispatch.document_id)
    assert refusal.value.code == "correcting"
    assert Document.objects.filter(corrects=dispatch.document).count() == 1


def test_two_hands_make_one_correction(committed_world: World) -> None:
    world = committed_world
    dispatch = world.sent("市环保局")
    withdraw(actor=world.sending_clerk, dispatch_id=dispatch.pk, reason="附件用错")
    raised = at_once(lambda _: _ignored(correct(actor=world.sending_clerk, document_id=dispatch.document_id)), 3)
    assert {getattr(each, "code", each) for each in raised} == {"correcting"}
    assert Document.objects.filter(corrects=dispatch.document).count() == 1


def _ignored(_: object) -> None:
    return None


def test_the_senders_clerks_alone_correct_it(world: World) -> None:
    old = _returned(world).document
    with pytest.raises(NotAllowed):
        correct(actor=world.custodian["市府办公室"], document_id=old.pk)
    with pytest.raises(NotFound):
        correct(actor=world.clerk["市环保局"], document_id=old.pk)
