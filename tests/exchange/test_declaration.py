"""Before every sending: that it bears nothing which is not exchanged here (J-4)."""

import uuid

from support.pages import words
from support.world import World
from yichuan.audit.models import Entry
from yichuan.exchange.models import Dispatch


def test_nothing_goes_from_the_page_undeclared_and_what_was_typed_stays(world: World) -> None:
    document = world.sealed()
    client, address = world.browser(world.sending_clerk), f"/documents/{document.pk}/send/"
    assert "第四条（一）" in words(client.get(address).content.decode())
    form = {"key": str(uuid.uuid4()), "main": str(world.units["市环保局"].pk), "allowance": "7"}
    refused = client.post(address, form)
    html = refused.content.decode()
    assert refused.status_code == 422 and "打勾以后才能发送" in words(html) and 'value="7"' in html
    assert not Dispatch.objects.exists()
    assert client.post(address, form | {"declared": "on"}).status_code == 302
    assert Entry.objects.get(verb="exchange.send").detail["declared"] is True
