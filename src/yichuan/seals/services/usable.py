"""Whether a seal may be used now: asked before it is prepared, when its use begins, and when its outcome is kept."""

from datetime import datetime

from django.db.models import CharField
from django.utils import timezone

from yichuan.common.errors import Refused, Unavailable
from yichuan.common.prepared import Prepared
from yichuan.keys.models import IssuedCertificate, read_certificate
from yichuan.keys.services.registry import ISSUING
from yichuan.keys.states import CertificateState
from yichuan.lib.gm.x509 import Certificate
from yichuan.seals.kinds import SealState
from yichuan.seals.models import Seal

_states = Prepared(
    lambda serial: IssuedCertificate.objects.filter(issuer=ISSUING, serial=serial).values_list("state", flat=True),
    serial=CharField(),
)


def require_usable(seal: Seal, at: datetime) -> None:
    """Refuse a seal that seals nothing at `at`.

    Refused `seal_replaced`, `seal_withdrawn`, `seal_suspended`, `seal_not_ready`, `seal_certificate` (on hold or
    revoked), `seal_expired`; Unavailable `clock_back`.
    """
    if seal.withdrawn_at is not None:
        after = Seal.objects.filter(replaces=seal).order_by("-issued_at").first()
        if after is not None:
            raise Refused("seal_replaced", f"印章「{seal.name}」已经换发新章，旧章不能再用。请改用新章盖。")
        raise Refused("seal_withdrawn", f"印章「{seal.name}」已停用，不能盖章。")
    if seal.suspended_at is not None:
        said = f"{timezone.localtime(seal.suspended_at):%Y年%-m月%-d日 %H:%M}"
        raise Refused("seal_suspended", f"印章「{seal.name}」自 {said} 起暂停使用，不能盖章。恢复后才能再用。")
    if seal.state != SealState.IN_USE:
        raise Refused("seal_not_ready", f"印章「{seal.name}」还没有制作好，不能盖章。")
    certificate = read_certificate(bytes(seal.certificate))
    if _states(serial=f"{certificate.serial:x}") != [CertificateState.VALID]:
        raise Refused("seal_certificate", f"印章「{seal.name}」的证书已挂失或者吊销，不能盖章。请联系系统保密员。")
    require_begun(certificate, at, f"印章「{seal.name}」")
    if at > certificate.not_after:
        until = f"{timezone.localtime(certificate.not_after):%Y年%-m月%-d日}"
        raise Refused("seal_expired", f"印章「{seal.name}」的有效期到 {until} 为止，现在不能盖章。请申请换发。")


def require_begun(certificate: Certificate, at: datetime, what: str) -> None:
    """Raise Unavailable `clock_back` where `what` begins after `at`: it was made here, so the server's clock is wrong
    and what would be sealed by it would never verify."""
    if at < certificate.not_before:
        begun = timezone.localtime(certificate.not_before)
        raise Unavailable(
            "clock_back",
            f"服务器的时钟比{what}启用的时间（{begun:%Y年%-m月%-d日 %H:%M:%S}）还早，什么也没有做。"
            "请联系系统管理员校准时钟，再按一次。",
        )
