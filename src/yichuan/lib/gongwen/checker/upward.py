"""Documents that go upward (上行文): 请示 and 报告, after 党政机关公文处理工作条例 (中办发〔2012〕14号)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from yichuan.lib.gongwen.checker.findings import Finding, finding
from yichuan.lib.gongwen.checker.values import kind_of, objects_of, text_of, texts_of

_ASKS = re.compile(r"(?:妥否|当否|可否|是否妥当)，?请|请(?:予)?(?:批示|批复|审批|批准)(?![后的])")
_TELEPHONE = re.compile(r"\d{7,}|\d{3,4}[-—－ ]\d{7,}")


def check_upward(obj: dict[str, Any]) -> Iterator[Finding]:
    """签发人, one main recipient, whom to call, and no request in a report."""
    kind = kind_of(obj)
    if kind not in ("请示", "报告"):
        return
    if not texts_of(obj, "signers") and text_of(obj, "form") in ("", "document"):
        yield finding("signers_missing", "$.signers", shown=kind)
    if kind == "请示":
        yield from _request(obj)
        return
    for index, block in enumerate(objects_of(obj, "body")):
        if asked := _ASKS.search(text_of(block, "text")):
            yield finding("report_asks", f"$.body[{index}].text", shown=asked[0])


def _request(obj: dict[str, Any]) -> Iterator[Finding]:
    units = [unit.strip() for unit in re.split("[、，,；;]", text_of(obj, "recipients")) if unit.strip()]
    if len(units) > 1:
        yield finding("several_recipients", "$.recipients", count=len(units), shown="、".join(units))
    note = text_of(obj, "note")
    if "联系人" not in note or not _TELEPHONE.search(note):
        yield finding("contact_missing", "$.note")
