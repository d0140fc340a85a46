"""PDF to OFD: text of every kind of font keeps its look, its place and its letters."""

import io

import pikepdf
import pytest
from fontTools.ttLib import TTFont
from pikepdf import Array, Dictionary, Name

from support.ofd import content, ofd_characters
from support.pdf_fonts import NAMES, WIDTH, compact_font, true_type_font, type1_font
from support.pdfs import assert_same_look, converted, page_of, page_with, refused, spoken
from yichuan.lib.ofd.package import Package

LINE = b"BT /F 30 Tf 10 40 Td (AoB A) Tj ET"


def descriptor(pdf: pikepdf.Pdf, key: str, data: bytes, *, flags: int = 32, **settings: object) -> Dictionary:
    found = spoken(f"<</Type/FontDescriptor/FontName/Handmade/Flags {flags}/FontBBox[0 -200 700 800]/ItalicAngle 0>>")
    found[f"/{key}"] = pdf.make_stream(data, **settings)
    return pdf.make_indirect(found)


def simple(pdf: pikepdf.Pdf, kind: str, described: Dictionary, encoding: str = "/WinAnsiEncoding") -> dict[str, object]:
    font = spoken(f"<</Type/Font/Subtype/{kind}/BaseFont/ABCDEF+Handmade/FirstChar 0/LastChar 255>>")
    if encoding:
        font.Encoding = spoken(encoding)
    font.Widths = Array([WIDTH] * 256)
    font.FontDescriptor = described
    return {"Font": Dictionary(F=pdf.make_indirect(font))}


def type1(pdf: pikepdf.Pdf, encoding: str = "/WinAnsiEncoding", *, hexadecimal: bool = False) -> dict[str, object]:
    data, clear, hidden = type1_font(hexadecimal=hexadecimal)
    return simple(pdf, "Type1", descriptor(pdf, "FontFile", data, Length1=clear, Length2=hidden, Length3=532), encoding)


def compact(pdf: pikepdf.Pdf, encoding: str = "/WinAnsiEncoding") -> dict[str, object]:
    return simple(pdf, "Type1", descriptor(pdf, "FontFile3", compact_font(), Subtype=Name.Type1C), encoding)


def true_type(
    pdf: pikepdf.Pdf, encoding: str = "/WinAnsiEncoding", *, flags: int = 32, **how: object
) -> dict[str, object]:
    return simple(pdf, "TrueType", descriptor(pdf, "FontFile2", true_type_font(**how), flags=flags), encoding)


def composite(pdf: pikepdf.Pdf, *, encoding: object = Name("/Identity-H"), **more: object) -> dict[str, object]:
    """A Type0 font in which the code is the glyph's number in NAMES, unless `more` says otherwise."""
    inner = spoken(
        "<</Type/Font/Subtype/CIDFontType2/BaseFont/Handmade/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)"
        f"/Supplement 0>>/DW {WIDTH}>>"
    )
    for key, value in more.items():
        inner[f"/{key}"] = value
    inner.FontDescriptor = descriptor(pdf, "FontFile2", true_type_font())
    unicode = "\n".join(f"<{index:04X}> <{ord(name):04X}>" for index, name in enumerate(NAMES) if len(name) == 1)
    font = spoken("<</Type/Font/Subtype/Type0/BaseFont/Handmade>>")
    font.Encoding, font.DescendantFonts = encoding, Array([pdf.make_indirect(inner)])
    font.ToUnicode = pdf.make_stream(f"3 beginbfchar\n{unicode}\nendbfchar".encode())
    return {"Font": Dictionary(F=pdf.make_indirect(font))}


def letters(ofd: bytes) -> str:
    return "".join(char for char, _, _ in ofd_characters(ofd)).replace(" ", "")


@pytest.mark.parametrize("make", [type1, compact, true_type], ids=["Type 1", "CFF", "TrueType"])
def test_simple_fonts_keep_look_and_letters(make: object) -> None:
    assert letters(assert_same_look(page_of(LINE, make))) == "AoBA"


def test_a_type_1_font_may_be_in_hexadecimal_and_put_letters_together() -> None:
    def resources(pdf: pikepdf.Pdf) -> dict[str, object]:
        return type1(pdf, "<</Differences[243/oacute]>>", hexadecimal=True)

    assert letters(assert_same_look(page_of(b"BT /F 30 Tf 10 40 Td (A\363B) Tj ET", resources))) == "AóB"


@pytest.mark.parametrize("make", [type1, compact, true_type], ids=["Type 1", "CFF", "TrueType"])
def test_differences_lead_to_glyphs_by_name(make: object) -> None:
    encoding = "<</Type/Encoding/BaseEncoding/MacRomanEncoding/Differences[1/o/A 200/B]>>"

    def resources(pdf: pikepdf.Pdf) -> dict[str, object]:
        return make(pdf, encoding)

    assert letters(assert_same_look(page_of(b"BT /F 30 Tf 10 40 Td (\001\002\310) Tj ET", resources))) == "oAB"


