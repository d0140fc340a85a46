"""The clerk's pages for making a document, as a browser uses them."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from support.seals import small_ofd
from support.world import World, small_gongwen
from yichuan.compose.drafting.content import from_gongwen
from yichuan.compose.models import Document
from yichuan.compose.services.content import read_content
from yichuan.seals.models import Seal, SealUse


def _form(**changes: str) -> dict[str, str]:
    return from_gongwen(small_gongwen("江府办〔2008〕90号"), kind="通知") | changes


def _text(answer: Any) -> str:
    return answer.content.decode()


def test_a_document_is_begun_edited_finished_and_sealed(world: World) -> None:
    clerk, custodian = world.browser(world.sending_clerk), world.browser(world.custodian["市府办公室"])
    begun = clerk.post("/documents/new/", _form())
    document = Document.objects.get()
    here = f"/documents/{document.pk}/"
    assert begun.headers["Location"] == f"{here}edit/"
    assert "正文" in _text(clerk.get(f"{here}edit/"))
    assert clerk.post(f"{here}edit/", _form(body="改过的一段。")).status_code == 200
    assert read_content(Document.objects.get())[0]["body"] == "改过的一段。"
    drawn = clerk.get(f"{here}draft/1.svg")
    assert drawn.headers["Content-Type"].startswith("image/svg+xml")
    assert clerk.get(f"{here}draft/9.svg").status_code == 404
    assert clerk.post(f"{here}finish/", _form(body="定稿。")).headers["Location"] == here
    assert read_content(Document.objects.get())[0]["body"] == "定稿。"
    place = {"seal": str(Seal.objects.get().pk), "page": "1", "x": "140.5", "y": "220"}
    assert custodian.post(f"{here}seal/", place).headers["Location"] == here
    assert Document.objects.get().state == "sealed"
    assert clerk.get(f"{here}pages/1.svg").status_code == 200


def test_what_is_missing_is_said_and_what_was_typed_stays(world: World) -> None:
    clerk = world.browser(world.sending_clerk)
    answer = clerk.post("/documents/new/", _form(title="", body="写了一半的话"))
    assert answer.status_code == 422
    assert "标题是空的" in _text(answer)
    assert "写了一半的话" in _text(answer)
    assert not Document.objects.exists()


def test_finishing_with_faults_names_each_and_keeps_the_draft(world: World) -> None:
    clerk, document = world.browser(world.sending_clerk), world.draft()
    answer = clerk.post(f"/documents/{document.pk}/finish/", _form(number="乱写", date=""))
    assert answer.status_code == 422
    for said in ("江府办〔2008〕44号", "成文日期是空的"):
        assert said in _text(answer)
    document.refresh_from_db()
    assert document.state == "draft"


@pytest.mark.parametrize("urgency", ["特急", "加急"])
def test_an_urgent_document_is_refused_on_the_page_with_the_article(world: World, urgency: str) -> None:
    answer = world.browser(world.sending_clerk).post("/documents/new/", _form(urgency=urgency))
    assert answer.status_code == 422
    assert "第四条（二）" in _text(answer)


def test_a_document_that_is_finished_is_not_edited(world: World) -> None:
    clerk, document = world.browser(world.sending_clerk), world.ready()
    here = f"/documents/{document.pk}/"
    assert clerk.get(f"{here}edit/").headers["Location"] == here
    assert clerk.post(f"{here}edit/", _form(body="改")).headers["Location"] == here
    assert clerk.post(f"{here}finish/", _form()).status_code == 409


def test_text_that_is_meant_for_the_page_stays_text(world: World) -> None:
    clerk = world.browser(world.sending_clerk)
    clerk.post("/documents/new/", _form(title="<script>alert(1)</script>", body="<img src=x onerror=alert(1)>"))
    here = f"/documents/{Document.objects.get().pk}/"
    for address in (f"{here}edit/", f"{here}draft/1.svg", "/documents/", "/"):
        page = _text(clerk.get(address))
        assert "<script>alert" not in page, address
        assert "<img src=x" not in page, address


def test_attachments_are_taken_and_refused_one_by_one(world: World) -> None:
    clerk, document = world.browser(world.sending_clerk), world.draft()
    files = [SimpleUploadedFile("好.txt", b"abc"), SimpleUploadedFile("坏.docx", b"MZ..")]
    answer = clerk.post(f"/documents/{document.pk}/attachments/", {"file": files})
    assert answer.status_code == 422
    assert "坏.docx" in _text(answer)
    kept = document.attachments.get()
    assert kept.name == "好.txt"
    got = clerk.get(f"/documents/{document.pk}/attachments/{kept.pk}/")
    assert got.getvalue() == b"abc"
    assert got.headers["Content-Disposition"].startswith("attachment")
    assert "请先选择文件" in _text(clerk.post(f"/documents/{document.pk}/attachments/"))
    clerk.post(f"/documents/{document.pk}/attachments/{kept.pk}/remove/")
    assert not document.attachments.exists()


@pytest.mark.parametrize("where", ["attachments", "upload"])
def test_a_file_that_is_too_large_is_answered_with_the_limit(world: World, settings: object, where: str) -> None:
    settings.YICHUAN_UPLOAD_LIMIT = 1000  # type: ignore[attr-defined]
    clerk, document = world.browser(world.sending_clerk), world.draft()
    large = SimpleUploadedFile("大.ofd", b"PK\x03\x04" + bytes(5000))
    answer = clerk.post(f"/documents/{document.pk}/{where}/", {"file": large})
    assert answer.status_code == 422
    assert "文件太大" in _text(answer)
    document.refresh_from_db()
    assert (document.state, document.attachments.count()) == ("draft", 0)


def test_a_finished_ofd_is_uploaded_and_a_broken_one_explained(world: World) -> None:
    clerk, document = world.browser(world.sending_clerk), world.draft()
    here = f"/documents/{document.pk}/"
    broken = clerk.post(f"{here}upload/", {"file": SimpleUploadedFile("成品.ofd", b"PK\x03\x04....")})
    assert broken.status_code == 422
    assert "打不开" in _text(broken)
    assert "请先选择 OFD 文件" in _text(clerk.post(f"{here}upload/"))
    assert clerk.post(f"{here}upload/", {"file": SimpleUploadedFile("成品.ofd", small_ofd())}).status_code == 302
    assert clerk.get(here).status_code == 200
    assert clerk.post(f"{here}reopen/").status_code == 302


@pytest.mark.parametrize(
    "changes", [{"seal": ""}, {"seal": "x"}, {"page": "0"}, {"page": "9"}, {"x": "nan"}, {"x": "-1"}, {"y": "十"}]
)
def test_a_place_for_the_seal_that_cannot_be_is_refused(world: World, changes: dict[str, str]) -> None:
    document = world.ready()
    place = {"seal": str(Seal.objects.get().pk), "page": "1", "x": "140", "y": "220"} | changes
    answer = world.browser(world.custodian["市府办公室"]).post(f"/documents/{document.pk}/seal/", place)
    assert answer.status_code == 422
    document.refresh_from_db()
    assert document.state == "ready"
    assert not SealUse.objects.exists()


@pytest.mark.parametrize("state", ["", "draft", "sent", "nonsense", "\0"])
def test_the_list_opens_for_every_filter(world: World, state: str) -> None:
    world.draft()
    answer = world.browser(world.leader).get("/documents/", {"state": state, "page": "-3"})
    assert answer.status_code == 200


def test_of_several_files_it_says_which_were_kept_and_why_the_others_were_not(world: World) -> None:
    document, clerk = world.draft(), world.browser(world.sending_clerk)
    files = [SimpleUploadedFile("名单.txt", "甲".encode()), SimpleUploadedFile("程序.exe", b"MZ")]
    answer = clerk.post(f"/documents/{document.pk}/attachments/", {"file": files}, headers={"HX-Request": "true"})
    assert answer.status_code == 422
    assert "已添加：名单.txt" in answer.content.decode()
    assert "「程序.exe」：不接收" in answer.content.decode()


def test_the_panel_says_either_what_is_wrong_or_that_it_can_be_typeset(world: World) -> None:
    document, clerk = world.draft(), world.browser(world.sending_clerk)
    here = f"/documents/{document.pk}/"
    fine = read_content(document)[0]
    for changes, saved in (({"title": "", "body": ""}, False), ({"number": "江府办(2009)7号"}, True)):
        page = clerk.post(f"{here}finish/", fine | changes).content.decode()
        assert "可以排版" not in page
        assert ("没有保存" in page) is not saved
        for name in changes:
            assert f'href="#id_{name}"' in page.split('class="yc-notes"')[1], name


def test_documents_are_found_by_a_part_of_their_number(world: World) -> None:
    first, second = world.draft(), world.draft()
    page = world.browser(world.sending_clerk).get("/documents/", {"number": first.number}).content.decode()
    assert f"/documents/{first.pk}/" in page
    assert f"/documents/{second.pk}/" not in page
