"""Stand-ins for fonts that a document names but does not carry."""

import pytest

from support.gongwen import font_set
from yichuan.lib.gongwen.font_roles import glyph_source, resolver, role_of
from yichuan.lib.ofd.fontfile import FontResource


def _font(name: str, family: str = "") -> FontResource:
    return FontResource("1", name, family, False, False, False, False, None)


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("宋体", "songti"),
        ("SimSun", "songti"),
        ("仿宋_GB2312", "fangsong"),
        ("FangSong", "fangsong"),
        ("楷体", "kaiti"),
        ("KaiTi_GB2312", "kaiti"),
        ("黑体", "heiti"),
        ("Microsoft YaHei", "heiti"),
        ("方正小标宋简体", "xiaobiaosong"),
        ("FZXiaoBiaoSong-B05S", "xiaobiaosong"),
        ("Arial", "heiti"),
        ("Times New Roman", "songti"),
        ("Courier New", "songti"),
        ("PBCDEE", "songti"),
    ],
)
def test_the_name_of_a_font_tells_its_role(name: str, role: str):
    assert role_of(_font(name)) == role
    assert role_of(_font("F1", name)) == role


def test_the_installation_s_face_stands_in_and_is_opened_once():
    resolve = resolver(font_set())
    found = resolve(_font("仿宋"))
    assert found is glyph_source(font_set().faces["fangsong"])
    assert found is resolver(font_set())(_font("FangSong_GB2312"))
    assert found is not resolve(_font("宋体"))
    assert found is not None
    assert found.lookup("文") is not None


def test_a_font_without_a_name_asks_for_the_widest_face():
    found = resolver(font_set())(_font(""))
    assert found is not None
    assert all(found.lookup(char) is not None for char in "珺祎昇堃镕喆")
