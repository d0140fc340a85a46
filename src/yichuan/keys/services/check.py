"""Whether a certificate may be relied on: who vouches for it, since when, what for, and whether it was revoked."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from django.utils.timezone import localtime

from yichuan.common.errors import Refused
from yichuan.keys.models import ExternalAuthority, ImportedList, IssuedCertificate
from yichuan.keys.selectors import accepted_authorities
from yichuan.keys.services.registry import ISSUING, ROOT, certificate_of
from yichuan.keys.states import CertificateState, Use
from yichuan.lib.gm.crl import Crl, Reason
from yichuan.lib.gm.errors import GmError
from yichuan.lib.gm.x509 import Certificate, PathResult, Usage, validate_path

USAGES = {
    Use.LOGIN: Usage.CLIENT,
    Use.TLS_CLIENT: Usage.CLIENT,
    Use.UNIT: Usage.ENCRYPTION,
    Use.SEAL_MAKER: Usage.SEAL_MAKING,
}
FROM_OUTSIDE = (Use.LOGIN, Use.TLS_CLIENT)
"""What an accepted authority outside may vouch for; with the mark for seals, what belongs to seals too."""
OF_SEALS = (Use.SEAL, Use.VERIFICATION_SEAL, Use.SEAL_MAKER, Use.TIME_STAMP)
LONGEST = 16 * 1024
MOST_IN_CHAIN = 8

NOT_OURS = frozenset(("unknown_issuer", "untrusted_root", "wrong_issuer"))
AGAIN = "请换用本人的有效证书，或者联系系统保密员。"
WORDS = {
    "altered": ("certificate_forged", "证书的签名不对，可能被改动过或者是伪造的，不能使用。请联系系统保密员。"),
    "not_a_ca": ("certificate_forged", "签发这张证书的不是证书机构，证书可能是伪造的，不能使用。请联系系统保密员。"),
    "path_length": ("certificate_forged", "签发这张证书的机构越权签发，证书不能使用。请联系系统保密员。"),
    "unknown_extension": ("certificate_unsupported", f"证书里有本系统不认识的要求，不能使用。{AGAIN}"),
    "unsupported": ("certificate_unsupported", f"证书不是国密（SM2）证书，不能使用。{AGAIN}"),
    "too_complex": ("certificate_unsupported", f"证书的签发层次太多，不能使用。{AGAIN}"),
    "wrong_usage": ("certificate_wrong_usage", f"这张证书的用途不对，不能在这里使用。{AGAIN}"),
}
UNKNOWN = "签发这张证书的机构不在本中心的信任名单里，不能使用。请换用本中心签发的证书，或者请系统保密员核实后加入名单。"
HELD = "这张证书已经挂失，不能使用。找回介质的，请向系统保密员申请解除挂失。"
REVOKED = "这张证书已经吊销，不能使用。请重新申请证书。"
SUPERSEDED = "这张证书已经换发了新证书，不能再使用。请改用新证书。"
FORGED = "证书冒用了本中心的名义，不是本中心签发的，不能使用。请联系系统保密员。"


@dataclass(frozen=True)
class Checked:
    """A certificate that may be relied on: in the centre's register (`row`), or under an authority outside."""

    certificate: Certificate
    row: IssuedCertificate | None
    authority: ExternalAuthority | None


def check_certificate(
    certificate: Certificate | bytes, use: Use, at: datetime, chain: Iterable[Certificate] = ()
) -> Checked:
    """Check `certificate` (DER, or read) for `use` at `at`; `chain` are the CAs that came along with it.

    Refused, each with its own code: `certificate_unreadable`, `certificate_unsupported` (not SM2),
    `certificate_forged`, `certificate_unknown_authority`, `certificate_not_yet_valid`, `certificate_expired`,
    `certificate_wrong_usage`, `certificate_held`, `certificate_revoked`, `certificate_superseded`,
    `certificate_list_out_of_date`.
    """
    use = Use(use)
    leaf = certificate if isinstance(certificate, Certificate) else _read(certificate)
    usage = USAGES.get(use, Usage.SIGNATURE)
    root, issuing = certificate_of(ROOT), certificate_of(ISSUING)
    own = validate_path(leaf, intermediates=[issuing], trust=[root], at=at, usage=usage)
    if own.code not in NOT_OURS:
        _accept(own, leaf)
        return Checked(leaf, _registered(leaf, use, at), None)
    if leaf.issuer_key in (root.subject_key, issuing.subject_key):
        raise Refused("certificate_forged", FORGED)
    return Checked(leaf, None, _vouched(leaf, use, usage, at, chain))


