"""The life of a unit in the browsers of all who take part: it applies, is approved, gets people, certificate and a
first document, is renamed and merged into another; the three administrators are each refused the others' work."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pypdfium2
import pytest
from playwright.sync_api import Browser, Page, expect

from support.acts import administrator, apply_for, decided, first_login, opinion, paper, review_all
from support.served import Served, in_centre, log_in, served
from support.world import PASSWORD

pytestmark = pytest.mark.e2e

NEW, SHORT = "江门市水利局", "市水利局"
FIELDS = {
    "name": NEW,
    "short_name": SHORT,
    "starts": "2026-12-01",
    "admin_name": "王小明",
    "admin_phone": "0750-3321180",
    "admin_trained_on": "2026-10-01",
    "reason": "收发公文",
    "head": "张局长",
    "contact": "李四",
    "phone": "0750-3321179",
}
LETTER = {"reason": "机构改革", "head": "张局长", "contact": "李四", "phone": "0750-3321179"}
WORDS = "水库汛期限制水位从四月十五日起执行"
PARTIES = """
from support.changes import parties
from yichuan.org.duties import Duty
parties(world)
for duty in (Duty.SYSTEM_ADMIN, Duty.SECURITY_OFFICER, Duty.AUDITOR):
    world.holder(duty)
"""
SEAL = f"""
import django; django.setup()
from support.world import imprint
from yichuan.common.transactions import command
from yichuan.org.models import Unit
from yichuan.seals.services.issue import issue_seal
with command():
    issue_seal(actor=None, unit=Unit.objects.get(name="{NEW}"), imprint=imprint())
"""


@dataclass
class Place:
    """The served centre and the browsers of those who act in every chapter."""

    served: Served
    operator: Page
    office: Page
    auditor: Page
    officer: Page


@pytest.fixture(scope="module")
def place(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with served(tmp_path_factory.mktemp("centre"), PARTIES) as running:
        operator = log_in(browser, running, "operator-市规划局-1", PASSWORD)
        office = log_in(browser, running, "supervisor-市府办公室-1", PASSWORD)
        for page in (operator, office):
            expect(page.locator("#nav")).to_be_visible()
        auditor = administrator(browser, running, "auditor-centre-1")
        officer = administrator(browser, running, "security_officer-centre-1")
        yield Place(running, operator, office, auditor, officer)


@pytest.fixture(scope="module")
def first_password(place: Place, browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A visitor without an account applies, it is approved and carried out, the slip is handed over once."""
    folder = tmp_path_factory.mktemp("joining")
    visitor = browser.new_context(viewport={"width": 1366, "height": 768}, locale="zh-CN").new_page()
    number, code = _join(visitor, place.served, folder)
    opinion(place.operator, place.served, NEW, "材料齐全，拟同意。", "受理，送主管单位审批", "待审批")
    opinion(place.office, place.served, NEW, "同意。", "批准", "待办理")
    operator = place.operator
    operator.reload()
    operator.get_by_role("link", name="核对后办理").click()
    expect(operator.get_by_text(f"通讯录增加「{NEW}」")).to_be_visible()
    operator.get_by_role("button", name="办理").click()
    operator.get_by_role("dialog").get_by_role("button", name="办理", exact=True).click()
    expect(operator.locator(".yc-tag", has_text="已办结")).to_be_visible()
    operator.get_by_label("领取人姓名").fill("王小明")
    with operator.expect_download() as download:
        operator.get_by_role("button", name="生成并打印通知单").click()
    download.value.save_as(folder / "slip.pdf")
    slip = pypdfium2.PdfDocument(str(folder / "slip.pdf"))[0].get_textpage().get_text_bounded()

    visitor.get_by_role("link", name="去查询").click()
    visitor.get_by_label("申请编号").fill(number)
    visitor.get_by_label("查询码").fill(code)
    visitor.get_by_role("button", name="查询").click()
    expect(visitor.get_by_text("请单位系统管理员本人到承办单位领取账号和初始密码")).to_be_visible()
    visitor.get_by_role("button", name="结束查询").click()
    return str(slip.split("初始密码")[-1].split()[0])


