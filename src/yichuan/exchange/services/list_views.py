"""Keeping a list as one likes it (A4): a filter under a name, the columns, what the list opens with.

These are a person's own settings; they change nothing that is exchanged and are not in the log.
"""

from collections.abc import Sequence

from yichuan.common import clock
from yichuan.common.characters import hides_something
from yichuan.common.errors import Invalid, NotFound, Refused
from yichuan.common.transactions import command
from yichuan.exchange.models import SavedView
from yichuan.exchange.selectors_views import opening, sealed_query, written
from yichuan.people.models import Account
from yichuan.web.lists import SIZES

LONGEST_NAME = 12
LONGEST_QUERY = 400  # sealed
MOST_VIEWS = 8


def save_view(*, actor: Account, listed: str, name: str, query: str, start: bool = False) -> SavedView:
    """Keep a filter under a name; the same name again keeps the new filter. A command. Raises `Invalid` for `name`.

    `query` is as `Narrowing.query` writes it; `start`: the list opens with it from now on.
    """
    name = name.strip()
    if not name or len(name) > LONGEST_NAME:
        raise Invalid({"name": f"请给这组条件起个名字，不超过 {LONGEST_NAME} 个字，例如「近期未签收」。"})
    if hides_something(name):
        raise Invalid({"name": "名字里有看不见的字符，请重新输入。"})
    kept = sealed_query(query)
    if not query or len(kept) > LONGEST_QUERY:
        raise Invalid({"name": "先选好筛选条件并查询，再存为常用。" if not query else "条件太长，不能存为常用。"})
    with command():
        Account.objects.select_for_update().get(pk=actor.pk)
        others = SavedView.objects.filter(account=actor, listed=listed).exclude(name__in=["", name])
        if others.count() >= MOST_VIEWS:
            raise Refused("too_many_views", f"常用条件最多存 {MOST_VIEWS} 组，请先删去不用的。", field="name")
        now = clock.now()
        view, _ = SavedView.objects.update_or_create(
            account=actor, listed=listed, name=name, defaults={"query": kept, "changed_at": now}
        )
        if start:
            _open_with(actor, listed, name)
    return view


def forget_view(*, actor: Account, listed: str, name: str) -> None:
    """Delete one of the actor's own. A command."""
    with command():
        Account.objects.select_for_update().get(pk=actor.pk)
        view = _named(actor, listed, name)
        if view is None:
            raise NotFound("no_view", "没有这组常用条件，可能已经删去。")
        own = SavedView.objects.filter(account=actor, listed=listed, name="").first()
        if own is not None and opening(own.query)[1] == name:
            _open_with(actor, listed, "")
        view.delete()


def arrange(*, actor: Account, listed: str, columns: Sequence[str], size: int, start: str = "") -> None:
    """Set columns and their order (none: as shipped), the rows on a page, and the view to open with. A command.

    The caller has taken the columns from those the list has.
    """
    if size not in SIZES:
        raise Invalid({"size": f"每页件数请选 {'、'.join(map(str, SIZES))}。"})
    with command():
        Account.objects.select_for_update().get(pk=actor.pk)
        if start and _named(actor, listed, start) is None:
            raise Invalid({"start": "没有这组常用条件，可能已经删去。"})
        values = {"columns": list(columns), "query": written(size, start), "changed_at": clock.now()}
        SavedView.objects.update_or_create(account=actor, listed=listed, name="", defaults=values)


def _named(actor: Account, listed: str, name: str) -> SavedView | None:
    """One of the actor's own; no name that was kept hides a character, and no database is asked for one that does."""
    if not name or hides_something(name):
        return None
    return SavedView.objects.filter(account=actor, listed=listed, name=name).first()


def _open_with(actor: Account, listed: str, name: str) -> None:
    kept = SavedView.objects.filter(account=actor, listed=listed, name="").first()
    size = opening(kept.query)[0] if kept else SIZES[0]
    values = {"query": written(size, name), "changed_at": clock.now()}
    SavedView.objects.update_or_create(account=actor, listed=listed, name="", defaults=values)
