"""What is not exchanged at all (J-4): classified papers and internal ones, known by the marks they bear."""

from yichuan.common import profile
from yichuan.common.errors import Invalid
from yichuan.lib.gongwen.markings import mark_in_lines, mark_in_title, mark_on_page, may_hold_mark
from yichuan.lib.gongwen.sheets import sheets_of_ofd
from yichuan.lib.ofd.package import Package


def marked(fields: dict[str, str]) -> dict[str, str]:
    """The fields of a draft that bear such a mark, each with the article that refuses it."""
    body = [line for line in fields.get("body", "").splitlines() if line.strip()]
    found = {
        "title": mark_in_title(fields.get("title", "")),
        "issuer_mark": mark_in_lines(fields.get("issuer_mark", "").splitlines()),
        "note": mark_in_lines([fields.get("note", "")]),
        "body": mark_in_lines(body[:1]),
    }
    return {name: refusal_of(mark) for name, mark in found.items() if mark}


def require_unmarked(package: Package, *, text: str | None = None) -> None:
    """Raise `Invalid` for `file` where an OFD's first page bears such a mark; `OfdError` as reading it does.

    `text` are all characters that the page can show, where they are known: most pages have none that a mark is made
    of, and need not be laid out. A body that is a picture, as a scan's is, has no text to read: its sender's
    declaration stands for it.
    """
    if text is not None and not may_hold_mark(text):
        return
    mark = next((mark_on_page(sheet) for sheet in sheets_of_ofd(package, most=1)), "")
    if mark:
        raise Invalid({"file": refusal_of(mark)})


def refusal_of(mark: str) -> str:
    """Why what bears this mark is not taken."""
    return f"标有「{mark[:20]}」，没有收下。{profile.current().exchange.article_classified}"
