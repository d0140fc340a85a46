"""Whatever a file says, its page is safe to stand inside an HTML page."""

import re
from pathlib import Path

import pytest
from lxml import etree, html

from support.ofd import EMBEDDED, FONT, composite, media, notes_of, ofd, song, square, svg_of, text_object
from yichuan.lib.ofd.package import OfdError, Package
from yichuan.lib.ofd.scene import budget
from yichuan.lib.ofd.svg import Renderer, page_to_svg

ELEMENTS = {"svg", "style", "defs", "g", "path", "rect", "text", "use", "image", "clipPath", "title"}
PLACING = {"width", "height", "viewBox", "id", "transform", "x", "y", "d", "href", "class", "preserveAspectRatio"}
PAINTING = {"fill", "fill-opacity", "fill-rule", "opacity", "style", "clip-path", "clip-rule", "nonce"}
PEN = {"", "-opacity", "-width", "-linecap", "-linejoin", "-miterlimit", "-dasharray", "-dashoffset"}
LETTERS = {"font-family", "font-size", "font-style", "font-weight", "rotate", "space"}
ATTRIBUTES = PLACING | PAINTING | LETTERS | {f"stroke{each}" for each in PEN}
EVIL = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>&amp;</text></svg></style>"


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;").replace("'", "&apos;")


def assert_inert(svg: str, prefix: str = "p") -> None:
    """Only drawing elements and attributes, only references inside the document, every id under the prefix."""
    root = etree.fromstring(svg.encode())
    parsed = html.fromstring(f"<html><body>{svg}</body></html>")
    assert not parsed.xpath("//script | //img | //iframe | //*[@onload] | //*[@onerror]")
    for element in root.iter():
        assert etree.QName(element).localname in ELEMENTS
        for key, value in element.attrib.items():
            name = etree.QName(key).localname
            assert name in ATTRIBUTES
            if name == "href":
                assert re.match(rf"#{prefix}|data:image/(png|jpeg|gif|svg\+xml);base64,[A-Za-z0-9+/=]+$", value)
            if name in ("id", "class"):
                assert value.startswith(prefix)
            if name == "style":
                assert value == "mix-blend-mode:multiply"
            if "url(" in value:
                assert re.fullmatch(rf"url\(#{prefix}[\w-]+\)", value)
    for style in root.iter("{*}style"):
        assert not re.search(r"@import|expression|http|</", style.text or "")


def test_script_in_text_stays_text() -> None:
    svg = svg_of(ofd(text_object(f"<ofd:TextCode X='0' Y='8'>{escaped(EVIL)}</ofd:TextCode>"), resources=FONT))
    assert_inert(svg)
    assert "&lt;script&gt;" in svg


def test_script_in_names_and_references_stays_out() -> None:
    evil = escaped(EVIL)
    resources = (
        f"<ofd:Fonts><ofd:Font ID='3' FontName='{evil}' FamilyName='a\", url(http://x), \"'/></ofd:Fonts>".replace(
            "FamilyName='a\", url(http://x), \"'", "FamilyName='a&quot;, url(http://x), &quot;'"
        )
    )
    objects = (
        text_object("<ofd:TextCode X='0' Y='8'>甲</ofd:TextCode>")
        + f"<ofd:ImageObject ID='9' Boundary='1 1 9 9' ResourceID='{evil}'/>"
        + f"<ofd:CompositeObject ID='9' Boundary='1 1 9 9' ResourceID='{evil}'/>"
        + f"<ofd:Strange{'X' * 9} ID='{evil}'/>"
    )
    for mode in ("text", "paths"):
        assert_inert(svg_of(ofd(objects, resources=resources), text=mode))


@pytest.mark.parametrize(
    "attribute",
    [
        "CTM",
        "Alpha",
        "LineWidth",
        "DashPattern",
        "DashOffset",
        "MiterLimit",
        "Cap",
        "Join",
        "Rule",
        "Boundary",
        "DrawParam",
    ],
)
@pytest.mark.parametrize("value", [EVIL, "nan", "1e999", "-1 inf 0 0 0 0", "9" * 400])
def test_attributes_never_reach_the_page_as_they_are(attribute: str, value: str) -> None:
    path = square(10, 10).replace("Stroke='false'", "")
    path = path.replace("Boundary='10 10 40 40'", "") if attribute == "Boundary" else path
    svg = svg_of(ofd(path.replace("<ofd:PathObject", f"<ofd:PathObject {attribute}='{escaped(value)}'")))
    assert_inert(svg)
    assert not re.search(r"nan|inf|e\d{2}", re.sub(r"<style.*?</style>", "", svg))


