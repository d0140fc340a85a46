"""The text of an OFD's pages, for finding words in it; for what it looks like, draw it."""

from __future__ import annotations

from .errors import OfdError
from .model import read_document
from .package import Package
from .xmlread import local, raw_text


def page_words(package: Package) -> list[str]:
    """The text of each page, its TextCodes one after the other as they stand in the file (GB/T 33190-2016 11.3).

    Templates' text comes before the page's own. A page that is a picture has none. Raises OfdError as `read_document`.
    """
    document = read_document(package)
    found: list[str] = []
    for page in document.pages:
        root = package.xml(page.loc)
        named = [element.get("TemplateID") or "" for element in root.iter() if local(element) == "Template"]
        under = [document.templates[name].loc for name in named if name in document.templates]
        found.append("".join(_text(package, loc) for loc in [*under, page.loc]))
    return found


def _text(package: Package, loc: str) -> str:
    try:
        root = package.xml(loc)
    except OfdError:
        return ""
    return "".join(raw_text(element).strip("\r\n\t ") for element in root.iter() if local(element) == "TextCode")
