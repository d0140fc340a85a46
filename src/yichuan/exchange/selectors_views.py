"""What a person keeps of a list: filters under names, columns, rows on a page, and what it opens with."""

import base64
import json
from urllib.parse import parse_qs, parse_qsl, urlencode

from django.db.models import CharField, UUIDField

from yichuan.common.prepared import Prepared
from yichuan.exchange.models import SavedView
from yichuan.keys.services.texts import open_text, seal_text
from yichuan.lib.gm.errors import GmError
from yichuan.people.models import Account
from yichuan.web.lists import SIZES, Preferences, SavedFilter

CONTEXT = "exchange.saved_view"

_views = Prepared(
    lambda account, listed: SavedView.objects.filter(account=account, listed=listed).order_by("changed_at"),
    account=UUIDField(),
    listed=CharField(),
)


def preferences(account: Account, listed: str) -> Preferences:
    """One person's of one list, in one query."""
    rows = _views(account=account.pk, listed=listed)
    own = next((row for row in rows if not row.name), SavedView())
    opened = ((row, opened_query(row.query)) for row in rows if row.name)
    named = tuple(SavedFilter(row.pk, row.name, query) for row, query in opened if query is not None)
    size, start = opening(own.query)
    return Preferences(
        named=named,
        columns=tuple(own.columns),
        size=size,
        start=next((each.query for each in named if each.name == start), ""),
    )


def sealed_query(query: str) -> str:
    """A filter as it rests in a named row: sealed, because what somebody looks for may be the words of a title."""
    said = json.dumps(dict(parse_qsl(query)), ensure_ascii=False, separators=(",", ":"))
    return base64.b64encode(seal_text(said, CONTEXT)).decode()


def opened_query(kept: str) -> str | None:
    """The inverse of `sealed_query`; None for a row that does not open, which must not close the list."""
    try:
        return urlencode(json.loads(open_text(base64.b64decode(kept, validate=True), CONTEXT)))
    except (ValueError, GmError):
        return None


def opening(query: str) -> tuple[int, str]:
    """How many rows a page has, and the name of the filter the list opens with, as the nameless row keeps them."""
    kept = {name: values[-1] for name, values in parse_qs(query).items()}
    size = kept.get("size", "")
    return int(size) if size in map(str, SIZES) else SIZES[0], kept.get("start", "")


def written(size: int, start: str) -> str:
    """The inverse of `opening`."""
    return urlencode({"size": size, "start": start} if start else {"size": size})
