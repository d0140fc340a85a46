"""A process killed while it makes a seal: the centre undoes what it left, at whichever instruction it died (S5)."""

from datetime import timedelta

import pytest
from django.db import connection

from support.ceremonies import session
from support.killed import killed
from support.seal_life import life as name_parties
from support.world import World, forget_caches
from yichuan.common import clock
from yichuan.keys.models import IssuedCertificate, SoftKey
from yichuan.seals.models import Ceremony, Seal
from yichuan.seals.services.ceremony_abort import reap_ceremonies

# The process that makes: it stops dead at one instruction of the real service and waits there to be killed.
CHILD = """
import signal, sys, uuid
import django
django.setup()
from yichuan.people.models import Account
from yichuan.seals.models import Ceremony
from yichuan.seals.services import ceremony_make as service

point, ceremony_id = sys.argv[1:]

def stop(*_, **__):
    print("here", flush=True)
    signal.pause()

def stop_after(name):
    real = getattr(service, name)
    def wrapped(*args, **kwargs):
        result = real(*args, **kwargs)
        stop()
        return result
    setattr(service, name, wrapped)

if point == "the intent stands":
    service._make_keys = stop
else:
    stop_after({"the keys are made": "_make_keys", "the parts are certified": "certify", "kept": "keep_seal"}[point])
service._begin(
    Account.objects.get(username="custodian-市环保局"),
    uuid.UUID(ceremony_id),
    Ceremony.objects.get(pk=ceremony_id).digest,
    Ceremony.objects.get(pk=ceremony_id).attendances.get(party="unit").session_digest,
    None,
)
ceremony = Ceremony.objects.select_related("application__imprint").get(pk=ceremony_id)
service._carry_through(ceremony, Account.objects.get(username="custodian-市环保局"), None)
"""


@pytest.mark.parametrize(
    ("point", "keys", "certificates"),
    [
        ("the intent stands", 0, 0),
        ("the keys are made", 2, 0),
        ("the parts are certified", 2, 2),
        ("kept", 2, 2),
    ],
)
def test_what_a_dead_process_made_is_undone(committed_world: World, point: str, keys: int, certificates: int) -> None:
    one = session(name_parties(committed_world)).agreed()
    seal_id = one.ceremony.request["seal"]["id"]
    connection.close()  # the child alone is at the database

    killed(CHILD, point, one.ceremony.pk)

    made = SoftKey.objects.filter(label__contains=seal_id)
    valid = IssuedCertificate.objects.filter(holder_id=seal_id, state="valid")
    assert (made.count(), valid.count()) == (keys, certificates)
    assert one.state == ("minutes" if point == "kept" else "making")

    forget_caches()
    with clock.fixed_at(clock.now() + timedelta(seconds=75)):  # nobody's page is open any more
        assert reap_ceremonies() == 1
    assert one.state == "aborted"
    assert not made.exists() and not valid.exists() and not Seal.objects.filter(pk=seal_id).exists()
    assert Ceremony.objects.get(pk=one.ceremony.pk).reason.endswith("已离开")
