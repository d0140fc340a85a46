"""Where the browsers' sessions rest: in the database as Django keeps them; what every request asks is written once."""

from typing import Any

from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import VALID_KEY_CHARS
from django.contrib.sessions.models import Session
from django.db.models import CharField, DateTimeField
from django.utils import timezone
from django.utils.crypto import get_random_string

from yichuan.common.prepared import Prepared

_data = Prepared(
    lambda key, now: Session.objects.filter(session_key=key, expire_date__gt=now).values_list(
        "session_data", flat=True
    ),
    key=CharField(),
    now=DateTimeField(),
)


class SessionStore(db.SessionStore):
    """Django's own, but that a new session is written once: when it is saved, with what it holds by then."""

    _new = False

    def create(self) -> None:
        """Draw a key, which nobody has: there are 36 to the 32nd. Should it be there, writing it fails."""
        self._session_key = get_random_string(32, VALID_KEY_CHARS)
        self._new = self.modified = True

    def save(self, must_create: bool = False) -> None:
        """Write what the session holds."""
        if self.session_key is None:
            self.create()
        super().save(must_create=must_create or self._new)
        self._new = False

    def load(self) -> dict[str, Any]:
        """What the browser's session holds; nothing, and a new key on saving, where it is not or no more."""
        found = _data(key=self.session_key, now=timezone.now())
        if not found:
            self._session_key = None
            return {}
        held: dict[str, Any] = self.decode(found[0])
        return held
