"""Breaking a title: whole words, and lines in the shape of a trapezium or a rhombus (GB/T 9704-2012 7.3.1).

There is no full segmentation here: names given by the caller, book-title marks, numbers and the common words of
official titles below are kept whole, and the shape decides among the rest. A drafter who disagrees breaks the line.
"""

from __future__ import annotations

from functools import cache
from itertools import pairwise

from yichuan.lib.gongwen.lines import NOT_AT_END, NOT_AT_START

# Words of two to four characters that titles of official documents are made of; a break inside one costs dearly.
_WORD_LIST = """
电子公文 交换系统 信息系统 关于 印发 转发 批转 发布 公布 下发 进一步 加强 做好 开展 推进 推动 加快 深化 促进
规范 完善 建立 健全 落实 贯彻 实施 执行 启用 停止 调整 成立 设立 撤销 任免 表彰 通报 同意 批准 申请 报送 召开
举办 组织 管理 监督 检查 指导 协调 服务 保障 建设 发展 改革 创新 治理 整治 防控 应急 安全 生产 环境 保护 生态
教育 卫生 健康 文化 旅游 体育 科技 信息 电子 公文 交换 系统 平台 网络 数据 政务 政府 人民 办公室 办公厅 委员会
领导 小组 机构 单位 部门 机关 事业 企业 国家 全国 全省 全市 全区 全县 自治区 开发区 高新区 街道 办事处 工作 任务
目标 责任 考核 评价 方案 规划 计划 要点 意见 办法 规定 细则 规则 制度 标准 条例 通知 通告 公告 决定 决议 请示
报告 批复 函 纪要 若干 有关 暂行 试行 修订 修改 征求 问题 情况 事项 资金 财政 预算 税收 审计 统计 土地 资源 规程
人员 干部 培训 招聘 录用 印章 档案 保密 节假日 安排 年度 第一 第二 第三 联合 专项 行动 重点 项目 水利 农业 农村
经济 社会 市场 交通 运输 住房 城乡 民政 人力 就业 医疗 疫情 消防 气象 粮食 能源 工业 化工 贸易 金融 食品 药品
质量 技术
"""
_WORDS = frozenset(_WORD_LIST.split())
_LONGEST = max(len(word) for word in _WORDS)
_BAD = 40.0  # a break inside a word
_SHORT = 3  # characters a line must have at least


def break_title(title: str, names: tuple[str, ...], width: int) -> list[str]:
    """The title's lines, none longer than ``width`` characters; line breaks in the title are kept.

    ``names`` (the issuers) are not broken as long as they fit on a line.
    """
    forced = [line.strip(" 　") for line in title.split("\n") if line.strip(" 　")]
    if len(forced) > 1 and all(len(line) <= width for line in forced):
        return forced
    text = "".join(forced)
    if len(text) <= width:
        return [text]
    costs = _costs(text, tuple(name for name in names if len(name) <= width))
    least = -(-len(text) // width)
    # One line more than needed may break better; it must earn its place.
    shapes = [_arrange(text, costs, count, width) for count in (least, least + 1)]
    _, lines = min((score + 6.0 * extra, lines) for extra, (score, lines) in enumerate(shapes))
    return lines


def _costs(text: str, names: tuple[str, ...]) -> tuple[float, ...]:
    """What a break before each character costs; infinity where it is not allowed."""
    costs = [4.0] * len(text)
    costs[0] = float("inf")
    covered = 0
    for start in range(len(text)):
        # Words are read from left to right, the longest first, as a reader does; 电子公文 is 电子 and 公文.
        if start >= covered:
            for length in range(min(_LONGEST, len(text) - start), 1, -1):
                if text[start : start + length] in _WORDS:
                    covered = start + length
                    for index in range(start + 1, covered):
                        costs[index] += _BAD
                    costs[start] = min(costs[start], 2.0) if costs[start] < _BAD else costs[start]
                    break
        for name in names:
            if text.startswith(name, start):
                for index in range(start + 1, start + len(name)):
                    costs[index] += 3 * _BAD
    depth = 0
    for index in range(1, len(text)):
        before, after = text[index - 1], text[index]
        depth += (before == "《") - (before == "》")
        if after in NOT_AT_START or before in NOT_AT_END or (before.isascii() and after.isascii()):
            costs[index] = float("inf")
        elif depth > 0:
            costs[index] += 12.0
        if after == "　":
            costs[index] -= 3.0
        if before == "　":
            costs[index] = float("inf")
        if before in "、，的和及与" and costs[index] < _BAD:
            costs[index] -= 2.0
        if after in "的和及与":
            costs[index] += 8.0
        if text[:index].endswith("关于"):
            costs[index] += 6.0
    return tuple(costs)


def _arrange(text: str, costs: tuple[float, ...], count: int, width: int) -> tuple[float, list[str]]:
    """The cheapest way to cut the text into ``count`` lines, with its cost."""

    @cache
    def best(start: int, left: int, previous: int) -> tuple[float, tuple[int, ...]]:
        rest = len(text) - start
        if left == 1:
            fits = _SHORT <= rest <= width
            return (_shape(previous, rest) if fits else float("inf")), ()
        found: tuple[float, tuple[int, ...]] = (float("inf"), ())
        for length in range(_SHORT, min(width, rest - 1) + 1):
            if costs[start + length] == float("inf"):
                continue
            score, cuts = best(start + length, left - 1, length)
            score += costs[start + length] + _shape(previous, length)
            if score < found[0]:
                found = score, (start + length, *cuts)
        return found

    score, cuts = best(0, count, 0)
    if score == float("inf"):
        cuts = tuple(range(width, len(text), width))
    edges = [0, *cuts, len(text)]
    return score, [text[a:b].strip("　") for a, b in pairwise(edges)]


def _shape(previous: int, length: int) -> float:
    """Neighbouring lines differ a little, so that the title is neither a block nor an hourglass's waist."""
    if previous == 0:
        return 0.0
    difference = abs(previous - length)
    return 3.0 if difference == 0 else 0.25 * max(0, difference - 2) ** 1.5