def _join(page: Page, centre: Served, folder: Path) -> tuple[str, str]:
    """Fill in the public form; number and query code."""
    page.goto(f"{centre.url}/login/")
    page.get_by_role("link", name="申请加入").click()
    page.get_by_role("button", name="提交申请").click()
    expect(page.get_by_text("没有提交")).to_be_visible()
    for name, value in FIELDS.items():
        page.locator(f"[name={name}]").fill(value)
    page.locator("[name=admin_established]").check()
    for role in ("letter", "proof"):
        page.locator(f"#id_{role}").set_input_files(paper(folder, role))
    page.get_by_role("button", name="提交申请").click()
    expect(page.get_by_text("申请已提交，等待受理")).to_be_visible()
    return page.locator("dd.num b").first.inner_text(), page.locator("[data-code]").inner_text()


@pytest.fixture(scope="module")
def admin(place: Place, browser: Browser, first_password: str) -> Page:
    """The unit's administrator: before the auditor's review the account opens nothing."""
    page = first_login(browser, place.served, "wangxiaoming", first_password)
    expect(page.get_by_text("还没有岗位")).to_be_visible()
    review_all(place.auditor, place.served)
    page.goto(place.served.url)
    expect(page.locator("#nav").get_by_role("link", name="单位", exact=True)).to_be_visible()
    return page


@pytest.fixture(scope="module")
def clerk(place: Place, browser: Browser, admin: Page) -> Page:
    """The unit's first clerk, who also keeps its seal: account, posts, review, first login."""
    admin.goto(f"{place.served.url}/staff/new/")
    admin.get_by_label("姓名").fill("周水")
    admin.get_by_label("账号").fill("zhoushui")
    admin.get_by_label("培训日期").fill("2026-10-01")
    admin.get_by_label("在编人员").check()
    admin.get_by_role("button", name="开设账号").click()
    password = admin.locator("[data-first-password]").inner_text()
    for duty in ("文件管理员", "印章管理员"):
        admin.goto(f"{place.served.url}/access/new/?q=zhoushui")
        admin.get_by_role("link", name="周水").click()
        admin.get_by_label("岗位").select_option(label=duty)
        admin.get_by_role("button", name="下一步").click()
        admin.get_by_label("事由").fill("新单位启用")
        admin.get_by_role("button", name="提交审核").click()
        expect(admin.get_by_text(f"任命周水为{SHORT}{duty}").first).to_be_visible()
    review_all(place.auditor, place.served)
    page = first_login(browser, place.served, "zhoushui", password)
    in_centre(place.served.home, SEAL)
    return page


def test_the_clerk_gets_a_certificate(place: Place, clerk: Page) -> None:
    clerk.goto(f"{place.served.url}/person-certificates/")
    clerk.get_by_role("link", name="申请证书").click()
    clerk.get_by_label("浏览器密钥文件").check()
    clerk.get_by_label("申请用途").fill("登录电子公文交换系统")
    clerk.get_by_label("本人承诺").check()
    clerk.get_by_role("button", name="提交申请").click()
    expect(clerk.get_by_text("待审核")).to_be_visible()
    place.officer.goto(clerk.url)
    place.officer.get_by_role("button", name="通过", exact=True).click()
    expect(place.officer.get_by_text("待领取")).to_be_visible()
    clerk.reload()
    clerk.get_by_role("link", name="领取证书").click()
    clerk.get_by_label("新文件密码").fill("密钥-文件-2026")
    clerk.get_by_label("再输一次").fill("密钥-文件-2026")
    clerk.get_by_role("button", name="生成密钥，领取证书").click()
    expect(clerk.get_by_role("heading", name="证书已经签发")).to_be_visible(timeout=60_000)


