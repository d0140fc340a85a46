"""Placing and sealing in a real browser: dragged, snapped, several stamps, a seam, and keys that the unit keeps."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, Request, Route, expect

from support.served import Served, in_centre, log_in, served
from support.usb_key import UsbKey, usb_key
from support.world import PASSWORD

pytestmark = pytest.mark.e2e

FILE_PASSWORD = "印章-文件-2008"
PREPARE = """
import json, sys
import django; django.setup()
from support.carriers import key_file, on_carrier
from support.sealing_story import long_document, ready
from support.world import imprint
from yichuan.org.models import Unit
from yichuan.seals.kinds import Carrier
unit = Unit.objects.get(short_name="市府办公室")
file, usb = on_carrier(unit, imprint()), on_carrier(unit, imprint(), Carrier.USB)
open(sys.argv[1], "wb").write(key_file(file, sys.argv[2]))
print(json.dumps({
    "file": str(file.seal.pk), "usb": str(usb.seal.pk), "key": usb.key.to_der().hex(),
    "certificate": usb.certificate.hex(), "long": str(long_document().pk), "short": [str(ready().pk) for _ in range(7)],
}))
"""
LEDGER = """
import json
import django; django.setup()
from yichuan.compose.models import Document
from yichuan.seals.models import SealUse
uses = SealUse.objects.order_by("begun_at")
print(json.dumps({
    "uses": [[str(u.document_id), u.state, u.carrier, u.places, u.reason] for u in uses],
    "states": {str(d.pk): d.state for d in Document.objects.all()},
}))
"""


@dataclass
class Centre:
    """The served centre, a USB key beside it, the seals on carriers, documents that wait, and the custodian's page."""

    served: Served
    usb: UsbKey
    found: dict[str, str]
    short: list[str]
    file: Path
    page: Page
    sent: list[Request]

    def open(self, document: str, seal: str = "") -> Page:
        self.page.goto(f"{self.served.url}/documents/{document}/seal/{f'?seal={seal}' if seal else ''}")
        expect(self.page.locator(".yc-place").first).to_be_visible()
        expect(self.page.locator("[data-page='1'] .say")).to_have_count(0)
        return self.page

    def ledger(self) -> dict[str, dict[str, str]]:
        done = _run(self.served.home, LEDGER)
        found: dict[str, dict[str, str]] = json.loads(done)
        return found

    def use_of(self, document: str) -> list[object]:
        return [use for use in self.ledger()["uses"] if use[0] == document][-1]  # type: ignore[return-value]


def _run(home: Path, code: str, *words: str) -> str:
    return in_centre(home, code, *words).splitlines()[-1]


@pytest.fixture(scope="module")
def centre(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Centre]:
    home = tmp_path_factory.mktemp("sealing")
    file = home / "印章.yckey"
    with usb_key() as key, served(home, YICHUAN_USBKEY_URL=key.url) as running:
        key.origin = running.url
        found = json.loads(_run(home, PREPARE, str(file), FILE_PASSWORD))
        short = found.pop("short")
        key.plug_in(bytes.fromhex(found["key"]), bytes.fromhex(found["certificate"]))
        page = log_in(browser, running, "custodian-0", PASSWORD)
        page.wait_for_url(f"{running.url}/")
        sent: list[Request] = []
        page.on("request", lambda request: sent.append(request))
        yield Centre(running, key, found, short, file, page, sent)


def _places(page: Page) -> list[dict[str, float]]:
    found: list[dict[str, float]] = json.loads(page.locator("input[name=places]").input_value())
    return found


def _drag(page: Page, mark: Locator, by: tuple[float, float]) -> None:
    """Drag by millimetres of the page as it is shown."""
    mark.scroll_into_view_if_needed()
    box, sheet = mark.bounding_box(), page.locator("[data-page='1']").bounding_box()
    assert box and sheet
    scale = sheet["width"] / 210
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + by[0] * scale / 2, y + by[1] * scale / 2)
    page.mouse.move(x + by[0] * scale, y + by[1] * scale)
    page.mouse.up()


