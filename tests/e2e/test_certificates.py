"""Certificates in a real browser: the key is made there, stays there, and opens the login (P6, G-25 to G-28)."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC
from playwright.sync_api import Browser, Page, Request, expect

from support.acts import administrator
from support.served import Served, in_centre, log_in, served
from support.usb_key import UsbKey, usb_key
from support.world import PASSWORD
from yichuan.lib.gm.sm2 import PublicKey
from yichuan.lib.gm.x509 import Certificate

pytestmark = pytest.mark.e2e

FILE_PASSWORD = "密钥-文件-2008"
OFFICER = """
import django; django.setup()
from support.world import _person
from yichuan.common.transactions import command
from yichuan.org.duties import Duty
with command():
    _person("officer", "钱保密", None, Duty.SECURITY_OFFICER)
"""


@dataclass
class Centre:
    """The served centre, a USB key beside it, and the security officer's browser."""

    served: Served
    usb: UsbKey
    browser: Browser
    officer: Page
    sent: list[Request] = field(default_factory=list)

    def page(self, address: str = "/login/certificate/") -> Page:
        """A browser of its own that nobody is logged in at; what it sends is kept."""
        context = self.browser.new_context(viewport={"width": 1366, "height": 768}, locale="zh-CN")
        page = context.new_page()
        page.set_default_timeout(40_000)
        page.on("request", lambda request: self.sent.append(request))
        page.goto(self.served.url + address)
        return page

    def person(self, username: str) -> Page:
        page = log_in(self.browser, self.served, username, PASSWORD)
        page.wait_for_url(f"{self.served.url}/")
        page.on("request", lambda request: self.sent.append(request))
        return page

    @property
    def bodies(self) -> str:
        """Everything that went up."""
        return "\n".join((request.post_data_buffer or b"").decode(errors="replace") for request in self.sent)


@pytest.fixture(scope="module")
def centre(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Centre]:
    home = tmp_path_factory.mktemp("certificates")
    with usb_key() as key, served(home, YICHUAN_USBKEY_URL=key.url) as running:
        key.origin = running.url
        in_centre(home, OFFICER)
        yield Centre(running, key, browser, administrator(browser, running, "officer"))


def _approved(centre: Centre, username: str, carrier: str) -> Page:
    """The person applies, the security officer passes it; the person's page shows the application."""
    page = centre.person(username)
    page.goto(f"{centre.served.url}/person-certificates/")
    page.get_by_role("link", name="申请证书").click()
    page.get_by_label(carrier).check()
    page.get_by_label("申请用途").fill("登录电子公文交换系统办理收文")
    page.get_by_role("button", name="提交申请").click()
    expect(page.locator(".yc-errsum")).to_contain_text("承诺")
    page.get_by_label("本人承诺").check()
    page.get_by_role("button", name="提交申请").click()
    expect(page.get_by_text("待审核")).to_be_visible()
    centre.officer.goto(page.url)
    centre.officer.get_by_role("button", name="通过", exact=True).click()
    expect(centre.officer.get_by_text("待领取")).to_be_visible()
    page.reload()
    page.get_by_role("link", name="领取证书").click()
    return page


