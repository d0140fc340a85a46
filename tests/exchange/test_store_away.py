"""A store that does not answer says nothing of what lies in it: nobody is told to send a sound document back."""

from collections.abc import Iterator

import pytest

from support.world import World
from yichuan.common.blobs import NOT_READ, LocalBlobs
from yichuan.common.errors import Unavailable
from yichuan.compose.services.uploads import attach
from yichuan.exchange.services.sign_for import sign_for
from yichuan.exchange.states import DeliveryState


def test_while_the_store_is_away_attachments_are_not_called_altered(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = world.draft()
    file = attach(actor=world.sending_clerk, document_id=document.pk, name="表一.csv", data=b"a,b\n")
    delivery = world.sent("市环保局", document=document).deliveries.get()
    read = LocalBlobs.read

    def away(store: LocalBlobs, name: str) -> Iterator[bytes]:
        if name == file.blob:
            raise Unavailable("blob_store", NOT_READ)
        return read(store, name)

    with monkeypatch.context() as patched:
        patched.setattr(LocalBlobs, "read", away)
        with pytest.raises(Unavailable, match="存储暂时读不到"):
            sign_for(actor=world.clerk["市环保局"], delivery_id=delivery.pk)
    signed = sign_for(actor=world.clerk["市环保局"], delivery_id=delivery.pk)
    assert signed.state == DeliveryState.SIGNED_FOR
