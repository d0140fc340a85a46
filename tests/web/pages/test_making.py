"""Making, sealing: the form with its preview and notes, the finished document, the place of the seal."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from support.pages import tags, words
from support.world import World
from yichuan.compose.models import Document
from yichuan.compose.services.content import read_content

pytestmark = pytest.mark.one_database


def get(world: World, path: str) -> str:
    return world.browser(world.sending_clerk).get(path).content.decode()


def fields_of(document: Document) -> dict[str, str]:
    return dict(read_content(document)[0])


def test_a_new_document_starts_with_the_units_own_names(world: World) -> None:
    html = get(world, "/documents/new/")
    values = {attrs.get("name"): attrs.get("value") for attrs in tags(html, "input")}
    assert values["issuer_mark"] == "江门市人民政府办公室文件"
    assert "保存后显示版面" in words(html)


def test_a_draft_that_can_be_set_shows_its_pages_and_no_notes(world: World) -> None:
    html = get(world, f"/documents/{world.draft().pk}/edit/")
    assert [attrs for attrs in tags(html, "div") if "data-page" in attrs]
    assert "已按 GB/T 9704 排好版" in words(html)


def test_saving_over_htmx_answers_with_preview_and_notes_alone(world: World) -> None:
    document = world.draft()
    client = world.browser(world.sending_clerk)
    fields = fields_of(document) | {"number": "乱写"}
    html = client.post(f"/documents/{document.pk}/edit/", fields, headers={"HX-Request": "true"}).content.decode()
    assert html.lstrip().startswith('<div class="yc-view" id="preview"')
    assert "1 处要改" in words(html) and "#id_number" in html


def test_an_unfinished_document_stays_in_the_form_with_what_is_missing(world: World) -> None:
    document = world.draft()
    client = world.browser(world.sending_clerk)
    response = client.post(f"/documents/{document.pk}/finish/", fields_of(document) | {"title": ""})
    html = response.content.decode()
    assert response.status_code == 422
    assert "还没有完成，有 1 处要改" in words(html)
    assert any(link.get("href") == "#id_title" for link in tags(html, "a"))


def test_an_attachment_that_is_not_what_it_says_is_refused_beside_the_list(world: World) -> None:
    document = world.draft()
    client = world.browser(world.sending_clerk)
    wrong = SimpleUploadedFile("说明.pdf", b"MZ\x90\x00")
    response = client.post(f"/documents/{document.pk}/attachments/", {"file": wrong})
    assert response.status_code == 422
    assert "可执行程序" in words(response.content.decode())


def test_the_clerk_sees_that_the_seal_is_somebody_elses_to_set(world: World) -> None:
    html = get(world, f"/documents/{world.ready().pk}/")
    assert "等待印章管理员盖章" in words(html)
    assert "data-key" not in next(b for b in tags(html, "button") if "wide" in (b.get("class") or ""))


def test_the_custodian_sees_the_computed_place_and_the_seals_size(world: World) -> None:
    document = world.ready()
    client = world.browser(world.custodian["市府办公室"])
    html = client.get(f"/documents/{document.pk}/seal/").content.decode()
    seal = next(attrs for attrs in tags(html, "input") if attrs.get("name") == "seal")
    assert seal["data-diameter-mm"] == "42" and "checked" in seal
    values = {attrs.get("name"): attrs.get("value") for attrs in tags(html, "input")}
    assert float(values["x"] or "nan") == document.seal_places[0]["x"]
    form = next(attrs for attrs in tags(html, "form") if "data-seal-place" in attrs)
    assert document.number and document.number in (form["data-confirm"] or "")


def test_a_place_that_is_no_number_is_named_in_the_form(world: World) -> None:
    document = world.ready()
    client = world.browser(world.custodian["市府办公室"])
    response = client.post(f"/documents/{document.pk}/seal/", {"seal": "", "page": "eins", "x": "", "y": ""})
    assert response.status_code == 422
    assert "没有盖章，有 4 处要改" in words(response.content.decode())


def test_the_ledger_lists_each_use_of_the_seal(world: World) -> None:
    world.sealed()
    client = world.browser(world.custodian["市府办公室"])
    said = words(client.get("/seals/").content.decode())
    assert "没有等待盖章的公文" in said and "已盖章" in said and "李印" in said


def test_the_list_of_documents_narrows_by_state(world: World) -> None:
    draft, ready = world.draft(), world.ready()
    said = words(get(world, "/documents/?state=ready"))
    assert ready.number and ready.number in said and str(draft.number) not in said
