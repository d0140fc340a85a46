"""What everybody is told of a document whose seal has been lost, withdrawn or destroyed since (J-25)."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from support.world import World
from yichuan.common import clock
from yichuan.common.transactions import command
from yichuan.compose.services.read import read_body
from yichuan.keys.services.publish import publish_lists, publish_wanted
from yichuan.seals.kinds import Cause
from yichuan.seals.models import Seal
from yichuan.seals.services import publish_status
from yichuan.seals.services.move import move


def befalls(verb: str, cause: Cause) -> None:
    """Something befalls the world's seal, and both lists go out, as they do behind the commit."""
    with command():
        move(actor=None, seal=Seal.objects.select_for_update().get(), verb=verb, cause=cause)
    publish_status.publish_wanted()
    publish_wanted()


def told(data: bytes) -> str:
    return Client().post("/verify/", {"files": SimpleUploadedFile("公文.ofd", data)}).content.decode()


@pytest.mark.parametrize(
    ("verb", "cause", "word"),
    [
        ("suspend", Cause.LOSS, "暂停使用（遗失）"),
        ("withdraw", Cause.RENAME, "停用（单位更名）"),
        ("destroy", Cause.DAMAGE, "销毁（损坏）"),
    ],
)
def test_what_was_sealed_and_stamped_before_stays_good_and_the_reason_is_told(
    world: World, verb: str, cause: Cause, word: str
) -> None:
    data = read_body(world.sealed())
    with clock.fixed_at(clock.now() + timedelta(days=1)):
        befalls(verb, cause)
        said = told(data)
    assert "签章有效" in said
    assert word in said
    assert "不受影响" in said


def test_a_seal_that_was_found_again_is_in_use_again(world: World) -> None:
    data = read_body(world.sealed())
    befalls("suspend", Cause.LOSS)
    befalls("resume", Cause.LOSS)
    assert "没有停用记录" in told(data)


def test_years_later_a_kept_document_is_still_told_apart(world: World) -> None:
    data = read_body(world.sealed())
    with clock.fixed_at(clock.now() + timedelta(days=1)):
        befalls("suspend", Cause.LOSS)
    with clock.fixed_at(clock.now() + timedelta(days=3 * 365)):
        publish_lists()
        publish_status.publish_status()
        assert "签章有效" in told(data)