def test_the_first_document_goes_out_and_keeps_the_name_of_its_day(
    place: Place, clerk: Page, admin: Page, browser: Browser, tmp_path: Path
) -> None:
    _send_first_document(clerk, place.served)
    named = {"name": "江门市水务局", "short_name": "市水务局", "administrator": "王小明（wangxiaoming）"}
    apply_for(admin, place.served, "rename", LETTER | named, tmp_path)
    decided(place.operator, place.office, place.served, NEW)
    receiver = log_in(browser, place.served, "clerk-2", PASSWORD)
    receiver.goto(f"{place.served.url}/inbox/?sender=市水利局")
    row = receiver.locator("tr", has_text="江水〔2026〕1号")
    expect(row).to_contain_text(SHORT)
    row.get_by_role("link").first.click()
    expect(receiver.get_by_text("由市水利局（现：市水务局）发出")).to_be_visible()
    receiver.goto(f"{place.served.url}/contacts/?q=市水利局")
    expect(receiver.get_by_text("市水务局").first).to_be_visible()

    apply_for(admin, place.served, "merge_into", LETTER | {"survivor": "市环保局", "merged": "市水务局"}, tmp_path)
    decided(place.operator, place.office, place.served, "江门市水务局")
    receiver.goto(f"{place.served.url}/contacts/?q=市水务局")
    expect(receiver.get_by_text("市环保局").first).to_be_visible()
    receiver.goto(f"{place.served.url}/sent/")
    expect(receiver.get_by_role("cell", name="江水〔2026〕1号")).to_be_visible()
    clerk.goto(f"{place.served.url}/documents/")
    expect(clerk.get_by_label("账号").or_(clerk.get_by_text("还没有岗位"))).to_be_visible()


def _send_first_document(clerk: Page, centre: Served) -> None:
    clerk.goto(f"{centre.url}/documents/new/")
    clerk.get_by_label("发文字号").fill("江水〔2026〕1号")
    clerk.get_by_label("标题").fill("关于水库汛期限制水位的通知")
    clerk.get_by_label("主送机关").fill("市环保局")
    clerk.locator("[name=body]").fill(f"{WORDS}，请遵照执行。")
    clerk.keyboard.press("Control+s")
    expect(clerk.get_by_role("button", name="完成制作")).to_be_visible()
    expect(clerk.locator(f"[data-page='1'] >> text={WORDS[:8]}").first).to_be_visible()
    clerk.get_by_role("button", name="完成制作").click()
    clerk.get_by_role("link", name="盖章").filter(has_text="G").click()
    clerk.get_by_role("button", name="盖章").click()
    clerk.get_by_role("dialog").get_by_role("button", name="盖章").click()
    expect(clerk.get_by_text("已经盖章")).to_be_visible()
    clerk.goto(f"{centre.url}/documents/")
    clerk.get_by_role("link", name=re.compile("关于水库汛期")).first.click()
    clerk.get_by_role("link", name="发送", exact=False).filter(has_text="F").click()
    clerk.locator("#main-ts-control").fill("市环保局")
    clerk.keyboard.press("Enter")
    clerk.keyboard.press("Escape")
    clerk.locator("#allowance").fill("2")
    clerk.get_by_label("本件不含密级内容").check()
    clerk.get_by_role("button", name="发送", exact=True).click()
    clerk.get_by_role("dialog").get_by_role("button", name="发送", exact=True).click()
    expect(clerk.get_by_text("/ 1 家已签收")).to_be_visible()


def test_each_administrator_is_refused_the_others_work_and_every_document(place: Place, browser: Browser) -> None:
    own = {
        "system": (administrator(browser, place.served, "system_admin-centre-1"), "/access/centre/"),
        "officer": (place.officer, "/certificates/"),
        "auditor": (place.auditor, "/access/review/"),
    }
    for name, (page, address) in own.items():
        assert page.goto(place.served.url + address).status == 200, name  # type: ignore[union-attr]
        others = [other for each, (_, other) in own.items() if each != name]
        for refused in (*others, "/inbox/", "/documents/", "/sent/", "/seals/"):
            assert page.goto(place.served.url + refused).status == 403, (name, refused)  # type: ignore[union-attr]
            expect(page.get_by_text("你的岗位不能办这件事")).to_be_visible()
