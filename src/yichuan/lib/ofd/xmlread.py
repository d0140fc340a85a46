"""XML entries: parsed without DTD, entities or network, and read by local names.

Makers write the namespace with other URIs, with none, and with any prefix (GB/T 33190-2016 asks for
http://www.ofdspec.org/2016), so elements are found by their local names alone.
"""

import re
from collections.abc import Iterator
from functools import cache

from lxml import etree

from .errors import OfdError
from .limits import Limits

NAMESPACE = "http://www.ofdspec.org/2016"
_DECLARED = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
_ENCODINGS = {"utf-8", "utf8", "utf-16", "us-ascii", "ascii", "gbk", "gb2312", "gb18030", "iso-8859-1"}
_READ_AS = {*_ENCODINGS, "utf-16le", "utf-16be"}
_DOCTYPE = b"<!DOCTYPE"
_DOCTYPE_UTF16 = "<!DOCTYPE".encode("utf-16-le")[:-1]  # in either order of bytes


def parse_xml(name: str, data: bytes, limits: Limits) -> etree._Element:
    """The root element of an XML entry. Raises OfdError (`xml_too_large`, `xml_encoding`, `xml_dtd`,
    `xml_too_many_nodes`, `xml_invalid`, `xml_too_deep`) naming the entry."""
    if len(data) > limits.xml_bytes:
        raise OfdError("xml_too_large", f"{name}: {len(data)} bytes of XML; at most {limits.xml_bytes} are read.")
    if data.count(b"<") + data.count(b"=") > limits.xml_nodes:
        raise OfdError("xml_too_many_nodes", f"{name}: more than {limits.xml_nodes} elements and attributes.")
    if (declared := _DECLARED.match(data)) and declared[1].decode("ascii").lower() not in _ENCODINGS:
        raise OfdError("xml_encoding", f"{name}: encoding {declared[1]!r} is not read; save it as UTF-8.")
    if _DOCTYPE in data or _DOCTYPE_UTF16 in data:
        raise OfdError("xml_dtd", f"{name}: document type declarations are not read; remove it.")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise OfdError("xml_invalid", f"{name}: not well-formed XML ({error.msg}).") from error
    if (root.getroottree().docinfo.encoding or "utf-8").lower() not in _READ_AS:  # declared where nobody looks
        raise OfdError("xml_encoding", f"{name}: its encoding is not read; save it as UTF-8.")
    if _deeper_than(limits.xml_depth)(root):
        raise OfdError("xml_too_deep", f"{name}: elements are nested more than {limits.xml_depth} deep.")
    return root


@cache
def _deeper_than(depth: int) -> etree.XPath:
    return etree.XPath("boolean(" + "/*" * (depth + 1) + ")")


def local(element: etree._Element) -> str:
    """The element's name without namespace; empty for comments and processing instructions."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def children(element: etree._Element, *names: str) -> Iterator[etree._Element]:
    """The direct children with one of these local names (all elements when none is given)."""
    return element.iterchildren(*(["{*}" + name for name in names] or "*"))


def child(element: etree._Element | None, *path: str) -> etree._Element | None:
    """The first child at a path of local names, or None."""
    for name in path:
        if element is None:
            return None
        element = next(element.iterchildren("{*}" + name), None)
    return element


def raw_text(element: etree._Element) -> str:
    """The element's text as it stands, spaces included."""
    return str(element.xpath("string()")) if len(element) else element.text or ""


def text(element: etree._Element | None) -> str:
    """The element's text, stripped; empty for None."""
    return raw_text(element).strip() if element is not None else ""
