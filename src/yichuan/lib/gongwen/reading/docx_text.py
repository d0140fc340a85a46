"""The text of one paragraph: what is printed, what is set off, and notes of what cannot come along."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from lxml import etree

from yichuan.lib.gongwen.reading.docx_styles import has_heading_face, is_on, is_red, size_of, w
from yichuan.lib.gongwen.reading.result import Notes, quoted

_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_THROUGH = {
    w(name) for name in ("hyperlink", "smartTag", "sdt", "sdtContent", "fldSimple", "dir", "bdo", "customXml", "moveTo")
}
_GONE = {w("del"), w("moveFrom")}
_DRAWN = {w("drawing"), w("pict"), w("object")}
_RUBY_BASE = w("rubyBase")
PAGE_BREAK = "\f"


@dataclass
class Piece:
    text: str
    heading_face: bool


@dataclass
class ParagraphText:
    """Pieces in order; ``\\n`` is a forced line break, ``\\f`` a page break. ``boxes`` are paragraphs of text boxes."""

    pieces: list[Piece] = field(default_factory=list)
    boxes: list[etree._Element] = field(default_factory=list)
    size_pt: float | None = None
    red: bool = False
    heading_face: bool | None = None

    @property
    def text(self) -> str:
        return "".join(piece.text for piece in self.pieces)


@dataclass(frozen=True)
class Remarks:
    """Texts that hang on a place: by id, of comments, footnotes and endnotes."""

    comments: dict[str, str]
    footnotes: dict[str, str]
    endnotes: dict[str, str]


class TextReader:
    """Reads paragraphs of one document."""

    def __init__(self, remarks: Remarks, notes: Notes) -> None:
        self._remarks = remarks
        self._notes = notes
        self._runs: dict[str, Callable[[etree._Element, str], str]] = {
            w("tab"): lambda _, __: "　",
            w("ptab"): lambda _, __: "　",
            w("cr"): lambda _, __: "\n",
            w("br"): _break,
            w("noBreakHyphen"): lambda _, __: "-",
            w("t"): lambda element, _: element.text or "",
            w("sym"): self._symbol,
            w("commentReference"): self._comment,
            w("footnoteReference"): self._footnote,
            w("endnoteReference"): self._endnote,
        }

    def read(self, paragraph: etree._Element, where: str, style_face: bool) -> ParagraphText:
        result = ParagraphText()
        self._walk(paragraph, where, style_face, result)
        return result

    def _walk(self, parent: etree._Element, where: str, face: bool, result: ParagraphText) -> None:
        for element in parent:
            tag = element.tag
            if tag == w("r"):
                self._run(element, where, face, result)
            elif tag in _THROUGH:
                self._walk(element, where, face, result)
            elif tag == w("ins"):
                self._notes.add("revision", where, "修订中插入的文字按已接受处理。")
                self._walk(element, where, face, result)
            elif tag in _GONE:
                gone = "".join(each.text or "" for each in element.iter(w("delText"), w("t")))
                self._notes.add("revision", where, f"修订中删除的文字{quoted(gone)}没有带入。")
            elif tag in (_M + "oMath", _M + "oMathPara"):
                formula = "".join(each.text or "" for each in element.iter(_M + "t"))
                self._notes.add("formula", where, f"公式只带入了文字{quoted(formula)}，请核对。")
                result.pieces.append(Piece(formula, face))
            elif tag == _MC + "AlternateContent":
                self._alternative(element, where, face, result)

    def _alternative(self, element: etree._Element, where: str, face: bool, result: ParagraphText) -> None:
        chosen = element.find(_MC + "Choice")
        chosen = chosen if chosen is not None else element.find(_MC + "Fallback")
        if chosen is None:
            return
        for each in chosen:
            if each.tag in _DRAWN:
                self._drawing(each, where, result)
        self._walk(chosen, where, face, result)

    def _run(self, run: etree._Element, where: str, face: bool, result: ParagraphText) -> None:
        properties = run.find(w("rPr"))
        if is_on(properties, "vanish"):
            hidden = "".join(each.text or "" for each in run.iter(w("t")))
            self._notes.add("hidden", where, f"隐藏的文字{quoted(hidden)}没有带入。")
            return
        set_off = has_heading_face(properties) or (face and not _names_face(properties))
        text = ""
        for element in run:
            if element.tag in self._runs:
                text += self._runs[element.tag](element, where)
            elif element.tag in _DRAWN:
                self._drawing(element, where, result)
            elif element.tag == _MC + "AlternateContent":
                self._alternative(element, where, face, result)
            elif element.tag == w("ruby"):
                text += "".join(t.text or "" for base in element.iter(_RUBY_BASE) for t in base.iter(w("t")))
                self._notes.add("ruby", where, "注音没有带入。")
        if not text:
            return
        if text.strip() and result.size_pt is None:
            result.size_pt = size_of(properties)
        result.red = result.red or (bool(text.strip()) and is_red(properties))
        result.pieces.append(Piece(text, set_off))

    def _drawing(self, element: etree._Element, where: str, result: ParagraphText) -> None:
        boxes = [box for box in element.iter(w("txbxContent")) if _outermost(box, element)]
        if boxes:
            self._notes.add("text_box", where, "文本框里的文字已放到它所在的段落之前，请核对位置。")
            result.boxes += boxes
        elif element.tag == w("object"):
            self._notes.add("embedded", where, "嵌入的对象没有带入，请另作附件。")
        elif _is_rule(element):
            self._notes.add("rule_dropped", where, "画的线条没有带入；分隔线由排版画出。")
        else:
            self._notes.add("picture", where, "图片没有带入，请另作附件。")

    def _symbol(self, element: etree._Element, where: str) -> str:
        self._notes.add("symbol", where, f"符号（{element.get(w('font'), '')} 字体）没有带入，请补上。")
        return ""

    def _comment(self, element: etree._Element, where: str) -> str:
        text = self._remarks.comments.get(str(element.get(w("id"))), "")
        self._notes.add("comment", where, f"批注{quoted(text)}没有带入。")
        return ""

    def _footnote(self, element: etree._Element, where: str) -> str:
        text = self._remarks.footnotes.get(str(element.get(w("id"))), "")
        self._notes.add("footnote", where, f"脚注{quoted(text)}没有带入，请写进正文或附件。")
        return ""

    def _endnote(self, element: etree._Element, where: str) -> str:
        text = self._remarks.endnotes.get(str(element.get(w("id"))), "")
        self._notes.add("footnote", where, f"尾注{quoted(text)}没有带入，请写进正文或附件。")
        return ""


def _break(element: etree._Element, _: str) -> str:
    return PAGE_BREAK if element.get(w("type")) == "page" else "\n"


def _names_face(properties: etree._Element | None) -> bool:
    return properties is not None and (properties.find(w("rFonts")) is not None or properties.find(w("b")) is not None)


def _outermost(box: etree._Element, within: etree._Element) -> bool:
    """A text box inside another, or the older twin of one, is read with the outer one or not at all."""
    for ancestor in box.iterancestors():
        if ancestor is within:
            return True
        if ancestor.tag in (w("txbxContent"), _MC + "Fallback"):
            return False
    return True


def _is_rule(element: etree._Element) -> bool:
    names = {each.tag.rpartition("}")[2] for each in element.iter() if isinstance(each.tag, str)}
    return not names & {"pic", "imagedata", "blip"} and bool(names & {"line", "cxnSp", "wsp", "shape", "rect"})
