"""Who may listen: the session's account, and the units whose arrivals its posts may see."""

import uuid
from http.cookies import SimpleCookie

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import close_old_connections

from yichuan.exchange.permissions import ExchangePermission
from yichuan.org.selectors import units_of
from yichuan.people.models import Account


def units_of_session(cookie_header: str) -> frozenset[uuid.UUID]:
    """The units this session may hear about; none for a session that is over. Runs in a thread."""
    close_old_connections()
    morsel = SimpleCookie(cookie_header).get(settings.SESSION_COOKIE_NAME)
    if morsel is None:
        return frozenset()
    account_id = SessionStore(session_key=morsel.value).get(SESSION_KEY)
    account = Account.objects.filter(pk=account_id, is_active=True).first() if account_id else None
    if account is None or account.must_change_password:
        return frozenset()
    return frozenset(
        unit.pk
        for unit in units_of(account)
        if account.has_perm(ExchangePermission.SEE_INBOX, unit) or account.has_perm(ExchangePermission.TRACK, unit)
    )
