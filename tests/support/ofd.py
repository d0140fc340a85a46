"""Help for tests of OFD: PDFs to convert, tiny OFDs to read, and pictures of pages to compare."""

from __future__ import annotations

import ctypes
import io
import re
import warnings
import zipfile
from collections.abc import Mapping
from functools import cache

import pypdfium2
import pypdfium2.raw as pdfium
import typst
from lxml import etree
from PIL import Image, ImageChops

from support.gongwen import font_cache
from yichuan.lib.ofd.convert import pdf_to_ofd
from yichuan.lib.ofd.model import DocumentInfo
from yichuan.lib.ofd.package import Package, write_package
from yichuan.lib.ofd.svg import Renderer, page_to_svg

NS = 'xmlns:ofd="http://www.ofdspec.org/2016"'
MM = 25.4 / 72

NOTICE = """
#set text(font: ("FandolFang R", "Noto Serif SC"), size: 16pt, lang: "zh", region: "cn")
#set page(paper: "a4", margin: 28mm)
#align(center, text(fill: rgb("#e60012"), size: 34pt, font: "Noto Serif SC", weight: 700,
  scale(y: 118%, reflow: true)[江门市人民政府办公室文件]))
#line(length: 100%, stroke: 1.2pt + rgb("#e60012"))
#align(center, text(font: "Noto Serif SC", weight: 700, size: 22pt)[关于做好电子公文交换工作的通知])
各市、区人民政府：江府办〔2026〕12号，“引号”、（括号）、《书名号》、100%。张昇堃。
#text(font: "FandolHei")[一、加强领导]
#for i in range(12) [各单位要加强组织领导，明确责任分工，确保各项工作落到实处。]
#table(columns: 3, stroke: 0.5pt, [甲], [乙], [丙], [1], [2], [3])
"""

DRAWN = """
#set text(font: "FandolSong", size: 14pt, lang: "zh")
#set page(paper: "a4", margin: 28mm)
#rotate(30deg)[旋转文字]
#box(clip: true, width: 30mm, height: 8mm, fill: luma(230), stroke: 0.5pt)[裁剪的文字很长很长很长很长]
#rect(fill: rgb(255, 0, 0, 100), width: 20mm, height: 10mm, stroke: (dash: "dashed", paint: blue))
#circle(radius: 8mm, stroke: 2pt + green)
#polygon(fill: purple, fill-rule: "even-odd", (0mm, 0mm), (20mm, 0mm), (4mm, 14mm), (10mm, -6mm), (16mm, 14mm))
#scale(x: 200%, y: 60%, circle(radius: 6mm, stroke: 2pt))
#rotate(20deg, box(clip: true, radius: 3mm, width: 30mm, height: 8mm, fill: aqua)[旋转裁剪文字很长很长很长很长很长])
#text(stroke: 0.3pt + red, fill: blue, size: 30pt)[描边]#text(fill: rgb(0, 0, 255, 90), size: 30pt)[透明]
#skew(ax: 20deg)[倾斜文字] #underline[下划线] #highlight[高亮] #text(fill: cmyk(0%, 100%, 100%, 0%))[红]
#image(bytes("<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 100 60'><clipPath id='c'><circle cx='50' cy='30'
  r='25'/></clipPath><g clip-path='url(#c)'><rect width='100' height='60' fill='green'/><path d='M0 0L100 60M0 60L100 0'
  stroke='white' stroke-width='8' stroke-linecap='round'/></g></svg>"), format: "svg", width: 40mm)
"""

FONT = "<ofd:Fonts><ofd:Font ID='3' FontName='宋体'/></ofd:Fonts>"
EMBEDDED = "<ofd:Fonts><ofd:Font ID='3' FontName='宋体'><ofd:FontFile>f.ttf</ofd:FontFile></ofd:Font></ofd:Fonts>"
RED = "<ofd:FillColor Value='255 0 0'/>"


def song() -> bytes:
    """The font file of 宋体 from the set-up."""
    return (font_cache() / "FandolSong-Regular.ttf").read_bytes()


