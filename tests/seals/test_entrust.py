"""Entrusting a seal: who keeps what, and a share for each (J-24)."""

import secrets

import pytest

from support.custody import OFFICE, kept, on_carrier
from support.world import World
from yichuan.audit.models import Entry
from yichuan.common.errors import Invalid
from yichuan.common.transactions import command
from yichuan.keys.shares import combine, fits
from yichuan.org.duties import Duty
from yichuan.people.models import Account
from yichuan.seals.kinds import CustodyRole
from yichuan.seals.models import Custodian, Seal
from yichuan.seals.services.entrust import context_of, entrust
from yichuan.seals.services.opened import needs_opening
from yichuan.seals.services.shares import from_device


def _keepers(world: World, *roles: CustodyRole) -> list[tuple[Account, CustodyRole]]:
    return [(world.holder(Duty.CUSTODIAN, OFFICE, number), role) for number, role in enumerate(roles, 1)]


def test_every_custodian_gets_a_share_and_k_of_them_give_the_password(world: World) -> None:
    password = secrets.token_bytes(16)
    keepers = _keepers(world, *[CustodyRole.CUSTODIAN] * 3)
    with command():
        seal = Seal.objects.get()
        seal.quorum, seal.under_password = 2, True
        seal.save()
        entrust(actor=None, seal=seal, custodians=keepers, password=password)
    rows = list(seal.custodians.order_by("index"))
    assert [each.index for each in rows] == [1, 2, 3]
    shares = {each.index: from_device(bytes(each.sealed_share), context_of(each)) for each in rows}
    check = bytes(rows[0].share_check)
    assert all(fits(index, share, check) for index, share in shares.items())
    assert combine({1: shares[1], 3: shares[3]}, check) == password
    assert Entry.objects.get(verb="seals.entrust").detail["quorum"] == 2


def test_a_share_lies_only_where_it_was_put(world: World) -> None:
    found = kept(world, shares=False)
    first, second = found.row(0), found.row(1)
    first.sealed_share = second.sealed_share
    with pytest.raises(Exception, match="密码设备不可用"):
        from_device(bytes(first.sealed_share), context_of(first))


def test_no_share_and_no_password_is_in_the_database_or_the_log(world: World) -> None:
    password, keepers = secrets.token_bytes(16), _keepers(world, CustodyRole.CUSTODIAN)
    with command():
        seal = Seal.objects.get()
        entrust(actor=None, seal=seal, custodians=keepers, password=password)
    row = Custodian.objects.get(seal=seal)
    assert password not in bytes(row.sealed_share)
    assert password not in bytes(row.share_check)
    assert password.hex() not in str(list(Entry.objects.values_list("detail", flat=True)))


def test_carrier_and_password_are_kept_by_two_people_and_each_use_needs_both(world: World) -> None:
    found = on_carrier(world)
    found.seal.refresh_from_db()
    assert (found.seal.quorum, needs_opening(found.seal)) == (2, True)
    roles = found.seal.custodians.order_by("pk").values_list("role", flat=True)
    assert list(roles) == [CustodyRole.CARRIER, CustodyRole.PASSWORD]


def test_one_custodian_needs_no_opening(world: World) -> None:
    seal, keepers = Seal.objects.get(), _keepers(world, CustodyRole.CUSTODIAN)
    with command():
        entrust(actor=None, seal=seal, custodians=keepers, password=None)
    assert not needs_opening(seal)


@pytest.mark.parametrize(
    ("roles", "quorum", "shared"),
    [
        ((), 1, False),
        ((CustodyRole.CUSTODIAN,), 2, True),
        ((CustodyRole.CARRIER,), 1, False),
        ((CustodyRole.CARRIER, CustodyRole.CARRIER), 2, False),
        ((CustodyRole.CARRIER, CustodyRole.PASSWORD), 2, True),
        ((CustodyRole.CARRIER, CustodyRole.CUSTODIAN), 2, False),
    ],
)
def test_people_who_do_not_fit_one_another_are_refused(
    world: World, roles: tuple[CustodyRole, ...], quorum: int, shared: bool
) -> None:
    seal = Seal.objects.get()
    seal.quorum = quorum
    password, keepers = secrets.token_bytes(16) if shared else None, _keepers(world, *roles)
    with pytest.raises(Invalid) as refusal, command():
        entrust(actor=None, seal=seal, custodians=keepers, password=password)
    assert list(refusal.value.errors) == ["custodians"]
    assert not Custodian.objects.exists()


def test_one_person_keeps_one_share(world: World) -> None:
    seal, person = Seal.objects.get(), world.holder(Duty.CUSTODIAN, OFFICE)
    twice = [(person, CustodyRole.CARRIER), (person, CustodyRole.PASSWORD)]
    with pytest.raises(Invalid), command():
        entrust(actor=None, seal=seal, custodians=twice, password=None)
