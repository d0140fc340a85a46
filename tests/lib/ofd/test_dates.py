"""Finding the line of a document's date."""

import pytest

from support.seals import small_ofd
from yichuan.lib.ofd.dates import date_place
from yichuan.lib.ofd.package import Package, write_package


def _with(*runs: tuple[str, str]) -> Package:
    """A document of two pages with these runs (Boundary, text) in the place of the second page's line."""
    package = Package.open(small_ofd(2))
    entries = {name: package.read(name) for name in package.names()}
    name = "Doc_0/Pages/Page_1/Content.xml"
    head, _, tail = entries[name].decode().partition("<ofd:TextObject")
    tail = tail[tail.index("</ofd:TextObject>") + len("</ofd:TextObject>") :]
    texts = "".join(
        f'<ofd:TextObject ID="{900 + number}" Boundary="{box}" Font="2" Size="5.6"><ofd:TextCode X="0" Y="5">{text}'
        "</ofd:TextCode></ofd:TextObject>"
        for number, (box, text) in enumerate(runs)
    )
    entries[name] = f"{head}{texts}{tail}".encode()
    return Package.open(write_package(entries))


def test_a_date_set_in_several_runs_is_one_line() -> None:
    package = _with(
        ("30 200 60 10", "江门市人民政府办公室"),
        ("100 223.2 14 10", "2008"),
        ("112 223.2 9 10", "年"),
        ("118 223.2 6 10", "6"),
        ("121 223.2 9 10", "月2日"),
    )
    page, x, y = date_place(package) or (0, 0.0, 0.0)
    assert (page, round(x, 2), round(y, 2)) == (1, 115.0, 228.2)


@pytest.mark.parametrize("text", ["二〇〇八年六月二日", "二○○八年十二月三十一日", " 2008 年 6 月 2 日 "])
def test_every_way_of_writing_a_date_is_known(text: str) -> None:
    assert date_place(_with(("100 200 40 10", text))) == (1, 120.0, 205.0)


@pytest.mark.parametrize("text", ["2008年6月2日印发", "请于2008年6月2日前报送", "2008年6月", "六月二日"])
def test_a_date_among_other_words_is_none(text: str) -> None:
    assert date_place(_with(("100 200 40 10", text))) is None


@pytest.mark.parametrize("box", ["", "1 2 3", "a b c d", "nan 0 9 9", "0 inf 9 9"])
def test_text_without_a_place_is_passed_over(box: str) -> None:
    assert date_place(_with((box, "2008年6月2日"))) is None
