"""What every page of a clerk pays before its own work: counted, because clocks on a busy machine lie."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from support.world import PASSWORD, World
from yichuan.compose.selectors import sealed_number
from yichuan.exchange.selectors_waiting import unsigned_number
from yichuan.org.selectors import Desk
from yichuan.portal.navigation import arrivals
from yichuan.web.numbers import Numbers

ALONE = "/person-certificates/renew/"
"""A page that asks nothing of its own."""


def _asked(browser: Client, address: str) -> list[str]:
    assert browser.get(address).status_code == 200  # what is written once is written now
    with CaptureQueriesContext(connection) as asked:
        assert browser.get(address).status_code == 200
    return [each["sql"] for each in asked.captured_queries]


def test_the_frame_of_a_clerk_is_five_questions(world: World) -> None:
    world.delivery("市环保局")
    browser = world.browser(world.clerk["市环保局"])
    asked = _asked(browser, ALONE)
    tables = ["django_session", "people_opensession", "org_post", "compose_document", "exchange_dispatch"]
    assert len(asked) == len(tables)
    assert all(table in sql for table, sql in zip(tables, asked, strict=True))
    assert "1 件新公文还没有签收" in browser.get(ALONE).content.decode()


def test_what_a_page_asks_by_itself_is_three(world: World) -> None:
    assert len(_asked(world.browser(world.clerk["市环保局"]), "/session/")) == 3


def test_a_number_is_asked_once_and_belongs_to_its_question(world: World) -> None:
    delivery = world.delivery("市环保局")
    desk, numbers = Desk(delivery.unit), Numbers()
    waiting, sealed = unsigned_number(desk.unit_id), sealed_number(unit=desk.unit_id)
    with CaptureQueriesContext(connection) as asked:
        found = numbers.asked([sealed, waiting, unsigned_number(world.sender.pk), waiting])
        assert arrivals(desk, numbers)["count"] == 1
    assert (found[waiting], found[sealed], found[unsigned_number(world.sender.pk)]) == (1, 0, 0)
    assert len(asked) == 2  # the numbers, and which of them is the newest


def test_a_login_writes_its_session_once(world: World) -> None:
    browser = Client()
    with CaptureQueriesContext(connection) as asked:
        assert browser.post("/login/", {"username": "clerk-0", "password": PASSWORD}).status_code == 302
    sessions = [each["sql"].split()[0] for each in asked.captured_queries if '"django_session"' in each["sql"]]
    assert sessions == ["INSERT"]
    assert browser.get("/session/").json()["signed_in"] is True


@pytest.mark.parametrize("inside", ["{{ request.path }}", "{% csrf_token %}", "{% if 1 %}{{ name }}{% endif %}"])
def test_what_is_drawn_once_may_say_nothing_of_a_request(inside: str) -> None:
    from django.template import TemplateSyntaxError, engines

    with pytest.raises(TemplateSyntaxError, match="no variable stands in it"):
        engines["django"].from_string("{% load yc %}{% once %}" + inside + "{% endonce %}")
