"""A seal whose certificate was reported lost or revoked seals nothing, from the next moment on."""

import pytest

from support.certificates import officer
from support.world import World
from yichuan.common.errors import Refused
from yichuan.keys.services.manage import manage
from yichuan.keys.services.registry import row_of
from yichuan.seals.models import Seal, SealUse


def test_it_is_refused_until_the_loss_is_taken_back(world: World) -> None:
    document, row = world.ready(), row_of(Seal.objects.get().key_label)
    manage(actor=officer(world), verb="hold", certificate_id=row.pk, words="密码设备送修")
    with pytest.raises(Refused) as refusal:
        world.put_seal(document)
    assert refusal.value.code == "seal_certificate"
    assert not SealUse.objects.exists()
    manage(actor=officer(world), verb="release", certificate_id=row.pk, words="设备修好")
    assert world.put_seal(document).body_digest
