"""By what a person proves who they are, and which of it a duty demands (P6)."""

from collections.abc import Iterable

from yichuan.common.labels import Labelled
from yichuan.people.models import Method


class Factor(Labelled):
    """One proof."""

    PASSWORD = "password", "密码"
    CERTIFICATE = "certificate", "数字证书"
    CODE = "code", "动态口令"


class Demand(Labelled):
    """What the profile says of a duty, under [login]."""

    EITHER = "either", "密码或数字证书"
    PASSWORD = "password", "密码"
    CERTIFICATE = "certificate", "数字证书"
    SECOND = "second", "数字证书，或者密码加动态口令"
    BOTH = "both", "密码和数字证书"


P, C, T = Factor.PASSWORD, Factor.CERTIFICATE, Factor.CODE
ENOUGH: dict[Demand, tuple[frozenset[Factor], ...]] = {
    Demand.EITHER: (frozenset({P}), frozenset({C})),
    Demand.PASSWORD: (frozenset({P}),),
    Demand.CERTIFICATE: (frozenset({C}),),
    Demand.SECOND: (frozenset({C}), frozenset({P, T})),
    Demand.BOTH: (frozenset({P, C}),),
}


def enough(demands: Iterable[Demand], proved: frozenset[Factor]) -> bool:
    """Whether `proved` does for every one of the demands: so the strictest of a person's duties holds."""
    return all(any(proofs <= proved for proofs in ENOUGH[demand]) for demand in demands)


def method_of(proved: frozenset[Factor]) -> Method:
    """The word for these proofs in the record of logins."""
    if C in proved:
        return Method.BOTH if P in proved else Method.CERTIFICATE
    return Method.PASSWORD_AND_CODE if T in proved else Method.PASSWORD
