"""Reading a JSON value that may be anything: what is not as it should be counts as absent."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from yichuan.lib.gongwen.reading.patterns import TITLE_END

END_MARKS = "。，、；：！？.,;:!?"


def text_of(obj: Any, name: str) -> str:
    """A text field, stripped; empty when it is absent or no text."""
    value = obj.get(name) if isinstance(obj, dict) else None
    return value.strip() if isinstance(value, str) else ""


def texts_of(obj: Any, name: str) -> list[str]:
    """The texts of a list field."""
    value = obj.get(name) if isinstance(obj, dict) else None
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


def objects_of(obj: Any, name: str) -> list[dict[str, Any]]:
    """The objects of a list field; anything else in it stands as an empty one, so that places keep their number."""
    value = obj.get(name) if isinstance(obj, dict) else None
    return [item if isinstance(item, dict) else {} for item in value] if isinstance(value, list) else []


def kind_of(obj: dict[str, Any]) -> str:
    """文种: what the title ends with, without （试行） and the like."""
    found = TITLE_END.search(text_of(obj, "title").replace("\n", "").rstrip(END_MARKS))
    return re.sub(r"[（(].*", "", found[0]) if found else ""


def bodies(obj: dict[str, Any]) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """The document's text, then those of enclosures and annexes, each with its path."""
    yield "$.body", objects_of(obj, "body")
    for name in ("enclosures", "annexes"):
        for index, section in enumerate(objects_of(obj, name)):
            yield f"$.{name}[{index}].body", objects_of(section, "body")
