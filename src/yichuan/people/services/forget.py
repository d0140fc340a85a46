"""What the ticker clears away of sessions and logins."""

from datetime import timedelta

from yichuan.common import clock
from yichuan.people.models import LoginAttempt, OpenSession
from yichuan.people.selectors import open_since
from yichuan.people.services.tries import forget_tries
from yichuan.people.sessions import SessionStore

KEPT = timedelta(days=190)  # 网络安全法: half a year at least; the log keeps them for good


def forget_logins() -> int:
    """Clear away tries and sessions that are over, and attempts older than half a year; how many."""
    SessionStore.clear_expired()
    began, _ = open_since()
    over = OpenSession.objects.filter(began_at__lt=began).delete()[0]
    return forget_tries() + over + LoginAttempt.objects.filter(at__lt=clock.now() - KEPT).delete()[0]