def test_a_ligature_of_a_simple_font_is_its_letters() -> None:
    def resources(pdf: pikepdf.Pdf) -> dict[str, object]:
        return compact(pdf, "<</Type/Encoding/Differences[1/f_f]>>")

    data = assert_same_look(page_of(b"BT /F 30 Tf 10 40 Td (A\001B) Tj ET", resources))
    assert letters(data) == "AffB"


@pytest.mark.parametrize(
    ("platform", "characters"),
    [
        ((3, 0), {0xF041: "A", 0xF042: "B", 0xF06F: "o"}),
        ((3, 0), {0x41: "A", 0x42: "B", 0x6F: "o"}),
        ((1, 0), {0x41: "A", 0x42: "B", 0x6F: "o"}),
    ],
)
def test_symbolic_fonts_are_read_by_code(platform: tuple[int, int], characters: dict[int, str]) -> None:
    def resources(pdf: pikepdf.Pdf) -> dict[str, object]:
        return true_type(pdf, "", flags=4, platform=platform, characters=characters)

    assert_same_look(page_of(LINE, resources))


def test_codes_of_a_composite_font_lead_to_glyphs_through_their_map() -> None:
    def resources(pdf: pikepdf.Pdf) -> dict[str, object]:
        order = b"".join(index.to_bytes(2, "big") for index in (0, 1, 4, 3, 2))
        return composite(pdf, CIDToGIDMap=pdf.make_stream(order))

    assert_same_look(page_of(b"BT /F 30 Tf 10 40 Td <000200030004> Tj ET", resources))


def test_codes_of_a_font_may_differ_in_length() -> None:
    def resources(pdf: pikepdf.Pdf) -> dict[str, object]:
        cmap = (
            b"/CMapName /Own def 2 begincodespacerange <00> <7F> <8000> <FFFF> endcodespacerange\n"
            b"1 begincidchar <41> 2 endcidchar 1 begincidrange <8000> <8004> 1 endcidrange"
        )
        return composite(pdf, encoding=pdf.make_stream(cmap, CMapName=Name.Own))

    assert_same_look(page_of(b"BT /F 30 Tf 10 40 Td <41800280034180FF> Tj ET", resources))


def test_text_may_run_downward() -> None:
    def resources(pdf: pikepdf.Pdf) -> dict[str, object]:
        downs = Array([2, Array([-900, 350, 700, -600, 100, 500])])
        return composite(pdf, encoding=Name("/Identity-V"), W2=downs)

    data = assert_same_look(page_of(b"BT /F 20 Tf 1 Tc 60 95 Td [<00020003> 200 <00040002>] TJ ET", resources))
    assert letters(data) == "ABoA"
    places = [(x, y) for _, x, y in ofd_characters(data)]
    assert [y for _, y in places] == sorted(y for _, y in places)


def test_a_type_3_font_is_drawn_glyph_by_glyph_and_its_text_is_found() -> None:
    def resources(pdf: pikepdf.Pdf) -> dict[str, object]:
        font = spoken(
            "<</Type/Font/Subtype/Type3/FontBBox[0 0 700 700]/FontMatrix[.001 0 0 .001 0 0]/FirstChar 97/LastChar 99"
            "/Widths[700 700 700]/Encoding<</Differences[97/shape/coloured/bits]>>/Resources<<>>>>"
        )
        bits = b"700 0 0 0 700 700 d1 600 0 0 600 50 50 cm BI /W 8 /H 4 /IM true /F /AHx ID a5 5a ff 00> EI"
        font.CharProcs = Dictionary(
            shape=pdf.make_stream(b"700 0 0 0 700 700 d1 1 0 0 rg 50 0 m 650 0 l 350 700 l f"),
            coloured=pdf.make_stream(b"700 0 d0 0 0 1 rg 50 0 600 600 re f"),
            bits=pdf.make_stream(bits),
        )
        font.ToUnicode = pdf.make_stream(b"3 beginbfchar <61><4E01> <62><4E02> <63><4E03> endbfchar")
        return {"Font": Dictionary(F=pdf.make_indirect(font))}

    ofd = assert_same_look(page_of(b"0 .5 0 rg BT /F 40 Tf 1 .2 0 1 10 20 Tm 3 Tc (abcb) Tj ET", resources))
    assert letters(ofd) == "丁丂七丂"
    assert [each.get("Fill") for each in content(ofd).iter("{*}TextObject")] == ["false"]


def test_a_glyph_that_draws_itself_is_refused() -> None:
    def resources(pdf: pikepdf.Pdf) -> dict[str, object]:
        font = pdf.make_indirect(
            spoken(
                "<</Type/Font/Subtype/Type3/FontBBox[0 0 1 1]/FontMatrix[1 0 0 1 0 0]/FirstChar 97/LastChar 97"
                "/Widths[1]/Encoding<</Differences[97/a]>>>>"
            )
        )
        font.CharProcs = Dictionary(a=pdf.make_stream(b"1 0 d0 BT /F 1 Tf (a) Tj ET"))
        font.Resources = Dictionary(Font=Dictionary(F=font))
        return {"Font": Dictionary(F=font)}

    assert refused(page_of(b"BT /F 1 Tf (a) Tj ET", resources)).code == "unsupported_form"


