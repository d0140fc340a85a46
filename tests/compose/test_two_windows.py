"""Two windows, or two colleagues, on one draft: neither overwrites the other unseen."""

import re
from typing import Any

import pytest
from django.test import Client

from support.world import World
from yichuan.compose.models import Document
from yichuan.compose.services import save as saving
from yichuan.compose.services.content import read_content


def _seen(page: str) -> str:
    found = re.search(r'name="seen" value="([^"]*)"', page)
    assert found is not None
    return found[1]


def _save(browser: Client, document: Document, seen: str, **changed: str) -> tuple[int, str]:
    fields = read_content(document)[0] | changed
    answer = browser.post(f"/documents/{document.pk}/edit/", fields | {"seen": seen}, headers={"HX-Request": "true"})
    document.refresh_from_db()
    return answer.status_code, answer.content.decode()


def test_the_second_is_told_and_the_first_ones_words_stay(world: World) -> None:
    document, browser = world.draft(), world.browser(world.sending_clerk)
    both = _seen(browser.get(f"/documents/{document.pk}/edit/").content.decode())
    assert _save(browser, document, both, note="此件公开发布")[0] == 200
    status, page = _save(browser, document, both, signer="赵领")
    assert status == 422
    assert "别的窗口" in page
    assert read_content(document)[0]["note"] == "此件公开发布"
    assert _seen(page) == both  # and the next saving of that window is refused as well
    assert _save(browser, document, both, signer="赵领")[0] == 422


def test_one_window_saves_again_and_again(world: World) -> None:
    document, browser = world.draft(), world.browser(world.sending_clerk)
    seen = _seen(browser.get(f"/documents/{document.pk}/edit/").content.decode())
    for number in range(3):
        status, page = _save(browser, document, seen, note=f"附注{number}")
        assert status == 200
        seen = _seen(page)
    assert read_content(document)[0]["note"] == "附注2"


def test_finishing_what_somebody_changed_meanwhile_is_refused(world: World) -> None:
    document, browser = world.draft(), world.browser(world.sending_clerk)
    seen = _seen(browser.get(f"/documents/{document.pk}/edit/").content.decode())
    _save(browser, document, seen, note="此件公开发布")
    fields = read_content(document)[0] | {"note": "", "seen": seen}
    assert browser.post(f"/documents/{document.pk}/finish/", fields).status_code == 422
    document.refresh_from_db()
    assert document.state == "draft"


def test_a_form_that_a_browser_sends_says_the_same_as_one_that_a_script_sends(world: World) -> None:
    document, browser = world.draft(), world.browser(world.sending_clerk)
    assert _save(browser, document, "", body="一、检查时间\n七月一日。")[0] == 200
    saved = document.content
    assert _save(browser, document, "", body="一、检查时间\r\n七月一日。")[0] == 200
    assert document.content == saved


def test_the_same_words_saved_twice_at_once_are_no_change_elsewhere(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    document, actor = world.draft(), world.sending_clerk
    seen, fields, write = document.content, read_content(document)[0] | {"note": "此件公开发布"}, saving.write_content

    def first_the_other(*args: Any) -> str:
        monkeypatch.setattr(saving, "write_content", write)
        saving.save(actor=actor, document_id=document.pk, fields=fields, seen=seen)
        return write(*args)

    monkeypatch.setattr(saving, "write_content", first_the_other)
    saved = saving.save(actor=actor, document_id=document.pk, fields=fields, seen=seen)
    assert saved.content != seen
    assert read_content(saved)[0]["note"] == "此件公开发布"
