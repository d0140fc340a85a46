"""Finding fonts, and the set-up that fetches them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables._c_m_a_p import CmapSubtable

from support.gongwen import document, font_cache, font_set, paragraph
from yichuan.lib.gongwen.errors import FontsMissing
from yichuan.lib.gongwen.fonts import FontSet
from yichuan.lib.gongwen.model import Gongwen
from yichuan.lib.gongwen.typeset import typeset

SCRIPT = Path(__file__).parents[3] / "scripts" / "fonts.py"


def site_font(folder: Path, file: str, families: dict[int, str]) -> None:
    """A site's own font for a test: a Fandol face under other names. Language 0x409 is English, 0x804 Chinese."""
    font = TTFont(font_cache() / file)
    for language, family in families.items():
        for record, text in ((1, family), (4, family), (16, family)):
            font["name"].setName(text, record, 3, 1, language)
    folder.mkdir(exist_ok=True)
    font.save(folder / f"site-{file}")
    font.close()


def test_the_cache_fills_every_role():
    faces = font_set().faces
    assert {role: face.path.name for role, face in faces.items()} == {
        "fangsong": "FandolFang-Regular.ttf",
        "heiti": "FandolHei-Regular.ttf",
        "kaiti": "FandolKai-Regular.ttf",
        "songti": "FandolSong-Regular.ttf",
        "xiaobiaosong": "NotoSerifSC_700Bold.ttf",
    }


def test_a_character_missing_from_a_face_comes_from_the_fallback():
    fonts = font_set()
    for char in "珺祎昇堃镕喆玥垚":
        face = fonts.face_for("fangsong", char)
        assert face is not None
        assert face.family == "Noto Serif SC"
    assert fonts.face_for("fangsong", "😀") is None


def test_a_character_of_the_second_plane_comes_from_any_font_a_site_has(tmp_path: Path):
    assert font_set().face_for("kaiti", "𠮷") is None
    font = TTFont(font_cache() / "FandolSong-Regular.ttf")
    glyph = font.getBestCmap()[ord("吉")]
    wide = CmapSubtable.newSubtable(12)
    wide.platformID, wide.platEncID, wide.language, wide.cmap = 3, 10, 0, {0x20BB7: glyph}
    font["cmap"].tables = [wide]
    for record in font["name"].names:
        if record.nameID in (1, 4, 6, 16):
            record.string = "SimSun-ExtB"
    (tmp_path / "site").mkdir()
    font.save(tmp_path / "site" / "extb.ttf")
    fonts = FontSet.find(tmp_path / "site", font_cache())
    face = fonts.face_for("kaiti", "𠮷")
    assert face is not None and face.path.name == "extb.ttf"
    assert fonts.faces["songti"].path.parent == font_cache()
    obj = document(title="关于任命𠮷某的通知", body=[paragraph("任命𠮷某为局长。")], signers=["𠮷某某"])
    pdf = typeset(Gongwen.from_json(obj), fonts).pdf
    assert "SimSun-ExtB" in str(fonts_of(pdf))
    with pikepdf.open(BytesIO(pdf)) as document_pdf:
        maps = [font.ToUnicode.read_bytes() for font in document_pdf.pages[0].Resources.Font.values()]
    assert sum(b"D842DFB7" in text.upper() for text in maps) == 1


def fonts_of(pdf: bytes) -> set[str]:
    with pikepdf.open(BytesIO(pdf)) as document:
        return {str(font.BaseFont) for page in document.pages for font in page.Resources.Font.values()}


def test_what_the_heading_face_lacks_comes_from_a_bold_one():
    face = font_set().face_for("heiti", "珺")
    assert face is not None
    assert face.weight == 700
    pdf = typeset(Gongwen.from_json(document(body=[paragraph(), heading("一、珺")])), font_set()).pdf
    assert any("NotoSerifSC-Bold" in name for name in fonts_of(pdf))
    assert not any("NotoSerifSC-Regular" in name for name in fonts_of(pdf))


