"""Writing the log: in the caller's transaction, so that an act and its entry stand or fall together."""

import uuid
from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Model
from django.utils.module_loading import import_string

from yichuan.audit.canonical import mark_of
from yichuan.audit.models import Entry, Pending
from yichuan.common import clock
from yichuan.common.permissions import Actor
from yichuan.common.rows import insert_rows
from yichuan.common.transactions import require_transaction

_FIELDS = [field for field in Entry._meta.concrete_fields if not field.primary_key]
_NAMES, _PLACES = ", ".join(str(field.column) for field in _FIELDS), ", ".join(["%s"] * len(_FIELDS))
_PUT = f"INSERT INTO audit_entry ({_NAMES}) VALUES ({_PLACES}) RETURNING id"  # noqa: S608 - our own names
_PUT_AND_WAIT = f"WITH put AS ({_PUT}) INSERT INTO audit_pending (entry_id) SELECT id FROM put RETURNING entry_id"  # noqa: S608


def record(
    *,
    verb: str,
    actor: Actor | None,
    unit_id: uuid.UUID | None = None,
    subject: Model | None = None,
    detail: dict[str, Any] | None = None,
) -> Entry:
    """Add one entry. A step. `actor` is None where the centre itself acted; `detail` never holds text of a body.

    Every act adds one, so it is done by SQL that stands: on PostgreSQL the entry and that it waits in one statement.
    """
    require_transaction()
    added = entry(verb=verb, actor=actor, unit_id=unit_id, subject=subject, detail=detail)
    at_once = connection.vendor == "postgresql"
    given = [field.get_db_prep_save(getattr(added, field.attname), connection) for field in _FIELDS]
    with connection.cursor() as cursor:
        cursor.execute(_PUT_AND_WAIT if at_once else _PUT, given)
        [(added.pk,)] = cursor.fetchall()
    added._state.adding = False
    if not at_once:
        insert_rows(Pending, same={}, each=["entry_id"], rows=[(added.pk,)])
    return added


def record_all(entries: Iterable[Entry]) -> None:
    """Add the entries of several acts of one transaction at once. A step."""
    require_transaction()
    written = Entry.objects.bulk_create(entries)
    insert_rows(Pending, same={}, each=["entry_id"], rows=[(each.pk,) for each in written])


def entry(
    *,
    verb: str,
    actor: Actor | None,
    unit_id: uuid.UUID | None = None,
    subject: Model | None = None,
    detail: dict[str, Any] | None = None,
) -> Entry:
    """An entry that `record_all` is to add, with the centre's mark.

    `detail` holds words, whole numbers, yes and no, and lists and groups of such. Raises TypeError for anything else:
    two databases would give a fraction back in two forms, and the mark would not fit any more.
    """
    _require_plain(detail or {})
    written = Entry(
        at=clock.now(),
        verb=verb,
        actor_id=actor.pk if actor else None,
        actor_name=actor.name if actor else "系统",
        unit_id=unit_id,
        subject_kind=subject._meta.label_lower if subject else "",
        subject_id=subject.pk if subject else None,
        detail=detail or {},
    )
    key_of_log: Callable[[], bytes | None] = import_string(settings.YICHUAN_LOG_KEY)
    key = key_of_log()
    written.mark = mark_of(written, key) if key is not None else None
    return written


def _require_plain(value: object) -> None:
    match value:
        case None | bool() | int() | str():
            return
        case list() | tuple():
            for each in value:
                _require_plain(each)
        case dict():
            for name, each in value.items():
                if not isinstance(name, str):
                    raise TypeError(f"a detail of the log is named by a word, not by {name!r}")
                _require_plain(each)
        case _:
            raise TypeError(f"a detail of the log is no {type(value).__name__}: {value!r}")
