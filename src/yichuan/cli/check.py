"""`yichuan check`: what departs from GB/T 9704-2012 in drafts and in laid-out documents."""

import json
import shutil
import sys
from pathlib import Path
from typing import Any

import click

from yichuan.cli.files import refused
from yichuan.lib.gongwen.checker import Finding, check_content, check_pages
from yichuan.lib.gongwen.reading import Converter, Reading, ReadingError, read_docx, read_txt
from yichuan.lib.gongwen.reading.converter import ENDINGS
from yichuan.lib.gongwen.sheets import sheets_of_ofd, sheets_of_pdf
from yichuan.lib.kinds import kind_of
from yichuan.lib.ofd.errors import OfdError

_SAID = {"error": "错误", "warning": "提醒", "note": "请看"}
_UNREADABLE = {  # by the code of the error
    "not_a_zip": "文件不完整，或者不是它的名称所说的格式",
    "not_json": "不是 JSON 文件",
    "empty": "里面没有文字",
    "not_text": "不是文本文件",
    "encoding": "文字编码认不出来，请另存为 UTF-8",
    "old_or_encrypted": "是旧版文件或者加了密，请另存为不带密码的 .docx",
    "converter_missing": "读旧版文件要用 LibreOffice，请安装，或者用 --soffice 指明它在哪里",
}
_GRAVE = ("error", "warning")


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="One JSON object a file.")
@click.option("--soffice", type=click.Path(path_type=Path), help="LibreOffice, for .doc, .wps and .rtf.")
def check(files: tuple[Path, ...], as_json: bool, soffice: Path | None) -> None:
    """Check the form of FILES (.ofd, .pdf, .docx, .txt, .json; .doc and .wps through LibreOffice).

    Ends with 0 where nothing was found but notes, 1 where something departs from the standard, 2 where a file cannot
    be read.
    """
    worst = 0
    for path in files:
        try:
            reading, findings = _examine(path, soffice or Path(shutil.which("soffice") or "/usr/bin/soffice"))
        except (ReadingError, OfdError, OSError) as error:
            worst = 2
            _print_unreadable(path, error, as_json=as_json)
            continue
        if as_json:
            click.echo(json.dumps(_plain(path, reading, findings), ensure_ascii=False))
        else:
            _print(path, reading, findings)
        worst = max(worst, int(any(finding.severity in _GRAVE for finding in findings)))
    sys.exit(worst)


def _examine(path: Path, soffice: Path) -> tuple[Reading | None, list[Finding]]:
    data = path.read_bytes()
    ending = path.suffix.lower()
    kind = kind_of(data)
    if kind == "ofd" or ending == ".ofd":
        return None, check_pages(sheets_of_ofd(data))
    if kind == "pdf" or ending == ".pdf":
        return None, check_pages(sheets_of_pdf(data))
    if ending == ".json":
        try:
            return None, check_content(json.loads(data))
        except (ValueError, RecursionError) as error:
            raise ReadingError("not_json", f"the file is not JSON: {error}") from error
    reading = _read(data, kind, ending, soffice)
    return reading, check_content(reading.content)


def _read(data: bytes, kind: str, ending: str, soffice: Path) -> Reading:
    if kind == "docx" or ending == ".docx":
        return read_docx(data)
    if ending in ENDINGS:
        return read_docx(Converter(soffice).to_docx(data, ending))
    if kind not in ("text", ""):
        raise ReadingError("unknown_kind", f"a {kind} file holds no document that can be checked")
    return read_txt(data)


def _print(path: Path, reading: Reading | None, findings: list[Finding]) -> None:
    for note in reading.notes if reading else ():
        click.echo(f"{path}: 读取 {note.place}：{note.message}")
    for finding in findings:
        place = _place(finding)
        click.echo(
            f"{path}: {_SAID[finding.severity]} {finding.code}（{finding.clause}）{place}"
            f"{finding.message_zh}{finding.remedy_zh}"
        )
    if not findings:
        click.echo(f"{path}: 没有发现不符合 GB/T 9704-2012 的地方")


def _place(finding: Finding) -> str:
    place = finding.place
    if place.page is None:
        return f"{place.path} " if place.path else ""
    box = f"（{place.box[0]:g},{place.box[1]:g} 毫米）" if place.box else ""
    return f"第{place.page + 1}面{box}"


def _plain(path: Path, reading: Reading | None, findings: list[Finding]) -> dict[str, Any]:
    return {
        "file": str(path),
        "findings": [finding.to_json() for finding in findings],
        "notes": [vars(note) for note in reading.notes] if reading else [],
    }


def _print_unreadable(path: Path, error: ReadingError | OfdError | OSError, *, as_json: bool) -> None:
    code = "unreadable_file" if isinstance(error, OSError) else error.code
    if as_json:
        click.echo(json.dumps({"file": str(path), "error": code, "detail": str(error)}, ensure_ascii=False))
    else:
        said = refused(error) if isinstance(error, OSError) else _UNREADABLE.get(code, str(error))
        click.echo(f"{path}: 读不出来：{said}（{code}）")
