"""An imprint at true size in a real browser: the screen is calibrated once, two pictures are laid over one another."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from support.scans import drawn, scan
from support.seal_imprints import OWN
from support.served import log_in, served
from support.world import PASSWORD

pytestmark = pytest.mark.e2e

CARD_MM = 85.6


def test_pictures_stand_at_true_size_and_over_one_another(browser: Browser, tmp_path: Path) -> None:
    file = tmp_path / "scan.jpg"
    file.write_bytes(scan(turned=17, dpi=200, imprint=drawn(OWN)))
    with served(tmp_path) as centre:
        page = log_in(browser, centre, "custodian-0", PASSWORD)
        page.wait_for_url(f"{centre.url}/**")
        page.goto(f"{centre.url}/seals/imprints/new/")
        page.get_by_role("button", name="绘制，按实际大小查看").click()
        page.locator("input[name=scan]").set_input_files(file)
        page.get_by_role("button", name="上传比对").click()
        page.wait_for_selector("[data-bench-bar]")

        page.locator("[data-calibrate] input").fill("428")  # pixels that the bank card is wide here
        first, second = page.locator("[data-bench] img").all()
        for _ in range(2):
            for picture in (first, second):
                assert picture.bounding_box()["width"] == pytest.approx(428 / CARD_MM * 42, abs=1)  # type: ignore[index]
            page.reload()  # the browser keeps the figure
        assert page.locator("[data-calibrated]").inner_text() == "已按本屏幕校准"

        page.keyboard.press("o")
        assert second.bounding_box() == first.bounding_box()
        page.keyboard.press("b")
        assert not second.is_visible() and first.is_visible()
        page.keyboard.press("b")
        page.keyboard.press("d")
        assert second.is_visible() and second.bounding_box() != first.bounding_box()
