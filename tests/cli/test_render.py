"""`yichuan render`: pages as SVG, PNG and PDF."""

import io
import subprocess
import sys
from pathlib import Path

import pypdfium2
import pytest
from click.testing import CliRunner, Result
from PIL import Image

from support.ofd import FONT, ofd, text_object
from support.seals import sealed_ofd, small_ofd
from yichuan.cli import main

LOGS = """
import logging
from yichuan.cli import main
try:
    main(["verify", "missing.ofd"])
except SystemExit:
    for name in ("fontTools.ttLib", "pyhanko.sign"):
        logging.getLogger(name).warning("odd")
"""


@pytest.fixture
def sealed(tmp_path: Path) -> Path:
    path = tmp_path / "sealed.ofd"
    path.write_bytes(sealed_ofd())
    return path


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["render", *map(str, arguments)])


def test_the_ending_tells_what_to_draw(sealed: Path, tmp_path: Path) -> None:
    for name, start in (("1.svg", b"<svg"), ("1.PNG", b"\x89PNG"), ("1.pdf", b"%PDF-")):
        assert run(sealed, "-o", tmp_path / name).exit_code == 0
        assert (tmp_path / name).read_bytes().startswith(start)
    assert b"multiply" in (tmp_path / "1.svg").read_bytes()
    assert run(sealed, "--to", "png", "-o", tmp_path / "picture").exit_code == 0
    assert (tmp_path / "picture").read_bytes() == (tmp_path / "1.PNG").read_bytes()


def test_a_pdf_holds_all_pages_or_the_one_asked_for(tmp_path: Path) -> None:
    (tmp_path / "two.ofd").write_bytes(small_ofd(2))
    for options, expected in (([], ["第1页", "第2页"]), (["--page", "2"], ["第2页"])):
        assert run(tmp_path / "two.ofd", "-o", tmp_path / "out.pdf", *options).exit_code == 0
        document = pypdfium2.PdfDocument(tmp_path / "out.pdf")
        assert [page.get_textpage().get_text_range().split()[-1] for page in document] == expected
        document.close()


def test_a_picture_is_as_fine_as_asked(sealed: Path, tmp_path: Path) -> None:
    sizes = []
    for dpi in (50, 100):
        assert run(sealed, "--dpi", dpi, "-o", tmp_path / "1.png").exit_code == 0
        sizes.append(Image.open(io.BytesIO((tmp_path / "1.png").read_bytes())).width)
    assert sizes[1] == pytest.approx(2 * sizes[0], abs=1)


def test_what_was_not_drawn_as_it_stands_is_said(tmp_path: Path) -> None:
    text = text_object("<ofd:TextCode X='0' Y='10' DeltaX='10'>汉𠀀</ofd:TextCode>")
    (tmp_path / "odd.ofd").write_bytes(ofd(text, resources=FONT))
    done = run(tmp_path / "odd.ofd", "-o", tmp_path / "1.png")
    assert done.exit_code == 0
    assert "glyph_missing" in done.stderr
    assert "no stand-ins" not in done.stderr


def test_without_fonts_of_its_own_it_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YICHUAN_FONT_CACHE", str(tmp_path))
    monkeypatch.delenv("YICHUAN_FONTS", raising=False)
    (tmp_path / "bare.ofd").write_bytes(small_ofd())
    done = run(tmp_path / "bare.ofd", "-o", tmp_path / "1.png")
    assert done.exit_code == 0
    assert "no stand-ins for missing fonts: no font for" in done.stderr


def test_what_libraries_log_does_not_reach_the_terminal(tmp_path: Path) -> None:
    """A process of its own, since pytest catches logs."""
    done = subprocess.run([sys.executable, "-c", LOGS], cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")


def test_what_cannot_be_drawn_is_refused_by_name(sealed: Path, tmp_path: Path) -> None:
    beyond = run(sealed, "--page", 99, "-o", tmp_path / "99.png")
    assert (beyond.exit_code, "page_missing: page 99 was asked for, the last one is 5" in beyond.output) == (1, True)
    nowhere = run(sealed, "-o", tmp_path / "nowhere" / "1.png")
    assert (nowhere.exit_code, "cannot be written" in nowhere.output) == (1, True)
    (tmp_path / "no.ofd").write_bytes(b"no package")
    assert run(tmp_path / "no.ofd", "-o", tmp_path / "1.svg").exit_code == 1
    untold = run(sealed, "-o", tmp_path / "drawing")
    assert (untold.exit_code, "--to" in untold.output) == (2, True)
    assert {path.name for path in tmp_path.iterdir()} == {"sealed.ofd", "no.ofd"}
