"""Two of three custodians open a seal from their own screens, in a real browser (J-24): one asks, two agree.

The screenshots lie in `benchmarks/out/custody/`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from support.served import Served, in_centre, log_in, served
from support.world import PASSWORD

pytestmark = pytest.mark.e2e

SHOTS = Path(__file__).resolve().parents[2] / "benchmarks" / "out" / "custody"
FILE_PASSWORD = "证书-文件-2008"
SHARES = ["Share-Liang-2008", "Share-Chen-2008", "Share-Guan-2008"]
PREPARE = """
import json, sys
from pathlib import Path
import django; django.setup()
from django.test.utils import setup_test_environment
setup_test_environment()
from support.carriers import secret_of, yckey
from support.custody import kept
from support.sealing_story import ready
from support.world import World, imprint
from yichuan.org.models import Unit
from yichuan.people.models import Account
folder, password = Path(sys.argv[1]), sys.argv[2]
units = {unit.short_name: unit for unit in Unit.objects.all()}
world = World(units, {}, {}, Account.objects.get(username="leader-0"))
office = kept(world, shares=False)
files = []
for number, person in enumerate(office.people):
    signer = office.signer(number)
    path = folder / f"{person.username}.yckey"
    path.write_bytes(yckey(person.name, signer.der, secret_of(signer.key), password))
    files.append(str(path))
print(json.dumps({
    "seal": str(office.seal.pk), "document": str(ready().pk), "second": str(ready().pk), "files": files,
    "usernames": [person.username for person in office.people],
}))
"""
AFTERWARDS = """
import json
import django; django.setup()
from yichuan.seals.models import Opening, SealUse
use = SealUse.objects.get(opening__isnull=False)
print(json.dumps({
    "use": use.state, "custodians": use.custodians, "opening": use.opening.state,
    "left": bytes(use.opening.sealed_password).hex(),
    "openings": Opening.objects.count(),
}))
"""


@dataclass
class Office:
    """The served centre, the custodians' key files, and a browser for each of them."""

    served: Served
    seal: str
    document: str
    second: str
    files: list[Path]
    pages: list[Page]

    def go(self, number: int, address: str) -> Page:
        self.pages[number].goto(self.served.url + address)
        return self.pages[number]


def _run(home: Path, code: str, *words: str) -> str:
    return in_centre(home, code, *words).splitlines()[-1]


def _keep(page: Page, name: str) -> None:
    page.screenshot(path=SHOTS / f"{name}.png")


