"""`{% load certificates %}`: states, ends and numbers of certificates as pages show them."""

from datetime import datetime

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from yichuan.common import clock
from yichuan.keys.models import ExternalAuthority, IssuedCertificate
from yichuan.keys.selectors import SOON_DAYS, VERY_SOON_DAYS
from yichuan.keys.states import AuthorityState, CertificateState, Use, Why
from yichuan.web.templatetags.yc import badge

register = template.Library()

LOOKS: dict[str, tuple[str, str]] = {
    CertificateState.VALID: ("green", "check-lg"),
    CertificateState.HELD: ("amber", "exclamation-triangle"),
    CertificateState.REVOKED: ("danger", "x-circle-fill"),
    CertificateState.SUPERSEDED: ("", "clock-history"),
    AuthorityState.PROPOSED: ("amber", "hourglass-split"),
    AuthorityState.ACCEPTED: ("green", "check-lg"),
    AuthorityState.WITHDRAWN: ("", "x-lg"),
}
USAGES = {
    "digital_signature": "数字签名",
    "non_repudiation": "防抵赖",
    "key_cert_sign": "签发证书",
    "crl_sign": "签发吊销列表",
    "key_encipherment": "加密密钥",
    "data_encipherment": "加密数据",
    "key_agreement": "密钥协商",
}
REASONS = {why.value: why.label for why in Why}
BYTES_A_GROUP = 4


@register.simple_tag
def certificate_badge(row: IssuedCertificate) -> SafeString:
    """The state; one in force whose time is over is shown as ended."""
    state = CertificateState(row.state)
    if state is CertificateState.VALID and row.expires_at <= clock.now():
        return badge("已到期", "danger", "clock-history")
    return badge(state.label, *LOOKS[state])


@register.simple_tag
def authority_badge(row: ExternalAuthority) -> SafeString:
    state = AuthorityState(row.state)
    return badge(state.label, *LOOKS[state])


@register.simple_tag
def until(row: IssuedCertificate) -> SafeString:
    """The last day, and how many days are left where they are few."""
    day = f"{timezone.localtime(row.expires_at):%Y-%m-%d}"
    left = (row.expires_at - clock.now()).days
    if row.state != CertificateState.VALID or not 0 <= left <= SOON_DAYS:
        return format_html('<span class="num">{}</span>', day)
    kind = "danger" if left <= VERY_SOON_DAYS else "amber"
    return format_html('<span class="num">{}</span> {}', day, badge(f"还有 {left} 天", kind, "clock-history"))


@register.filter
def use_label(use: str) -> str:
    return Use(use).label


@register.filter
def usages(names: frozenset[str] | None) -> str:
    """Key usages in words, in the order of the standard."""
    return "、".join(word for name, word in USAGES.items() if names is None or name in names)


@register.filter
def reason_label(reason: str) -> str:
    return REASONS.get(reason, "")


@register.filter
def grouped(number: str) -> str:
    """A number or fingerprint in groups that an eye can compare."""
    size = 2 * BYTES_A_GROUP
    return " ".join(number[start : start + size] for start in range(0, len(number), size)).upper()


@register.filter
def hexadecimal(data: bytes) -> str:
    return data.hex()


@register.filter
def is_over(moment: datetime | None) -> bool:
    return moment is not None and moment <= clock.now()
