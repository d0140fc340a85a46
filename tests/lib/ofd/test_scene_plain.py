"""A document that is taken for plain can be drawn: whatever drawing refuses is not plain, so that it is drawn."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from support.ofd import NOTICE, composite, converted, ofd, square, text_object, tiny_entries
from support.seals import sealed_ofd
from yichuan.lib.ofd.errors import OfdError
from yichuan.lib.ofd.limits import MIB, Limits
from yichuan.lib.ofd.model import read_document
from yichuan.lib.ofd.package import Package, write_package
from yichuan.lib.ofd.scene import plain as bounds
from yichuan.lib.ofd.scene.budget import MOST_OBJECTS
from yichuan.lib.ofd.scene.plain import is_plain, text_of_page
from yichuan.lib.ofd.svg import Renderer

MOST = 1_000_000
SMALL = 20_000  # what is refused beyond a million is refused beyond this
LIMITS = Limits(package_bytes=8 * MIB, entry_bytes=8 * MIB, total_bytes=16 * MIB, xml_bytes=2 * MIB)
FUZZ = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
NAMES = (
    "PageBlock", "Template", "PageRes", "CompositeObject", "Pattern", "Text", "TextCode", "CGTransform", "Layer",
    "AxialShd", "Clips", "Path", "ImageObject", "TextObject", "PathObject", "Content", "Page", "StampAnnot",
)  # fmt: skip
ATTRIBUTES = ("BaseLoc", "ID", "TemplateID", "ResourceID", "Font", "Boundary", "CTM", "DeltaX", "ImageMask", "PageRef")
CHANGE = st.tuples(
    st.floats(0, 1, exclude_max=True),  # which file
    st.floats(0, 1, exclude_max=True),  # which element of it
    st.sampled_from(("again", "away", "name", "value", "inside", "bytes")),
    st.sampled_from(NAMES),
    st.sampled_from(ATTRIBUTES),
    st.text("0123456789 ./gM", max_size=8),
)


def plain(data: bytes, most: int = MOST) -> bool:
    """Whether it is taken for plain; what cannot be opened is not."""
    try:
        package = Package.open(data, LIMITS)
        return is_plain(package, read_document(package), most_objects=most)
    except OfdError:
        return False


def drawn(data: bytes, most: int = MOST) -> None:
    renderer = Renderer(Package.open(data, LIMITS), most_objects=most)
    for page in {page.loc: page for page in renderer.document.pages}.values():
        renderer.page(page.index)


@cache
def seeds() -> tuple[bytes, ...]:
    entries = tiny_entries(
        square(10, 10) + text_object("<ofd:TextCode X='0' Y='8' DeltaX='g 9 2'>甲乙丙</ofd:TextCode>")
    )
    return converted(NOTICE), sealed_ofd(), write_package(entries)


def changed(data: bytes, changes: list[tuple[float, float, str, str, str, str]]) -> bytes:
    """Some elements of the package's XML doubled, taken out, renamed, put inside each other, or bytes of it altered."""
    package = Package.open(data)
    entries = {name: package.read(name) for name in package.names()}
    names = [name for name in entries if name.endswith(".xml")]
    for which, where, kind, name, attribute, value in changes:
        entry = names[int(which * len(names))]
        try:
            root = etree.fromstring(entries[entry])
        except etree.XMLSyntaxError:
            continue
        elements = [each for each in root.iter() if isinstance(each.tag, str)]
        chosen = elements[int(where * len(elements))]
        parent = chosen.getparent()
        match kind:
            case "again" if parent is not None:
                copies = [etree.fromstring(etree.tostring(chosen)) for _ in range(2 + len(value) * 20)]
                parent.extend(copies)
            case "away" if parent is not None:
                parent.remove(chosen)
            case "name":
                chosen.tag = etree.QName(etree.QName(chosen).namespace, name).text
            case "value":
                chosen.set(attribute, value)
            case "inside" if parent is not None:
                for _ in range(1 + len(value) * 4):
                    wrapped = etree.SubElement(parent, etree.QName(etree.QName(chosen).namespace, name))
                    wrapped.append(chosen)
                    parent = wrapped
            case "bytes":
                at = int(where * len(entries[entry]))
                entries[entry] = entries[entry][:at] + value.encode() + entries[entry][at + 3 :]
                continue
        entries[entry] = etree.tostring(root)
    return write_package(entries)


