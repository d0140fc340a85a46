"""A person ends their own other sessions (结束其他登录)."""

from yichuan.audit.services.record import record
from yichuan.common.transactions import command
from yichuan.people.models import OpenSession
from yichuan.people.services.end_sessions import end_sessions


def end_other_sessions(session: OpenSession) -> int:
    """End every session of the person but this one; how many. A command."""
    with command():
        ended = end_sessions(session.account, keep=session.pk)
        record(
            verb="people.end_other_sessions", actor=session.account, subject=session.account, detail={"ended": ended}
        )
    return ended
