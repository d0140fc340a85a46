"""A session of three parties in three browsers (S5): a seal in a key file, made, saved, tried, its minutes signed.

The screenshots lie in `benchmarks/out/ceremony/`.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Request, expect

from support.pages import ROOT
from support.served import Served, in_centre, log_in, served
from support.usb_key import UsbKey, usb_key
from support.world import PASSWORD
from yichuan.lib.gm.x509 import Certificate

pytestmark = pytest.mark.e2e

SHOTS = ROOT / "benchmarks" / "out" / "ceremony"
FILE_PASSWORD, SEAL_PASSWORD = "本人-密钥-2008", "印章-密码-2008"
PARTIES = ("supervisor", "operator", "unit")
PEOPLE = f"""
import django; django.setup()
import base64, json
from django.test.utils import setup_test_environment
setup_test_environment()
from support.carriers import secret_of, yckey
from support.ceremonies import approved
from support.seal_life import UNIT, life as name_parties
from support.world import UNITS, World
from yichuan.org.models import Unit
from yichuan.people.models import Account

units = {{name: Unit.objects.get(short_name=name) for name in UNITS}}
clerks = {{name: Account.objects.get(username=f"clerk-{{i}}") for i, name in enumerate(UNITS)}}
account = Account.objects.get
world = World(units, clerks, {{UNITS[0]: account(username="custodian-0")}}, account(username="leader-0"))
life = name_parties(world)
people = {{"supervisor": life.supervisor, "operator": life.operator, "unit": life.custodian}}
found = {{}}
for party, person in people.items():
    signer = life.signer(person)
    file = yckey(person.name, signer.der, secret_of(signer.key), "{FILE_PASSWORD}")
    found[party] = {{"username": person.username, "file": base64.b64encode(file).decode()}}
found["applications"] = [
    str(approved(life, carrier="file", papers=()).pk), str(approved(life, carrier="usb", papers=()).pk)
]
print(json.dumps(found))
"""


@dataclass
class Room:
    """The served centre, the people's key files, three browsers, and all that they sent."""

    served: Served
    usb: UsbKey
    files: dict[str, Path]
    applications: list[str]
    pages: dict[str, Page]
    sent: list[Request] = field(default_factory=list)

    def shot(self, party: str, name: str) -> None:
        self.pages[party].screenshot(path=SHOTS / f"{name}-{party}.png")

    def opened(self, application: str) -> str:
        """The operator opens a session; all three go to its page."""
        page = self.pages["operator"]
        page.goto(f"{self.served.url}/seals/ceremonies/")
        token = page.locator('input[name="csrfmiddlewaretoken"]').first.input_value()
        address = f"{self.served.url}/seals/ceremonies/open/{application}/"
        answer = page.request.post(address, form={"csrfmiddlewaretoken": token}, headers={"Referer": page.url})
        assert answer.ok, answer.text()
        for each in self.pages.values():
            each.goto(answer.url)
        return answer.url

    def join(self, party: str, password: str = FILE_PASSWORD) -> None:
        page = self.pages[party]
        page.locator(f"#join-{party}").click()
        dialog = page.locator("#open-certificate")
        dialog.get_by_label("密钥文件").last.set_input_files(self.files[party])
        dialog.get_by_label("文件密码").fill(password)
        dialog.get_by_role("button", name="证明到场").click()

    def gather(self) -> None:
        for party in PARTIES:
            self.join(party)
            expect(self.pages[party].locator("#open-certificate")).to_be_hidden()
        for page in self.pages.values():
            expect(page.locator(".yc-party.here")).to_have_count(3)

    def agree(self) -> None:
        for page in self.pages.values():
            page.get_by_role("button", name="核对一致，签名确认").click()
            expect(page.get_by_role("button", name="核对一致，签名确认")).to_be_hidden()

    def sign_minutes(self) -> None:
        for page in self.pages.values():
            page.get_by_role("button", name="签会签纪要").click()
        for page in self.pages.values():
            expect(page.locator("#side")).to_contain_text("已办结")


