"""PDF to OFD: what programs in daily use write looks the same after the conversion, page by page."""

import base64
import io
import shutil
import subprocess
from collections import Counter
from pathlib import Path
from unicodedata import normalize

import pytest
from PIL import Image

from support.ofd import DRAWN, NOTICE, ofd_characters, pdf_characters, typeset_pdf
from support.pdfs import assert_same_look, difference, page_with, picture_of

CHROMIUM = shutil.which("chromium")


@pytest.mark.parametrize("source", [NOTICE, DRAWN], ids=["notice", "drawn"])
def test_what_typst_sets_looks_the_same(source: str) -> None:
    assert_same_look(typeset_pdf(source))


def test_formulas_and_gradients_of_typst_look_the_same() -> None:
    source = """
    #set page(width: 120mm, height: 120mm, margin: 10mm)
    $ integral_0^oo e^(-x^2) dif x = sqrt(pi) / 2 quad mat(1, 2; 3, 4) $
    #rect(width: 80mm, height: 12mm, fill: gradient.linear(..color.map.viridis))
    #circle(radius: 10mm, fill: gradient.radial(white, navy))
    #rect(width: 60mm, height: 12mm, fill: tiling(size: (4mm, 4.1mm))[#circle(radius: 1mm, fill: red)])
    #text(size: 20pt, fill: gradient.linear(red, blue))[office 渐变]
    """
    assert_same_look(typeset_pdf(source))


PICTURE = io.BytesIO()
Image.linear_gradient("L").resize((40, 40)).convert("LA").save(PICTURE, "PNG")
WEB_PAGE = f"""<!doctype html><meta charset="utf-8"><style>
  @page {{ size: 120mm 170mm; margin: 8mm }} body {{ font: 12pt serif }}
  .g {{ background: linear-gradient(45deg, red, blue); width: 200px; height: 40px; border-radius: 12px }}
  .r {{ background: radial-gradient(circle, yellow, green); width: 80px; height: 80px }}
  .o {{ opacity: .5; background: #0a0; width: 120px; height: 30px }} .v {{ writing-mode: vertical-rl; height: 90px }}
</style><h1>关于交换工作的通知 office</h1><p>正文，<b>粗体</b><i>italic</i> <a href="https://example.org/">链接</a></p>
<table border="1"><tr><td>甲<td>乙<tr><td>1<td>2</table><div class="g"></div><div class="o">半透明</div>
<div class="r"></div><div class="v">竖排文字测试</div><svg width="200" height="80"><circle cx="40" cy="40" r="35"
fill="url(#p)"/><defs><pattern id="p" width="10" height="10" patternUnits="userSpaceOnUse"><circle cx="5" cy="5" r="3"
fill="red"/></pattern></defs><text x="90" y="50" stroke="red" fill="none" font-size="30">Stroke</text></svg>
<img src="data:image/png;base64,{base64.b64encode(PICTURE.getvalue()).decode()}">"""


@pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")
def test_what_chromium_prints_looks_the_same(tmp_path: Path) -> None:
    page, printed = tmp_path / "page.html", tmp_path / "page.pdf"
    page.write_text(WEB_PAGE, "utf-8")
    command = [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer"]
    command += [f"--user-data-dir={tmp_path / 'profile'}", f"--print-to-pdf={printed}", page.as_uri()]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    pdf = printed.read_bytes()
    ofd = assert_same_look(pdf)
    wanted = Counter(normalize("NFKC", "".join(char for char, _, _ in pdf_characters(pdf))))
    found = Counter(normalize("NFKC", "".join(char for char, _, _ in ofd_characters(ofd))))
    # What is dimmed as a group stands in a composite unit, beside the page.
    assert wanted - found == Counter("半透明")


def test_the_measure_sees_a_shift_of_two_pixels_and_another_colour() -> None:
    before = picture_of(page_with(b"20 20 60 1 re f"))
    shifted = picture_of(page_with(b"1 0 0 1 0 2 cm 20 20 60 1 re f"))
    coloured = picture_of(page_with(b".3 g 20 20 60 1 re f"))
    assert difference(before, before) == 0
    assert difference(before, shifted) > 0.002
    assert difference(before, coloured) > 0.002
