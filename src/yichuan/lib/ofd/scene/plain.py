"""Whether a document is so plain that drawing its pages cannot be refused: told without drawing them.

Drawing refuses two things: what cannot be read of the files that hold pages and templates, and what is made to exhaust
its reader (objects nested too deep, too many of them, a drawing too large). Whatever else is amiss, a font, an image,
a seal's picture, is noted and drawn as missing. The first is told by reading those files. The second cannot happen
where nothing multiplies what they hold: every object is an element of its own then and every glyph a character, so
that few of them make a small drawing. What is not plain is to be drawn.
"""

from typing import cast

from lxml import etree

from ..errors import OfdError
from ..limits import MIB
from ..model import Document, Page, read_document
from ..package import Package
from ..signatures import read_records, read_signature_file
from ..xmlread import children
from .context import Pictures
from .pictures import read_picture
from .reader import PICTURE_LIMITS
from .resources import document_resources
from .stamps import picture_of

_MULTIPLYING = tuple(
    f"{{*}}{name}"
    for name in (
        *("CompositeObject", "Pattern", "PageRes"),  # what stands elsewhere, once for each time that it is named
        *("AxialShd", "RadialShd", "GouraudShd", "LaGouraudShd"),  # cut into many small shapes
        *("CGTransform", "Text"),  # glyphs as outlines: ligatures, texts that cut
    )
)
_UNUSUAL = etree.XPath(f"boolean(//@ImageMask) or boolean({'/*' * 24})")  # an image anew each time; nested deep
_HELD = etree.XPath("count(//*) + string-length(/)")
_TEXT = etree.XPath("string(/)")
_HEAVIEST_PAGE = 20_000
"""Elements and characters of a page, each of which is drawn with at most some 2,500 characters."""
_MOST_PICTURES, _MOST_READ = 40 * MIB, 64 * MIB
_MOST_FONTS = 32


class _NotPlainError(Exception):
    """What is to be drawn, to be sure of it."""


def is_plain(package: Package, document: Document, *, most_objects: int) -> bool:
    """Whether every page can be drawn, all of them with at most `most_objects` objects; False where only drawing
    tells."""
    try:
        pages = list({page.loc: page for page in document.pages}.values())
        stamps, pictured = _stamps(package)
        weights = _weights(package, document, pages)
        _require(pictured + _pictured(package, document) <= _MOST_PICTURES)
    except (OfdError, _NotPlainError):
        return False
    return max(weights) + stamps <= _HEAVIEST_PAGE and sum(weights) + stamps * len(pages) <= most_objects


def text_of_page(package: Package, document: Document, page: Page) -> str:
    """All characters that a page of a plain document can show, in no order, with others between them."""
    return "".join(str(_TEXT(package.xml(part))) for part in _parts(package, document, page))


def _parts(package: Package, document: Document, page: Page) -> list[str]:
    """The files of the page and its templates, these as often as it names them."""
    named = [(each.get("TemplateID") or "").strip() for each in children(package.xml(page.loc), "Template")]
    return [page.loc, *(document.templates[each].loc for each in named if each in document.templates)]


def _weights(package: Package, document: Document, pages: list[Page]) -> list[int]:
    """Elements and characters of each page with its templates."""
    _require(document.annotations_loc is None)
    held: dict[str, int] = {}
    read = 0
    weights = []
    for page in pages:
        parts = _parts(package, document, page)
        read += sum(map(package.size, parts))
        _require(read <= _MOST_READ)
        for part in parts:
            if part not in held:
                held[part] = _held(package.xml(part))
        weights.append(sum(held[part] for part in parts))
    return weights


def _held(root: etree._Element) -> int:
    _require(next(root.iter(*_MULTIPLYING), None) is None and not _UNUSUAL(root))
    return int(cast("float", _HELD(root)))


def _pictured(package: Package, document: Document) -> int:
    """Bytes of all images that pages may show, as they are drawn."""
    resources = document_resources(package, document)
    _require(len(resources.fonts) <= _MOST_FONTS)
    _require(all(next(each.iter(*_MULTIPLYING), None) is None for each in resources.parameters.values()))
    pictures = Pictures(package)
    found = [pictures.get(entry) for entry in set(resources.media.values())]
    _require(all(each.kind != "jbig2" for each in found))  # made larger when it is drawn
    return sum(len(each.data) for each in found)


def _stamps(package: Package) -> tuple[int, int]:
    """What all stamps of all seals hold, and the bytes of their pictures."""
    weight = pictured = 0
    for record in read_records(package):
        file = read_signature_file(package, record.entry) if record.entry is not None else None
        if file is None or not file.stamps:
            continue
        picture, _ = picture_of(package, file)
        if picture is not None and picture.kind == "ofd":
            inner = Package.open(picture.data, PICTURE_LIMITS)
            document = read_document(inner)
            [imprint] = _weights(inner, document, [document.pages[0]])
            weight += imprint * len(file.stamps)
            pictured += _pictured(inner, document) * len(file.stamps)
        elif picture is not None:
            shown = read_picture(picture.data)
            _require(shown.kind != "jbig2")
            pictured += len(shown.data)
        weight += len(file.stamps)
    return weight, pictured


def _require(plain: bool) -> None:
    if not plain:
        raise _NotPlainError
