"""The pages of making in steps: to-do by step, handing back with a reason, correcting, scans, drafts kept unasked."""

import re
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from support.carriers import on_carrier
from support.making import SCAN, TEXT, sealed_elsewhere, unsealed_body
from support.world import World, small_gongwen
from yichuan.compose.drafting.content import from_gongwen
from yichuan.compose.models import Document, HandBack
from yichuan.compose.services.hand_back import hand_back
from yichuan.compose.services.save import begin
from yichuan.exchange.services.return_delivery import return_delivery
from yichuan.org.duties import Duty, permissions_of
from yichuan.org.models import Post

OFFICE, HEALTH = "市府办公室", "市卫生局"


def _said(answer: object) -> str:
    return re.sub(r"\s+", "", answer.content.decode())  # type: ignore[attr-defined]


def _tasks(browser: Client) -> list[str]:
    return re.findall(r'data-kind="([^"]+)"', browser.get("/").content.decode())


def test_each_step_sees_what_stands_with_it_and_who_does_all_sees_all(world: World) -> None:
    world.draft()
    world.ready()
    world.sealed()
    assert _tasks(world.browser(world.custodian[OFFICE])) == ["盖章"]
    assert _tasks(world.browser(world.sending_clerk)) == ["发送", "继续制作"]
    Post.objects.filter(account=world.sending_clerk).update(
        permissions=[each for each in permissions_of(Duty.CLERK) if each != "compose.send"]
    )
    assert _tasks(world.browser(world.sending_clerk)) == ["继续制作"]
    everything = [*permissions_of(Duty.CLERK), *permissions_of(Duty.CUSTODIAN)]
    Post.objects.filter(account=world.sending_clerk).update(permissions=everything)
    assert [each for each in _tasks(world.browser(world.sending_clerk)) if each in ("盖章", "发送", "继续制作")] == [
        "盖章", "发送", "继续制作",
    ]  # fmt: skip


def test_who_gets_it_back_reads_who_gave_it_and_why(world: World) -> None:
    ready = world.ready()
    browser = world.browser(world.custodian[OFFICE])
    page = browser.get(f"/documents/{ready.pk}/")
    assert "退回拟稿人" in page.content.decode() and "退回重新盖章" not in page.content.decode()
    refused = browser.post(f"/documents/{ready.pk}/hand-back/", {"reason": " "})
    assert refused.status_code == 422 and "请写退回原因" in refused.content.decode()
    assert browser.post(f"/documents/{ready.pk}/hand-back/", {"reason": "页码不对"}).status_code == 302
    clerk = world.browser(world.sending_clerk)
    assert "李印退回：页码不对" in _said(clerk.get("/"))
    assert "李印退回：页码不对" in _said(clerk.get(f"/documents/{ready.pk}/edit/"))
    assert _tasks(world.browser(world.custodian[OFFICE])) == []


def test_the_sender_gives_it_back_to_the_custodian_on_its_page(world: World) -> None:
    sealed = world.sealed()
    clerk = world.browser(world.sending_clerk)
    assert "退回重新盖章" in clerk.get(f"/documents/{sealed.pk}/").content.decode()
    clerk.post(f"/documents/{sealed.pk}/hand-back/", {"reason": "章盖歪了"})
    custodian = world.browser(world.custodian[OFFICE])
    for address in ("/", f"/documents/{sealed.pk}/", f"/documents/{sealed.pk}/seal/"):
        assert f"{world.sending_clerk.name}退回：章盖歪了" in _said(custodian.get(address)), address
    assert "已作废" in custodian.get("/seals/").content.decode()
    assert HandBack.objects.get().target == "ready"


def test_a_returned_document_is_corrected_from_its_page_and_both_show_the_chain(world: World) -> None:
    dispatch = world.sent("市环保局")
    clerk = world.browser(world.sending_clerk)
    assert "更正重发" not in clerk.get(f"/documents/{dispatch.document_id}/").content.decode()
    delivery = dispatch.deliveries.get()
    return_delivery(actor=world.clerk["市环保局"], delivery_id=delivery.pk, reason="附件缺页")
    assert "更正重发" in clerk.get(f"/documents/{dispatch.document_id}/").content.decode()
    answer = clerk.post(f"/documents/{dispatch.document_id}/correct/")
    new = Document.objects.get(corrects=dispatch.document)
    assert answer.headers["Location"] == f"/documents/{new.pk}/edit/"
    again = clerk.post(f"/documents/{dispatch.document_id}/correct/")
    assert again.status_code == 409 and "更正稿已经建好" in again.content.decode()
    sent = world.sent("市环保局", document=new)
    for one, other in ((dispatch.document_id, new.pk), (new.pk, dispatch.document_id)):
        page = clerk.get(f"/documents/{one}/").content.decode()
        assert "更正经过" in page and f"/documents/{other}/" in page
    receiver = world.browser(world.clerk["市环保局"])
    returned_on = f"{Document.objects.get(pk=new.pk).created_at:%Y}"
    page = _said(receiver.get(f"/deliveries/{sent.deliveries.get().pk}/"))
    assert re.search(
        rf"本件更正{returned_on}-\d\d-\d\d退回的<aclass=\"num\"href=\"/deliveries/{delivery.pk}/\">同号公文", page
    )
    assert "已更正重发，请以" in _said(receiver.get(f"/deliveries/{delivery.pk}/"))


def _new(**changed: str) -> dict[str, str]:
    return from_gongwen(small_gongwen("江府办〔2008〕77号"), kind="通知") | changed


