"""The text of pages."""

from pathlib import Path

import pytest

from support.ofd import NOTICE, composite, converted, ofd, square, text_object
from yichuan.lib.ofd.package import Package
from yichuan.lib.ofd.words import page_words


def test_the_words_of_a_typeset_page_are_found() -> None:
    (words,) = page_words(Package.open(converted(NOTICE)))
    assert "关于做好电子公文交换工作的通知" in words
    assert "江府办〔2026〕12号" in words


def test_a_page_of_shapes_has_none() -> None:
    assert page_words(Package.open(ofd(square(10, 10)))) == [""]


def test_pieces_stand_one_after_the_other() -> None:
    code = "<ofd:TextCode X='0' Y='8'>甲</ofd:TextCode><ofd:TextCode X='9' Y='8'>乙</ofd:TextCode>"
    assert page_words(Package.open(ofd(text_object(code) * 2))) == ["甲乙甲乙"]


def test_the_words_of_a_composite_unit_stand_where_it_is_shown() -> None:
    shown = "<ofd:CompositeObject ID='9' Boundary='0 0 40 40' ResourceID='4'/>"
    unit = text_object("<ofd:TextCode X='0' Y='8'>密</ofd:TextCode>") + shown  # which shows itself, too
    before, after = (text_object(f"<ofd:TextCode X='0' Y='8'>{each}</ofd:TextCode>") for each in "甲乙")
    data = ofd(before + shown + after, resources=composite(unit))
    assert page_words(Package.open(data)) == ["甲密乙"]


@pytest.mark.samples
def test_foreign_files_are_read_page_by_page(samples: Path) -> None:
    pages = page_words(Package.open((samples / "ofd" / "lu-xun-6p.ofd").read_bytes()))
    assert len(pages) == 6
    assert "拿来主义" in "".join(pages)
