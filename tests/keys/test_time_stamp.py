"""The centre's own time stamps."""

from datetime import timedelta

import pytest

from support.world import World, broken_device
from yichuan.common import clock
from yichuan.common.errors import Unavailable
from yichuan.keys.models import IssuedCertificate, SoftKey
from yichuan.keys.selectors import crls
from yichuan.keys.services.authority import TIME_STAMPS, trusted_roots
from yichuan.keys.services.own_keys import open_own_keys
from yichuan.keys.services.time_stamp import time_stamp
from yichuan.keys.states import Use
from yichuan.lib.ses.time_stamp import check_time_stamp

VALUE = b"the SM2 value of a signature"


def test_a_stamp_proves_when_a_signature_was_there(world: World) -> None:
    token = time_stamp(VALUE)
    step, proven = check_time_stamp("time_stamp", token, VALUE, trust=trusted_roots(), at=clock.now(), crls=crls())
    assert step.ok, step
    assert proven is not None
    assert abs(proven - clock.now()) < timedelta(seconds=10)


def test_a_stamp_is_for_the_value_it_was_asked_for(world: World) -> None:
    step, proven = check_time_stamp("time_stamp", time_stamp(VALUE), b"another", trust=trusted_roots(), at=clock.now())
    assert (step.finding, proven) == ("stamp_of_other", None)


def test_a_centre_opened_before_there_were_stamps_gets_its_key_at_the_first(world: World) -> None:
    IssuedCertificate.objects.filter(label=TIME_STAMPS).delete()
    SoftKey.objects.filter(label=TIME_STAMPS).delete()
    time_stamp(VALUE)
    assert IssuedCertificate.objects.get(label=TIME_STAMPS).use == Use.TIME_STAMP
    assert open_own_keys() == 0


def test_a_device_that_is_away_stamps_nothing(world: World) -> None:
    with broken_device("sign"), pytest.raises(Unavailable) as refused:
        time_stamp(VALUE)
    assert refused.value.code == "device_failed"
