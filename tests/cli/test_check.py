"""`yichuan check`: on files alone, without a centre."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from support.drafts import as_docx, as_text
from support.gongwen import document, set_document
from yichuan.cli import main


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["check", *(str(argument) for argument in arguments)])


def written(folder: Path, name: str, data: bytes | str) -> Path:
    path = folder / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def test_sound_documents_of_every_kind_pass(tmp_path: Path):
    files = [
        written(tmp_path, "a.json", json.dumps(document())),
        written(tmp_path, "a.docx", as_docx(document())),
        written(tmp_path, "a.txt", as_text(document())),
        written(tmp_path, "a.pdf", set_document().pdf),
    ]
    result = run(*files)
    assert (result.exit_code, result.output.count("没有发现不符合")) == (0, 4), result.output


def test_a_fault_is_said_with_code_clause_and_place(tmp_path: Path):
    faulty = document(doc_no="江府办[2008]045号")
    result = run(written(tmp_path, "a.docx", as_docx(faulty)))
    assert result.exit_code == 1
    assert "错误 doc_no_brackets（7.2.5）$.doc_no " in result.output
    assert "编了虚位" in result.output


def test_what_was_left_out_while_reading_is_said(tmp_path: Path):
    text = as_text(document()).replace("2008年5月23日", "二〇〇八年五月二十三日")
    assert "读取 第11行：成文日期「二〇〇八年五月二十三日」" in run(written(tmp_path, "a.txt", text)).output


def test_json_gives_findings_and_notes(tmp_path: Path):
    path = written(tmp_path, "a.txt", "关于某事的通知\n　　请办理.\n")
    (line,) = run("--json", path).output.splitlines()
    found = json.loads(line)
    assert found["file"] == str(path)
    assert {"half_width_stop", "part_missing"} <= {each["code"] for each in found["findings"]}
    assert "date_missing" in {note["code"] for note in found["notes"]}


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("a.txt", b"\x00\x01\x02\x03", "not_text"),
        ("a.json", b"{", "not_json"),
        ("a.pdf", b"%PDF-1.7 broken", "pdf_unreadable"),
        ("a.ofd", b"PK\x03\x04 broken", "not_a_zip"),
        ("a.docx", b"PK\x03\x04 broken", "not_a_zip"),
        ("a.png", b"\x89PNG\r\n\x1a\n", "unknown_kind"),
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "converter_missing"),
    ],
)
def test_what_cannot_be_read_ends_with_two(tmp_path: Path, name: str, data: bytes, code: str):
    result = run("--soffice", tmp_path / "nothing", written(tmp_path, name, data))
    assert result.exit_code == 2
    assert "读不出来：" in result.output
    assert f"（{code}）" in result.output


def test_a_missing_file_and_a_folder_are_said_and_the_others_still_checked(tmp_path: Path):
    sound = written(tmp_path, "a.json", json.dumps(document()))
    result = run(tmp_path / "missing.ofd", tmp_path, sound)
    assert result.exit_code == 2
    missing, folder, other = result.output.splitlines()
    assert "没有这个文件（unreadable_file）" in missing
    assert "这是文件夹（unreadable_file）" in folder
    assert "没有发现不符合" in other
