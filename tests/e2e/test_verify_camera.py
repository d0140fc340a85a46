"""The code of a printed original held before a camera: read in the browser, told on the page of public verification."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from support.camera import blank, corner, film, with_camera
from support.served import Served, served

pytestmark = pytest.mark.e2e

PRINTED = """
from yichuan.exchange.models import Delivery
from support.printing import print_original
from yichuan.exchange.services.sign_for import sign_for
clerk, delivery = world.clerk["市环保局"], Delivery.objects.get()
sign_for(actor=clerk, delivery_id=delivery.pk)
made = print_original(actor=clerk, delivery_id=delivery.pk, copies=2)
pathlib.Path(sys.argv[1], "print.pdf").write_bytes(made.pdf)
"""


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("centre"), PRINTED) as running:
        yield running


def _opened(browser: Browser, centre: Served) -> Page:
    page = browser.new_page(viewport={"width": 1366, "height": 768}, locale="zh-CN")
    page.set_default_timeout(15_000)
    page.goto(f"{centre.url}/verify/")
    return page


def test_a_print_held_before_the_camera_is_verified_without_another_press(
    centre: Served, browser: Browser, tmp_path: Path
) -> None:
    shown = film(tmp_path / "desk.y4m", blank(), corner((centre.home / "print.pdf").read_bytes()))
    running = with_camera(browser, shown)
    try:
        page = _opened(running, centre)
        page.get_by_role("button", name="扫打印件的二维码").click()
        results = page.locator("[data-results]")
        expect(results).to_contain_text("这是本中心登记过的编号打印原件。")
        expect(results).to_contain_text(centre.number)
        expect(results).to_contain_text("第 1 份")
        expect(results).to_be_focused()
    finally:
        running.close()


def test_a_camera_that_sees_no_code_goes_on_looking_until_it_is_stopped(
    centre: Served, browser: Browser, tmp_path: Path
) -> None:
    running = with_camera(browser, film(tmp_path / "desk.y4m", blank()))
    try:
        page = _opened(running, centre)
        page.get_by_role("button", name="扫打印件的二维码").click()
        says = page.locator("[data-scan-says]")
        expect(says).to_have_text("把原件页脚的二维码放在画面中间。")
        page.get_by_role("button", name="停止").click()
        expect(page.locator("[data-scan]")).to_be_hidden()
        assert page.evaluate("document.querySelector('[data-video]').srcObject.getTracks()[0].readyState") == "ended"
        expect(page.get_by_role("button", name="扫打印件的二维码")).to_be_visible()
    finally:
        running.close()


@pytest.mark.parametrize(
    ("camera", "allowed", "said"),
    [(True, False, "没有允许使用摄像头"), (False, True, "没有找到摄像头")],
    ids=["denied", "none"],
)
def test_without_a_camera_the_page_says_what_to_do_instead(
    centre: Served, browser: Browser, tmp_path: Path, camera: bool, allowed: bool, said: str
) -> None:
    running = with_camera(browser, film(tmp_path / "desk.y4m", blank()) if camera else None, allowed=allowed)
    try:
        page = _opened(running, centre)
        page.get_by_role("button", name="扫打印件的二维码").click()
        expect(page.locator("[data-scan-says]")).to_contain_text(said)
        expect(page.locator("[data-scan-says]")).to_contain_text("拍成照片")
        expect(page.locator("[data-video]")).to_be_hidden()
        expect(page.get_by_role("button", name="扫打印件的二维码")).to_be_visible()
    finally:
        running.close()
