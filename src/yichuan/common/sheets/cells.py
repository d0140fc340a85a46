"""A cell as a file holds it, and as a row of a form takes it."""

import re
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from yichuan.common.characters import hides_something
from yichuan.common.sheets.columns import Column


@dataclass(frozen=True)
class Problem:
    """A cell that holds no value that can be taken."""

    what: str
    remedy: str


@dataclass(frozen=True)
class Fault:
    """What is wrong with one cell: which, what, and what to do."""

    column: str
    what: str
    remedy: str

    def said(self) -> str:
        """In one sentence."""
        return f"「{self.column}」{self.what}：{self.remedy}"


@dataclass
class Row:
    """A row of a form: its number in the sheet, its values by column, its faults."""

    number: int
    values: dict[str, str] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)


_DIGITS = re.compile(r"[0-9]{1,4}")
FORMULA = Problem("是公式，不是值", "复制后用「选择性粘贴—数值」换成文字")
WPS_PICTURE = Problem("是嵌入单元格的图片，读不出来", "在图片上按右键改为「浮动图片」，或写图片文件名并另传压缩包")
ERROR = Problem("是错误值", "改成应有的文字")
MERGED = Problem("是合并单元格", "取消合并，每一行都填写")


def taken(column: Column, value: Any) -> tuple[str, Problem | None]:
    """The value as a row keeps it, and what is wrong with it."""
    if isinstance(value, Problem):
        return "", value
    text = _date(value) if column.kind == "date" else _text(value)
    if not text:
        return "", Problem("没有填", "补填") if column.required and column.kind != "picture" else None
    if hides_something(text):
        return "", Problem("里面有看不见的字符", "删掉这一格，重新输入")
    if len(text) > column.most:
        return text[: column.most], Problem("太长", f"不超过 {column.most} 个字")
    if text.startswith("="):
        return "", FORMULA
    if column.choices and text not in column.choices:
        return text, Problem(f"「{text}」不在可选的里面", f"只能填{'、'.join(column.choices)}")
    if column.kind == "number" and not (text.isascii() and text.isdigit() and 0 < int(text) < 10**6):
        return text, Problem(f"「{text}」不是正整数", "只填数字")
    if column.kind == "date" and not _is_date(text):
        return text, Problem(f"「{text}」不是日期", "写成 2008-06-25 这样，年-月-日")
    return text, None


def _text(value: Any) -> str:
    """A number without the point that spreadsheets give it (13800138000.0), text without spaces around."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float) and value.is_integer() and abs(value) < 10**15:
        return str(int(value))
    if isinstance(value, (datetime, date)):
        return f"{value:%Y-%m-%d}"
    text = str(value).replace("\u3000", " ").strip()
    whole, point, rest = text.partition(".")
    return whole if point and len(whole) > 6 and whole.isdigit() and rest and not rest.strip("0") else text


def _date(value: Any) -> str:
    if isinstance(value, (datetime, date)):
        return f"{value:%Y-%m-%d}"
    text = spelled = _text(value)
    for sign in ("年", "月", "/", "."):
        spelled = spelled.replace(sign, "-")
    parts = spelled.replace("日", "").split("-")
    if len(parts) == 3 and all(_DIGITS.fullmatch(part.strip()) for part in parts):
        return f"{int(parts[0]):04d}-{int(parts[1]):02d}-{int(parts[2]):02d}"
    return text


def _is_date(text: str) -> bool:
    try:
        return 1950 <= date.fromisoformat(text).year <= 2100
    except ValueError:
        return False
