"""The upload protocol as a page speaks it (tus 1.0.0)."""

import base64

import pytest
from django.test import Client

from support.world import World
from yichuan.compose.models import Upload
from yichuan.compose.services import upload_parts

DATA = b"a,b\n" * 500
PART = "application/offset+octet-stream"


@pytest.fixture
def browser(world: World) -> Client:
    return world.browser(world.sending_clerk)


def _create(browser: Client, name: str = "表.csv", size: int | str = len(DATA)) -> object:
    metadata = f"filename {base64.b64encode(name.encode()).decode()}"
    return browser.post("/uploads/", headers={"Upload-Length": str(size), "Upload-Metadata": metadata})


def _patch(browser: Client, url: str, offset: int | str, data: bytes, content_type: str = PART) -> object:
    return browser.patch(url, data, content_type=content_type, headers={"Upload-Offset": str(offset)})


def test_a_file_is_announced_sent_in_parts_and_asked_for(browser: Client) -> None:
    made = _create(browser)
    assert made.status_code == 201
    url = made["Location"]
    assert _patch(browser, url, 0, DATA[:700])["Upload-Offset"] == "700"
    asked = browser.head(url)
    assert (asked.status_code, asked["Upload-Offset"], asked["Upload-Length"]) == (200, "700", "2000")
    assert asked["Cache-Control"] == "no-store"
    done = _patch(browser, url, 700, DATA[700:])
    assert (done.status_code, done["Upload-Offset"], done["Tus-Resumable"]) == (204, "2000", "1.0.0")
    assert Upload.objects.get().state == Upload.State.COMPLETE


def test_the_finished_upload_joins_the_document_through_the_page(world: World, browser: Client) -> None:
    document = world.draft()
    url = _create(browser)["Location"]
    _patch(browser, url, 0, DATA)
    upload = Upload.objects.get()
    answer = browser.post(f"/documents/{document.pk}/attachments/uploads/", {"upload": [str(upload.pk)]})
    assert answer.status_code == 200
    assert "已添加：表.csv" in answer.content.decode()
    assert document.attachments.get().size == len(DATA)


def test_a_file_that_is_refused_is_named_with_the_reason_and_the_others_are_kept(world: World, browser: Client) -> None:
    document = world.draft()
    for name, data in (("表.csv", DATA), ("图.png", DATA)):
        _patch(browser, _create(browser, name)["Location"], 0, data)
    ids = [str(each) for each in Upload.objects.order_by("begun_at").values_list("pk", flat=True)]
    answer = browser.post(f"/documents/{document.pk}/attachments/uploads/", {"upload": ids})
    said = answer.content.decode()
    assert answer.status_code == 422
    assert "「图.png」的名称说是 .png 文件" in said
    assert "已添加：表.csv" in said


@pytest.mark.parametrize(
    ("name", "size", "status"),
    [("a.exe", 10, 422), ("a.csv", "many", 422), ("a.csv", "", 422), ("a.csv", upload_parts.LARGEST + 1, 422)],
)
def test_a_bad_announcement_says_why_in_plain_words(browser: Client, name: str, size: int | str, status: int) -> None:
    refused = _create(browser, name, size)
    assert refused.status_code == status
    assert refused.json()["message"]
    assert not Upload.objects.exists()


def test_the_wrong_offset_is_a_conflict_and_changes_nothing(browser: Client) -> None:
    url = _create(browser)["Location"]
    assert _patch(browser, url, 5, DATA[:10]).status_code == 409
    assert _patch(browser, url, "x", DATA[:10]).status_code == 422
    assert _patch(browser, url, 0, DATA[:10], "text/plain").status_code == 422
    assert Upload.objects.get().received == 0


def test_a_cancelled_upload_is_gone(browser: Client) -> None:
    url = _create(browser)["Location"]
    assert browser.delete(url).status_code == 204
    assert browser.head(url).status_code == 404


def test_a_stranger_to_the_upload_learns_nothing_of_it(world: World, browser: Client) -> None:
    url = _create(browser)["Location"]
    other = world.browser(world.clerk["市环保局"])
    assert other.head(url).status_code == 404
    assert _patch(other, url, 0, DATA).status_code == 404


def test_what_the_server_can_is_said_to_who_asks(browser: Client) -> None:
    said = browser.options("/uploads/")
    assert (said["Tus-Version"], said["Tus-Extension"]) == ("1.0.0", "creation,termination")