@pytest.fixture(scope="module")
def room(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    home = tmp_path_factory.mktemp("ceremony")
    SHOTS.mkdir(parents=True, exist_ok=True)
    with usb_key() as key, served(home, YICHUAN_USBKEY_URL=key.url) as running:
        key.origin = running.url
        found = json.loads(in_centre(home, PEOPLE).splitlines()[-1])
        files, pages = {}, {}
        for party in PARTIES:
            files[party] = home / f"{party}.yckey"
            files[party].write_bytes(base64.b64decode(found[party]["file"]))
            pages[party] = log_in(browser, running, found[party]["username"], PASSWORD)
            pages[party].wait_for_url(f"{running.url}/**")
            pages[party].set_default_timeout(30_000)
        one = Room(running, key, files, found["applications"], pages)
        for page in pages.values():
            page.on("request", lambda request: one.sent.append(request))
        yield one


def test_a_seal_made_in_a_usb_key_comes_to_nothing_when_one_leaves(room: Room) -> None:
    room.opened(room.applications[1])
    room.gather()
    room.agree()
    unit = room.pages["unit"]
    unit.get_by_role("button", name="制作印章", exact=True).click()
    unit.get_by_role("button", name="生成密钥，制作印章").click()
    unit.locator("#trial-key").get_by_role("button", name="试用").click()
    for page in room.pages.values():
        expect(page.get_by_role("button", name="签会签纪要")).to_be_visible()
    assert [path for path, _ in room.usb.asked] == ["keys", "sign", "keep", "sign"]
    leaving = room.pages["supervisor"]
    leaving.get_by_role("button", name="中止会签").click()
    leaving.get_by_role("dialog").get_by_role("button", name="中止会签").click()
    for page in room.pages.values():
        expect(page.locator("#side")).to_contain_text("什么也没有做成")
    room.shot("unit", "0-aborted")


def test_a_seal_in_a_key_file_is_made_by_three_in_three_browsers(room: Room, tmp_path: Path) -> None:
    room.opened(room.applications[0])
    room.shot("unit", "1-waiting")
    room.join("unit", "wrong-password")
    expect(room.pages["unit"].locator("#open-certificate [data-said]")).to_contain_text("密码不对")
    room.pages["unit"].locator("#open-certificate").get_by_role("button", name="取消").click()
    room.join("supervisor")
    room.join("operator")
    expect(room.pages["unit"].locator(".yc-party.here")).to_have_count(2)
    room.shot("unit", "2-two-here")
    room.join("unit")
    for page in room.pages.values():
        expect(page.locator(".yc-party.here")).to_have_count(3)
    codes = {page.locator("[data-check-code]").inner_text() for page in room.pages.values()}
    assert len(codes) == 1 and len(codes.pop()) == 7
    room.shot("supervisor", "3-three-here")
    room.agree()
    unit = room.pages["unit"]
    unit.get_by_role("button", name="制作印章", exact=True).click()
    room.shot("unit", "4-new-key")
    for name in ("印章密码", "再输一次"):
        unit.locator("#new-key").get_by_label(name).fill(SEAL_PASSWORD)
    unit.get_by_role("button", name="生成密钥，制作印章").click()
    trial = unit.locator("#trial-key")
    with unit.expect_download() as download:
        trial.get_by_role("link", name="下载印章密钥文件").click()
    saved = tmp_path / download.value.suggested_filename
    download.value.save_as(saved)
    trial.get_by_label("密钥文件").last.set_input_files(room.files["unit"])
    trial.get_by_label("印章密码").fill(FILE_PASSWORD)
    trial.get_by_role("button", name="试用").click()
    expect(trial.locator("[data-said]")).to_contain_text("请换对的密钥文件")
    trial.get_by_label("密钥文件").last.set_input_files(saved)
    trial.get_by_label("印章密码").fill(SEAL_PASSWORD)
    room.shot("unit", "5-trial")
    trial.get_by_role("button", name="试用").click()
    expect(room.pages["operator"].get_by_role("button", name="签会签纪要")).to_be_visible()
    room.shot("operator", "6-minutes")
    room.sign_minutes()
    for party in PARTIES:
        room.shot(party, "7-done")
    file = json.loads(saved.read_text("utf-8"))
    assert file["name"] == unit.locator("#ceremony").get_attribute("data-name")
    Certificate.from_der(base64.b64decode(file["certificate"]))
    bodies = "\n".join((request.post_data_buffer or b"").decode(errors="replace") for request in room.sent)
    assert "public_key" in bodies, "the search sees what was sent"
    for secret in (FILE_PASSWORD, SEAL_PASSWORD, "PBKDF2", file["key"]):
        assert secret not in bodies
