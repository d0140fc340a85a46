"""Drafts as offices write them: a content model's JSON as DOCX or as plain text; DOCX packages changed by hand."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import docx
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor

CENTRE, RIGHT = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT
_FACES = {1: "黑体", 2: "楷体_GB2312", 3: "仿宋_GB2312", 4: "仿宋_GB2312"}


def as_docx(obj: dict[str, Any]) -> bytes:
    """The document as it would be typed in a word processor, every part in its usual place."""
    file = docx.Document()
    for name in ("copy_no", "secrecy", "urgency"):
        if name in obj:
            add(file, obj[name])
    for line in obj["issuer_mark"].split("\n"):
        add(file, line, align=CENTRE, size=36, red=True)
    if "doc_no" in obj:
        signers = "　".join(obj.get("signers", ()))
        add(file, obj["doc_no"] + (f"　　　签发人：{signers}" if signers else ""), align=CENTRE)
    for line in obj["title"].split("\n"):
        add(file, line, align=CENTRE, size=22)
    if "recipients" in obj:
        add(file, obj["recipients"] + "：")
    _add_text(file, obj)
    for name in obj["issuers"]:
        add(file, name, align=RIGHT)
    add(file, chinese(obj["date"]), align=RIGHT)
    if "note" in obj:
        add(file, f"（{obj['note']}）")
    for section in obj.get("enclosures", ()):
        _add_section(file, section, "")
    for number, section in enumerate(obj.get("annexes", ()), 1):
        _add_section(file, section, f"附件{number}")
    if "copy_recipients" in obj:
        add(file, f"抄送：{obj['copy_recipients']}。")
    if "printer" in obj:
        add(file, f"{obj['printer']}\t{chinese(obj.get('print_date', obj['date']))}印发")
    return saved(file)


def add(file: Document, text: str, *, align: Any = None, size: float = 16, red: bool = False, lead: str = "") -> Any:
    paragraph = file.add_paragraph()
    paragraph.alignment = align
    for part, face in ((lead, "楷体_GB2312"), (text, "仿宋_GB2312")):
        if part:
            run = paragraph.add_run(part)
            run.font.size = Pt(size)
            run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), face)
            if red:
                run.font.color.rgb = RGBColor(255, 0, 0)
    return paragraph


def _add_section(file: Document, section: dict[str, Any], label: str) -> None:
    first = add(
        file, label or section["title"].split("\n")[0], align=None if label else CENTRE, size=16 if label else 22
    )
    first.paragraph_format.page_break_before = True
    for line in section["title"].split("\n")[0 if label else 1 :]:
        add(file, line, align=CENTRE, size=22)
    _add_text(file, section)


def _add_text(file: Document, obj: dict[str, Any]) -> None:
    for block in obj["body"]:
        if block["type"] == "table":
            _add_table(file, block)
        elif block["type"] == "heading":
            paragraph = add(file, "", lead=block["text"])
            paragraph.runs[0]._r.rPr.rFonts.set(qn("w:eastAsia"), _FACES[block["level"]])
        elif block["type"] == "article":
            add(file, f"{block['number']}　{block['text']}")
        else:
            add(file, block["text"], lead=block.get("lead", ""))
    names = obj.get("attachments", ())
    for number, name in enumerate(names, 1):
        label = "附件：" if number == 1 else ""
        add(file, f"{label}{f'{number}.' if len(names) > 1 else ''}{name}")


def _add_table(file: Document, block: dict[str, Any]) -> None:
    table = file.add_table(rows=len(block["rows"]), cols=len(block["columns"]))
    for column, width in zip(table.columns, block["columns"], strict=True):
        column.width = Pt(4 * width)
    covered = set()
    for y, row in enumerate(block["rows"]):
        x = 0
        for cell in row:
            cell = {"text": cell} if isinstance(cell, str) else cell
            while (x, y) in covered:
                x += 1
            right, low = x + cell.get("colspan", 1) - 1, y + cell.get("rowspan", 1) - 1
            covered |= {(i, j) for i in range(x, right + 1) for j in range(y, low + 1)}
            merged = table.cell(y, x).merge(table.cell(low, right)) if (right, low) != (x, y) else table.cell(y, x)
            merged.text = cell["text"]
            align = {"center": CENTRE, "right": RIGHT, "left": None}[cell.get("align", "center")]
            for paragraph in merged.paragraphs:
                paragraph.alignment = align
    for row in table.rows[: block.get("header_rows", 0)]:
        row._tr.get_or_add_trPr().append(row._tr.makeelement(qn("w:tblHeader"), {}))


def as_text(obj: dict[str, Any]) -> str:
    """The document as plain text, with the blanks that stand for its places."""
    lines = [obj[name] for name in ("copy_no", "secrecy", "urgency") if name in obj]
    lines += [" " * 20 + line for line in obj["issuer_mark"].split("\n")] + [""]
    if "doc_no" in obj:
        lines += [" " * 24 + obj["doc_no"], ""]
    lines += ["　　　　　　" + line for line in obj["title"].split("\n")] + [""]
    if "recipients" in obj:
        lines.append(obj["recipients"] + "：")
    lines += _plain(obj) + [""] + ["　" * 15 + name for name in obj["issuers"]] + ["　" * 16 + chinese(obj["date"])]
    if "note" in obj:
        lines.append(f"　　（{obj['note']}）")
    for number, section in enumerate(obj.get("annexes", ()), 1):
        lines += ["\f" + f"附件{number}", "", *section["title"].split("\n"), "", *_plain(section)]
    lines.append("")
    if "copy_recipients" in obj:
        lines.append(f"抄送：{obj['copy_recipients']}。")
    if "printer" in obj:
        lines.append(f"{obj['printer']}　　　　　　{chinese(obj.get('print_date', obj['date']))}印发")
    return "\n".join(lines) + "\n"


def _plain(obj: dict[str, Any]) -> list[str]:
    lines = [
        "　　" + (f"{block['number']}　" if "number" in block else "") + block.get("lead", "") + block["text"]
        for block in obj["body"]
    ]
    names = obj.get("attachments", ())
    for number, name in enumerate(names, 1):
        lines.append(f"　　{'附件：' if number == 1 else '　　　'}{f'{number}.' if len(names) > 1 else ''}{name}")
    return lines


def chinese(date: str) -> str:
    year, month, day = date.split("-")
    return f"{year}年{int(month)}月{int(day)}日"


def saved(file: Document) -> bytes:
    out = io.BytesIO()
    file.save(out)
    return out.getvalue()


def changed(data: bytes, **entries: bytes | None) -> bytes:
    """The package with entries replaced or added; names are given with ``__`` for ``/`` and ``_dot_`` for ``.``."""
    new = {name.replace("__", "/").replace("_dot_", "."): value for name, value in entries.items()}
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in [*old.namelist(), *(name for name in new if name not in old.namelist())]:
            content = new[name] if name in new else old.read(name)
            if content is not None:
                archive.writestr(name, content)
    return out.getvalue()


def with_body(xml: str) -> bytes:
    """A DOCX whose body is this WordprocessingML."""
    file = docx.Document()
    data = saved(file)
    names = (
        'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
        'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
        'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
        'xmlns:v="urn:schemas-microsoft-com:vml" '
        'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    )
    return changed(data, word__document_dot_xml=f"<w:document {names}><w:body>{xml}</w:body></w:document>".encode())


def page_break(file: Document) -> None:
    file.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
