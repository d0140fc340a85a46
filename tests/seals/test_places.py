"""Where a seal may go on a document, and how that is written down."""

import json

import pytest

from yichuan.lib.ofd.sealing import Edge, SeamSeal, Stamp
from yichuan.seals.places import MOST, Place, faults, read_places

A4 = (210.0, 297.0)
SEAL = (42.0, 42.0)
SEAM = Place(0, 105, 148.5, "right", 3)


def test_places_are_written_and_read_again() -> None:
    places = [Place(0, 140, 220.25), SEAM, Place(2, 105, 0, "top", 4)]
    written = json.loads(json.dumps([place.to_json() for place in places]))
    assert read_places(written) == places
    assert written[0] == {"page": 1, "x": 140, "y": 220.25}
    assert written[1] == {"page": 1, "x": 105, "y": 148.5, "edge": "right", "to": 4}


def test_each_is_an_imprint_of_the_library_and_said_in_words() -> None:
    assert Place(1, 140, 220).imprint == Stamp(1, 140, 220)
    assert SEAM.imprint == SeamSeal(Edge.RIGHT, centre_mm=148.5, pages=(0, 1, 2, 3))
    assert Place(0, 60, 9, "bottom", 1).imprint == SeamSeal(Edge.BOTTOM, centre_mm=60, pages=(0, 1))
    assert Place(1, 140, 220.5).words == "第 2 页，离左 140、离上 220.5 毫米"
    assert SEAM.words == "骑缝章，第 1 至 4 页右边"


@pytest.mark.parametrize(
    "listed",
    [
        None,
        {},
        [1],
        [{"page": 1}],
        [{"page": 1.5, "x": 1, "y": 1}],
        [{"page": True, "x": 1, "y": 1}],
        [{"page": 1, "x": "1", "y": 1}],
        [{"page": 1, "x": float("nan"), "y": 1}],
        [{"page": 1, "x": 1e9, "y": 1}],
        [{"page": 1, "x": 1, "y": True}],
        [{"page": 1, "x": 1, "y": 1, "edge": "middle", "to": 2}],
        [{"page": 1, "x": 1, "y": 1, "edge": ["right"], "to": 2}],
        [{"page": 1, "x": 1, "y": 1, "edge": "right", "to": "2"}],
        [{"page": 1, "x": 1, "y": 1, "more": 1}],
        [{"page": 1, "x": 1, "y": 1}] * (MOST + 1),
    ],
    ids=range(15),
)
def test_what_is_no_list_of_places_is_not_read(listed: object) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_places(listed)


@pytest.mark.parametrize(
    ("places", "said"),
    [
        ([], "请写明印章盖在哪里"),
        ([Place(4, 140, 220)], "应是 1 到 4"),
        ([Place(-1, 140, 220)], "应是 1 到 4"),
        ([Place(0, 20, 220)], "不在这一页纸上"),
        ([Place(0, 140, 280)], "不在这一页纸上"),
        ([Place(0, 140, 220), Place(0, 180, 230)], "碰在一起"),
        ([Place(0, 105, 148, "right", 0)], "至少要跨两页"),
        ([Place(2, 105, 148, "right", 1)], "至少要跨两页"),
        ([Place(0, 105, 148, "right", 9)], "至少要跨两页"),
        ([Place(0, 105, 10, "right", 3)], "超出了页边"),
        ([Place(0, 140, 220)] * (MOST + 1), "最多盖 40 处"),
    ],
    ids=range(11),
)
def test_what_is_against_the_rules_is_said(places: list[Place], said: str) -> None:
    assert said in faults(places, [A4] * 4, SEAL)[0]


def test_many_pages_share_no_strip_too_narrow_to_see() -> None:
    assert "不足半毫米" in faults([Place(0, 105, 148, "right", 99)], [A4] * 100, SEAL)[0]


def test_what_keeps_the_rules_has_no_fault() -> None:
    places = [Place(0, 140, 220), Place(0, 60, 220), Place(1, 140, 220), SEAM]
    assert faults(places, [A4] * 4, SEAL) == []
    assert faults([Place(0, 21, 21), Place(0, 189, 276)], [A4], SEAL) == []
