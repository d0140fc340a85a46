"""Writing the log: in the caller's transaction, so that an act and its entry stand or fall together."""

import uuid
from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Model
from django.utils.module_loading import import_string

from yichuan.audit.canonical import leaf_bytes, mark_of
from yichuan.audit.models import Entry
from yichuan.common import clock
from yichuan.common.permissions import Actor
from yichuan.common.transactions import require_transaction

_FIELDS = [field for field in Entry._meta.concrete_fields if not field.primary_key]
_NAMES, _PLACES = ", ".join(str(field.column) for field in _FIELDS), ", ".join(["%s"] * len(_FIELDS))
_PUT = f"INSERT INTO audit_entry ({_NAMES}) VALUES ({_PLACES})"  # noqa: S608 - our own names
_WAIT = """INSERT INTO audit_pending (entry_id)
    SELECT id FROM audit_entry WHERE id > last_insert_rowid() - %s RETURNING entry_id"""
_PUT_AND_WAIT = """WITH put AS (
    INSERT INTO audit_entry (
        uid, at, verb, actor_id, actor_name, unit_id, subject_kind, subject_id, detail, mark
    ) SELECT uid, at, verb, actor, name, unit, kind, subject, detail, decode(mark, 'hex')
    FROM json_to_recordset(%s) AS given (
        uid uuid, at timestamptz, verb text, actor uuid, name text, unit uuid, kind text, subject uuid, detail jsonb,
        mark text
    ) RETURNING id
) INSERT INTO audit_pending (entry_id) SELECT id FROM put RETURNING entry_id"""


def record(
    *,
    verb: str,
    actor: Actor | None,
    unit_id: uuid.UUID | None = None,
    subject: Model | None = None,
    detail: dict[str, Any] | None = None,
) -> Entry:
    """Add one entry. A step. `actor` is None where the centre itself acted; `detail` never holds text of a body."""
    require_transaction()
    added = entry(verb=verb, actor=actor, unit_id=unit_id, subject=subject, detail=detail)
    record_all([added])
    return added


def record_all(entries: Iterable[Entry]) -> None:
    """Add the entries of several acts of one transaction at once. A step.

    PostgreSQL takes them as the very text that the tree will hold, and that they wait, in one statement for however
    many. SQLite has one writer: the last numbers that it gave are theirs.
    """
    require_transaction()
    if not (written := list(entries)):
        return
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_PUT_AND_WAIT, [f"[{','.join(leaf_bytes(each).decode() for each in written)}]"])
        else:
            cursor.executemany(_PUT, [_values(each) for each in written])
            cursor.execute(_WAIT, [len(written)])
        numbers = sorted(number for (number,) in cursor.fetchall())
    for each, number in zip(written, numbers, strict=True):
        each.pk, each._state.adding = number, False


def _values(added: Entry) -> list[Any]:
    return [field.get_db_prep_save(getattr(added, field.attname), connection) for field in _FIELDS]


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
