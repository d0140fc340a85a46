"""A key of the log that was taken away or altered in the database is no closed device: verification says so."""

import pytest

from support.log import acts
from support.world import World, broken_device
from yichuan.audit.services.sequence import catch_up
from yichuan.audit.services.verify_log import verify_log
from yichuan.keys.models import WrappedKey
from yichuan.keys.services.log_key import LABEL, forget_log_key


@pytest.mark.parametrize("taken", [True, False], ids=["taken away", "altered"])
def test_it_is_a_fault(world: World, taken: bool) -> None:
    acts(3)
    catch_up()
    row = WrappedKey.objects.filter(label=LABEL)
    if taken:
        row.delete()
    else:
        row.update(wrapped=bytes(len(bytes(row.get().wrapped))))
    forget_log_key()
    (fault,) = verify_log().faults
    assert "密钥" in fault.sentence


def test_a_closed_device_is_none(world: World) -> None:
    acts(3)
    catch_up()
    forget_log_key()
    with broken_device("unwrap"):
        assert verify_log().good