def test_a_new_document_is_kept_while_one_types_once_it_has_a_title(world: World) -> None:
    clerk = world.browser(world.sending_clerk)
    address = re.search(r'hx-post="(/documents/new/[^"]+)"', clerk.get("/documents/new/").content.decode())
    assert address is not None
    htmx = {"HX-Request": "true"}
    assert clerk.post(address[1], _new(title=" "), headers=htmx).status_code == 204
    assert not Document.objects.exists()
    begun = clerk.post(address[1], _new(), headers=htmx)
    document = Document.objects.get()
    assert begun.status_code == 200 and begun.headers["HX-Replace-Url"] == f"/documents/{document.pk}/edit/"
    for part in ('id="preview"', 'id="save-buttons" hx-swap-oob', 'id="beside-draft" hx-swap-oob', "完成制作"):
        assert part in begun.content.decode(), part
    seen = re.search(r'name="seen" value="(\w+)"', begun.content.decode())
    assert seen is not None
    later = clerk.post(address[1], _new(title="改过的标题", seen=seen[1]), headers=htmx)
    assert later.status_code == 200 and "hx-swap-oob" not in later.content.decode()
    assert Document.objects.get().title == "改过的标题"
    pressed = clerk.post("/documents/new/", _new(new_id=str(document.pk), title="按了保存"))
    assert pressed.headers["Location"] == f"/documents/{document.pk}/edit/", "the button begins no second one"
    assert Document.objects.get().title == "按了保存"
    other = world.browser(world.clerk[HEALTH])
    assert other.post(address[1], _new(), headers=htmx).status_code == 404


def test_a_number_that_is_taken_is_said_beside_the_form_before_anything_is_begun(world: World) -> None:
    begin(actor=world.sending_clerk, unit=world.sender, fields=_new())
    answer = world.browser(world.sending_clerk).post(
        f"/documents/new/{uuid.uuid4()}/", _new(title="另一件"), headers={"HX-Request": "true"}
    )
    assert answer.status_code == 422 and "已经用过，请换一个序号" in answer.content.decode()
    assert Document.objects.count() == 1


def test_a_body_sealed_in_the_office_system_is_uploaded_on_the_page(world: World) -> None:
    data, draft = unsealed_body(world), world.draft()
    clerk = world.browser(world.sending_clerk)
    address = f"/documents/{draft.pk}/sealed/"
    for given, said in (({}, "请先选择"), ({"file": SimpleUploadedFile("通知.ofd", data)}, "没有盖过电子印章")):
        refused = clerk.post(address, given)
        assert refused.status_code == 422 and said in refused.content.decode()
    good = sealed_elsewhere(on_carrier(world.sender, world.imprint), data)
    assert clerk.post(address, {"file": SimpleUploadedFile("通知.ofd", good)}).status_code == 302
    draft.refresh_from_db()
    assert draft.state == "sealed"


def _of_health(world: World) -> Document:
    fields = from_gongwen(small_gongwen("江卫〔2008〕5号"), kind="通知")
    return begin(actor=world.clerk[HEALTH], unit=world.units[HEALTH], fields=fields)


def _files() -> dict[str, SimpleUploadedFile]:
    return {"scan": SimpleUploadedFile("通知.pdf", SCAN), "text": SimpleUploadedFile("通知.txt", TEXT)}


def test_a_scan_is_uploaded_with_its_text_and_says_so_on_its_page(world: World, settings: object) -> None:
    settings.YICHUAN_PROFILE = "guangdong-2012"  # type: ignore[attr-defined]
    draft, browser = _of_health(world), world.browser(world.clerk[HEALTH])
    assert f"/documents/{draft.pk}/scan/" in browser.get(f"/documents/{draft.pk}/edit/").content.decode()
    missing = browser.post(f"/documents/{draft.pk}/scan/", {"scan": _files()["scan"]})
    assert missing.status_code == 422 and "请选择同一件公文的可编辑文本" in missing.content.decode()
    broken = _files() | {"scan": SimpleUploadedFile("通知.pdf", b"%PDF-1.7 broken")}
    assert "这个 PDF 文件打不开" in browser.post(f"/documents/{draft.pk}/scan/", broken).content.decode()
    assert browser.post(f"/documents/{draft.pk}/scan/", _files()).status_code == 302
    page = browser.get(f"/documents/{draft.pk}/").content.decode()
    assert "盖章纸质件扫描，没有电子印章" in page and "退回重新盖章" not in page


def test_where_seals_are_the_rule_the_page_of_scans_says_what_to_do(world: World, settings: object) -> None:
    settings.YICHUAN_PROFILE = "jiangmen-2008"  # type: ignore[attr-defined]
    draft, browser = _of_health(world), world.browser(world.clerk[HEALTH])
    assert "/scan/" not in browser.get(f"/documents/{draft.pk}/edit/").content.decode()
    page = browser.get(f"/documents/{draft.pk}/scan/")
    assert "请先申请制作电子印章" in page.content.decode() and 'type="file"' not in page.content.decode()
    assert browser.post(f"/documents/{draft.pk}/scan/", _files()).status_code == 409


@pytest.mark.parametrize("name", ["hand-back", "correct", "sealed"])
def test_another_units_document_looks_as_if_it_did_not_exist(world: World, name: str) -> None:
    document = world.ready()
    answer = world.browser(world.clerk[HEALTH]).post(f"/documents/{document.pk}/{name}/", {"reason": "不对"})
    assert answer.status_code == 404
    with pytest.raises(Exception, match="没有这件公文"):
        hand_back(actor=world.clerk[HEALTH], document_id=document.pk, reason="不对")
