"""Readings are pypinyin's own, from tables that take a sixth of the room."""

import subprocess
import sys

import pytest

from yichuan.lib.pinyin import initials, pinyin


@pytest.mark.parametrize(
    ("text", "read", "letters"),
    [
        ("重庆市", "chongqingshi", "cqs"),
        ("重大事项", "zhongdashixiang", "zdsx"),
        ("长沙", "changsha", "cs"),
        ("市长", "shizhang", "sz"),
        ("中国银行行长", "zhongguoyinhanghangzhang", "zgyhhz"),
        ("大会计划", "dahuijihua", "dhjh"),
        ("会计", "kuaiji", "kj"),
        ("吕绿", "lvlv", "ll"),
        ("关于OFD格式an的〔2009〕1号", "guanyuOFDgeshiande〔2009〕1hao", "gyOFDgsand〔2009〕1h"),
        ("远水解不了", "yuanshuijiebuliao", "ysjbl"),  # a text that ends inside a phrase
        ("", "", ""),
    ],
)
def test_a_character_is_read_as_its_phrase_says(text: str, read: str, letters: str) -> None:
    assert (pinyin(text), initials(text)) == (read, letters)


def test_it_reads_as_pypinyin_does() -> None:
    told = """
import random
from pypinyin import Style, lazy_pinyin
from pypinyin.constants import PHRASES_DICT
from yichuan.lib.pinyin import initials, pinyin
drawn, phrases = random.Random(7), list(PHRASES_DICT)
between = ["", "的", " OFD an", "，"]
for _ in range(1500):
    text = "".join(drawn.choice(phrases) + drawn.choice(between) for _ in range(4))
    assert pinyin(text) == "".join(lazy_pinyin(text)), text
    assert initials(text) == "".join(lazy_pinyin(text, style=Style.FIRST_LETTER)), text
"""
    subprocess.run([sys.executable, "-c", told], check=True)  # its tables are not to stay in the process of the tests


def test_its_own_tables_are_not_loaded() -> None:
    told = "import sys; from yichuan.lib.pinyin import pinyin; assert pinyin('重庆') and 'pypinyin' not in sys.modules"
    subprocess.run([sys.executable, "-c", told], check=True)