@pytest.mark.parametrize(
    "settings",
    [b"3 Tc", b"9 Tw", b"60 Tz", b"150 Tz 3 Tc 9 Tw", b"8 Ts", b"-40 Tz"],
    ids=["Tc", "Tw", "Tz", "all", "Ts", "mirrored"],
)
def test_spacing_and_stretch_are_kept(settings: bytes) -> None:
    start = b"120" if b"-" in settings else b"10"
    stream = b"BT /F 20 Tf " + settings + b" " + start + b" 40 Td [(A o) -300 (B)] TJ 0 -25 TD (A) ' 2 1 (B A) \" ET"
    assert_same_look(page_of(stream, true_type))


@pytest.mark.parametrize("mode", [0, 1, 2])
def test_text_is_filled_and_stroked_as_it_was(mode: int) -> None:
    stream = f"1 0 0 RG 0 0 1 rg 1.5 w BT /F 40 Tf {mode} Tr 10 30 Td (AoB) Tj ET".encode()
    assert_same_look(page_of(stream, compact))


@pytest.mark.parametrize("mode", [4, 5, 6, 7])
def test_text_clips_what_follows(mode: int) -> None:
    text = f"q 0 .7 0 rg BT /F 40 Tf {mode} Tr 10 30 Td (Ao) Tj 5 0 Td (B) Tj ET"
    stream = f"{text} 1 0 0 rg 0 0 200 45 re f Q 190 90 9 9 re f"
    assert_same_look(page_of(stream.encode(), type1))


def test_clipping_by_no_letters_leaves_nothing() -> None:
    stream = b"q BT /F 40 Tf 7 Tr 10 30 Td ( ) Tj ET 1 0 0 rg 0 0 200 45 re f Q 100 50 90 40 re f"
    data = converted(page_of(stream, type1))
    assert len(list(content(data).iter("{*}PathObject"))) == 1


def test_text_may_be_painted_with_a_shading() -> None:
    def resources(pdf: pikepdf.Pdf) -> dict[str, object]:
        blend = "<</FunctionType 2/Domain[0 1]/C0[1 0 0]/C1[0 0 1]/N 1>>"
        shading = f"<</ShadingType 2/ColorSpace/DeviceRGB/Coords[0 0 200 0]/Function{blend}>>"
        return {**compact(pdf), "Pattern": spoken(f"<</P<</PatternType 2/Shading{shading}>>>>")}

    data = assert_same_look(page_of(b"/Pattern cs /P scn BT /F 40 Tf 10 30 Td (AoB) Tj ET", resources))
    assert letters(data) == "AoB"


UNEMBEDDED = "/Font<</F<</Type/Font/Subtype/TrueType/BaseFont/SimSun/FirstChar 65/LastChar 66/Widths[700 700]>>>>"


def test_unseen_text_over_a_scan_needs_no_font() -> None:
    ofd = assert_same_look(page_with(b"0 .5 0 rg 0 0 50 50 re f BT /F 30 Tf 3 Tr 10 40 Td (AB) Tj ET", UNEMBEDDED))
    assert letters(ofd) == "AB"
    assert content(ofd).find(".//{*}TextObject/{*}FillColor").get("Alpha") == "0"


def test_a_font_that_is_not_embedded_may_be_found_by_its_name() -> None:
    asked = []

    def find(name: str) -> bytes:
        asked.append(name)
        return true_type_font()

    ofd = converted(page_with(b"BT /F 30 Tf 10 40 Td (AB) Tj ET", UNEMBEDDED), fonts=find)
    assert asked == ["SimSun"]
    package = Package.open(ofd)
    (name,) = [name for name in package.names() if name.endswith(".ttf")]
    assert set(TTFont(io.BytesIO(package.read(name))).getBestCmap()) == {0x41, 0x42}


def test_a_found_font_with_other_widths_is_not_used() -> None:
    other = UNEMBEDDED.replace("700 700", "500 500")
    error = refused(page_with(b"BT /F 30 Tf 10 40 Td (AB) Tj ET", other), fonts=lambda name: true_type_font())
    assert (error.code, "SimSun" in error.message) == ("font_not_embedded", True)


def test_tables_of_codes_that_are_not_at_hand_are_named() -> None:
    def resources(pdf: pikepdf.Pdf) -> dict[str, object]:
        return composite(pdf, encoding=Name("/GBK-EUC-H"))

    error = refused(page_of(b"BT /F 30 Tf 10 40 Td <CED2> Tj ET", resources))
    assert (error.code, "GBK-EUC-H" in error.message) == ("unsupported_font", True)


@pytest.mark.parametrize("key", ["FontFile", "FontFile2", "FontFile3"])
def test_a_damaged_font_is_named(key: str) -> None:
    def resources(pdf: pikepdf.Pdf) -> dict[str, object]:
        return simple(pdf, "TrueType", descriptor(pdf, key, b"\x00\x01\x00\x00 no font at all"))

    error = refused(page_of(LINE, resources))
    assert (error.code, "Handmade" in error.message) == ("font_damaged", True)