@pytest.mark.parametrize("attribute", ["Size", "HScale", "CharDirection", "Weight", "Italic", "Font"])
def test_text_attributes_neither(attribute: str) -> None:
    code = (
        f"<ofd:TextCode X='{escaped(EVIL)}' Y='nan' DeltaX='g {'9' * 20} 1 x inf' DeltaY='g -5 3 g'>甲乙</ofd:TextCode>"
    )
    text = text_object(code).replace(f"{attribute}=", f"Old{attribute}=")
    svg = svg_of(ofd(text.replace("<ofd:TextObject", f"<ofd:TextObject {attribute}='{escaped(EVIL)}'"), resources=FONT))
    assert_inert(svg)


@pytest.mark.parametrize("data", [f"M 0 0 L {EVIL}", "L 1 1 url(http://x)", "M 1", "Z 1 2", "M 1e999 2", "99 99"])
def test_path_data_is_read_not_copied(data: str) -> None:
    data = f"<ofd:AbbreviatedData>{escaped(data)}</ofd:AbbreviatedData>"
    path = f"<ofd:PathObject ID='9' Boundary='1 1 9 9'>{data}</ofd:PathObject>"
    svg, notes = notes_of(ofd(path))
    assert_inert(svg)
    assert "path_invalid" in notes


def test_an_image_is_what_its_bytes_are() -> None:
    image = "<ofd:ImageObject ID='9' Boundary='1 1 9 9' CTM='9 0 0 9 0 0' ResourceID='4'/>"
    files = {"Doc_0/Res/a.png": b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"}
    svg, notes = notes_of(ofd(image, resources=media(m4="a.png"), entries=files))
    assert_inert(svg)
    assert "image_unsupported" in notes


def test_a_font_file_that_is_none_is_noted() -> None:
    text = text_object("<ofd:TextCode X='0' Y='8'>甲</ofd:TextCode>")
    for font in (b"", b"OTTO", b"\0\1\0\0" + b"\xff" * 400, b"<script>"):
        svg, notes = notes_of(ofd(text, resources=EMBEDDED, entries={"Doc_0/Res/f.ttf": font}))
        assert_inert(svg)
        assert "font_damaged" in notes


def test_pages_of_one_html_document_do_not_share_ids() -> None:
    data = ofd(square(1, 1) + text_object("<ofd:TextCode X='0' Y='8'>甲</ofd:TextCode>"), resources=FONT)
    for prefix in ("p1-", "p2-"):
        assert_inert(svg_of(data, prefix=prefix), prefix)


@pytest.mark.parametrize("prefix", ["", "1", 'a"', "a b", "a" * 99])
def test_a_prefix_that_would_break_out_is_refused(prefix: str) -> None:
    with pytest.raises(OfdError) as caught:
        svg_of(ofd(""), prefix=prefix)
    assert caught.value.code == "prefix_invalid"


def test_a_nonce_goes_onto_the_style_escaped() -> None:
    text = text_object("<ofd:TextCode X='0' Y='8'>甲</ofd:TextCode>")
    data = ofd(text, resources=EMBEDDED, entries={"Doc_0/Res/f.ttf": song()})
    svg = page_to_svg(Package.open(data), 0, nonce='abc"><x')
    assert '<style nonce="abc&quot;&gt;&lt;x">' in svg


def test_a_page_made_to_grow_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budget, "MOST_OBJECTS", 10_000)  # at the product's bound it takes a quarter of a minute
    inner = "<ofd:CompositeObject ID='9' Boundary='0 0 9 9' ResourceID='{}'/>" * 100
    units = "".join(
        composite(inner.replace("{}", str(level + 1))).replace("ID='4' W", f"ID='{level}' W") for level in range(9)
    )
    with pytest.raises(OfdError) as caught:
        svg_of(ofd(inner.replace("{}", "0"), resources=units))
    assert caught.value.code == "page_too_complex"


@pytest.mark.samples
@pytest.mark.parametrize("mode", ["text", "paths"])
def test_pages_of_other_makers_are_inert(samples: Path, mode: str) -> None:
    for path in sorted((samples / "ofd").glob("*.ofd")):
        if path.name == "broken-docroot.ofd":
            continue
        renderer = Renderer(Package.open(path.read_bytes()))
        assert_inert(renderer.page(0, text=mode))  # type: ignore[arg-type]
