"""Looking through the parts of a package before anything builds a tree of them: how many elements, and no DOCTYPE."""

import zipfile
import zlib
from typing import Any, NoReturn
from xml.parsers import expat

from yichuan.common.errors import Invalid

CHUNK = 2**18
# What is read an element at a time, by its root: which one, how deep, how many elements in all. Others become one tree.
STREAMED = {"worksheet": ("row", 2, 4_000_000), "sst": ("si", 1, 1_000_000)}
MOST_TOGETHER = 100_000  # elements in memory at the same time: a row has at most 16,384 cells
DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError)
_UNKNOWN_ENCODING = expat.errors.codes[expat.errors.XML_ERROR_UNKNOWN_ENCODING]


def look_through(archive: zipfile.ZipFile) -> None:
    """Unpack every part once. Raises `Invalid` for one that would fill memory, one of `DAMAGED` for one cut short."""
    for info in archive.infolist():
        parser = _parser()
        is_xml = True
        with archive.open(info) as part:
            while chunk := part.read(CHUNK):  # to the end: the check sum stands there
                is_xml = is_xml and _fed(parser, chunk)


class _Counted:
    """The elements of one part, as they begin and end."""

    def __init__(self) -> None:
        self.total = self.together = self.depth = 0
        self.step, self.level, self.most = "", 0, MOST_TOGETHER

    def begin(self, name: str, attributes: Any) -> None:
        local = name.rpartition(" ")[2]
        if self.depth == 0:
            self.step, self.level, self.most = STREAMED.get(local, ("", 0, MOST_TOGETHER))
        if local == self.step and self.depth == self.level:
            self.together = 0
        self.depth, self.total, self.together = self.depth + 1, self.total + 1, self.together + 1
        if self.together > MOST_TOGETHER or self.total > self.most:
            raise Invalid({"file": "文件展开以后内容太多，没有打开。请把内容复制到本页的模板里再传。"})

    def end(self, name: str) -> None:
        self.depth -= 1


def _parser() -> Any:
    parser, counted = expat.ParserCreate(namespace_separator=" "), _Counted()
    parser.StartElementHandler, parser.EndElementHandler = counted.begin, counted.end
    parser.StartDoctypeDeclHandler = _doctype
    return parser


def _doctype(*_: Any) -> NoReturn:
    raise Invalid({"file": "文件的结构不正常（含有 DOCTYPE），没有打开。请另存后再传。"})


def _fed(parser: Any, chunk: bytes) -> bool:
    """Whether the part is XML so far; what is wrong with it as XML, whoever reads it will say."""
    try:
        parser.Parse(chunk)
    except expat.ExpatError as error:
        if error.code == _UNKNOWN_ENCODING:
            _doctype()
        return False
    return True
