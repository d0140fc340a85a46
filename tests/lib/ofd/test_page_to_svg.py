"""OFD pages as SVG: they look as the PDF did, their text can be selected, and nothing is dropped unseen."""

import io
from pathlib import Path

import pikepdf
import pytest
from lxml import etree
from PIL import Image

from support.ofd import (
    DRAWN,
    NOTICE,
    RED,
    colour_at,
    composite,
    converted,
    difference,
    ink,
    media,
    notes_of,
    ofd,
    picture_of_pdf,
    picture_of_svg,
    square,
    svg_of,
    typeset_pdf,
)
from yichuan.lib.ofd.convert import pdf_to_ofd
from yichuan.lib.ofd.model import DocumentInfo
from yichuan.lib.ofd.package import OfdError, Package
from yichuan.lib.ofd.svg import Renderer


def png(colour: str, kind: str = "PNG") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (4, 4), colour).save(out, kind)
    return out.getvalue()


def plain(xml: str) -> str:
    """The same elements without a namespace."""
    return xml.replace("ofd:", "")


@pytest.mark.parametrize("source", [NOTICE, DRAWN], ids=["notice", "drawn"])
def test_a_page_in_outlines_looks_as_the_pdf_did(source: str) -> None:
    wanted = picture_of_pdf(typeset_pdf(source))
    drawn = picture_of_svg(svg_of(converted(source), text="paths"))
    assert difference(wanted, drawn) < 0.01 * ink(wanted)


def test_size_and_view_box_are_millimetres() -> None:
    root = etree.fromstring(svg_of(ofd("")).encode())
    assert (root.get("width"), root.get("height"), root.get("viewBox")) == ("210mm", "297mm", "0 0 210 297")


def test_draw_parameters_are_inherited_through_their_chain() -> None:
    resources = (
        "<ofd:DrawParams><ofd:DrawParam ID='5' LineWidth='2' Relative='6'/>"
        "<ofd:DrawParam ID='6' LineWidth='9' Cap='Round'><ofd:StrokeColor Value='0 0 255'/></ofd:DrawParam>"
        "</ofd:DrawParams>"
    )
    data = "<ofd:AbbreviatedData>M 0 0 L 40 0</ofd:AbbreviatedData>"
    line = f"<ofd:PathObject ID='9' Boundary='10 10 40 0' DrawParam='5'>{data}</ofd:PathObject>"
    (path,) = etree.fromstring(svg_of(ofd(line, resources=resources)).encode()).iter("{*}path")
    assert (path.get("stroke"), path.get("stroke-width"), path.get("stroke-linecap")) == ("#0000ff", "2", "round")


@pytest.mark.parametrize(
    ("colour", "shown"),
    [
        ("<ofd:FillColor Value='255 0 0'/>", (255, 0, 0)),
        ("<ofd:FillColor Value='#ff #80 #0'/>", (255, 128, 0)),
        ("<ofd:FillColor Value='0 255 255 0' ColorSpace='7'/>", (255, 0, 0)),
        ("<ofd:FillColor Value='128' ColorSpace='8'/>", (128, 128, 128)),
        ("<ofd:FillColor Index='1' ColorSpace='6'/>", (0, 0, 255)),
        ("<ofd:FillColor Value='0 0 0' Alpha='0'/>", (255, 255, 255)),
    ],
)
def test_colours_of_every_space_are_shown(colour: str, shown: tuple[int, ...]) -> None:
    spaces = (
        "<ofd:ColorSpaces><ofd:ColorSpace ID='7' Type='CMYK'/><ofd:ColorSpace ID='8' Type='GRAY'/>"
        "<ofd:ColorSpace ID='6' Type='RGB'><ofd:Palette><ofd:CV>255 0 0</ofd:CV><ofd:CV>0 0 255</ofd:CV></ofd:Palette>"
        "</ofd:ColorSpace></ofd:ColorSpaces>"
    )
    found = colour_at(svg_of(ofd(square(10, 10, colour), resources=spaces)), 30, 30)
    assert all(abs(a - b) <= 1 for a, b in zip(found, shown, strict=True))


def test_clips_narrow_and_their_areas_add_up() -> None:
    def area(x: float) -> str:
        return (
            f"<ofd:Area><ofd:Path Boundary='{x} 0 10 40'><ofd:AbbreviatedData>M 0 0 L 10 0 L 10 40 L 0 40 C"
            "</ofd:AbbreviatedData></ofd:Path></ofd:Area>"
        )

    clips = f"<ofd:Clips><ofd:Clip>{area(0)}{area(30)}</ofd:Clip><ofd:Clip>{area(25)}{area(5)}</ofd:Clip></ofd:Clips>"
    svg = svg_of(ofd(square(10, 10, clips + RED)))
    shown = [x for x in (12, 17, 22, 27, 32, 37, 42, 47) if colour_at(svg, x, 30) == (255, 0, 0)]
    assert shown == [17, 42]


def test_images_fill_their_transform_whatever_their_format() -> None:
    objects = "".join(
        f"<ofd:ImageObject ID='9' Boundary='{x} 10 40 40' CTM='40 0 0 40 0 0' ResourceID='{image}'/>"
        for x, image in ((10, 4), (60, 5))
    )
    files = {"Doc_0/Res/a.bmp": png("#ff0000", "BMP"), "Doc_0/Res/b.jpg": png("#0000ff", "JPEG")}
    svg = svg_of(ofd(objects, resources=media(m4="a.bmp", m5="b.jpg"), entries=files))
    assert colour_at(svg, 30, 30) == (255, 0, 0)
    assert colour_at(svg, 80, 30)[2] > 250
    assert colour_at(svg, 55, 30) == (255, 255, 255)


