"""The supervising office takes note of what was filed (已阅, J-14)."""

from collections.abc import Iterable
from uuid import UUID

from yichuan.audit.services.record import record
from yichuan.common import clock
from yichuan.common.errors import Invalid
from yichuan.common.transactions import command
from yichuan.org.models import Filing
from yichuan.org.selectors.filings import may_see
from yichuan.people.models import Account

MOST_AT_ONCE = 500


def note_filings(*, actor: Account, filing_ids: Iterable[UUID]) -> int:
    """Mark these as read; how many were not yet. A command. Who reads the same twice changes nothing."""
    wanted = sorted(set(filing_ids))
    if not wanted:
        raise Invalid({"filing": "请先勾选要阅知的备案。"})
    if len(wanted) > MOST_AT_ONCE:
        raise Invalid({"filing": f"一次最多阅知 {MOST_AT_ONCE} 条。"})
    with command():
        may_see(actor)
        noted = Filing.objects.filter(pk__in=wanted, noted_at=None).update(noted_at=clock.now(), noted_by=actor)
        if noted:
            record(verb="org.note_filings", actor=actor, detail={"count": noted})
    return noted
