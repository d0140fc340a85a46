"""Paper attachments are named on the document before it is sent (J-28)."""

import pytest

from support.world import World
from yichuan.audit.models import Entry
from yichuan.common.errors import Invalid, NotAllowed, NotFound, Refused
from yichuan.compose.models import PaperAttachment
from yichuan.compose.services.name_papers import drop_paper, name_paper
from yichuan.org.duties import Duty


def test_they_are_named_in_order_dropped_and_logged(world: World) -> None:
    draft = world.draft()
    first = name_paper(actor=world.sending_clerk, document_id=draft.pk, name=" 规划图集 ", copies=2)
    name_paper(actor=world.sending_clerk, document_id=draft.pk, name="年鉴", copies=1)
    named = list(PaperAttachment.objects.values_list("order", "name", "copies"))
    assert named == [(1, "规划图集", 2), (2, "年鉴", 1)]
    for _ in range(2):
        drop_paper(actor=world.sending_clerk, document_id=draft.pk, paper_id=first.pk)
    assert PaperAttachment.objects.get().name == "年鉴"
    said = [entry.detail["attachments"] for entry in Entry.objects.filter(verb="compose.name_papers").order_by("pk")]
    assert said == [["规划图集 2 份"], ["规划图集 2 份", "年鉴 1 份"], ["年鉴 1 份"]]


@pytest.mark.parametrize(
    ("name", "copies", "field"),
    [(" ", 1, "paper_name"), ("长" * 121, 1, "paper_name"), ("图\u200b集", 1, "paper_name"),
     ("图集", 0, "paper_copies"), ("图集", 1000, "paper_copies"), ("年 鉴", 1, "paper_name")],
    ids=["empty", "long", "hidden", "none", "too many", "twice"],
)  # fmt: skip
def test_what_cannot_be_named_is_refused_beside_its_field(world: World, name: str, copies: int, field: str) -> None:
    draft = world.draft()
    name_paper(actor=world.sending_clerk, document_id=draft.pk, name="年鉴", copies=1)
    with pytest.raises(Invalid) as refusal:
        name_paper(actor=world.sending_clerk, document_id=draft.pk, name=name, copies=copies)
    assert list(refusal.value.errors) == [field]


def test_a_sent_documents_papers_stay_and_other_people_name_none(world: World) -> None:
    sent = world.sent("市环保局").document
    with pytest.raises(Refused) as refusal:
        name_paper(actor=world.sending_clerk, document_id=sent.pk, name="图集", copies=1)
    assert refusal.value.code == "wrong_state"
    draft = world.draft()
    with pytest.raises(NotFound):
        name_paper(actor=world.clerk["市环保局"], document_id=draft.pk, name="图集", copies=1)
    with pytest.raises(NotAllowed):
        name_paper(actor=world.holder(Duty.LEADER, "市府办公室"), document_id=draft.pk, name="图集", copies=1)


def test_the_panel_stands_on_the_form_and_on_the_page_and_answers_in_its_place(world: World) -> None:
    document, client = world.ready(), world.browser(world.sending_clerk)
    address = f"/documents/{document.pk}/papers/"
    refused = client.post(address, {"paper_name": "图集", "paper_copies": "无"}, headers={"HX-Request": "true"})
    assert refused.status_code == 422
    assert 'value="图集"' in refused.content.decode() and "paper_copies-error" in refused.content.decode()
    assert client.post(address, {"paper_name": "图集", "paper_copies": "2"}).status_code == 302
    assert "图集" in client.get(f"/documents/{document.pk}/").content.decode()
    paper = PaperAttachment.objects.get()
    gone = client.post(f"{address}{paper.pk}/drop/", headers={"HX-Request": "true"})
    assert gone.status_code == 200 and "图集，每家" not in gone.content.decode()
