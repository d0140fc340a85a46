"""A server's clock that was set back: no sending time before the seal's, and the log keeps the order of the acts."""

import uuid
from datetime import timedelta

import pytest

from support.printing import hold
from support.world import World
from yichuan.audit.models import Entry
from yichuan.audit.selectors import history
from yichuan.common import clock
from yichuan.common.errors import Refused, Unavailable
from yichuan.compose.models import Document
from yichuan.exchange.models import Dispatch
from yichuan.exchange.services.send import send
from yichuan.seals.models import Seal, SealUse
from yichuan.seals.services.open_verification import require_verification

UNIT = "市环保局"


def sent(world: World, document: Document) -> Dispatch:
    return send(
        actor=world.sending_clerk,
        document=document,
        recipients=world.recipients("市环保局"),
        idempotency_key=uuid.uuid4(),
    )


def test_nothing_is_sent_before_it_was_sealed(world: World) -> None:
    document = world.sealed()
    with clock.fixed_at(document.changed_at - timedelta(hours=3)), pytest.raises(Unavailable, match="校准时钟"):
        sent(world, document)
    document.refresh_from_db()
    assert document.state == "sealed" and not Dispatch.objects.exists()
    assert sent(world, document).sent_at >= document.changed_at


def test_a_seal_whose_time_has_not_begun_is_not_told_to_be_renewed(world: World) -> None:
    document, before = world.ready(), Seal.objects.get(unit=world.sender).issued_at - timedelta(hours=3)
    with (
        clock.fixed_at(before),
        pytest.raises(Unavailable, match=r"印章「江门市人民政府办公室」启用.*校准时钟") as refused,
    ):
        world.put_seal(document)
    assert refused.value.code == "clock_back" and not SealUse.objects.exists()
    kept = hold(world.units[UNIT], world.clerk[UNIT])
    with pytest.raises(Unavailable, match=r"验证印章启用.*校准时钟"):
        require_verification(world.clerk[UNIT], kept, before)
    with pytest.raises(Refused, match=r"到 .* 为止") as expired:
        require_verification(world.clerk[UNIT], kept, before + timedelta(days=365 * 6))
    assert expired.value.code == "verification_expired"


def test_the_seconds_by_which_two_servers_differ_stop_nobody(world: World) -> None:
    document = world.sealed()
    with clock.fixed_at(document.changed_at - timedelta(seconds=20)):
        dispatch = sent(world, document)
    verbs = [entry.verb for entry in Entry.objects.order_by("pk") if entry.subject_id in (document.pk, dispatch.pk)]
    assert verbs[-2:] == ["compose.seal", "exchange.send"], "the log's own order is that of the acts"
    assert {each.verb for each in history([document.pk, dispatch.pk])} >= {"compose.seal", "exchange.send"}
