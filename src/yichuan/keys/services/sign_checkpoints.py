"""Signing checkpoints of the log, with a key of the centre for nothing else (`YICHUAN_CHECKPOINT_SIGNER`)."""

from datetime import datetime

from django.db.models import Q

from yichuan.audit.signing import CheckpointKey
from yichuan.common.errors import Unavailable
from yichuan.common.models import Centre, title_of
from yichuan.common.prepared import Prepared
from yichuan.keys.devices.base import DeviceError
from yichuan.keys.models import IssuedCertificate, read_certificate
from yichuan.keys.services.authority import CHECKPOINTS, ROOT, certificate_of
from yichuan.keys.services.device import device, unavailable
from yichuan.keys.states import CertificateState, Why
from yichuan.lib.gm.sm2 import PublicKey
from yichuan.lib.gm.sm3 import sm3

OURS = Q(label=CHECKPOINTS) | Q(label__startswith=f"{CHECKPOINTS}:")
"""The certificates of the keys that sign or signed checkpoints: of the first, and of those that came after a revoked
one."""
_centre = Prepared(lambda: Centre.objects.values_list("name", flat=True))
_certificates = Prepared(
    lambda: IssuedCertificate.objects.filter(OURS).order_by("-issued_at").values_list("der", "revoked_at", "reason")
)
_NAMED_BY = 8  # bytes of the root's fingerprint that stand in the name


class _Signer:
    """As `audit.signing.Signer` asks for it."""

    def log_name(self) -> str:
        """The centre's title and the first 16 digits of its root certificate's fingerprint (SM3): the root outlasts
        every other key, and two centres of one name still have two logs."""
        try:
            root = certificate_of(ROOT)
        except IssuedCertificate.DoesNotExist as error:
            raise _not_opened() from error
        return f"{title_of(_centre()[0])} {sm3(root.der)[:_NAMED_BY].hex()}"

    def sign(self, message: bytes) -> bytes:
        """The device's signature, by the key whose certificate is valid. Raises Unavailable, also where there is none:
        not yet, held, or revoked a moment ago (`own_keys` makes the next one)."""
        try:
            return device().sign(_valid().label, message)
        except DeviceError as error:
            raise unavailable(error) from error

    def since(self) -> datetime | None:
        """As the key's first certificate says. Raises Unavailable as `sign` does."""
        label = _valid().label
        if label == CHECKPOINTS:
            return None
        first = IssuedCertificate.objects.filter(label=label).earliest("issued_at")
        return read_certificate(bytes(first.der)).not_before

    def keys(self) -> list[CheckpointKey]:
        """From the register of certificates; of one key's several certificates the first that ended ends it."""
        found: dict[PublicKey, CheckpointKey] = {}
        for der, revoked_at, reason in _certificates():
            key = read_certificate(bytes(der)).public_key
            before = found.get(key, CheckpointKey(key))
            ends = [each for each in (before.until, revoked_at) if each is not None]
            leaked = before.leaked or reason == Why.KEY_COMPROMISE
            found[key] = CheckpointKey(key, min(ends, default=None), leaked)
        return list(found.values())


def _valid() -> IssuedCertificate:
    row = IssuedCertificate.objects.filter(OURS, state=CertificateState.VALID).order_by("-issued_at").first()
    if row is None:
        raise _not_opened()
    return row


def _not_opened() -> Unavailable:
    return Unavailable("no_checkpoint_key", "交换中心还没有开通，或者检查点密钥还没有生成。请稍候再试。")


SIGNER = _Signer()
