"""Certificates of a centre in tests: keys made elsewhere, and an authority outside."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from support.gm import Holder, make
from support.world import World
from yichuan.common import clock
from yichuan.common.transactions import command
from yichuan.keys.models import ExternalAuthority, IssuedCertificate
from yichuan.keys.services.accept_authority import accept_authority
from yichuan.keys.services.certify import certify
from yichuan.keys.services.import_list import import_list
from yichuan.keys.services.propose_authorities import propose_authorities
from yichuan.keys.states import Use
from yichuan.lib.gm.crl import Crl, Revocation, make_crl
from yichuan.lib.gm.sm2 import PrivateKey
from yichuan.lib.gm.x509 import Name, Profile
from yichuan.org.duties import Duty
from yichuan.people.models import Account

DAY = timedelta(days=1)
YEAR = 365 * DAY


def for_person(
    account: Account, *, key: PrivateKey | None = None, use: Use = Use.LOGIN, lasts: timedelta = 2 * YEAR
) -> IssuedCertificate:
    """A certificate for a key that the person has."""
    with command():
        return certify(
            use=use,
            holder_kind="person",
            holder_id=account.pk,
            subject=Name(common_name=account.name, organization="江门市环境保护局"),
            public_key=(key or PrivateKey.generate()).public,
            lasts=lasts,
        )


def officer(world: World) -> Account:
    """The centre's security officer, always the same one."""
    found = Account.objects.filter(posts__duty=Duty.SECURITY_OFFICER).first()
    return found or world.holder(Duty.SECURITY_OFFICER)


@dataclass
class Outside:
    """An authority outside: the province's CA, and a person it certified."""

    authority: Holder
    person: Holder
    at: datetime

    def list(self, *revoked: Revocation, made: datetime | None = None, number: int = 1) -> Crl:
        """Its revocation list, good for a week."""
        made = made or self.at - DAY
        return make_crl(
            self.authority.certificate,
            self.authority.key.sign,
            revoked=revoked,
            number=number,
            this_update=made,
            next_update=made + 7 * DAY,
        )


def outside(profile: Profile = Profile.CLIENT) -> Outside:
    """Made now; nobody here knows it."""
    at = clock.now()
    authority = make(Profile.ROOT, "广东省党政内网证书机构", not_before=at - YEAR, not_after=at + 10 * YEAR)
    person = make(profile, "黄环", authority, not_before=at - DAY, not_after=at + YEAR)
    return Outside(authority, person, at)


def accepted(world: World, found: Outside, *, for_seals: bool = False, listed: bool = True) -> ExternalAuthority:
    """The security officer accepts it, and brings in its list."""
    actor = officer(world)
    (row,) = propose_authorities(actor=actor, bundle=found.authority.certificate.to_pem())
    row = accept_authority(actor=actor, authority_id=row.pk, compared=True, for_seals=for_seals)
    if listed:
        import_list(actor=actor, data=found.list().der)
    return row