def test_an_image_is_clipped_in_its_own_space() -> None:
    source = pikepdf.new()
    source.add_blank_page(page_size=(200, 200))
    picture = source.make_stream(bytes([255, 0, 0] * 4))
    picture.Subtype, picture.ColorSpace = pikepdf.Name.Image, pikepdf.Name.DeviceRGB
    picture.Width, picture.Height, picture.BitsPerComponent = 2, 2, 8
    source.pages[0].Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(I0=picture))
    # A diamond of half the width in the middle of an image of 100 points, turned by a quarter.
    stream = b"q 100 50 m 150 100 l 100 150 l 50 100 l h W n 0 100 -100 0 150 50 cm /I0 Do Q"
    source.pages[0].Contents = source.make_stream(stream)
    saved = io.BytesIO()
    source.save(saved)
    data = pdf_to_ofd(saved.getvalue(), info=DocumentInfo())
    wanted, drawn = picture_of_pdf(saved.getvalue()), picture_of_svg(svg_of(data))
    assert 0.1 < sum(drawn.convert("L").histogram()[:200]) / (drawn.width * drawn.height) < 0.14
    assert difference(wanted, drawn) < 0.001


def test_an_image_that_cannot_be_shown_leaves_a_box_and_a_note() -> None:
    image = "<ofd:ImageObject ID='9' Boundary='10 10 40 40' CTM='40 0 0 40 0 0' ResourceID='{}'/>"
    data = ofd(
        image.format(4) + image.format(5), resources=media(m4="a.jb2"), entries={"Doc_0/Res/a.jb2": b"\x97JB2 what"}
    )
    svg, notes = notes_of(data)
    assert svg.count("stroke-dasharray") == 2
    assert {"image_unsupported", "image_missing"} <= set(notes)


def test_composites_blocks_and_transparency_are_drawn() -> None:
    placed = "<ofd:CompositeObject ID='9' Boundary='10 10 20 20' CTM='0.5 0 0 0.5 0 0' ResourceID='4' Alpha='128'/>"
    svg = svg_of(ofd(f"<ofd:PageBlock ID='3'>{placed}</ofd:PageBlock>", resources=composite(square(0, 0))))
    red, green, _ = colour_at(svg, 25, 25)
    assert (red, abs(green - 127) <= 1) == (255, True)
    assert colour_at(svg, 35, 35) == (255, 255, 255)


def test_a_composite_that_holds_itself_ends() -> None:
    inner = "<ofd:CompositeObject ID='9' Boundary='0 0 9 9' ResourceID='4'/>" * 2
    with pytest.raises(OfdError) as caught:
        svg_of(ofd(inner, resources=composite(inner)))
    assert caught.value.code == "page_too_complex"


def test_templates_lie_under_the_page_or_over_it() -> None:
    blue = "<ofd:FillColor Value='0 0 255'/>"
    entries = {"Doc_0/T.xml": f"<Page><Content><Layer>{plain(square(30, 10, blue))}</Layer></Content></Page>".encode()}
    for order, shown in (("Background", (255, 0, 0)), ("Foreground", (0, 0, 255))):
        data = ofd(square(10, 10), page=f"<ofd:Template TemplateID='8' ZOrder='{order}'/>", entries=entries)
        package = Package.open(data)
        document = package.read("Doc_0/Document.xml").replace(
            b"</ofd:CommonData>", b"<ofd:TemplatePage ID='8' BaseLoc='T.xml'/></ofd:CommonData>"
        )
        svg = svg_of(package.replace({"Doc_0/Document.xml": document}))
        assert colour_at(svg, 40, 30) == shown
        assert colour_at(svg, 60, 30) == (0, 0, 255)


def test_annotations_are_drawn_where_they_stand() -> None:
    shown = f"<Annot Type='Stamp'><Appearance Boundary='100 100 40 40'>{plain(square(0, 0))}</Appearance></Annot>"
    unseen = f"<Annot Visible='false'><Appearance Boundary='10 10 40 40'>{plain(square(0, 0))}</Appearance></Annot>"
    entries = {
        "Doc_0/Annotations.xml": b"<Annotations><Page PageID='1'><FileLoc>A.xml</FileLoc></Page></Annotations>",
        "Doc_0/A.xml": f"<PageAnnot>{shown}{unseen}</PageAnnot>".encode(),
    }
    package = Package.open(ofd("", entries=entries))
    document = package.read("Doc_0/Document.xml").replace(
        b"</ofd:Document>", b"<ofd:Annotations>Annotations.xml</ofd:Annotations></ofd:Document>"
    )
    svg = svg_of(package.replace({"Doc_0/Document.xml": document}))
    assert colour_at(svg, 120, 120) == (255, 0, 0)
    assert colour_at(svg, 30, 30) == (255, 255, 255)


def test_a_page_that_is_not_there_is_named() -> None:
    with pytest.raises(OfdError) as caught:
        Renderer(Package.open(ofd(""))).page(1)
    assert caught.value.code == "page_missing"


@pytest.mark.samples
def test_the_samples_draw_without_missing_parts(samples: Path) -> None:
    folder = samples / "ofd"
    drawn = 0
    for path in sorted(folder.glob("*.ofd")):
        package = Package.open(path.read_bytes())
        try:
            renderer = Renderer(package)
        except OfdError as error:
            assert (path.name, error.code) == ("broken-docroot.ofd", "no_document")
            continue
        for page in renderer.document.pages:
            etree.fromstring(renderer.page(page.index).encode())
        fatal = {note.code for note in package.notes} & {
            "image_unsupported",
            "image_missing",
            "font_damaged",
            "path_invalid",
        }
        assert not fatal, f"{path.name}: {package.notes}"
        drawn += 1
    assert drawn > 30
