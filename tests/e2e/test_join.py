"""A unit joins, in the browsers of all who take part: a visitor without an account, operator, supervising office."""

from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pytest
from playwright.sync_api import Browser, Page, expect

from support import served as serving
from support.served import Served, log_in, served
from support.world import PASSWORD

pytestmark = pytest.mark.e2e

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
FIELDS = {
    "name": "江门市水利局",
    "short_name": "市水利局",
    "starts": "2026-12-01",
    "admin_name": "王小明",
    "admin_phone": "0750-3321180",
    "admin_trained_on": "2026-10-01",
    "reason": "收发公文",
    "head": "张局长",
    "contact": "李四",
    "phone": "0750-3321179",
}


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with pytest.MonkeyPatch.context() as patch:
        built = "world = build()"
        patch.setattr(
            serving,
            "BUILD",
            serving.BUILD.replace(built, f"{built}\nfrom support.changes import parties\nparties(world)"),
        )
        with served(tmp_path_factory.mktemp("centre")) as running:
            yield running


def _apply(page: Page, centre: Served, folder: Path) -> tuple[str, str]:
    """Fill in the public form; number and query code."""
    page.goto(f"{centre.url}/login/")
    page.get_by_role("link", name="申请加入").click()
    page.get_by_role("button", name="提交申请").click()
    expect(page.get_by_text("没有提交")).to_be_visible()
    for name, value in FIELDS.items():
        page.locator(f"[name={name}]").fill(value)
    page.locator("[name=admin_established]").check()
    for role in ("letter", "proof"):
        path = folder / f"{role}.pdf"
        path.write_bytes(PDF + role.encode())
        page.locator(f"#id_{role}").set_input_files(str(path))
    page.get_by_role("button", name="提交申请").click()
    expect(page.get_by_text("申请已提交，等待受理")).to_be_visible()
    return page.locator("dd.num b").first.inner_text(), page.locator("[data-code]").inner_text()


def _opinion(page: Page, centre: Served, words: str, button: str, then: str) -> None:
    page.goto(f"{centre.url}/applications/")
    page.get_by_role("link", name="江门市水利局").click()
    page.locator("#words").fill(words)
    page.get_by_role("button", name=button, exact=True).click()
    expect(page.locator(".yc-tag", has_text=then)).to_be_visible()


def test_from_the_public_form_to_the_first_login(centre: Served, browser: Browser, tmp_path: Path) -> None:
    visitor = browser.new_context(viewport={"width": 1366, "height": 768}, locale="zh-CN").new_page()
    number, code = _apply(visitor, centre, tmp_path)

    operator = log_in(browser, centre, "operator-市规划局-1", PASSWORD)
    expect(operator.locator("#nav")).to_be_visible()
    _opinion(operator, centre, "材料齐全，拟同意。", "受理，送主管单位审批", "待审批")
    office = log_in(browser, centre, "supervisor-市府办公室-1", PASSWORD)
    expect(office.locator("#nav")).to_be_visible()
    _opinion(office, centre, "同意。", "批准", "待办理")

    operator.reload()
    operator.get_by_role("link", name="核对后办理").click()
    expect(operator.get_by_text("通讯录增加「江门市水利局」")).to_be_visible()
    operator.get_by_role("button", name="办理").click()
    operator.get_by_role("dialog").get_by_role("button", name="办理", exact=True).click()
    expect(operator.locator(".yc-tag", has_text="已办结")).to_be_visible()
    operator.get_by_label("领取人姓名").fill("王小明")
    with operator.expect_download() as download:
        operator.get_by_role("button", name="生成并打印通知单").click()
    download.value.save_as(tmp_path / "slip.pdf")
    slip = pypdfium2.PdfDocument(str(tmp_path / "slip.pdf"))[0].get_textpage().get_text_bounded()
    password = slip.split("初始密码")[-1].split()[0]

    visitor.get_by_role("link", name="去查询").click()
    visitor.get_by_label("申请编号").fill(number)
    visitor.get_by_label("查询码").fill(code)
    visitor.get_by_role("button", name="查询").click()
    expect(visitor.get_by_text("请单位系统管理员本人到承办单位领取账号和初始密码")).to_be_visible()
    visitor.get_by_role("button", name="结束查询").click()

    administrator = log_in(browser, centre, "wangxiaoming", password)
    expect(administrator.get_by_label("现在的密码")).to_be_visible()
