"""Printable forms: what is filled in on a page leaves as an A4 PDF that can be signed, sealed and filed.

The rooms say what stands on the form; how it looks is the business of `paper_form.typ` alone.
"""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import typst

from yichuan.lib.gongwen.fonts import BOLD_ROLES, ROLES
from yichuan.web.fonts import fonts

_TEMPLATE = Path(__file__).with_name("paper_form.typ")


@dataclass(frozen=True)
class Cell:
    """One cell of a form's table. `height_mm` leaves room for handwriting; `svg` is a picture in the text's place."""

    text: str = ""
    span: int = 1
    label: bool = False
    height_mm: float = 0
    svg: str = ""


@dataclass
class PaperForm:
    """A form from top to bottom. `number` and `footer` may be empty."""

    title: str
    number: str = ""
    footer: str = ""
    blocks: list[dict[str, Any]] = field(default_factory=list)
    _pictures: list[str] = field(default_factory=list)

    def table(self, widths: list[float], rows: list[list[Cell]]) -> "PaperForm":
        """Add a table; `widths` are shares, and the spans of each row add up to their number."""
        for row in rows:
            if sum(cell.span for cell in row) != len(widths):
                raise ValueError(f"{self.title}: a row of {len(row)} cells does not fill {len(widths)} columns")
        self.blocks.append(
            {"type": "table", "widths": widths, "rows": [[self._entry(cell) for cell in row] for row in rows]}
        )
        return self

    def heading(self, text: str) -> "PaperForm":
        """Add a line in 黑体."""
        self.blocks.append({"type": "heading", "text": text})
        return self

    def note(self, text: str) -> "PaperForm":
        """Add a paragraph in small type."""
        self.blocks.append({"type": "note", "text": text})
        return self

    def pdf(self) -> bytes:
        """The form as PDF. Not while locks are held: it takes some tens of milliseconds."""
        families = fonts()
        data = {
            "title": self.title,
            "number": self.number,
            "footer": self.footer,
            "blocks": self.blocks,
            "fonts": {role: families.families(role) for role in ROLES},
            "bold_roles": BOLD_ROLES,
        }
        inputs = {"data": json.dumps(data, ensure_ascii=False), "pictures": json.dumps(self._pictures)}
        compiler = typst.Compiler(_TEMPLATE, root=_TEMPLATE.parent, font_paths=families.typst_fonts, sys_inputs=inputs)
        written = compiler.compile(format="pdf")
        if not isinstance(written, bytes):
            raise TypeError("the typesetter wrote no PDF")
        return written

    def _entry(self, cell: Cell) -> dict[str, Any]:
        picture = -1
        if cell.svg:
            picture = len(self._pictures)
            self._pictures.append(cell.svg)
        height = cell.height_mm or (30 if cell.svg else 0)
        return {"text": cell.text, "span": cell.span, "label": cell.label, "height": height, "picture": picture}
