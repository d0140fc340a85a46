"""Reading a csv: which encoding it is in is found out, never guessed past."""

import codecs
import csv
import io
from collections.abc import Iterator
from typing import Any

from yichuan.common.errors import Invalid

FOREIGN = {
    codecs.BOM_UTF32_LE: "UTF-32",
    codecs.BOM_UTF32_BE: "UTF-32",
    codecs.BOM_UTF16_LE: "UTF-16（记事本里叫 Unicode）",
    codecs.BOM_UTF16_BE: "UTF-16",
}
MOST_COLUMNS = 100


def csv_rows(data: bytes) -> Iterator[tuple[int, list[Any]]]:
    """The rows with their line numbers. Raises `Invalid` for what is no csv in a known encoding."""
    text = decoded(data)
    first = text.split("\n", 1)[0]
    delimiter = max(",\t;", key=first.count)
    try:
        for number, row in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), start=1):
            yield number, list(row[:MOST_COLUMNS])
    except csv.Error as error:
        raise Invalid({"file": f"csv 文件的格式不对（{error}），请用表格软件打开后另存为 xlsx 再传。"}) from error


def decoded(data: bytes) -> str:
    """The text of UTF-8, with or without its mark, or of GB 18030; others are refused by their names."""
    for mark, name in FOREIGN.items():
        if data.startswith(mark):
            raise Invalid({"file": f"csv 文件是 {name} 编码，读不了。请另存为 UTF-8 编码的 csv，或者存为 xlsx。"})
    if b"\0" in data:
        raise Invalid(
            {"file": "csv 文件里有空字节，像是 UTF-16 编码或别的文件。请另存为 UTF-8 的 csv，或者存为 xlsx。"}
        )
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Invalid(
        {
            "file": "csv 文件既不是 UTF-8 也不是 GB18030 编码（可能是 Big5 或 Latin-1）。"
            "请另存为 xlsx 或 UTF-8 的 csv 再传。"
        }
    )
