"""Every page of the navigation, for every post, and the pages of the main road: no violation of WCAG 2.1 A and AA."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page

from support.served import Served, served

pytestmark = pytest.mark.e2e

# The people of every post, each with a session as the login begins one, and a document at every step of the road.
PREPARE = """
import json
from yichuan.org.duties import Duty
from yichuan.org.models import CentreRole
for role, name in (("supervising", "市府办公室"), ("operating", "市规划局")):
    CentreRole.objects.update_or_create(role=role, defaults={"unit": world.units[name]})
clerk = world.sending_clerk
people = {
    "clerk": clerk, "receiver": world.clerk["市环保局"], "custodian": world.custodian["市府办公室"],
    "leader": world.leader, "unit_admin": world.holder(Duty.UNIT_ADMIN, "市府办公室"),
    "supervisor": world.holder(Duty.SUPERVISOR, "市府办公室"), "operator": world.holder(Duty.OPERATOR, "市规划局"),
    "system_admin": world.holder(Duty.SYSTEM_ADMIN), "security_officer": world.holder(Duty.SECURITY_OFFICER),
    "auditor": world.holder(Duty.AUDITOR),
}
sent = world.sent("市环保局", "市卫生局")
delivery = sent.deliveries.get(unit=world.units["市环保局"])
pages = {
    "clerk": [f"/documents/{world.draft().pk}/edit/", f"/documents/{world.sealed().pk}/send/", "/documents/new/",
              f"/sent/{sent.pk}/", f"/sent/{sent.pk}/{delivery.pk}/"],
    "custodian": [f"/documents/{world.ready().pk}/seal/"],
    "receiver": [f"/deliveries/{delivery.pk}/"],
    "auditor": ["/log/", f"/log/?document={sent.pk}", "/log/checks/", "/log/checkpoints/"],
    "": ["/login/", "/verify/", "/applications/join/"],
}
sessions = {name: world.browser(who).cookies["sessionid"].value for name, who in people.items()}
pathlib.Path(sys.argv[1], "people.json").write_text(json.dumps({"sessions": sessions, "pages": pages}))
"""
POSTS = (
    "", "clerk", "receiver", "custodian", "leader", "unit_admin", "supervisor", "operator", "system_admin",
    "security_officer", "auditor",
)  # fmt: skip
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"], "resultTypes": ["violations"]}
_seen: set[str] = set()


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("axe"), also=PREPARE) as running:
        yield running


@pytest.fixture(scope="module")
def found(centre: Served) -> dict[str, Any]:
    told: dict[str, Any] = json.loads((centre.home / "people.json").read_text())
    return told


def _context(browser: Browser, centre: Served, session: str) -> BrowserContext:
    context = browser.new_context(viewport={"width": 1366, "height": 768}, locale="zh-CN")
    if session:
        context.add_cookies([{"name": "sessionid", "value": session, "url": centre.url}])
    return context


def _violations(page: Page) -> list[str]:
    response = Axe().run(page, options=RULES).response
    return [
        f"{each['id']}: {node['target']} {node['html'][:160]} — {node['failureSummary'][:300]}"
        for each in response["violations"]
        for node in each["nodes"]
    ]


@pytest.mark.parametrize("post", POSTS, ids=lambda post: post or "nobody")
def test_the_pages_of_a_post_break_no_rule_of_accessibility(
    browser: Browser, centre: Served, found: dict[str, Any], post: str
) -> None:
    context = _context(browser, centre, found["sessions"].get(post, ""))
    page = context.new_page()
    addresses = list(found["pages"].get(post, []))
    if post:
        page.goto(f"{centre.url}/")
        links = page.eval_on_selector_all(".yc-nav a[href]", "links => links.map((link) => link.getAttribute('href'))")
        assert links, "the post has no navigation"
        addresses += ["/", *links]
    wrong = {}
    for address in dict.fromkeys(addresses):
        if address in _seen:
            continue
        _seen.add(address)
        answer = page.goto(centre.url + address)
        assert answer is not None and answer.ok, (address, answer and answer.status)
        if violations := _violations(page):
            wrong[address] = violations
    context.close()
    assert not wrong, "\n".join(f"{address}\n  " + "\n  ".join(lines) for address, lines in wrong.items())
