"""The text of pages."""

from pathlib import Path

import pytest

from support.ofd import NOTICE, converted, ofd, square, text_object
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


@pytest.mark.samples
def test_foreign_files_are_read_page_by_page(samples: Path) -> None:
    pages = page_words(Package.open((samples / "ofd" / "lu-xun-6p.ofd").read_bytes()))
    assert len(pages) == 6
    assert "拿来主义" in "".join(pages)