def heading(text: str) -> dict[str, object]:
    return {"type": "heading", "level": 1, "text": text}


@pytest.mark.parametrize("families", [{0x409: "FangSong_GB2312"}, {0x409: "FZFangSong-Z02", 0x804: "方正仿宋_GBK"}])
def test_a_sites_own_font_wins_whatever_language_names_it(tmp_path: Path, families: dict[int, str]):
    site_font(tmp_path / "site", "FandolKai-Regular.ttf", families)
    fonts = FontSet.find(tmp_path / "site", font_cache())
    assert fonts.faces["fangsong"].path.parent == tmp_path / "site"
    assert fonts.faces["heiti"].path.parent == font_cache()


def test_missing_roles_are_named_with_the_remedy(tmp_path: Path):
    with pytest.raises(FontsMissing) as caught:
        FontSet.find(None, tmp_path)
    assert caught.value.code == "fonts_missing"
    assert caught.value.missing == ("fangsong", "heiti", "kaiti", "songti", "xiaobiaosong")
    assert "scripts/fonts.py" in str(caught.value)


def test_a_site_folder_that_is_not_there_is_named(tmp_path: Path):
    with pytest.raises(FontsMissing, match="YICHUAN_FONTS"):
        FontSet.find(tmp_path / "nowhere", font_cache())


def run_setup(cache: Path, *arguments: str, path: str | None = None) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"XDG_CACHE_HOME": str(cache)} | ({"PATH": path} if path is not None else {})
    command = [sys.executable, str(SCRIPT), *arguments]
    return subprocess.run(command, capture_output=True, text=True, env=environment, check=False, timeout=120)


def test_a_second_set_up_does_nothing(tmp_path: Path):
    (tmp_path / "yichuan").mkdir()
    shutil.copytree(font_cache(), tmp_path / "yichuan" / "fonts")
    before = sorted(path.stat().st_mtime_ns for path in (tmp_path / "yichuan" / "fonts").iterdir())
    done = run_setup(tmp_path, path="")
    assert (done.returncode, "ready" in done.stdout) == (0, True)
    assert sorted(path.stat().st_mtime_ns for path in (tmp_path / "yichuan" / "fonts").iterdir()) == before


def test_without_apt_and_npm_the_set_up_says_what_to_do_and_leaves_nothing(tmp_path: Path):
    done = run_setup(tmp_path, path="")
    assert done.returncode == 1
    assert "'apt-get' is missing" in done.stderr
    assert "--from" in done.stderr
    assert list((tmp_path / "yichuan").iterdir()) == []


def test_failing_apt_is_quoted_with_the_remedy(tmp_path: Path):
    tools = tmp_path / "bin"
    tools.mkdir()
    for name, body in (("apt-get", 'echo "E: Unable to locate package $2" >&2; exit 100'), ("npm", "exit 1")):
        (tools / name).write_text(f"#!/bin/sh\n{body}\n")
        (tools / name).chmod(0o755)
    done = run_setup(tmp_path / "cache", path=f"{tools}:/bin:/usr/bin")
    assert done.returncode == 1
    assert "Unable to locate package" in done.stderr
    assert "apt-get update" in done.stderr


def test_an_offline_folder_without_the_package_is_named(tmp_path: Path):
    done = run_setup(tmp_path / "cache", "--from", str(tmp_path))
    assert done.returncode == 1
    assert "texlive-lang-chinese_*.deb" in done.stderr


def test_a_set_up_that_fails_leaves_the_old_fonts_in_place(tmp_path: Path):
    (tmp_path / "yichuan").mkdir()
    shutil.copytree(font_cache(), tmp_path / "yichuan" / "fonts")
    done = run_setup(tmp_path, "--force", path="")
    assert done.returncode == 1
    assert FontSet.find(None, tmp_path / "yichuan" / "fonts").faces