@pytest.fixture(scope="module")
def key_file(centre: Centre, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file that clerk-2 downloads once the certificate is issued."""
    page = _approved(centre, "clerk-2", "浏览器密钥文件")
    page.get_by_label("新文件密码").fill(FILE_PASSWORD)
    page.get_by_label("再输一次").fill("another-one")
    page.get_by_role("button", name="生成密钥，领取证书").click()
    expect(page.locator("[data-said]")).to_contain_text("两次输入的密码不一样")
    page.get_by_label("再输一次").fill(FILE_PASSWORD)
    page.get_by_role("button", name="生成密钥，领取证书").click()
    expect(page.get_by_role("heading", name="证书已经签发")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="下载密钥文件").click()
    path = tmp_path_factory.mktemp("keys") / download.value.suggested_filename
    download.value.save_as(path)
    return path


def opened(path: Path) -> bytes:
    """The private key, by the documented format."""
    file = json.loads(path.read_text("utf-8"))
    assert file["kdf"]["iterations"] >= 600_000
    salt = base64.b64decode(file["kdf"]["salt"])
    key = PBKDF2HMAC(hashes.SHA256(), 32, salt, file["kdf"]["iterations"]).derive(FILE_PASSWORD.encode())
    bound = [file["format"], file["version"], file["certificate"], file["kdf"]["iterations"], file["kdf"]["salt"]]
    sealed = base64.b64decode(file["key"])
    return AESGCM(key).decrypt(base64.b64decode(file["cipher"]["iv"]), sealed, "\n".join(map(str, bound)).encode())


def _fill(page: Page, path: Path, password: str) -> None:
    page.get_by_label("密钥文件").set_input_files(path)
    page.get_by_label("文件密码").fill(password)
    page.locator("#by-key-file").get_by_role("button", name="登录").click()


def test_the_file_holds_the_key_of_the_certificate_and_nothing_of_it_went_up(centre: Centre, key_file: Path) -> None:
    private = opened(key_file)
    assert key_file.suffix == ".yckey"
    certificate = Certificate.from_der(base64.b64decode(json.loads(key_file.read_text("utf-8"))["certificate"]))
    assert isinstance(certificate.public_key, PublicKey)
    page = centre.page()
    _fill(page, key_file, FILE_PASSWORD)
    page.wait_for_url(f"{centre.served.url}/")
    sent = centre.bodies
    assert base64.b64encode(certificate.der).decode() in sent, "the search sees what was sent"
    for secret in (
        private.hex(),
        base64.b64encode(private).decode(),
        FILE_PASSWORD,
        "密钥-文件",
        "PBKDF2",
        "iterations",
    ):
        assert secret not in sent, secret
    assert page.evaluate("Object.keys(localStorage).concat(Object.keys(sessionStorage)).join()").find("key") == -1


def test_a_wrong_password_and_a_wrong_file_are_said_on_the_spot(centre: Centre, key_file: Path, tmp_path: Path) -> None:
    page = centre.page()
    said = page.locator("#by-key-file [data-said]")
    page.locator("#by-key-file").get_by_role("button", name="登录").click()
    expect(said).to_contain_text("请先选择密钥文件")
    _fill(page, key_file, "wrong-password")
    expect(said).to_contain_text("密钥文件的密码不对")
    for name, content in (("a.yckey", "not JSON"), ("b.yckey", "{}"), ("c.yckey", "x" * 70_000)):
        (tmp_path / name).write_text(content)
        _fill(page, tmp_path / name, FILE_PASSWORD)
        expect(said).to_contain_text("这不是密钥文件")
    weakened = json.loads(key_file.read_text("utf-8"))
    weakened["kdf"]["iterations"] = 1000
    (tmp_path / "d.yckey").write_text(json.dumps(weakened))
    _fill(page, tmp_path / "d.yckey", FILE_PASSWORD)
    expect(said).to_contain_text("被改动过")


def test_a_challenge_of_another_address_is_not_signed(centre: Centre, key_file: Path) -> None:
    page = centre.page()

    def relay(route: object, request: Request) -> None:
        answer = route.fetch()  # type: ignore[attr-defined]
        said = answer.json()
        said["text"] = said["text"].replace(centre.served.url, "https://bank.example")
        route.fulfill(response=answer, json=said)  # type: ignore[attr-defined]

    page.route("**/challenge/", relay)
    before = len(centre.sent)
    _fill(page, key_file, FILE_PASSWORD)
    expect(page.locator("#by-key-file [data-said]")).to_contain_text("没有签名")
    assert not [request for request in centre.sent[before:] if request.url.endswith("/answer/")]


def test_a_clock_that_is_off_is_said(centre: Centre) -> None:
    page = centre.page("/login/")
    page.clock.set_fixed_time("2030-01-01T00:00:00Z")
    page.goto(f"{centre.served.url}/login/certificate/")
    expect(page.locator("[data-notice]")).to_contain_text("请先校准电脑时间")


def test_a_usb_key_makes_its_own_key_keeps_the_certificate_and_logs_in(centre: Centre) -> None:
    page = _approved(centre, "clerk-1", "USB Key")
    page.get_by_role("button", name="生成密钥，领取证书").click()
    expect(page.get_by_text("证书已写进 USB Key")).to_be_visible()
    assert [path for path, _ in centre.usb.asked] == ["keys", "sign", "keep"]
    page = centre.page()
    by_key = page.locator("#by-usb-key")
    centre.usb.plugged_in = False
    by_key.get_by_role("button", name="读取 USB Key").click()
    expect(by_key.locator("[data-said]")).to_contain_text("没有插 USB Key")
    centre.usb.plugged_in = True
    by_key.get_by_role("button", name="读取 USB Key").click()
    expect(by_key.get_by_label("证书")).to_contain_text("文市卫生局")
    by_key.get_by_role("button", name="登录").click()
    page.wait_for_url(f"{centre.served.url}/")
    expect(page.get_by_text("市卫生局").first).to_be_visible()


def test_a_loss_ends_the_session_and_the_file_opens_nothing_any_more(centre: Centre, key_file: Path) -> None:
    working = centre.page()
    _fill(working, key_file, FILE_PASSWORD)
    working.wait_for_url(f"{centre.served.url}/")
    page = centre.page("/login/loss/")
    page.get_by_label("账号").fill("clerk-2")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_label("挂失原因").fill("U 盘丢了")
    page.get_by_role("button", name="挂失").click()
    page.get_by_role("dialog").get_by_role("button", name="挂失", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("已挂失 1 张证书")
    working.goto(f"{centre.served.url}/inbox/")
    expect(working.get_by_text("证书已停用")).to_be_visible()
    page.goto(f"{centre.served.url}/login/certificate/")
    _fill(page, key_file, FILE_PASSWORD)
    expect(page.locator("#by-key-file [data-said]")).to_contain_text("已经挂失")
