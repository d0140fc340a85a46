"""The pages of 批量盖章: ticked on the list, shown, asked for or sealed, and said of each what became of it."""

from urllib.parse import urlencode

import pytest

from support.carriers import on_carrier
from support.custody import kept
from support.pages import tags, words
from support.seal_several import agree, change, custodian, seal_of
from support.world import World
from yichuan.compose.models import Document
from yichuan.compose.services import seal_several as room
from yichuan.seals.kinds import OpeningKind
from yichuan.seals.models import Opening, Seal


def _address(seal: Seal, *documents: Document) -> str:
    asked = urlencode({"seal": seal.pk, "document": [each.pk for each in documents]}, doseq=True)
    return f"/seals/several/?{asked}"


def _fields(html: str) -> dict[str, list[str]]:
    hidden = [attrs for attrs in tags(html, "input") if attrs.get("name") in ("seal", "seen")]
    found: dict[str, list[str]] = {}
    for attrs in hidden:
        found.setdefault(str(attrs["name"]), []).append(str(attrs["value"]))
    return found


def test_the_list_lets_a_custodian_tick_and_leads_to_what_was_ticked(world: World) -> None:
    documents = [world.ready(), world.ready()]
    browser = world.browser(custodian(world))
    html = browser.get("/seals/").content.decode()
    ticks = [attrs for attrs in tags(html, "input") if "data-tick" in attrs]
    assert {attrs["value"] for attrs in ticks} == {str(each.pk) for each in documents}
    assert {attrs["form"] for attrs in ticks} == {"batch"}
    page = browser.get(_address(seal_of(world), *documents)).content.decode()
    for document in documents:
        assert str(document.number) in page and document.title in page and document.body_digest in page
    assert "给 2 件盖章" in words(page)


def test_the_page_seals_and_says_of_each_what_became_of_it(world: World) -> None:
    good, bad = world.ready(), world.ready()
    browser = world.browser(custodian(world))
    here = _address(seal_of(world), good, bad)
    fields = _fields(browser.get(here).content.decode())
    change(world, bad)
    html = browser.post(here, fields).content.decode()
    assert "1 件盖好，1 件没有盖成" in words(html)
    assert f"{good.number} ：已盖章" in words(html) or f"{good.number}：已盖章" in words(html)
    assert room.CHANGED in html
    result = next(attrs for attrs in tags(html, "div") if attrs.get("id") == "batch-result")
    assert (result["class"], result["role"]) == ("yc-result", "alert"), "no green where one failed"
    ticked = [attrs["value"] for attrs in tags(html, "input") if "data-tick" in attrs and "checked" in attrs]
    assert ticked == [str(bad.pk)]
    again = browser.post(here, _fields(browser.get(_address(seal_of(world), bad)).content.decode())).content.decode()
    assert "1 件全部盖好" in words(again)


@pytest.mark.parametrize(
    ("asked", "status", "said"),
    [
        ("", 422, "请选择印章"),
        ("?seal={seal}", 422, "还没有勾选公文"),
        ("?seal={seal}&document=x", 422, "重新勾选"),
        ("?seal=00000000-0000-0000-0000-000000000000&document={seal}", 422, "本单位在用的印章"),
    ],
)
def test_a_batch_that_makes_no_sense_is_told_on_the_list(world: World, asked: str, status: int, said: str) -> None:
    browser = world.browser(custodian(world))
    answer = browser.get(f"/seals/several/{asked.format(seal=seal_of(world).pk)}")
    assert answer.status_code == status
    assert said in words(answer.content.decode())


def test_the_page_asks_once_shows_the_wait_and_then_seals(world: World) -> None:
    office = kept(world, kind=OpeningKind.COUNT, limit=5)
    documents = [world.ready(), world.ready()]
    browser = world.browser(office.people[0])
    here = _address(office.seal, *documents)
    html = browser.get(here).content.decode()
    assert "为这 2 件申请用印" in words(html) and "件盖章 G" not in words(html)
    answer = browser.post(here, _fields(html) | {"ask": "1"})
    assert (answer.status_code, answer["Location"]) == (302, here)
    waiting = browser.get(here).content.decode()
    assert "等待同意" in words(waiting) and "申请用印" not in words(waiting) and not _fields(waiting)
    opening = Opening.objects.get()
    assert f"/seals/custody/openings/{opening.pk}/state/" in waiting
    assert "看这一批" in words(browser.get("/seals/").content.decode())
    agree(office, opening)
    listed = browser.get("/seals/").content.decode()
    assert here in [str(attrs.get("href")).replace("&amp;", "&") for attrs in tags(listed, "a")]
    opened = browser.get(here).content.decode()
    assert "给 2 件盖章" in words(opened)
    assert "2 件全部盖好" in words(browser.post(here, _fields(opened)).content.decode())


@pytest.mark.parametrize(
    ("kind", "limit", "said"),
    [
        (OpeningKind.COUNT, 1, "一次最多申请 1 件"),
        (OpeningKind.PERIOD, 30, "按时间开启"),
        (OpeningKind.DOCUMENT, 1, "逐件打开"),
    ],
)
def test_more_than_the_unit_chose_is_said_in_place_of_the_button(
    world: World, kind: OpeningKind, limit: int, said: str
) -> None:
    office = kept(world, kind=kind, limit=limit)
    here = _address(office.seal, world.ready(), world.ready())
    html = world.browser(office.people[0]).get(here).content.decode()
    assert said in words(html)
    assert not [attrs for attrs in tags(html, "button") if attrs.get("name") == "ask"]


def test_a_carriers_rows_say_where_each_is_prepared_and_what_was_shown(world: World) -> None:
    ready, sealed = world.ready(), world.sealed()
    held = on_carrier(world.sender, world.imprint)
    html = world.browser(custodian(world)).get(_address(held.seal, ready, sealed)).content.decode()
    (row,) = [attrs for attrs in tags(html, "tr") if "data-sealing" in attrs]
    assert row["data-prepare"] == f"/documents/{ready.pk}/seal/prepare/"
    assert (row["data-number"], row["data-title"], row["data-body"], row["data-attachments"]) == (
        ready.number, ready.title, ready.body_digest, "0",
    )  # fmt: skip
    assert "已经盖过章" in words(html)
    assert "给 1 件签名盖章" in words(html)
