"""Signing checkpoints of the log, with a key of the centre for nothing else (`YICHUAN_CHECKPOINT_SIGNER`)."""

from yichuan.common.errors import Unavailable
from yichuan.common.models import Centre, title_of
from yichuan.keys.devices.base import DeviceError
from yichuan.keys.models import IssuedCertificate
from yichuan.keys.services.authority import CHECKPOINTS, ROOT, certificate_of
from yichuan.keys.services.device import device, unavailable
from yichuan.keys.states import CertificateState
from yichuan.lib.gm.sm2 import PublicKey
from yichuan.lib.gm.sm3 import sm3

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
        return f"{title_of(Centre.objects.get().name)} {sm3(root.der)[:_NAMED_BY].hex()}"

    def sign(self, message: bytes) -> bytes:
        """The device's signature. Raises Unavailable, also before the centre has this key (`own_keys` makes it)."""
        if not self.keys():
            raise _not_opened()
        try:
            return device().sign(CHECKPOINTS, message)
        except DeviceError as error:
            raise unavailable(error) from error

    def keys(self) -> list[PublicKey]:
        """From the register of certificates."""
        rows = IssuedCertificate.objects.filter(label=CHECKPOINTS).exclude(state=CertificateState.REVOKED)
        return [row.certificate.public_key for row in rows.order_by("-issued_at")]


def _not_opened() -> Unavailable:
    return Unavailable("no_checkpoint_key", "交换中心还没有开通，或者检查点密钥还没有生成。请稍候再试。")


SIGNER = _Signer()
