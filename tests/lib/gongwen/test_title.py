"""Breaking titles: whole words, and a shape."""

from __future__ import annotations

import pytest

from yichuan.lib.gongwen.title import break_title

OFFICE = "江门市人民政府办公室"


def test_a_title_that_fits_stays_on_one_line():
    assert break_title("关于放假的通知", (), 20) == ["关于放假的通知"]


def test_the_drafters_own_break_is_kept():
    title = "关于印发江门市启用电子公文交换系统\n工作方案的通知"
    assert break_title(title, (), 20) == title.split("\n")


def test_the_issuer_is_not_broken():
    lines = break_title(f"{OFFICE}关于印发江门市启用电子公文交换系统工作方案的通知", (OFFICE,), 20)
    assert any(OFFICE in line for line in lines)
    assert len(lines) == 2


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("关于印发江门市启用电子公文交换系统工作方案的通知", ["电子公文", "交换系统", "工作", "方案", "的通知"]),
        ("国务院办公厅关于进一步做好农民工服务工作的意见", ["办公厅", "进一步", "服务", "工作", "意见"]),
        ("关于联合开展2026年度政务信息化项目建设资金专项检查工作的通知", ["2026", "政务", "资金", "专项", "检查"]),
    ],
)
def test_common_words_and_numbers_stay_whole(title: str, words: list[str]):
    lines = break_title(title, (), 20)
    assert "".join(lines) == title
    assert all(any(word in line for line in lines) for word in words)


def test_lines_are_of_like_length():
    title = "江门市人民政府办公室转发广东省人民政府办公厅关于进一步加强电子公文交换系统安全保密管理工作若干意见的通知"
    lines = break_title(title, (OFFICE,), 20)
    assert len(lines) == 3
    assert max(map(len, lines)) - min(map(len, lines)) <= 6


def test_a_title_mark_stands_with_its_name():
    lines = break_title("关于《江门市电子公文交换暂行管理办法（修订草案征求意见稿）》公开征求意见的公告", (), 20)
    assert not any(line[0] in "》）的" or line[-1] in "《（" for line in lines)


def test_a_title_of_two_hundred_characters_without_words_is_still_set():
    lines = break_title("壹" * 200, (), 20)
    assert "".join(lines) == "壹" * 200
    assert max(map(len, lines)) <= 20


def test_joint_issuers_are_parted_by_a_blank_or_a_line():
    title = "江门市信息产业局　江门市财政局关于联合开展2026年度政务信息化项目建设资金专项检查工作的通知"
    lines = break_title(title, ("江门市信息产业局", "江门市财政局"), 20)
    assert lines[0] in ("江门市信息产业局　江门市财政局", "江门市信息产业局")
    assert not any(line.startswith("　") or line.endswith("　") for line in lines)
