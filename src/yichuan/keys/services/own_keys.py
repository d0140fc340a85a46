"""Keys of the centre's own for a centre that was opened before there were such, and the next key for checkpoints where
the certificate of the one before was revoked: without it the log would go on unproven."""

from yichuan.common.models import Centre
from yichuan.common.transactions import command
from yichuan.keys.models import IssuedCertificate
from yichuan.keys.services.authority import CHECKPOINTS, LATER, issue_later
from yichuan.keys.services.log_key import has_log_key, make_log_key
from yichuan.keys.services.registry import ISSUING, row_of
from yichuan.keys.services.sign_checkpoints import OURS
from yichuan.keys.states import CertificateState


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
    missing = [label for label in LATER if label not in there]
    of_checkpoints = dict(IssuedCertificate.objects.filter(OURS).order_by("issued_at").values_list("label", "state"))
    if of_checkpoints and set(of_checkpoints.values()) == {CertificateState.REVOKED}:
        missing.append(f"{CHECKPOINTS}:{len(of_checkpoints) + 1}")
    return missing
