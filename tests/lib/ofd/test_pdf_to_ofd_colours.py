"""PDF to OFD: colours, shadings and patterns look on the OFD page as they did on the PDF page."""

import struct

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name

from support.ofd import content
from support.pdfs import assert_same_look, converted, page_of, page_with, refused, spoken

BLEND = "/Function<</FunctionType 2/Domain[0 1]/C0[1 0 0]/C1[0 0 1]/N 1>>"
STITCHED = (
    "/Function<</FunctionType 3/Domain[0 1]/Bounds[.3 .6]/Encode[0 1 1 0 0 1]/Functions["
    "<</FunctionType 2/Domain[0 1]/C0[1 0 0]/C1[0 1 0]/N 1>><</FunctionType 2/Domain[0 1]/C0[1 1 0]/C1[0 0 1]/N 3>>"
    "<</FunctionType 2/Domain[0 1]/C0[0 0 0]/C1[1 1 1]/N 1>>]>>"
)
WHITE = "/WhitePoint[.9505 1 1.089]"
SQUARE = b"/Pattern cs /P0 scn 20 10 160 80 re f"


def axial(coords: str = "60 50 140 70", extend: str = "true true", more: str = BLEND) -> str:
    return f"<</ShadingType 2/ColorSpace/DeviceRGB/Coords[{coords}]/Extend[{extend}]{more}>>"


def radial(coords: str, extend: str = "true true") -> str:
    return f"<</ShadingType 3/ColorSpace/DeviceRGB/Coords[{coords}]/Extend[{extend}]{BLEND}>>"


def patterned(shading: str, matrix: str = "1 0 0 1 0 0", stream: bytes = SQUARE) -> bytes:
    return page_with(stream, f"/Pattern<</P0<</PatternType 2/Shading{shading}/Matrix[{matrix}]>>>>")


@pytest.mark.parametrize(
    ("space", "parts"),
    [
        (f"[/Lab<<{WHITE}/Range[-128 127 -128 127]>>]", "60 50 -30"),
        (
            f"[/CalRGB<<{WHITE}/Gamma[2.2 2.2 2.2]/Matrix[.4124 .2126 .0193 .3576 .7152 .1192 .1805 .0722 .9505]>>]",
            ".5 .2 .8",
        ),
        (f"[/CalGray<<{WHITE}/Gamma 2.2>>]", ".5"),
        ("[/Separation/Spot/DeviceRGB<</FunctionType 2/Domain[0 1]/C0[1 1 1]/C1[1 .2 0]/N 1>>]", ".7"),
        ("[/Indexed/DeviceRGB 1<ff000000ff00>]", "1"),
        ("[/Indexed[/Lab<<" + WHITE + ">>]1<ff8080a0c040>]", "1"),
    ],
    ids=["Lab", "CalRGB", "CalGray", "Separation", "Indexed", "Indexed Lab"],
)
def test_a_colour_of_any_space_is_the_same_colour(space: str, parts: str) -> None:
    assert_same_look(page_with(f"/C cs {parts} sc 20 20 160 60 re f".encode(), f"/ColorSpace<</C{space}>>"))


def test_two_inks_are_mixed_by_their_program() -> None:
    def resources(pdf: pikepdf.Pdf) -> dict[str, object]:
        tint = pdf.make_stream(
            b"{ % two inks\n 2 copy add 2 div 1 exch sub 3 1 roll 0.5 gt { pop 0 } { 1 exch sub } ifelse 0.25 }",
            FunctionType=4,
            Domain=Array([0, 1, 0, 1]),
            Range=Array([0, 1, 0, 1, 0, 1]),
        )
        return {"ColorSpace": Dictionary(C=Array([Name.DeviceN, Array([Name.A, Name.B]), Name.DeviceRGB, tint]))}

    assert_same_look(page_of(b"/C cs .2 .3 scn 20 20 80 60 re f .9 .8 scn 100 20 80 60 re f", resources))


