"""A day in an office in browsers: what lies on the desks when it begins, and the people's pages by their sessions."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, expect

from support.pages import ROOT
from support.printing import WORDS
from support.served import Served, served
from support.world import small_gongwen
from yichuan.common import profile
from yichuan.compose.drafting.content import from_gongwen
from yichuan.compose.models import Document

SHOTS = ROOT / "benchmarks" / "out" / "office-day"
NUMBER = "江府办〔2008〕{}号"
PEOPLE = """
import json
from datetime import timedelta
from django.utils.timezone import localdate
from support.office_day import calendar_says, made
from support.printing import hold
from support.world import _person
from yichuan.common import clock
from yichuan.common.transactions import command
from yichuan.compose.models import Document
from yichuan.exchange.models import LateNotice
from yichuan.org.duties import Duty
from yichuan.org.models import Post
from yichuan.org.services.stand_in import appoint_stand_in

people = {"sender": world.sending_clerk, "custodian": world.custodian["市府办公室"]}
people["receiver"] = world.clerk["市环保局"]
hold(world.units["市环保局"], people["receiver"])
with command():
    people["stand_in"] = _person("leader-2", "周接班", world.units["市环保局"], Duty.LEADER)
appoint_stand_in(
    actor=world.holder(Duty.UNIT_ADMIN, "市环保局"),
    post_id=Post.objects.get(account=people["receiver"], duty=Duty.CLERK).pk,
    account_id=people["stand_in"].pk, since=localdate(), until=localdate() + timedelta(days=2), reason="外出开会",
)
"""
KEEP = """
sessions = {name: world.browser(who).cookies["sessionid"].value for name, who in people.items()}
found = {"sessions": sessions, "pages": {name: str(key) for name, key in pages.items()}}
pathlib.Path(sys.argv[1], "day.json").write_text(json.dumps(found))
"""


@dataclass
class Day:
    """The served centre, whose pages are open, and the documents of the day by their name in the story."""

    centre: Served
    browser: Browser
    name: str
    sessions: dict[str, str]
    pages: dict[str, str]
    open: dict[str, Page] = field(default_factory=dict)

    def at(self, who: str, address: str) -> Page:
        """The page of this person's own browser, gone to an address; `{name}` in it is a document of the story."""
        if who not in self.open:
            context = self.browser.new_context(viewport={"width": 1366, "height": 768}, locale="zh-CN")
            context.add_cookies([{"name": "sessionid", "value": self.sessions[who], "url": self.centre.url}])
            self.open[who] = context.new_page()
            self.open[who].set_default_timeout(15_000)
        page = self.open[who]
        page.goto(self.centre.url + address.format(**self.pages))
        page.wait_for_load_state()
        return page

    def picture(self, page: Page, name: str) -> None:
        """What the person sees now, kept to be looked at."""
        for sheet in page.locator(".yc-canvas [data-page='1']").all()[:1]:
            expect(sheet.locator("text=号").first).to_be_attached()
        SHOTS.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=SHOTS / f"{self.name}-{name}.png")


@contextmanager
def day(browser: Browser, home: Path, name: str, also: str, rules: str) -> Iterator[Day]:
    """The centre of one day by the profile `rules`; `also` fills `pages` with what lies there when it begins."""
    prepare = f"from django.conf import settings; settings.YICHUAN_PROFILE = {rules!r}\n{PEOPLE}{also}{KEEP}"
    with served(home, also=prepare, YICHUAN_PROFILE=rules) as running:
        told = json.loads((home / "day.json").read_text())
        today = Day(running, browser, name, told["sessions"], told["pages"])
        yield today
        for page in today.open.values():
            page.context.close()


def late_profile(folder: Path) -> str:
    """The first centre's rules with a cut-off that is past at every hour of the day: the name of the profile."""
    rules = (profile.FOLDER / "jiangmen-2008.toml").read_text(encoding="utf-8")
    line = "cut_off = 15:30:00"
    assert line in rules
    path = folder / "jiangmen-late.toml"
    path.write_text(rules.replace(line, "cut_off = 00:00:00"), encoding="utf-8")
    return str(path.with_suffix(""))


def calendar_says(*, working: bool) -> None:
    """Yesterday to the third day from now are all working days, or all days off: at midnight too."""
    from datetime import timedelta

    from django.utils.timezone import localdate

    from yichuan.common import clock
    from yichuan.common.models import CalendarDay

    for number in range(-1, 4):
        values = {"working": working, "name": "", "source": "", "changed_at": clock.now()}
        CalendarDay.objects.update_or_create(day=localdate() + timedelta(days=number), defaults=values)


def made(world: Any, number: int, title: str, urgency: str = "平件") -> Document:
    """A draft of the sending office."""
    from yichuan.compose.services.save import begin

    gongwen = small_gongwen(NUMBER.format(number)) | {"title": title}
    fields = from_gongwen(gongwen, kind="通知") | {"urgency": urgency}
    return begin(actor=world.sending_clerk, unit=world.sender, fields=fields, original=gongwen)


def fill_send(page: Page, *names: str, copies: int = 2) -> None:
    """Fill the sending form in: recipients by the picker, copies, the declaration."""
    for name in names:
        page.locator("#main-ts-control").fill(name)
        page.locator(".ts-dropdown .option", has_text=name).first.wait_for()
        page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    page.locator("#allowance").fill(str(copies))
    page.get_by_label("本件不含密级内容").check()


def press(page: Page, button: str) -> None:
    """Press a button that asks once, and say yes."""
    page.get_by_role("button", name=button, exact=True).click()
    page.get_by_role("dialog").locator(".btn-primary").click()


def confirm(page: Page, form: str) -> None:
    """Press the button of an opened form that asks once, and say yes."""
    page.locator(f"{form} .btn-primary").click()
    page.get_by_role("dialog").locator(".btn-primary").click()


def print_originals(page: Page, copies: int) -> None:
    """Print with the verification seal's password; the file opens in a window of its own."""
    page.locator("[data-opens='#print-form']").click()
    page.locator("#copies").fill(str(copies))
    page.get_by_label("验证印章密码").fill(WORDS)
    with page.context.expect_page():
        page.locator("#print-form .btn-primary").click()


def tag_of(page: Page, words: str) -> None:
    """The side of the document's page says this state."""
    expect(page.locator("#side .yc-tag", has_text=words).first).to_be_visible(timeout=20_000)
