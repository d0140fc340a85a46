"""The text of an OFD's pages, for finding words in it; for what it looks like, draw it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from lxml import etree

from .errors import OfdError
from .model import read_document
from .package import Package
from .scene.resources import document_resources
from .xmlread import children, local, raw_text, text


def page_words(package: Package) -> list[str]:
    """The text of each page, its TextCodes one after the other as they stand in the file (GB/T 33190-2016 11.3).

    Templates' text comes before the page's own; that of a composite unit (clause 13) stands once, on the page and in
    the place where the document shows it first. A page that is a picture has none. Raises OfdError as `read_document`.
    """
    document = read_document(package)
    resources = document_resources(package, document)
    found: list[str] = []
    seen: set[str] = set()
    for page in document.pages:
        root = package.xml(page.loc)
        own = resources.with_page(package, page.loc, [text(each) for each in children(root, "PageRes")])
        named = [element.get("TemplateID") or "" for element in root.iter() if local(element) == "Template"]
        under = [document.templates[name].loc for name in named if name in document.templates]
        found.append("".join(_text(package, loc, own.composites, seen) for loc in [*under, page.loc]))
    return found


def _text(package: Package, loc: str, units: Mapping[str, etree._Element], seen: set[str]) -> str:
    try:
        root = package.xml(loc)
    except OfdError:
        return ""
    codes = (each for each in _elements(root, units, seen) if local(each) == "TextCode")
    return "".join(raw_text(each).strip("\r\n\t ") for each in codes)


def _elements(root: etree._Element, units: Mapping[str, etree._Element], seen: set[str]) -> Iterator[etree._Element]:
    """All elements in their order, those of each composite unit behind the first object that shows it."""
    waiting = [root.iter()]
    while waiting:
        element = next(waiting[-1], None)
        if element is None:
            waiting.pop()
            continue
        yield element
        reference = (element.get("ResourceID") or "").strip()
        if local(element) == "CompositeObject" and reference in units and reference not in seen:
            seen.add(reference)
            waiting.append(units[reference].iter())
