"""A list as one person likes it: filters under names, columns and their order, rows on a page, what it opens with."""

from collections.abc import Mapping
from typing import Any

import pytest

from support.world import World
from yichuan.common.errors import Invalid, NotFound, Refused
from yichuan.exchange.models import SavedView
from yichuan.exchange.selectors_views import opened_query, preferences
from yichuan.exchange.services.list_views import MOST_VIEWS, arrange, forget_view, save_view

HERE = "/inbox/settings/"


def _post(world: World, query: str = "", **form: Any) -> Any:
    return world.browser(world.clerk["市环保局"]).post(f"{HERE}?{query}", form)


def test_a_filter_is_kept_under_a_name_and_stands_among_the_tabs(world: World) -> None:
    answer = _post(world, "state=delivered&title=%E9%80%9A%E7%9F%A5", do="save", name="未签通知")
    assert answer.headers["Location"] == "/inbox/?state=delivered&title=%E9%80%9A%E7%9F%A5"
    page = world.browser(world.clerk["市环保局"]).get("/inbox/").content.decode()
    assert "未签通知" in page
    other = world.browser(world.clerk["市卫生局"]).get("/inbox/").content.decode()
    assert "未签通知" not in other


def test_the_same_name_again_keeps_the_new_filter(world: World) -> None:
    _post(world, "state=delivered", do="save", name="常看")
    _post(world, "state=received", do="save", name="常看")
    assert opened_query(SavedView.objects.get().query) == "state=received"


def test_the_list_opens_with_it_where_asked_and_shows_the_way_out(world: World) -> None:
    number = world.delivery().dispatch.document.number or ""
    _post(world, "state=received", do="save", name="已接收的", start="on")
    clerk = world.browser(world.clerk["市环保局"])
    opened = clerk.get("/inbox/").content.decode()
    assert "状态：已接收" in opened
    assert "显示 0 件，另有 1 件未列出" in opened
    assert f"{number}</td>" in clerk.get("/inbox/?all=1").content.decode()
    assert f"{number}</td>" in clerk.get("/inbox/?state=delivered").content.decode()
    _post(world, do="forget", name="已接收的")
    assert f"{number}</td>" in clerk.get("/inbox/").content.decode()


@pytest.mark.parametrize(
    ("query", "name", "said"),
    [
        ("state=delivered", "", "起个名字"),
        ("state=delivered", "长" * 13, "不超过 12 个字"),
        ("state=delivered", "急\u202e件", "看不见的字符"),
        ("", "常看", "先选好筛选条件"),
        ("state=nonsense", "常看", "先选好筛选条件"),
    ],
)
def test_what_cannot_be_kept_is_said_beside_the_field(world: World, query: str, name: str, said: str) -> None:
    answer = _post(world, query, do="save", name=name)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not SavedView.objects.exists()


def test_there_are_only_so_many(world: World) -> None:
    actor = world.clerk["市环保局"]
    for number in range(MOST_VIEWS):
        save_view(actor=actor, listed="inbox", name=f"第{number}组", query="state=delivered")
    with pytest.raises(Refused) as refused:
        save_view(actor=actor, listed="inbox", name="再一组", query="state=delivered")
    assert refused.value.code == "too_many_views"
    save_view(actor=actor, listed="inbox", name="第1组", query="state=received")  # an old one may still change
    save_view(actor=actor, listed="sent", name="再一组", query="standing=waiting")


def test_nobody_deletes_anothers(world: World) -> None:
    save_view(actor=world.clerk["市环保局"], listed="inbox", name="常看", query="state=delivered")
    with pytest.raises(NotFound):
        forget_view(actor=world.clerk["市卫生局"], listed="inbox", name="常看")
    assert SavedView.objects.exists()


def test_columns_stand_in_the_order_of_their_numbers(world: World) -> None:
    world.delivery()
    places: Mapping[str, str] = {"place-state": "1", "place-number": "3", "place-title": "2", "place-role": "x"}
    answer = _post(world, do="arrange", column=["number", "role", "state"], size="30", **places)
    assert answer.headers["Location"] == "/inbox/"
    kept = preferences(world.clerk["市环保局"], "inbox")
    assert (kept.columns, kept.size) == (("state", "title", "number", "role"), 30)
    page = world.browser(world.clerk["市环保局"]).get("/inbox/").content.decode()
    heads = [page.index(f'<th scope="col">{label}</th>') for label in ("状态", "标题", "文号", "主抄送")]
    assert heads == sorted(heads)
    assert '<th scope="col">来文单位</th>' not in page


@pytest.mark.parametrize("size", ["", "0", "15", "100000", "x"])
def test_a_page_has_one_of_the_offered_sizes(world: World, size: str) -> None:
    assert _post(world, do="arrange", size=size).status_code == 422


def test_a_list_cannot_open_with_what_is_not_kept(world: World) -> None:
    with pytest.raises(Invalid):
        arrange(actor=world.clerk["市环保局"], listed="inbox", columns=[], size=14, start="没有的")


@pytest.mark.parametrize("address", ["/inbox/settings/", "/sent/settings/", "/documents/settings/"])
def test_each_list_has_its_own_page_of_settings(world: World, address: str) -> None:
    assert "列、次序和每页件数" in world.browser(world.sending_clerk).get(address).content.decode()
