"""Who may listen: the session's account, and the units whose arrivals its posts may see."""

import uuid

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import close_old_connections
from django.http import parse_cookie
from django.utils.crypto import constant_time_compare

from yichuan.exchange.permissions import ExchangePermission
from yichuan.org.selectors import units_of
from yichuan.people.models import Account


def units_of_session(cookie_header: str) -> frozenset[uuid.UUID]:
    """The units this session may hear about; none for a session that is over. Runs in a thread."""
    close_old_connections()
    key = parse_cookie(cookie_header).get(settings.SESSION_COOKIE_NAME)
    if not key:
        return frozenset()
    session = SessionStore(session_key=key)
    account_id = session.get(SESSION_KEY)
    account = Account.objects.filter(pk=account_id, is_active=True).first() if account_id else None
    if account is None or account.must_change_password:
        return frozenset()
    if not constant_time_compare(session.get(HASH_SESSION_KEY, ""), account.get_session_auth_hash()):
        return frozenset()
    return frozenset(
        unit.pk
        for unit in units_of(account)
        if account.has_perm(ExchangePermission.SEE_INBOX, unit) or account.has_perm(ExchangePermission.TRACK, unit)
    )
