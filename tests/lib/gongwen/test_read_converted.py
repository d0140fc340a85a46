"""Older word processors' files go through LibreOffice, within time and memory, leaving nothing behind."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path

import pytest

from support.drafts import as_docx
from support.gongwen import document
from yichuan.lib.gongwen.reading import Converter, ReadingError, read_docx

SOFFICE = shutil.which("soffice")


@pytest.fixture
def room(tmp_path: Path) -> Path:
    """An empty folder for the conversion's own files."""
    folder = tmp_path / "room"
    folder.mkdir()
    return folder


def fake(tmp_path: Path, script: str) -> Path:
    """A program in LibreOffice's place; `$out` and `$in` are the folder and the file it is given."""
    path = tmp_path / "soffice"
    path.write_text(f'#!/bin/sh\nfor each; do in="$each"; done\nout="$(dirname "$in")/out"\n{script}\n')
    path.chmod(0o755)
    return path


def failure(converter: Converter, ending: str = ".doc") -> str:
    with pytest.raises(ReadingError) as caught:
        converter.to_docx(b"old file", ending)
    return caught.value.code


def test_what_soffice_wrote_is_given_back(tmp_path: Path, room: Path):
    converter = Converter(fake(tmp_path, 'cat "$in" "$in" > "$out/source.docx"'), folder=room)
    assert converter.to_docx(b"old file", ".WPS") == b"old fileold file"
    assert list(room.iterdir()) == []


def test_a_missing_libreoffice_is_said_with_the_remedy(tmp_path: Path):
    with pytest.raises(ReadingError, match="install libreoffice-writer-nogui") as caught:
        Converter(tmp_path / "nothing").to_docx(b"old file", ".doc")
    assert caught.value.code == "converter_missing"


def test_other_endings_are_not_given_to_it(tmp_path: Path):
    assert failure(Converter(fake(tmp_path, "exit 0")), ".exe") == "not_convertible"


@pytest.mark.parametrize("script", ["exit 3", "exit 0", "kill -9 $$"])
def test_a_conversion_that_gives_nothing_is_a_failure(tmp_path: Path, room: Path, script: str):
    assert failure(Converter(fake(tmp_path, script), folder=room)) == "converter_failed"
    assert list(room.iterdir()) == []


def test_a_conversion_that_hangs_is_ended_with_all_it_started(tmp_path: Path, room: Path):
    note = tmp_path / "child"
    converter = Converter(fake(tmp_path, f"sleep 60 &\necho $! > {note}\nwait"), seconds=0.5, folder=room)
    began = time.monotonic()
    assert failure(converter) == "converter_timeout"
    assert time.monotonic() - began < 10
    assert not _runs(int(note.read_text()))
    assert list(room.iterdir()) == []


def test_a_file_without_end_is_cut_off(tmp_path: Path, room: Path):
    converter = Converter(fake(tmp_path, 'cat /dev/zero > "$out/source.docx"'), output_bytes=1 << 20, folder=room)
    assert failure(converter) in ("converter_failed", "too_large")


def test_memory_is_bounded(tmp_path: Path, room: Path):
    script = 'test "$(ulimit -v)" = 262144 && cat "$in" > "$out/source.docx"'
    converter = Converter(fake(tmp_path, script), memory_bytes=256 * 2**20, folder=room)
    assert converter.to_docx(b"old file", ".doc") == b"old file"


def test_the_text_is_overwritten_before_its_file_goes(tmp_path: Path, room: Path):
    # A second name for the file, outside the folder that is cleared, shows what was left in its bytes.
    other = tmp_path / "other"
    converter = Converter(fake(tmp_path, f'ln "$in" {other}; cat "$in" > "$out/source.docx"'), folder=room)
    converter.to_docx(b"secret text", ".doc")
    assert other.read_bytes() == bytes(len(b"secret text"))


def test_the_profile_allows_no_macros(tmp_path: Path, room: Path):
    kept = tmp_path / "settings"
    script = f'cp "$(dirname "$in")/profile/user/registrymodifications.xcu" {kept}; cat "$in" > "$out/source.docx"'
    Converter(fake(tmp_path, script), folder=room).to_docx(b"old file", ".doc")
    assert "DisableMacrosExecution" in kept.read_text()


@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed")
def test_libreoffice_itself_turns_rtf_into_docx(room: Path):
    assert SOFFICE is not None
    words = ("关于某事的通知", "请办理。")
    text = "".join("".join(f"\\u{ord(char)}?" for char in line) + "\\par " for line in words)
    rtf = f"{{\\rtf1\\ansi\\uc1 {text}}}".encode("ascii")
    reading = read_docx(Converter(Path(SOFFICE), folder=room).to_docx(rtf, ".rtf"))
    assert reading.content["title"] == "关于某事的通知"


def test_a_docx_needs_no_converter():
    assert read_docx(as_docx(document())).content == document()


def _runs(pid: int) -> bool:
    """Whether a process is alive; one that ended and waits to be collected is not."""
    for _ in range(50):
        try:
            os.kill(pid, 0)
            if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
                return False
        except (ProcessLookupError, FileNotFoundError):
            return False
        time.sleep(0.1)
    return True