@FUZZ
@given(st.integers(0, 2), st.lists(CHANGE, min_size=1, max_size=4), st.sampled_from((5, 60, 400, 3_000, MOST)))
def test_what_drawing_refuses_is_never_plain(
    seed: int, changes: list[tuple[float, float, str, str, str, str]], most: int
) -> None:
    data = changed(seeds()[seed], changes)
    if plain(data, most):
        drawn(data, most)


def test_the_samples_of_other_makers_draw_where_they_are_plain(samples: Path) -> None:
    found = sorted((samples / "ofd").glob("*.ofd"))
    taken = [path.name for path in found if plain(path.read_bytes())]
    assert not found or len(taken) > len(found) / 2
    for path in found:
        if path.name in taken:
            drawn(path.read_bytes())


def test_what_the_centre_typesets_and_seals_is_plain() -> None:
    assert all(plain(data) for data in seeds())
    package = Package.open(seeds()[0])
    document = read_document(package)
    assert "电子公文交换工作" in text_of_page(package, document, document.pages[0])


def hostile() -> Iterator[tuple[str, bytes]]:
    """What is refused by drawing, each in another way."""
    cell = square(0, 0)
    for _ in range(6):
        pattern = f"<ofd:Pattern Width='9' Height='9'><ofd:CellContent>{cell}</ofd:CellContent></ofd:Pattern>"
        cell = square(0, 0, f"<ofd:FillColor>{pattern}</ofd:FillColor>")
    yield "patterns within patterns", ofd(cell)
    yield "blocks within blocks", ofd("<ofd:PageBlock>" * 30 + square(0, 0) + "</ofd:PageBlock>" * 30)
    inner = "".join(square(0, 0) for _ in range(200))
    placed = "<ofd:CompositeObject ID='9' Boundary='10 10 20 20' ResourceID='4'/>" * 110
    yield "a unit placed often", ofd(placed, resources=composite(inner))
    entries = tiny_entries("")
    page = "Doc_0/Pages/Page_0/Content.xml"
    yield "no content", write_package({name: data for name, data in entries.items() if name != page})
    yield "no XML", write_package(entries | {page: b"<ofd:Page"})
    template = b"<ofd:CommonData><ofd:TemplatePage ID='7' BaseLoc='T.xml'/>"
    root = entries["Doc_0/Document.xml"].replace(b"<ofd:CommonData>", template)
    naming = entries[page].replace(b"<ofd:Content>", b"<ofd:Template TemplateID='7'/>" * 60 + b"<ofd:Content>")
    many = entries[page].replace(b"</ofd:Layer>", "".join(square(1, 1) for _ in range(400)).encode() + b"</ofd:Layer>")
    named = entries | {"Doc_0/Document.xml": root, page: naming}
    yield "a template that is no XML", write_package(named | {"Doc_0/T.xml": b"<"})
    yield "a template named often", write_package(named | {"Doc_0/T.xml": many})


@pytest.mark.parametrize(("name", "data"), list(hostile()), ids=[name for name, _ in hostile()])
def test_what_is_made_to_be_refused_is_drawn_and_refused(name: str, data: bytes) -> None:
    assert not plain(data, SMALL)
    with pytest.raises(OfdError):
        drawn(data, SMALL)


def test_the_heaviest_page_that_is_plain_is_far_below_what_drawing_refuses() -> None:
    """So that the bound of a page, too, is met by drawing only."""
    assert bounds._HEAVIEST_PAGE <= MOST_OBJECTS / 10


def test_more_than_a_page_of_any_office_holds_is_drawn_to_be_sure(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("_HEAVIEST_PAGE", "_MOST_READ", "_MOST_FONTS"):
        with monkeypatch.context() as lowered:
            lowered.setattr(bounds, name, 0)
            assert not plain(seeds()[0])
    assert plain(seeds()[0])