def text_object(code: str, attributes: str = "", inner: str = "") -> str:
    """A text object in font 3 at 10, 20 mm, its size 10 mm; `code` are its TextCodes."""
    head = f"<ofd:TextObject ID='9' Boundary='10 20 100 20' Font='3' Size='10' {attributes}>"
    return f"{head}{inner}{code}</ofd:TextObject>"


def square(x: float, y: float, inner: str = RED, attributes: str = "") -> str:
    """A square of 40 mm, red unless `inner` says otherwise."""
    return (
        f"<ofd:PathObject ID='9' Boundary='{x} {y} 40 40' Stroke='false' Fill='true' {attributes}>{inner}"
        "<ofd:AbbreviatedData>M 0 0 L 40 0 L 40 40 L 0 40 C</ofd:AbbreviatedData></ofd:PathObject>"
    )


def media(**files: str) -> str:
    """A resource group of images: m4="a.png" gives a.png the ID 4."""
    listed = "".join(
        f"<ofd:MultiMedia ID='{key[1:]}' Type='Image'><ofd:MediaFile>{name}</ofd:MediaFile></ofd:MultiMedia>"
        for key, name in files.items()
    )
    return f"<ofd:MultiMedias>{listed}</ofd:MultiMedias>"


def composite(content: str) -> str:
    """A resource group with the composite unit 4."""
    unit = f"<ofd:CompositeGraphicUnit ID='4' Width='40' Height='40'><ofd:Content>{content}</ofd:Content>"
    return f"<ofd:CompositeGraphicUnits>{unit}</ofd:CompositeGraphicUnit></ofd:CompositeGraphicUnits>"


@cache
def typeset_pdf(source: str) -> bytes:
    """The PDF of a typst source, in the fonts of the set-up. Transparency and CMYK keep it from being PDF/A."""
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[str(font_cache())])
    dated = "#set document(date: datetime(year: 2026, month: 5, day: 2, hour: 0, minute: 0, second: 0))\n" + source
    return bytes(typst.compile(dated.encode(), format="pdf", font_paths=fonts))


def converted(source: str) -> bytes:
    """The OFD of a typst source."""
    return pdf_to_ofd(typeset_pdf(source), info=DocumentInfo())