@pytest.fixture(scope="module")
def office(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    home = tmp_path_factory.mktemp("custody")
    SHOTS.mkdir(parents=True, exist_ok=True)
    with served(home) as running:
        found = json.loads(_run(home, PREPARE, str(home), FILE_PASSWORD))
        pages = []
        for username in found["usernames"]:
            page = log_in(browser, running, username, PASSWORD)
            page.wait_for_url(f"{running.url}/")
            page.set_default_timeout(40_000)
            pages.append(page)
        files = [Path(each) for each in found["files"]]
        yield Office(running, found["seal"], found["document"], found["second"], files, pages)


def _set_share(office: Office, number: int) -> None:
    page = office.go(number, "/seals/custody/")
    expect(page.get_by_text("还没有设置")).to_be_visible()
    page.get_by_role("link", name="设置保管密码").click()
    page.get_by_label("保管密码").fill(SHARES[number])
    page.get_by_label("再输一次").fill(SHARES[number])
    if number == 0:
        _keep(page, "1-share")
    page.get_by_role("button", name="设置").click()
    expect(page.get_by_text("已设置")).to_be_visible()


def _ask(office: Office, document: str) -> Page:
    """The first custodian asks from the placement page."""
    page = office.go(0, f"/documents/{document}/seal/?seal={office.seal}")
    expect(page.locator(".yc-place").first).to_be_visible()
    page.get_by_role("button", name="申请用印").click()
    page.get_by_role("dialog").get_by_role("button", name="申请用印").click()
    expect(page.get_by_text("还没有表态").first).to_be_visible()
    return page


def _sign(page: Page, file: Path, share: str) -> None:
    page.locator("[data-key-file]").set_input_files(file)
    page.locator("[data-key-password]").fill(FILE_PASSWORD)
    page.get_by_label("保管密码").fill(share)
    page.get_by_role("button", name="同意", exact=True).click()


def test_one_asks_two_agree_and_the_document_is_sealed(office: Office) -> None:
    for number in range(3):
        _set_share(office, number)
    waiting = office.go(2, "/seals/custody/openings/")
    expect(waiting.get_by_text("没有等你同意的申请")).to_be_visible()
    placement = _ask(office, office.document)
    _keep(placement, "2-asked")

    expect(waiting.get_by_role("link", name="用印：江府办")).to_be_visible()  # by itself, on their own screen
    _keep(waiting, "3-waiting")
    waiting.get_by_role("link", name="用印：江府办").click()
    expect(waiting.locator("[data-page='1'] .yc-place")).to_be_visible()
    expect(waiting.get_by_text("0 人同意，要 2 人")).to_be_visible()
    _sign(waiting, office.files[2], "Not-the-Share-1")
    expect(waiting.locator("[data-said]")).to_contain_text("保管密码不对，还可以试 4 次")
    _keep(waiting, "4-wrong-share")
    _sign(waiting, office.files[1], SHARES[2])
    expect(waiting.locator("[data-said]")).to_contain_text("这不是你本人的证书")
    _sign(waiting, office.files[2], SHARES[2])
    expect(waiting.get_by_text("1 人同意，要 2 人")).to_be_visible()
    expect(waiting.get_by_role("button", name="同意", exact=True)).to_have_count(0)
    _keep(waiting, "5-first-word")

    second = office.go(1, "/seals/custody/openings/")
    second.get_by_role("link", name="用印：江府办").click()
    _sign(second, office.files[1], SHARES[1])
    expect(second.get_by_text("2 人同意，要 2 人")).to_be_visible()
    expect(second.locator("#opening-state").get_by_text("已开启")).to_be_visible()
    _keep(second, "6-open")
    expect(waiting.get_by_role("link", name="去盖章")).to_be_visible()  # the other screen shows it by itself

    placement.get_by_role("button", name="盖章").filter(has_text="G").click()  # it has loaded itself anew
    placement.get_by_role("dialog").get_by_role("button", name="盖章").click()
    expect(placement.get_by_text("已经盖章")).to_be_visible()
    expect(placement.locator("[data-page='1'] svg")).to_be_visible()
    _keep(placement, "7-sealed")
    after = json.loads(_run(office.served.home, AFTERWARDS))
    assert (after["use"], after["opening"], after["left"]) == ("done", "closed", "")
    assert len(after["custodians"]) == 2


def test_what_is_asked_for_can_be_refused_by_two_and_the_asker_reads_why(office: Office) -> None:
    placement = _ask(office, office.second)
    for number in (1, 2):
        page = office.go(number, "/seals/custody/openings/")
        page.get_by_role("link", name="用印：江府办").click()
        page.get_by_label("不同意的原因").fill("附件还没有核对")
        page.get_by_role("button", name="不同意").click()
        expect(page.get_by_text("不同意：附件还没有核对").first).to_be_visible()
    expect(placement.get_by_text("尚未申请")).to_be_visible()  # the asker's screen loads itself anew
    asker = office.go(0, "/seals/custody/openings/?show=all")
    asker.get_by_text("未同意").first.wait_for()
    _keep(asker, "8-all")
    custody = office.go(0, f"/seals/custody/{office.seal}/")
    expect(custody.get_by_role("heading", name="保管人")).to_be_visible()
    _keep(custody, "9-seal")
    office.go(0, f"/seals/custody/{office.seal}/change/")
    _keep(custody, "10-change")
