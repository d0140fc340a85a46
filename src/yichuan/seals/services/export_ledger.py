"""Taking the ledger of uses along as a spreadsheet (S8): on record, since it says who sealed what."""

from collections.abc import Iterable

from django.utils import timezone

from yichuan.audit.services.record import record
from yichuan.common.permissions import check
from yichuan.common.transactions import command
from yichuan.lib.xlsx import workbook
from yichuan.org.models import Unit
from yichuan.people.models import Account
from yichuan.seals.kinds import Carrier
from yichuan.seals.models import SealUse
from yichuan.seals.permissions import SealsPermission
from yichuan.seals.selectors_ledger import Wanted, uses

MOST_ROWS = 50_000
HEAD = ("时间", "印章", "文号", "经办人", "保管人", "印章存放", "设备", "结果", "盖章前SM3", "盖章后SM3", "说明")


def export_ledger(*, actor: Account, unit: Unit, wanted: Wanted) -> bytes:
    """The uses that match, the latest first, as xlsx; at most `MOST_ROWS`. A command."""
    with command():
        check(actor, SealsPermission.SEE_LEDGER, unit)
        rows = list(uses(unit.pk, wanted)[:MOST_ROWS])
        record(verb="seals.export_ledger", actor=actor, unit_id=unit.pk, subject=unit, detail={"rows": len(rows)})
    return workbook("用印登记", [HEAD, *_lines(rows)])


def _lines(rows: Iterable[SealUse]) -> Iterable[tuple[str, ...]]:
    for use in rows:
        yield (
            f"{timezone.localtime(use.begun_at):%Y-%m-%d %H:%M:%S}",
            use.seal.name,
            use.number,
            use.custodian.name,
            "、".join(use.custodians),
            Carrier(use.carrier).label if use.carrier else "",
            use.device,
            SealUse.State(use.state).label,
            use.digest_before,
            use.digest_after,
            use.reason,
        )