def test_a_sampled_ink_is_mixed_between_its_samples() -> None:
    def resources(pdf: pikepdf.Pdf) -> dict[str, object]:
        tint = pdf.make_stream(
            bytes([255, 255, 255, 0, 128, 255, 90, 0, 10]),
            FunctionType=0,
            Domain=Array([0, 1]),
            Range=Array([0, 1, 0, 1, 0, 1]),
            Size=Array([3]),
            BitsPerSample=8,
        )
        return {"ColorSpace": Dictionary(C=Array([Name.Separation, Name.A, Name.DeviceRGB, tint]))}

    assert_same_look(page_of(b"/C cs .3 scn 20 20 80 60 re f .8 scn 100 20 80 60 re f", resources))


def test_cmyk_is_carried_as_cmyk() -> None:
    colour = content(converted(page_with(b"0 1 1 0 k 0 0 10 10 re f"))).find(".//{*}FillColor")
    assert (colour.get("Value"), colour.get("ColorSpace")) == ("0 255 255 0", "2")


@pytest.mark.parametrize(
    "shading",
    [
        axial(),
        axial(extend="false false"),
        axial(extend="true false"),
        axial(extend="false true"),
        axial(more=STITCHED),
        radial("100 50 5 100 50 45", "false false"),
        radial("80 50 5 110 50 45"),
        radial("50 50 5 140 50 25"),
    ],
    ids=["axial", "bounded", "before", "after", "stitched", "radial", "beyond", "cone"],
)
def test_a_shading_runs_as_it_did(shading: str) -> None:
    assert_same_look(page_with(b"/S0 sh", f"/Shading<</S0{shading}>>"))


@pytest.mark.parametrize(
    ("shading", "matrix"),
    [
        (axial(), "1 0.5 0.2 0.7 10 5"),
        (axial(extend="false false", more=BLEND + "/Background[0 1 0]"), "1 0 0 1 0 0"),
        (radial("100 50 5 100 50 45"), "1 0 0 0.5 0 20"),
    ],
    ids=["slanted", "with a ground", "squeezed"],
)
def test_a_shading_is_a_pattern_too(shading: str, matrix: str) -> None:
    assert_same_look(patterned(shading, matrix))


def test_a_line_may_be_shaded() -> None:
    assert_same_look(patterned(axial(), stream=b"/Pattern CS /P0 SCN 10 w 20 20 160 60 re S"))


def test_a_shading_fills_its_clip_alone() -> None:
    stream = b"q 0.5 0.3 0 1 20 0 cm 10 10 m 150 10 l 80 80 l h W n /S0 sh Q"
    assert_same_look(page_with(stream, f"/Shading<</S0{axial()}>>"))


def corner(flag: int | None, x: int, y: int, *colour: int) -> bytes:
    return (b"" if flag is None else bytes([flag])) + struct.pack(">HH", x, y) + bytes(colour)


TRIANGLES = (
    corner(0, 5000, 5000, 255, 0, 0)
    + corner(0, 60000, 5000, 0, 255, 0)
    + corner(0, 30000, 60000, 0, 0, 255)
    + corner(1, 60000, 60000, 255, 255, 0)
)
LATTICE = (
    corner(None, 5000, 5000, 255, 0, 0)
    + corner(None, 60000, 5000, 0, 255, 0)
    + corner(None, 5000, 60000, 0, 0, 255)
    + corner(None, 60000, 60000, 255, 255, 0)
)
_EDGE = [(0, 0), (0, 1), (0, 2), (0, 3), (1, 3.5), (2, 2.5), (3, 3), (3.4, 2), (2.6, 1), (3, 0), (2, 0.4), (1, -0.4)]
_INNER = [(1, 1), (1, 2), (2, 2), (2, 1)]
_SHADES = bytes([255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 0])


def patch(points: list[tuple[float, float]]) -> bytes:
    places = b"".join(struct.pack(">HH", round(9000 + x * 15000), round(9000 + y * 14000)) for x, y in points)
    return b"\x00" + places + _SHADES