def _read(der: bytes) -> Certificate:
    try:
        if len(der) > LONGEST:
            raise GmError("bad_certificate", "longer than any certificate")
        return Certificate.from_der(der)
    except GmError as error:
        raise Refused("certificate_unreadable", "读不出证书，请重新选择证书文件，或者换一个介质再试。") from error


def _registered(leaf: Certificate, use: Use, at: datetime) -> IssuedCertificate:
    """The row of one of ours, whose signature is in order; the register knows more than any list."""
    row = IssuedCertificate.objects.filter(issuer=ISSUING, serial=f"{leaf.serial:x}").first()
    if row is None or bytes(row.der) != leaf.der:
        raise Refused(
            "certificate_forged", "证书台账里没有这张证书，可能是盗用密钥签发的，不能使用。请立即联系系统保密员。"
        )
    if row.revoked_at is not None and row.revoked_at <= at:
        words = {CertificateState.HELD: HELD, CertificateState.SUPERSEDED: SUPERSEDED}
        state = CertificateState(row.state)
        raise Refused(f"certificate_{state.value}", words.get(state, REVOKED))
    if row.use != use:
        said = f"这是「{Use(row.use).label}」证书，不能用作「{use.label}」。"
        raise Refused("certificate_wrong_usage", f"{said}{AGAIN}")
    return row


def _vouched(
    leaf: Certificate, use: Use, usage: Usage, at: datetime, chain: Iterable[Certificate]
) -> ExternalAuthority:
    """The accepted authority outside that vouches for `leaf`, by its newest revocation lists."""
    if use not in (*FROM_OUTSIDE, *OF_SEALS):
        raise Refused("certificate_unknown_authority", UNKNOWN)
    authorities = {row.certificate: row for row in accepted_authorities(for_seals=use in OF_SEALS)}
    lists = [Crl.from_der(bytes(row.der)) for row in ImportedList.objects.filter(authority__in=authorities.values())]
    result = validate_path(
        leaf, intermediates=islice(chain, MOST_IN_CHAIN), trust=authorities, at=at, usage=usage, crls=lists
    )
    if result.code in NOT_OURS:
        raise Refused("certificate_unknown_authority", UNKNOWN)
    if result.code == "revoked":
        entries = [crl.revoked[result.about.serial] for crl in lists if result.about.serial in crl.revoked]
        held = any(entry.reason is Reason.CERTIFICATE_HOLD for entry in entries)
        raise Refused("certificate_held" if held else "certificate_revoked", HELD if held else REVOKED)
    if result.code == "revocation_unknown":
        raise Refused(
            "certificate_list_out_of_date",
            f"「{result.about.issuer_name}」的证书吊销列表没有导入或者已经过期，不能确认这张证书是否挂失，暂时不能使用。"
            "请系统保密员在外部信任名单里导入最新的吊销列表。",
        )
    _accept(result, leaf)
    return authorities[result.chain[-1]]


def _accept(result: PathResult, leaf: Certificate) -> None:
    """Refuse for the fault of a path, in words; nothing where there is none."""
    if result.ok:
        return
    about = result.about
    whose = "这张证书" if about == leaf else f"签发机构「{about.subject_name}」的证书"
    if result.code == "expired":
        raise Refused("certificate_expired", f"{whose}已于 {_day(about.not_after)} 到期，不能使用。请申请更新证书。")
    if result.code == "not_yet_valid":
        raise Refused("certificate_not_yet_valid", f"{whose}从 {_day(about.not_before)} 起才有效，现在不能使用。")
    code, words = WORDS[result.code]
    raise Refused(code, words)


def _day(moment: datetime) -> str:
    return f"{localtime(moment):%Y-%m-%d}"
