"""A font file that ends early is named, and the page is drawn without it."""

from __future__ import annotations

import struct

import pytest

from support.ofd import EMBEDDED, ofd, song, text_object
from yichuan.lib.ofd.package import Package
from yichuan.lib.ofd.paper import ofd_to_pdf
from yichuan.lib.ofd.svg import page_to_svg

TEXT = text_object("<ofd:TextCode X='0' Y='8'>印章</ofd:TextCode>")


def pointed_away(font: bytes, tag: bytes) -> bytes:
    """The font with one table said to lie behind the file's end."""
    changed = bytearray(font)
    for at in range(12, 12 + 16 * struct.unpack_from(">H", font, 4)[0], 16):
        if font[at : at + 4] == tag:
            struct.pack_into(">I", changed, at + 8, len(font))
    assert changed != font
    return bytes(changed)


DRAWERS = (
    ofd_to_pdf,
    lambda package: page_to_svg(package, 0),
    lambda package: page_to_svg(package, 0, text="paths"),
)


def drawn_with(font: bytes) -> list[set[str]]:
    """What each drawer notes of a page set in this font."""
    data = ofd(TEXT, resources=EMBEDDED, entries={"Doc_0/Res/f.ttf": font})
    packages = [Package.open(data) for _ in DRAWERS]
    for draw, package in zip(DRAWERS, packages, strict=True):
        assert draw(package)
    return [{note.code for note in package.notes} for package in packages]


@pytest.mark.parametrize("tag", [b"loca", b"glyf", b"head", b"maxp"])
def test_a_table_behind_the_end_is_named_and_the_page_is_drawn(tag: bytes) -> None:
    assert all("font_damaged" in codes for codes in drawn_with(pointed_away(song(), tag)))


@pytest.mark.parametrize("tag", [b"cmap", b"hmtx"])
def test_a_page_is_drawn_without_a_table_that_others_make_up_for(tag: bytes) -> None:
    drawn_with(pointed_away(song(), tag))