@pytest.mark.parametrize(
    ("kind", "data", "most"),
    [
        (4, TRIANGLES, 0.0002),
        (5, LATTICE, 0.0002),
        # PDFium cuts a patch into flat pieces of its own; the edges of the pieces differ.
        (6, patch(_EDGE), 0.003),
        (7, patch(_EDGE + _INNER), 0.003),
    ],
    ids=["triangles", "lattice", "Coons", "tensor"],
)
def test_a_mesh_becomes_triangles(kind: int, data: bytes, most: float) -> None:
    def resources(pdf: pikepdf.Pdf) -> dict[str, object]:
        settings = Dictionary(
            ShadingType=kind,
            ColorSpace=Name.DeviceRGB,
            BitsPerCoordinate=16,
            BitsPerComponent=8,
            BitsPerFlag=8,
            VerticesPerRow=2,
            Decode=Array([0, 200, 0, 100, 0, 1, 0, 1, 0, 1]),
        )
        return {"Shading": Dictionary(S0=pdf.make_stream(data, settings))}

    ofd = assert_same_look(page_of(b"/S0 sh", resources), most=most)
    assert content(ofd).find(".//{*}GouraudShd") is not None


def test_a_shading_by_a_function_of_the_place_becomes_triangles() -> None:
    def resources(pdf: pikepdf.Pdf) -> dict[str, object]:
        function = pdf.make_stream(
            b"{ 2 copy mul 3 1 roll }", FunctionType=4, Domain=Array([0, 1, 0, 1]), Range=Array([0, 1] * 3)
        )
        shading = spoken("<</ShadingType 1/ColorSpace/DeviceRGB/Domain[0 1 0 1]/Matrix[160 0 0 80 20 10]>>")
        shading.Function = function
        return {"Shading": Dictionary(S0=shading)}

    assert_same_look(page_of(b"/S0 sh", resources))


UPRIGHT = "1 .001 0 1 0 0"
"""Nearly: cells that are quite upright PDFium rounds to whole pixels, to others for each origin."""


def tiled(stream: bytes, settings: str, drawn: bytes = b"1 0 0 rg 0 0 6 6 re f 0 0 1 rg 6 6 5 5 re f") -> bytes:
    def resources(pdf: pikepdf.Pdf) -> dict[str, object]:
        head = f"<</PatternType 1/TilingType 1/BBox[0 0 12 12]/Resources<<>>{settings}>>"
        cell = pdf.make_stream(drawn, spoken(head))
        return {"Pattern": Dictionary(P0=cell), "ColorSpace": spoken("<</C[/Pattern/DeviceRGB]>>")}

    return page_of(stream, resources)


@pytest.mark.parametrize("matrix", [UPRIGHT, "1 .2 0 1 3 3", ".7 .7 -.7 .7 50 0"])
def test_a_cell_is_repeated_from_the_same_corner(matrix: str) -> None:
    ofd = assert_same_look(tiled(SQUARE, f"/PaintType 1/XStep 12/YStep 12/Matrix[{matrix}]"))
    assert content(ofd).find(".//{*}Pattern/{*}CellContent/{*}PathObject") is not None


def test_cells_may_stand_apart() -> None:
    assert_same_look(tiled(SQUARE, "/PaintType 1/XStep 20/YStep 16"))


def test_a_cell_without_colours_takes_that_of_the_paint() -> None:
    pdf = tiled(
        b"/C cs 0 .6 0 /P0 scn 20 10 160 80 re f", f"/PaintType 2/XStep 12/YStep 12/Matrix[{UPRIGHT}]", b"2 2 6 6 re f"
    )
    assert_same_look(pdf)


def test_cells_that_overlap_are_refused() -> None:
    error = refused(tiled(SQUARE, "/PaintType 1/XStep 8/YStep 8"))
    assert (error.code, "overlap" in error.message) == ("unsupported_pattern", True)


@pytest.mark.parametrize("program", [b"1 2 add", b"{ 1 2", b"{ frob }", b"{ pop pop pop }"])
def test_a_program_that_fails_is_refused(program: bytes) -> None:
    def resources(pdf: pikepdf.Pdf) -> dict[str, object]:
        tint = pdf.make_stream(program, FunctionType=4, Domain=Array([0, 1]), Range=Array([0, 1]))
        return {"ColorSpace": Dictionary(C=Array([Name.Separation, Name.A, Name.DeviceGray, tint]))}

    assert refused(page_of(b"/C cs 1 scn 0 0 9 9 re f", resources)).code == "unsupported_function"
