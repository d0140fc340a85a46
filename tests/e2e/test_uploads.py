"""Attachments in a real browser: several at once, dragged, cut off and gone on from, refused by name."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import APIResponse, Browser, Page, Route, expect

from support.chromium import arrived
from support.served import Served, log_in, served
from support.world import PASSWORD

pytestmark = pytest.mark.e2e

DRAFT = """
for name in ("draft", "other"):
    pathlib.Path(sys.argv[1], name).write_text(str(world.draft().pk))
"""
ROW = "监测断面,水质\n".encode()
BIG = ROW * (5 * 2**20 // len(ROW))


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("uploads"), also=DRAFT) as running:
        yield running


@pytest.fixture
def page(browser: Browser, centre: Served) -> Iterator[Page]:
    page = log_in(browser, centre, "clerk-0", PASSWORD)
    page.wait_for_url(f"{centre.url}/")
    page.goto(f"{centre.url}/documents/{(centre.home / 'draft').read_text()}/edit/")
    expect(page.get_by_text("也可以把文件拖到这里")).to_be_visible()
    yield page
    page.context.close()


def _files(folder: Path, **contents: bytes) -> list[str]:
    for name, data in contents.items():
        (folder / name.replace("__", ".")).write_bytes(data)
    return [str(folder / name.replace("__", ".")) for name in contents]


def test_several_are_taken_at_once_and_the_refused_one_is_named_with_its_reason(page: Page, tmp_path: Path) -> None:
    page.set_input_files("#attachments input[type=file]", _files(tmp_path, 一__csv=ROW, 二__csv=ROW * 2, 三__exe=b"MZ"))
    files = page.locator("#attachments .lines li")
    expect(files).to_have_count(2)
    expect(page.locator("#attachments")).to_contain_text("已添加：")
    expect(page.locator("#attachments .yc-uploads li")).to_contain_text("不接收「.exe」类型的文件")


def test_a_cut_in_the_middle_is_waited_out_and_the_upload_goes_on_from_there(page: Page, tmp_path: Path) -> None:
    offsets: list[int] = []

    def cut(route: Route) -> None:
        request = route.request
        if request.method == "PATCH":
            offsets.append(int(request.headers["upload-offset"]))
            if len(offsets) == 2:
                route.abort("connectionreset")
                return
        route.continue_()

    page.route("**/uploads/*/", cut)
    page.set_input_files("#attachments input[type=file]", _files(tmp_path, 大表__csv=BIG))
    expect(page.locator("#attachments")).to_contain_text("已添加：大表.csv", timeout=30_000)
    assert offsets[0] == 0 and offsets[1] == offsets[2] == 2 * 2**20, "what had arrived was not sent again"
    assert len(offsets) == 4


def test_a_file_is_dropped_onto_the_list(page: Page) -> None:
    dropped = page.evaluate_handle(
        """() => { const data = new DataTransfer();
                   data.items.add(new File(['甲,乙\\n'], '拖来的.csv', { type: 'text/csv' })); return data; }"""
    )
    page.dispatch_event("#attachments form.yc-drop", "drop", {"dataTransfer": dropped})
    expect(page.locator("#attachments .lines")).to_contain_text("拖来的.csv")


def test_finishing_waits_for_a_saving_that_is_on_its_way(page: Page, centre: Served) -> None:
    document = (centre.home / "other").read_text()
    page.goto(f"{centre.url}/documents/{document}/edit/")
    held: list[tuple[Route, APIResponse]] = []

    def answer_later(route: Route) -> None:
        if held:
            route.continue_()
        else:
            held.append((route, route.fetch()))  # kept on the server; the page has not heard of it

    page.route("**/edit/", answer_later)
    page.get_by_label("附注").fill("此件公开")
    expect(page.locator("#draft.htmx-request")).to_be_attached()
    page.get_by_label("附注").press_sequentially("发布")
    page.get_by_role("button", name="完成制作").click()
    arrived(page, held, then_ms=1_000)  # the saving has reached the server
    assert page.url.endswith("/edit/"), "it waits"
    route, answer = held[0]
    route.fulfill(response=answer)
    page.wait_for_url(f"{centre.url}/documents/{document}/")
    expect(page.get_by_text("待盖章").first).to_be_visible()
