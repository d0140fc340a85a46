"""What the tests of the interface share: an office system, and who is told what happened."""

from collections.abc import Iterator

import pytest
from django.conf import LazySettings

from support.receivers import Receiver, receiver
from support.systems import System, system_of
from support.world import World


@pytest.fixture
def system(world: World) -> System:
    return system_of(world)


@pytest.fixture
def there(settings: LazySettings) -> Iterator[Receiver]:
    """A receiver whose host the operator named."""
    with receiver() as told:
        settings.YICHUAN_HOOK_HOSTS = [told.host]
        yield told
