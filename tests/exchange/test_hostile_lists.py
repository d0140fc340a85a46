"""Lists under hostile input: what no database takes, views of others, and cells that a spreadsheet would run."""

import io
import zipfile
from typing import Any
from urllib.parse import quote

import openpyxl
import pytest
from django.contrib.sessions.models import Session

from support.offices import an_office, of_office
from support.world import World
from yichuan.common import clock
from yichuan.common.errors import Invalid
from yichuan.compose.models import Document
from yichuan.exchange.listing import kept_filter
from yichuan.exchange.models import Delivery, SavedView
from yichuan.exchange.services.list_views import save_view
from yichuan.org.duties import Duty

FORMULAS = ("=1+1", "+1", "-1+1", "@SUM(A1)", '=HYPERLINK("http://x","y")', "\t=1+1")


@pytest.mark.parametrize("do", ["save", "forget", "columns"])
@pytest.mark.parametrize("text", ["a\0b", "\0", "\ud800", "x" * 5_000, "<script>1</script>", "%", "'--"])
def test_settings_answer_whatever_is_typed(world: World, do: str, text: str) -> None:
    browser = world.browser(world.clerk["市环保局"])
    form = {"do": do, "name": text, "opening": text, "size": "14", "column": text, "place-number": text}
    data = "&".join(f"{name}={_quoted(value)}" for name, value in form.items())
    answer = browser.post("/inbox/settings/?number=1", data, content_type="application/x-www-form-urlencoded")
    assert answer.status_code in {302, 404, 422}, answer.content[:300]
    assert "<script>1" not in answer.content.decode()


def _quoted(text: str) -> str:
    return quote(text.encode("utf-8", "surrogatepass"))


@pytest.mark.parametrize("part", ["number", "title", "text", "sender", "state", "mark", "since", "urgency", "page"])
def test_a_filter_answers_whatever_is_typed(world: World, part: str) -> None:
    browser = world.browser(world.clerk["市环保局"])
    for text in ("%00", "%ED%A0%80", "x" * 3_000, "%25%27--", "9999-12-31", "-1", "1e9", "%E2%80%AE"):
        assert browser.get(f"/inbox/?{part}={text}").status_code == 200, text
        assert browser.get(f"/sent/?{part}={text}").status_code in {200}, text


def test_a_view_is_its_owners_alone(world: World) -> None:
    save_view(actor=world.clerk["市卫生局"], listed="inbox", name="近期", query="number=44")
    browser = world.browser(world.clerk["市环保局"])
    assert "number=44" not in browser.get("/inbox/settings/").content.decode()
    assert browser.post("/inbox/settings/", {"do": "forget", "name": "近期"}).status_code == 404
    with pytest.raises(Invalid):
        save_view(actor=world.clerk["市环保局"], listed="inbox", name="长", query=f"number={'x' * 401}")
    assert SavedView.objects.count() == 1


def test_what_somebody_looks_for_rests_nowhere_in_the_clear(world: World) -> None:
    """The words of a filter may be those of a title: neither the session nor a kept view holds them plain."""
    browser, words = world.browser(world.clerk["市环保局"]), ("白鹭洲", "采砂船名册")
    query = f"title={words[0]}&text={words[1]}"
    assert browser.get(f"/inbox/?{query}").status_code == 200
    assert browser.post(f"/inbox/settings/?{query}", {"do": "save", "name": "常用"}).status_code == 302
    rows = [str(each.get_decoded()) for each in Session.objects.all()]
    rows += [str(row) for row in SavedView.objects.values_list()]
    assert rows and not [row for row in rows for word in words if word in row or quote(word) in row]
    shown = browser.get("/inbox/settings/").content.decode()
    assert quote(words[0]) in shown
    assert kept_filter(browser.session).sought.titles == [words[0]]


def test_no_cell_of_an_export_is_a_formula(world: World) -> None:
    delivery = world.delivery()
    for formula in FORMULAS:
        Document.objects.filter(pk=delivery.dispatch.document_id).update(title=formula, number=formula.strip())
        for account, address in (
            (world.clerk["市环保局"], "/inbox/export/"),
            (world.sending_clerk, "/sent/export/"),
            (world.sending_clerk, "/documents/export/"),
        ):
            answer = world.browser(account).post(address)
            assert answer.status_code == 200, address
            _no_formula(answer.content, formula)


def _no_formula(data: bytes, text: str) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        sheet = package.read("xl/worksheets/sheet1.xml").decode()
    assert "<f" not in sheet
    cells: list[Any] = [cell for row in openpyxl.load_workbook(io.BytesIO(data)).active.iter_rows() for cell in row]
    found = [cell for cell in cells if str(cell.value).strip() == text.strip()]
    assert found and all(cell.data_type == "s" or cell.data_type == "inlineStr" for cell in found), found


def test_another_offices_and_another_units_letters_are_found_by_no_search(world: World) -> None:
    delivery = world.delivery()
    office = an_office(world, "监测科", "市环保局")
    colleague = of_office(office, Duty.RECEIVER, "receiver")
    number = delivery.dispatch.document.number or ""
    assert Delivery.objects.count() == 1
    for stranger in (colleague, world.clerk["市卫生局"]):
        browser = world.browser(stranger)
        for query in (f"number={number}", "title=水质", "text=水质监测", "text=逾期的说明原因"):
            page = browser.get(f"/inbox/?{query}").content.decode()
            assert delivery.dispatch.document.title not in page and f"/deliveries/{delivery.pk}" not in page, query
    own = world.browser(world.clerk["市环保局"]).get("/inbox/?text=水质监测").content.decode()
    assert f"/deliveries/{delivery.pk}" in own


@pytest.mark.parametrize("kept", ["number=44", "!", "e30=", "A" * 80])
def test_a_kept_filter_that_does_not_open_is_left_out_and_the_list_stands(world: World, kept: str) -> None:
    clerk = world.clerk["市环保局"]
    SavedView.objects.create(account=clerk, listed="inbox", name="坏的", query=kept, changed_at=clock.now())
    shown = world.browser(clerk).get("/inbox/")
    assert shown.status_code == 200
    assert "坏的" not in shown.content.decode()
