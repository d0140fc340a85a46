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


# Titles of published documents, with the words a reader would stumble over if they were torn.
TITLES = [
    (
        "江门市人民政府办公室关于印发江门市推进新型城市基础设施建设实施方案（2023—2025年）的通知",
        "基础设施 建设 实施方案 2023—2025年",
    ),
    ("国务院办公厅关于进一步优化地方政务服务便民热线的指导意见", "进一步 地方 便民 热线 的指导意见"),
    (
        "国务院办公厅转发国家发展改革委等部门关于加快推进城镇环境基础设施建设指导意见的通知",
        "国家发展改革委等部门 城镇 环境",
    ),
    ("国务院关于印发2030年前碳达峰行动方案的通知", "2030年 碳达峰 行动方案"),
    ("国务院办公厅关于印发全国一体化政务大数据体系建设指南的通知", "一体化 大数据 指南"),
    ("广东省人民政府办公厅关于印发广东省数字政府改革建设“十四五”规划的通知", "广东省 数字政府 “十四五”"),
    ("江门市人民政府关于公布江门市第九批市级非物质文化遗产代表性项目名录的通知", "第九批 非物质文化遗产 代表性"),
    ("国务院办公厅关于同意建立国务院食品安全委员会办公室部际联席会议制度的函", "委员会 部际 联席会议 制度"),
    (
        "财政部　税务总局　人力资源社会保障部　国家乡村振兴局关于进一步支持重点群体创业就业有关税收政策的公告",
        "财政部 税务总局 人力资源社会保障部 重点 群体 税收 政策",
    ),
    (
        "江门市财政局关于转发《广东省财政厅关于印发广东省省级财政专项资金管理办法（试行）的通知》的通知",
        "江门市财政局 广东省财政厅 专项资金 （试行）",
    ),
    ("江门市人民政府办公室关于调整江门市安全生产委员会组成人员的通知", "安全生产 委员会 组成人员"),
    ("关于做好2026年元旦春节期间有关工作的通知", "2026年 元旦 春节 期间"),
    ("江门市人民政府关于划定江门市区禁止燃放烟花爆竹区域的通告", "市区 燃放 烟花爆竹 区域"),
    ("江门市人民政府关于申请将江门市列为全国跨境电子商务综合试验区的请示", "列为 跨境 电子商务 试验区"),
    ("国务院关于同意在廊坊等33个城市和地区设立跨境电子商务综合试验区的批复", "33个 廊坊等 设立 跨境"),
    (
        "江门市生态环境局关于公开征求《江门市生态环境局行政处罚自由裁量权适用规则（征求意见稿）》意见的公告",
        "征求 行政处罚 自由裁量权 适用 征求意见稿",
    ),
    (
        "江门市人民政府办公室转发市发展改革局市财政局市自然资源局市住房城乡建设局市交通运输局市水利局"
        "关于进一步加强政府投资项目全过程管理若干措施的通知",
        "市财政局 市自然资源局 市住房城乡建设局 市交通运输局 市水利局 进一步 全过程",
    ),
    ("江门市人民政府关于任命张三等同志职务的通知", "任命 同志 职务"),
    (
        "江门市人民政府办公室关于成立江门市迎接第十五届全国运动会筹备工作领导小组及其办公室的通知",
        "第十五届 全国运动会 领导小组",
    ),
    (
        "江门市人民政府办公室转发广东省人民政府办公厅关于进一步加强电子公文交换系统安全保密管理工作若干意见的通知",
        "办公厅 交换系统 保密",
    ),
]


@pytest.mark.parametrize(("title", "words"), TITLES)
def test_a_long_title_is_broken_by_sense_and_has_a_shape(title: str, words: str):
    lines = break_title(title, tuple(name for name in (OFFICE, "江门市人民政府") if title.startswith(name))[:1], 20)
    assert "".join(lines) == title.replace("　", "") or "　" in title
    assert len(lines) <= 5
    for word in words.split():
        assert any(word in line for line in lines), (word, lines)
    assert not any(line[0] in "》）的，、" or line[-1] in "《（" for line in lines)
    lengths = [len(line) for line in lines]
    for before, line, after in zip(lengths, lengths[1:], lengths[2:], strict=False):
        assert not before > line < after, lines


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
