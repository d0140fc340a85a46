"""Several processes at the same time: one number a list, one state a certificate, nothing lost."""

from support.at_once import at_once
from support.certificates import for_person
from support.world import World
from yichuan.common.errors import Refused
from yichuan.common.transactions import command
from yichuan.keys.models import IssuedCertificate, PublishedList
from yichuan.keys.selectors import published
from yichuan.keys.services.authority import ISSUING
from yichuan.keys.services.hold import hold
from yichuan.keys.services.publish import publish_lists
from yichuan.keys.services.revoke import revoke
from yichuan.keys.states import Why
from yichuan.lib.gm.crl import Crl
from yichuan.lib.gm.sm2 import PrivateKey

PEOPLE = 6


def newest() -> Crl:
    row = published(ISSUING)
    assert row is not None
    assert row.der is not None
    return Crl.from_der(bytes(row.der))


def test_losses_reported_at_once_are_all_on_the_list(committed_world: World) -> None:
    rows = [for_person(committed_world.clerk["市环保局"]) for _ in range(PEOPLE)]

    def report(number: int) -> None:
        with command():
            hold(actor=None, certificate=rows[number], reason="丢失")

    assert at_once(report, PEOPLE) == []
    assert set(newest().revoked) == {int(row.serial, 16) for row in rows}
    assert newest().number == PEOPLE + 1
    assert not PublishedList.objects.filter(der=None).exists()


def test_two_tickers_and_a_loss_leave_one_list_a_number(committed_world: World) -> None:
    row = for_person(committed_world.clerk["市环保局"])

    def work(number: int) -> None:
        if number == 0:
            with command():
                hold(actor=None, certificate=row, reason="丢失")
        else:
            publish_lists()

    assert at_once(work, 4) == []
    publish_lists()
    assert set(newest().revoked) == {int(row.serial, 16)}
    numbers = list(PublishedList.objects.filter(issuer=ISSUING).values_list("number", flat=True))
    assert len(numbers) == len(set(numbers))


def test_one_certificate_is_revoked_once(committed_world: World) -> None:
    row = for_person(committed_world.clerk["市环保局"])

    def work(_: int) -> None:
        with command():
            revoke(actor=None, certificate=row, reason=Why.KEY_COMPROMISE)

    raised = at_once(work, 4)
    assert [type(error) for error in raised] == [Refused] * 3
    assert IssuedCertificate.objects.get(pk=row.pk).state == "revoked"


def test_one_key_brought_twice_at_once_is_certified_once(committed_world: World) -> None:
    key, account = PrivateKey.generate(), committed_world.clerk["市环保局"]
    raised = at_once(lambda _: for_person(account, key=key) and None, 4)
    assert [type(error) for error in raised] == [Refused] * 3
