"""A session goes on, or is over: asked by every request and by the feed."""

from datetime import timedelta

from django.contrib.sessions.backends.base import SessionBase
from django.db.models import UUIDField

from yichuan.audit.services.record import record
from yichuan.common import clock
from yichuan.common.prepared import Prepared
from yichuan.common.transactions import command
from yichuan.people.models import OpenSession
from yichuan.people.selectors import end_due
from yichuan.people.selectors_certificates import certificate_ended
from yichuan.people.services.log_in import KEY

SEEN_EVERY = timedelta(minutes=1)

_named = Prepared(lambda key: OpenSession.objects.filter(pk=key).select_related("account"), key=UUIDField())


def session_of(session: SessionBase) -> OpenSession | None:
    """The row behind a browser's session with its account, ended or not; None where it never was one of a login."""
    key = session.get(KEY)
    found = _named(key=key) if key else []
    return found[0] if found else None


def standing(session: SessionBase) -> OpenSession | None:
    """The session if it stands. One that should be over by now is ended here."""
    found = session_of(session)
    if found is None or found.ended_at is not None:
        return None
    if (end := end_due(found) or certificate_ended(found)) is None:
        return found
    with command():
        OpenSession.objects.filter(pk=found.pk, ended_at=None).update(ended_at=clock.now(), end=end)
    return None


def seen(session: OpenSession) -> None:
    """The person did something: the idle time begins anew. Written at most once a minute."""
    now = clock.now()
    if now - session.seen_at >= SEEN_EVERY:
        with command():
            OpenSession.objects.filter(pk=session.pk).update(seen_at=now)


def log_out(session: OpenSession) -> None:
    """The person ends the session. A command."""
    with command():
        standing_row = OpenSession.objects.filter(pk=session.pk, ended_at=None)
        standing_row.update(ended_at=clock.now(), end=OpenSession.End.LOGGED_OUT)
        record(verb="people.log_out", actor=session.account, subject=session.account)
