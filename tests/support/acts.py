"""What people of a centre do in their browsers, for tests that follow a unit or a person over several pages."""

import re
from pathlib import Path

import pyotp
from playwright.sync_api import Browser, Page, expect

from support.served import Served, log_in
from support.world import PASSWORD

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def first_login(browser: Browser, centre: Served, username: str, first: str) -> Page:
    """Log in with a first password and replace it by everybody's of these tests."""
    page = log_in(browser, centre, username, first)
    page.get_by_label("现在的密码").fill(first)
    page.get_by_label("新密码", exact=True).fill(PASSWORD)
    page.get_by_label("再输一次").fill(PASSWORD)
    page.get_by_role("button", name="改好，继续").click()
    page.wait_for_url(f"{centre.url}/")
    return page


def administrator(browser: Browser, centre: Served, username: str) -> Page:
    """One of the three logs in for the first time: no further than to one-time codes, then everywhere."""
    page = log_in(browser, centre, username, PASSWORD)
    expect(page.get_by_role("heading", name="先设好第二种登录凭据")).to_be_visible()
    page.get_by_role("link", name="设置动态口令").click()
    expect(page.get_by_alt_text("动态口令的二维码")).to_be_visible()
    secret = re.sub(r"\s", "", page.locator("p", has_text="密钥").locator("b").inner_text())
    page.get_by_label("动态口令").fill(pyotp.TOTP(secret).now())
    page.get_by_role("button", name="核对，设好").click()
    expect(page.get_by_text("恢复码只显示这一次")).to_be_visible()
    page.get_by_role("link", name="记好了，继续").click()
    page.wait_for_url(f"{centre.url}/")
    return page


def review_all(auditor: Page, centre: Served) -> None:
    """The auditor passes everything that waits and would take effect."""
    auditor.goto(f"{centre.url}/access/review/")
    auditor.locator("[data-tick-all]").check()
    auditor.get_by_role("button", name="审核通过").click()
    expect(auditor.get_by_text("没有要审核的变更")).to_be_visible()


def paper(folder: Path, role: str) -> str:
    """A scanned paper to be handed in."""
    path = folder / f"{role}.pdf"
    path.write_bytes(PDF + role.encode())
    return str(path)


def opinion(page: Page, centre: Served, applicant: str, words: str, button: str, then: str) -> None:
    """A party writes its opinion on the application that waits for it."""
    page.goto(f"{centre.url}/applications/")
    page.get_by_role("link", name=applicant).first.click()
    page.locator("#words").fill(words)
    page.get_by_role("button", name=button, exact=True).click()
    expect(page.locator(".yc-tag", has_text=then)).to_be_visible()


def decided(operator: Page, office: Page, centre: Served, applicant: str) -> None:
    """Accepted by the operator, approved by the supervising office, carried out by the operator."""
    opinion(operator, centre, applicant, "材料齐全，拟同意。", "受理，送主管单位审批", "待审批")
    opinion(office, centre, applicant, "同意。", "批准", "待办理")
    operator.reload()
    operator.get_by_role("link", name="核对后办理").click()
    operator.get_by_role("button", name="办理").click()
    operator.get_by_role("dialog").get_by_role("button", name="办理", exact=True).click()
    expect(operator.locator(".yc-tag", has_text="已办结")).to_be_visible()


def apply_for(page: Page, centre: Served, kind: str, fields: dict[str, str], folder: Path) -> None:
    """A unit's administrator fills in the form of a change, adds the signed letter and its proof and hands it in."""
    page.goto(f"{centre.url}/applications/new/{kind}/")
    for name, value in fields.items():
        field = page.locator(f"[name={name}]")
        if field.evaluate("each => each.tagName") == "SELECT":
            field.select_option(label=value)
        else:
            field.fill(value)
    page.get_by_role("button", name="保存，去上传材料").click()
    for role in ("申请函", "证明材料"):
        page.get_by_label("材料种类").select_option(label=role)
        page.get_by_label("选择材料").set_input_files(paper(folder, f"{kind}-{role}"))
        page.get_by_role("button", name="添加材料").click()
        expect(page.get_by_text(f"{kind}-{role}.pdf")).to_be_visible()
    page.get_by_role("button", name="提交", exact=True).click()
    expect(page.locator(".yc-tag", has_text="待受理")).to_be_visible()
