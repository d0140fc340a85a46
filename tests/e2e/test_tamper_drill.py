"""The tamper drill: a clean log, an entry altered behind the centre's back, the check that finds and names it (O5)."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from support.acts import administrator
from support.served import served

pytestmark = pytest.mark.e2e

AUDITOR = """
from yichuan.org.duties import Duty
world.holder(Duty.AUDITOR)
"""
ALTERED = "UPDATE audit_entry SET actor_name = '王五' WHERE verb = 'exchange.send'"


def _tamper(home: Path, statement: str) -> None:
    """Somebody with the database's own file: the guards are taken off and put back."""
    with sqlite3.connect(home / "centre" / "centre.sqlite3", timeout=30) as database:
        guards = database.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in guards:
            database.execute(f"DROP TRIGGER {name}")
        assert database.execute(statement).rowcount == 1
        for _, again in guards:
            database.execute(again)
    database.close()


def _verify(page: Page) -> None:
    page.get_by_role("link", name="核验日志", exact=True).first.click()
    page.get_by_role("button", name="核验全部日志").click()
    expect(page.get_by_text(re.compile("核验了"))).to_be_visible(timeout=60_000)


def test_an_altered_entry_is_found_named_and_acknowledged(browser: Browser, tmp_path: Path) -> None:
    with served(tmp_path, AUDITOR) as centre:
        page = administrator(browser, centre, "auditor-centre-1")
        page.get_by_role("link", name="审计").first.click()
        page.get_by_role("link", name="日志", exact=True).click()
        page.get_by_role("textbox", name="公文").fill(centre.number)
        page.get_by_role("button", name="查阅").click()
        send = page.get_by_role("link", name="发送给 1 个单位")
        send.click()
        entry = page.get_by_role("complementary", name="这条记录")
        expect(entry.get_by_text("这条记录未被改动")).to_be_visible()
        expect(entry.get_by_text("检查点由本中心的检查点密钥签名")).to_be_visible()
        _verify(page)
        expect(page.get_by_text("没有发现改动、删除和插入")).to_be_visible()

        _tamper(tmp_path, ALTERED)
        _verify(page)
        expect(page.get_by_text("记录被改动", exact=True)).to_be_visible()
        expect(page.get_by_text("怎么办：")).to_be_visible()
        page.get_by_role("link", name="看这条记录").click()
        expect(page.get_by_text("这条记录被改动过")).to_be_visible()
        expect(page.get_by_text("王五")).to_be_visible()

        page.goto(f"{centre.url}/")
        page.get_by_role("link", name=re.compile("日志里发现 1 个问题")).click()
        page.get_by_label("处理说明").fill("演练：值班人员直接改了数据库，已报告主管单位。")
        page.get_by_role("button", name="阅知").click()
        expect(page.get_by_text("阅知：演练")).to_be_visible()
        page.goto(f"{centre.url}/")
        expect(page.get_by_text("日志里发现")).to_have_count(0)