def pdf_characters(pdf: bytes, page: int = 0) -> list[tuple[str, float, float]]:
    """Each printed character with its origin in mm from the page's top left corner, as PDFium finds them."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        sheet = document[page]
        height, text = sheet.get_height(), sheet.get_textpage()
        found = []
        for index in range(text.count_chars()):
            x, y = ctypes.c_double(), ctypes.c_double()
            pdfium.FPDFText_GetCharOrigin(text.raw, index, x, y)
            char = chr(pdfium.FPDFText_GetUnicode(text.raw, index))
            if not char.isspace() and not pdfium.FPDFText_IsGenerated(text.raw, index):
                found.append((char, x.value * MM, (height - y.value) * MM))
        return found
    finally:
        document.close()


def ofd_characters(data: bytes, page: int = 0) -> list[tuple[str, float, float]]:
    """The same of an OFD, read by the plainest reading of the standard."""
    found = []
    for element in content(data, page).iter("{*}TextObject"):
        x0, y0, *_ = map(float, element.get("Boundary").split())
        a, b, c, d, e, f = map(float, element.get("CTM", "1 0 0 1 0 0").split())
        code = element.find("{*}TextCode")
        steps = _steps(code.get("DeltaX", ""))
        x, y = float(code.get("X")), float(code.get("Y"))
        for index, char in enumerate(code.text):
            if not char.isspace():
                found.append((char, x0 + a * x + c * y + e, y0 + b * x + d * y + f))
            x += steps[index] if index < len(steps) else 0
    return found


def content(data: bytes, page: int = 0) -> etree._Element:
    """The content of a page of an OFD that we made."""
    return Package.open(data).xml(f"Doc_0/Pages/Page_{page}/Content.xml")


def ofd(objects: str, *, resources: str = "", entries: Mapping[str, bytes] | None = None, page: str = "") -> bytes:
    """A one-page A4 document with these objects; `resources` are the groups of its Res file."""
    return write_package(tiny_entries(objects, resources=resources, page=page) | dict(entries or {}))


def tiny_entries(objects: str, *, resources: str = "", page: str = "") -> dict[str, bytes]:
    box = "<ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox>"
    texts = {
        "OFD.xml": f"<ofd:OFD {NS} DocType='OFD' Version='1.1'><ofd:DocBody><ofd:DocInfo><ofd:DocID>1</ofd:DocID>"
        "</ofd:DocInfo><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
        "Doc_0/Document.xml": f"<ofd:Document {NS}><ofd:CommonData><ofd:PageArea>{box}</ofd:PageArea>"
        "<ofd:PublicRes>PublicRes.xml</ofd:PublicRes></ofd:CommonData>"
        "<ofd:Pages><ofd:Page ID='1' BaseLoc='Pages/Page_0/Content.xml'/></ofd:Pages></ofd:Document>",
        "Doc_0/PublicRes.xml": f"<ofd:Res {NS} BaseLoc='Res'>{resources}</ofd:Res>",
        "Doc_0/Pages/Page_0/Content.xml": f"<ofd:Page {NS}>{page}<ofd:Content><ofd:Layer ID='2'>{objects}</ofd:Layer>"
        "</ofd:Content></ofd:Page>",
    }
    return {name: text.encode() for name, text in texts.items()}


def svg_of(data: bytes, page: int = 0, **options: object) -> str:
    """One page as SVG."""
    return Renderer(Package.open(data)).page(page, **options)  # type: ignore[arg-type]


def notes_of(data: bytes, **options: object) -> tuple[str, list[str]]:
    """The first page as SVG, and the codes of what was noted."""
    package = Package.open(data)
    return page_to_svg(package, 0, **options), [note.code for note in package.notes]  # type: ignore[arg-type]


def svg_text(svg: str) -> str:
    """The text a reader could select, without spaces."""
    root = etree.fromstring(svg.encode())
    return re.sub(r"\s", "", "".join(element.text or "" for element in root.iter("{*}text")))


def picture_of_pdf(pdf: bytes, page: int = 0, dpi: int = 150) -> Image.Image:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return document[page].render(scale=dpi / 72).to_pil().convert("RGB")
    finally:
        document.close()


def picture_of_svg(svg: str, dpi: int = 150) -> Image.Image:
    """An SVG page as print files carry it: set by typst, drawn by PDFium."""
    width, height = (value.removesuffix("mm") for value in re.findall(r'(?:width|height)="([\d.]+mm)"', svg)[:2])
    source = (
        f"#set page(width: {width}mm, height: {height}mm, margin: 0mm)\n"
        '#image(bytes(sys.inputs.svg), format: "svg", width: 100%, height: 100%)'
    )
    return picture_of_pdf(bytes(typst.compile(source.encode(), format="pdf", sys_inputs={"svg": svg})), dpi=dpi)


def colour_at(svg: str, x: float, y: float) -> tuple[int, ...]:
    """The colour of the point x, y (mm)."""
    return picture_of_svg(svg, dpi=72).getpixel((round(x * 72 / 25.4), round(y * 72 / 25.4)))


def difference(one: Image.Image, other: Image.Image) -> float:
    """The share of pixels (0 to 1) that differ by more than the edges of letters do."""
    other = other.resize(one.size) if other.size != one.size else other
    grey = ImageChops.difference(one, other).convert("L")
    histogram = grey.histogram()
    return sum(histogram[128:]) / (one.width * one.height)


def ink(picture: Image.Image) -> float:
    """The share of pixels that are not paper."""
    return sum(picture.convert("L").histogram()[:128]) / (picture.width * picture.height)


def raw_zip(*entries: tuple[str, bytes]) -> bytes:
    """A ZIP as an attacker would write it: any names, twice the same, in any order."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # zipfile warns of a name that it writes twice
        for name, data in entries:
            info = zipfile.ZipInfo()
            info.filename = name
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, data)
    return out.getvalue()


def _steps(value: str) -> list[float]:
    tokens, steps = value.split(), []
    while tokens:
        if tokens[0] == "g":
            steps += [float(tokens[2])] * int(tokens[1])
            tokens = tokens[3:]
        else:
            steps.append(float(tokens.pop(0)))
    return steps