def test_the_imprint_lies_on_the_date_and_snaps_back_to_it(centre: Centre) -> None:
    page = centre.open(centre.short[0])
    (start,) = _places(page)
    expect(page.locator(".yc-spot")).to_contain_text("压住署名和成文日期")
    mark = page.locator(".yc-place")
    _drag(page, mark, (-30, -40))
    (moved,) = _places(page)
    assert abs(moved["x"] - start["x"] + 30) < 1.5 and abs(moved["y"] - start["y"] + 40) < 1.5
    expect(page.locator(".yc-spot")).to_contain_text("没有压住成文日期")
    expect(page.get_by_label("离左边")).to_have_value(str(moved["x"]))
    _drag(page, mark, (start["x"] - moved["x"] + 2, start["y"] - moved["y"] - 2))
    assert _places(page) == [start], "within a few millimetres it snaps"


def test_arrow_keys_move_by_one_and_five_millimetres_and_never_off_the_page(centre: Centre) -> None:
    page = centre.open(centre.short[0])
    (start,) = _places(page)
    page.locator(".yc-place").focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Shift+ArrowUp")
    (moved,) = _places(page)
    assert (round(start["x"] - moved["x"], 1), round(start["y"] - moved["y"], 1)) == (1.0, 5.0)
    for _ in range(60):
        page.keyboard.press("Shift+ArrowRight")
    assert _places(page)[0]["x"] == 210 - 21
    page.get_by_role("button", name="对准日期").click()
    assert _places(page) == [start]


def test_two_stamps_and_a_seam_are_put_on_in_one_use(centre: Centre) -> None:
    page = centre.open(centre.found["long"])
    pages = page.locator("[data-pages] [data-page]").count()
    page.get_by_role("button", name="加盖一处").click()
    page.get_by_role("button", name="骑缝章").click()
    expect(page.locator(".yc-spot")).to_have_count(3)
    expect(page.locator(".yc-place.strip")).to_have_count(pages)
    page.get_by_label("沿边位置").fill("120")
    page.locator(".yc-place.strip").first.focus()
    page.keyboard.press("Shift+ArrowDown")
    assert _places(page)[2]["y"] == 125, _places(page)
    page.locator(".yc-spot-go").nth(0).click()
    page.get_by_role("button", name="盖章", exact=False).filter(has_text="G").click()
    page.get_by_role("dialog").get_by_role("button", name="盖章").click()
    expect(page.get_by_text("已经盖章")).to_be_visible()
    use = centre.use_of(centre.found["long"])
    assert use[1] == "done"
    places = use[3]
    assert isinstance(places, list)
    assert [place.get("edge", "") for place in places] == ["", "", "right"]
    expect(page.locator("[data-page='1'] svg")).to_be_visible()


def test_a_place_that_cannot_be_is_said_by_page_and_server(centre: Centre) -> None:
    page = centre.open(centre.short[0])
    page.get_by_label("离左边").fill("5")
    expect(page.locator("[data-spot-fault]")).to_contain_text("不在这一页纸上")
    page.get_by_role("button", name="盖章", exact=False).filter(has_text="G").click()
    page.get_by_role("dialog").get_by_role("button", name="盖章").click()
    expect(page.locator(".yc-errsum")).to_contain_text("请往里挪")
    assert centre.ledger()["states"][centre.short[0]] == "ready"


def test_a_finger_drags_it_too(centre: Centre, browser: Browser) -> None:
    state = centre.page.context.storage_state()
    context = browser.new_context(
        storage_state=state, viewport={"width": 1366, "height": 768}, has_touch=True, locale="zh-CN"
    )
    page = context.new_page()
    page.goto(f"{centre.served.url}/documents/{centre.short[0]}/seal/")
    mark = page.locator(".yc-place")
    expect(mark).to_be_visible()
    (start,) = _places(page)
    box = mark.bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    touch = context.new_cdp_session(page)
    for kind, dx in (("touchStart", 0), ("touchMove", -40), ("touchMove", -80)):
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x + dx, "y": y}]})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    assert _places(page)[0]["x"] < start["x"] - 5
    context.close()


def _sign_with_file(centre: Centre, document: str, password: str = FILE_PASSWORD) -> Page:
    page = centre.open(document, centre.found["file"])
    page.locator("#seal-key-file").set_input_files(centre.file)
    page.get_by_label("文件密码").fill(password)
    page.get_by_role("button", name="盖章", exact=False).filter(has_text="G").click()
    return page


