"""How certificates and the authorities outside move from state to state (G-9, G-25 to G-28)."""

from yichuan.common.states import Transition, TransitionTable
from yichuan.keys.kinds import AUTHORITIES, AuthorityState, CertificateState, Use, Why
from yichuan.keys.permissions import KeysPermission as May

__all__ = ["AUTHORITIES", "AUTHORITY", "CERTIFICATE", "AuthorityState", "CertificateState", "Use", "Why"]

C = CertificateState

CERTIFICATE = TransitionTable(
    "certificate",
    {state.value: state.label for state in CertificateState},
    [
        Transition("hold", C.VALID, C.HELD, May.MANAGE_CERTIFICATES, "keys.hold_certificate"),
        Transition("release", C.HELD, C.VALID, May.MANAGE_CERTIFICATES, "keys.release_certificate"),
        Transition("revoke", C.VALID, C.REVOKED, May.MANAGE_CERTIFICATES, "keys.revoke_certificate"),
        Transition("revoke", C.HELD, C.REVOKED, May.MANAGE_CERTIFICATES, "keys.revoke_certificate"),
        Transition("renew", C.VALID, C.SUPERSEDED, May.MANAGE_CERTIFICATES, "keys.renew_certificate"),
    ],
    noun="这张证书",
)

A = AuthorityState

AUTHORITY = TransitionTable(
    "authority",
    {state.value: state.label for state in AuthorityState},
    [
        Transition("accept", A.PROPOSED, A.ACCEPTED, May.MANAGE_TRUST, "keys.accept_authority"),
        Transition("withdraw", A.PROPOSED, A.WITHDRAWN, May.MANAGE_TRUST, "keys.withdraw_authority"),
        Transition("withdraw", A.ACCEPTED, A.WITHDRAWN, May.MANAGE_TRUST, "keys.withdraw_authority"),
    ],
    noun="这个外部证书",
)
