"""Who may listen: the session's account, and the units whose arrivals its posts may see."""

import uuid

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.db import close_old_connections
from django.http import parse_cookie
from django.utils.crypto import constant_time_compare

from yichuan.exchange.permissions import ExchangePermission
from yichuan.org.selectors import present_posts, units_of
from yichuan.people.models import Account
from yichuan.people.services.keep_session import standing
from yichuan.people.services.second_factor import ENROL_ONLY
from yichuan.people.sessions import SessionStore
from yichuan.seals.permissions import SealsPermission


def heard_by(cookie_header: str) -> frozenset[uuid.UUID]:
    """What this session listens for: its units and offices, and word of its own person; nothing for one that is over.

    Who only follows (a leader, the supervising office) hears the reminders as well. Runs in a thread.
    """
    close_old_connections()
    account = _account_of(cookie_header)
    if account is None:
        return frozenset()
    units = frozenset(
        unit.pk
        for unit in units_of(account)
        if account.has_perm(ExchangePermission.SEE_INBOX, unit) or account.has_perm(ExchangePermission.TRACK, unit)
    )
    if not (units or account.has_perm(SealsPermission.USE) or account.has_perm(ExchangePermission.SEE_OVERDUE)):
        return frozenset()
    offices = {post.office_id for post in present_posts(account) if post.office_id and post.unit_id in units}
    return units | offices | {account.pk}


def _account_of(cookie_header: str) -> Account | None:
    key = parse_cookie(cookie_header).get(settings.SESSION_COOKIE_NAME)
    if not key:
        return None
    session = SessionStore(session_key=key)
    account_id = session.get(SESSION_KEY)
    account = Account.objects.filter(pk=account_id, is_active=True).first() if account_id else None
    if account is None or account.must_change_password or session.get(ENROL_ONLY) or standing(session) is None:
        return None
    same = constant_time_compare(session.get(HASH_SESSION_KEY, ""), account.get_session_auth_hash())
    return account if same else None
