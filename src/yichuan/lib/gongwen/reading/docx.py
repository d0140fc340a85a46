"""DOCX (ISO/IEC 29500): its text, structure and tables, without its layout."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from lxml import etree

from yichuan.lib.gongwen.reading.docx_numbering import Numbering
from yichuan.lib.gongwen.reading.docx_package import open_docx
from yichuan.lib.gongwen.reading.docx_styles import Style, Styles, w
from yichuan.lib.gongwen.reading.docx_table import read_table
from yichuan.lib.gongwen.reading.docx_text import PAGE_BREAK, ParagraphText, Remarks, TextReader
from yichuan.lib.gongwen.reading.lines import Budget, Grid, Line, Source, printable
from yichuan.lib.gongwen.reading.result import Notes, Reading, ReadingLimits, quoted
from yichuan.lib.gongwen.reading.structure import assemble

if TYPE_CHECKING:
    from docx.document import Document

_THROUGH = {w("sdt"), w("sdtContent"), w("customXml"), w("ins"), w("moveTo"), w("smartTag")}
_RIGHT = {"right", "end"}


def read_docx(data: bytes, limits: ReadingLimits | None = None) -> Reading:
    """Find the parts of a 公文 in a DOCX.

    :raises ReadingError: ``old_or_encrypted``, ``not_docx``, ``too_large``, or a code of the ZIP and XML checks
        (``ratio_too_high``, ``xml_dtd``, ``entries_overlap`` …).
    """
    limits = limits or ReadingLimits()
    notes = Notes()
    document = open_docx(data, limits, notes)
    items = list(_Walker(document, notes, Budget(limits)).items(document.element.body))
    _note_margins(document, notes)
    return assemble(items, notes)


class _Walker:
    """Goes through the body once, in order, since automatic numbers count along."""

    def __init__(self, document: Document, notes: Notes, budget: Budget) -> None:
        self._notes = notes
        self._budget = budget
        styles = _part(document, "styles")
        self._styles = Styles(styles if styles is not None else etree.Element("none"))
        self._numbering = Numbering(_part(document, "numbering"), notes)
        remarks = Remarks(*(_remarks(document, name) for name in ("comments", "footnotes", "endnotes")))
        self._texts = TextReader(remarks, notes)
        self._paragraphs = self._tables = 0
        self._within = ""  # the table or the paragraph whose inside is being read
        self._gap = self._new_page = False

    def items(self, parent: etree._Element) -> Iterator[Source]:
        for element in parent:
            if element.tag == w("p"):
                self._paragraphs += 1
                yield from self._lines(element, self._within or f"第{self._paragraphs}段")
                section = element.find(f"{w('pPr')}/{w('sectPr')}")
                kind = section.find(w("type")) if section is not None else None
                if section is not None and (kind is None or kind.get(w("val")) != "continuous"):
                    self._new_page = True
            elif element.tag == w("tbl"):
                yield from self._grid(element)
            elif element.tag in _THROUGH:
                yield from self.items(element)
            elif element.tag == w("altChunk"):
                self._notes.add("embedded", f"第{self._paragraphs}段之后", "嵌入的另一文件没有带入。")

    def _lines(self, paragraph: etree._Element, where: str) -> Iterator[Source]:
        style = self._styles.of(paragraph)
        found = self._texts.read(paragraph, where, style.heading_face)
        for box in found.boxes:
            yield from self._inside(box, where)
        self._new_page = self._new_page or style.page_break
        text = printable_pages(found.text, where, self._notes)
        prefix = self._numbering.prefix(style.number, where) if style.number and text.strip() else ""
        lead = _lead(found) + len(prefix)
        for part in (prefix + text).split("\n"):
            before, *after = part.split(PAGE_BREAK)
            for index, piece in enumerate([before, *after]):
                self._new_page = self._new_page or index > 0
                if piece.strip():
                    self._budget.paragraph(len(piece))
                    yield self._line(piece, where, style, found, lead if lead > len(prefix) else 0)
                    lead = 0
                elif not index:
                    self._gap = True

    def _line(self, text: str, where: str, style: Style, found: ParagraphText, lead: int) -> Line:
        stripped = text.strip()
        line = Line(
            stripped,
            where,
            level=style.level,
            centred=style.align == "center",
            right=style.align in _RIGHT or len(text) - len(text.lstrip()) >= 8,
            size_pt=found.size_pt or style.size_pt,
            new_page=self._new_page,
            after_gap=self._gap,
            lead=min(max(lead - (len(text) - len(text.lstrip())), 0), len(stripped)),
            red=found.red,
        )
        self._gap = self._new_page = False
        return line

    def _grid(self, table: etree._Element) -> Iterator[Source]:
        self._tables += 1
        where = self._within or f"表格{self._tables}"
        grid = read_table(table, where, lambda cell: self._cell(cell, where))
        self._budget.cells(sum(len(row) for row in grid.rows))
        if grid.rows and grid.columns:
            new_page, self._new_page, self._gap = self._new_page, False, False
            yield replace(grid, new_page=new_page)

    def _cell(self, cell: etree._Element, where: str) -> tuple[str, str | None]:
        texts: list[str] = []
        align: str | None = None
        for element in self._inside(cell, where):
            if isinstance(element, Grid):
                self._notes.add("table_nested", where, "格子里还有表格，已改为文字，请核对。")
                texts += [line.text for line in element.flattened()]
            else:
                texts.append(element.text)
                align = align or ("center" if element.centred else "right" if element.right else None)
        return "\n".join(texts), align

    def _inside(self, parent: etree._Element, where: str) -> list[Source]:
        """A cell's or a text box's own items; they share the numbering and the bounds, not the places."""
        kept = self._gap, self._new_page, self._paragraphs, self._tables, self._within
        self._within = where
        items = list(self.items(parent))
        self._gap, self._new_page, self._paragraphs, self._tables, self._within = kept
        return items


def printable_pages(text: str, where: str, notes: Notes) -> str:
    """``printable`` that keeps page breaks."""
    return PAGE_BREAK.join(printable(part, where, notes) for part in text.split(PAGE_BREAK))


def _lead(found: ParagraphText) -> int:
    """How many characters at the beginning are set in a face of headings."""
    count = 0
    for piece in found.pieces:
        if not piece.heading_face:
            break
        count += len(piece.text)
    return count


def _part(document: Document, name: str) -> etree._Element | None:
    """The root of a part the document refers to, by the last word of its relationship's type."""
    for relationship in document.part.rels.values():
        if not relationship.is_external and (relationship.reltype or "").rpartition("/")[2] == name:
            part = relationship.target_part
            element = getattr(part, "element", None)
            return element if element is not None else etree.fromstring(part.blob, _parser())
    return None


def _parser() -> etree.XMLParser:
    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)


def _remarks(document: Document, name: str) -> dict[str, str]:
    root = _part(document, name)
    if root is None:
        return {}
    return {
        str(each.get(w("id"))): "".join(text.text or "" for text in each.iter(w("t")))
        for each in root
        if each.get(w("id"))
    }


def _note_margins(document: Document, notes: Notes) -> None:
    """Headers and footers: page numbers are set anew, other text is named."""
    for relationship in document.part.rels.values():
        kind = (relationship.reltype or "").rpartition("/")[2]
        if kind not in ("header", "footer") or relationship.is_external:
            continue
        element = getattr(relationship.target_part, "element", None)
        root = element if element is not None else etree.fromstring(relationship.target_part.blob, _parser())
        text = "".join(each.text or "" for each in root.iter(w("t")))
        if text.strip(" 　-—–－第页共0123456789"):
            notes.add(kind, "页眉" if kind == "header" else "页脚", f"{quoted(text)}没有带入。")