def test_a_key_file_signs_what_was_shown_and_nothing_of_it_goes_up(centre: Centre) -> None:
    document = centre.short[1]
    page = _sign_with_file(centre, document, "wrong-password")
    expect(page.locator("[data-said]")).to_contain_text("密码不对")
    assert not [use for use in centre.ledger()["uses"] if use[0] == document], "nothing was begun"
    page = _sign_with_file(centre, document)
    expect(page.get_by_role("heading", name="核对待签内容")).to_be_visible()
    expect(page.locator("[data-computed]")).to_be_visible()
    expect(page.locator("[data-shown=number]")).to_contain_text("江府办")
    page.get_by_role("button", name="签名盖章").click()
    expect(page.get_by_text("已经盖章")).to_be_visible()
    assert centre.use_of(document)[1:3] == ["done", "file"]
    bodies = "\n".join((each.post_data_buffer or b"").decode(errors="replace") for each in centre.sent)
    assert FILE_PASSWORD not in bodies
    assert json.loads(centre.file.read_text("utf-8"))["key"] not in bodies


def test_not_signing_leaves_the_document_as_it_was(centre: Centre) -> None:
    page = _sign_with_file(centre, centre.short[2])
    said = page.locator("[data-said]")
    meanwhile: list[str] = []

    def look(route: Route) -> None:
        meanwhile.append(said.inner_text())
        route.continue_()

    page.route("**/give-up/", look)
    page.get_by_role("button", name="不签了").click()
    expect(said).to_contain_text("这次没有盖")
    page.unroute("**/give-up/")
    assert meanwhile == ["正在处理…"], "it is said once it is on record"
    assert centre.use_of(centre.short[2])[1:] == ["failed", "file", _places(page), "本人没有签"]


@pytest.mark.parametrize(
    ("fault", "said"),
    [("unplugged", "没有插 USB Key"), ("other_key", "对不上"), ("garbage", "对不上")],
)
def test_a_usb_key_that_fails_half_way_leaves_nothing(centre: Centre, fault: str, said: str) -> None:
    page = centre.open(centre.short[2], centre.found["usb"])
    page.get_by_role("button", name="盖章", exact=False).filter(has_text="G").click()
    expect(page.get_by_role("heading", name="核对待签内容")).to_be_visible()
    centre.usb.fault = fault
    page.get_by_role("button", name="签名盖章").click()
    expect(page.locator("[data-said]")).to_contain_text(said)
    centre.usb.fault = ""
    assert centre.use_of(centre.short[2])[1] == "failed"
    assert centre.ledger()["states"][centre.short[2]] == "ready"


def test_another_usb_key_is_told_before_anything_is_begun_and_the_right_one_seals(centre: Centre) -> None:
    document = centre.short[3]
    kept, centre.usb.certificates = centre.usb.certificates, {}
    page = centre.open(document, centre.found["usb"])
    press = page.get_by_role("button", name="盖章", exact=False).filter(has_text="G")
    press.click()
    expect(page.locator("[data-said]")).to_contain_text("请换对的 USB Key")
    assert not [use for use in centre.ledger()["uses"] if use[0] == document]
    centre.usb.certificates = kept
    press.click()
    page.get_by_role("button", name="签名盖章").click()
    expect(page.get_by_text("已经盖章")).to_be_visible()
    assert centre.use_of(document)[1:3] == ["done", "usb"]


def test_a_batch_stops_when_the_usb_key_is_pulled_and_goes_on_with_what_is_left(centre: Centre) -> None:
    page, documents = centre.page, centre.short[4:7]
    listed = "".join(f"&document={document}" for document in documents)
    page.goto(f"{centre.served.url}/seals/several/?seal={centre.found['usb']}{listed}")
    prepared: list[str] = []

    def pull(route: Route) -> None:
        prepared.append(route.request.url)
        centre.usb.fault = "unplugged" if len(prepared) == 2 else ""
        route.continue_()

    page.route("**/seal/prepare/", pull)
    page.keyboard.press("g")
    result = page.locator("[data-batch-result]")
    expect(result).to_contain_text("1 件盖好，2 件没有盖成")
    expect(result).to_be_focused()
    expect(result).not_to_have_class("yc-result ok")
    expect(page.locator("[data-outcome]").nth(1)).to_contain_text("没有插 USB Key")
    assert len(prepared) == 2, "after the key was pulled nothing more was begun"
    ledger = centre.ledger()
    assert [ledger["states"][document] for document in documents] == ["sealed", "ready", "ready"]
    assert [use[1] for use in ledger["uses"] if use[0] in documents] == ["done", "failed"]
    page.unroute("**/seal/prepare/")
    centre.usb.fault = ""
    page.get_by_role("button", name="给 2 件签名盖章").click()
    expect(result).to_contain_text("2 件全部盖好")
    assert {centre.ledger()["states"][document] for document in documents} == {"sealed"}
