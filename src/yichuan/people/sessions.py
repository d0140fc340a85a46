"""Where the browsers' sessions rest: in the database as Django keeps them; what every request asks is written once."""

from typing import Any

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.db.models import CharField, DateTimeField
from django.utils import timezone

from yichuan.common.prepared import Prepared

_data = Prepared(
    lambda key, now: (
        Session.objects.filter(session_key=key, expire_date__gt=now).values_list("session_data", flat=True)
    ),
    key=CharField(),
    now=DateTimeField(),
)


class SessionStore(db.SessionStore):
    """Django's own but for the question of `load`."""

    def load(self) -> dict[str, Any]:
        """What the browser's session holds; nothing, and a new key on saving, where it is not or no more."""
        found = _data(key=self.session_key, now=timezone.now())
        if not found:
            self._session_key = None
            return {}
        held: dict[str, Any] = self.decode(found[0])
        return held
