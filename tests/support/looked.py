"""What the open pages of a failed test showed: said in its report, kept as pictures and HTML."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Page

PATIENCE_MS = 5_000


def _open(arguments: dict[str, Any]) -> Iterator[Page]:
    """The pages of the browser that the test had, and the one it was given."""
    for context in getattr(arguments.get("browser"), "contexts", []):
        yield from context.pages
    if hasattr(arguments.get("page"), "screenshot"):
        yield arguments["page"]


def keep_pages(name: str, arguments: dict[str, Any], folder: Path) -> str:
    """A line for each open page: address, title, and the file beside which its HTML lies."""
    from playwright.sync_api import Error

    lines = []
    for number, page in enumerate(dict.fromkeys(_open(arguments)), start=1):
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / f"{re.sub(r'[^A-Za-z0-9_]+', '-', name)[:80]}-{number}.png"
        try:
            file.with_suffix(".html").write_text(page.content(), encoding="utf-8")
            lines.append(f"{page.url}  「{page.title()}」  {file}")
            page.screenshot(path=file, timeout=PATIENCE_MS)
        except Error as error:
            lines.append(f"{page.url}  not seen: {error.message.splitlines()[0]}")
    return "\n".join(lines)
