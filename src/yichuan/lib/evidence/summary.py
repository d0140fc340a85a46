"""The page in a package that says in Chinese what the package holds: one file, no script, nothing from elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

from yichuan.lib.one_line import is_one_line

_STYLE = (
    "body{font:15px/1.6 sans-serif;max-width:60em;margin:2em auto;padding:0 1em;color:#1d2127}"
    "h1{font-size:1.5em}h2{font-size:1.15em;margin-top:2em}"
    "table{border-collapse:collapse;width:100%}"
    "th,td{border:1px solid #c9ced6;padding:.3em .6em;text-align:left;vertical-align:top;overflow-wrap:anywhere}"
    "th{background:#f1f3f6}dt{color:#59616d}dd{margin:0 0 .5em;overflow-wrap:anywhere}"
)
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


@dataclass(frozen=True)
class Table:
    """Rows under a title; `heads` name the columns. `none` is said where there are no rows."""

    title: str
    heads: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]
    none: str


def summary_page(title: str, facts: Iterable[tuple[str, str]], tables: Iterable[Table], notes: Iterable[str]) -> bytes:
    """An HTML page (UTF-8). Every word given may be hostile: it is shown as it is written and is never markup."""
    said = "".join(f"<dt>{_shown(name)}</dt><dd>{_shown(value)}</dd>" for name, value in facts)
    below = "".join(f"<p>{_shown(note)}</p>" for note in notes)
    return (
        '<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{escape(_POLICY)}">'
        f"<title>{_shown(title)}</title><style>{_STYLE}</style></head><body>"
        f"<h1>{_shown(title)}</h1><dl>{said}</dl>{''.join(map(_table, tables))}{below}</body></html>"
    ).encode()


def _table(table: Table) -> str:
    if not table.rows:
        return f"<h2>{_shown(table.title)}</h2><p>{_shown(table.none)}</p>"
    heads = "".join(f'<th scope="col">{_shown(head)}</th>' for head in table.heads)
    rows = "".join(f"<tr>{''.join(f'<td>{_shown(cell)}</td>' for cell in row)}</tr>" for row in table.rows)
    return f"<h2>{_shown(table.title)}</h2><table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"


def _shown(text: str) -> str:
    """Escaped, and without what turns or hides letters (U+202E and its kind)."""
    return escape("".join(letter if is_one_line(letter) else "\N{REPLACEMENT CHARACTER}" for letter in text))
