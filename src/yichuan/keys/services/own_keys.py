"""Keys of the centre's own for a centre that was opened before there were such."""

from yichuan.common.models import Centre
from yichuan.common.transactions import command
from yichuan.keys.models import IssuedCertificate
from yichuan.keys.services.authority import LATER, issue_later
from yichuan.keys.services.log_key import has_log_key, make_log_key
from yichuan.keys.services.registry import ISSUING, row_of


def open_own_keys() -> int:
    """Make what is missing of them, and say how many. A command."""
    missing = _missing()
    if (not missing and has_log_key()) or not Centre.objects.exists():
        return 0
    with command():
        IssuedCertificate.objects.select_for_update().get(pk=row_of(ISSUING).pk)  # of two processes one
        missing = _missing()
        for label in missing:
            issue_later(label, Centre.objects.get().name)
        make_log_key()
    return len(missing)


def _missing() -> list[str]:
    there = set(IssuedCertificate.objects.filter(label__in=LATER).values_list("label", flat=True))
    return [label for label in LATER if label not in there]
