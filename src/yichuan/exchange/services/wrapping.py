"""A document's key under one more box, made before locks are held and used only if the box stood still meanwhile."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from yichuan.common.errors import Unavailable
from yichuan.common.transactions import require_transaction
from yichuan.compose.models import Document
from yichuan.compose.services.keys import wrap_for
from yichuan.org.models import Box
from yichuan.org.services.hold_boxes import hold_boxes

T = TypeVar("T")
TRIES = 3


class MovedError(Exception):
    """The box changed hands between the device's work and the transaction."""


@dataclass(frozen=True)
class Wrap:
    """What the device made, and for which box as it stood then."""

    box: Box
    wrapped: bytes

    def hold(self) -> None:
        """Keep the box where it is until the transaction ends, or raise `MovedError`. A step, before other locks."""
        require_transaction()
        now = hold_boxes([self.box.pk])[self.box.pk]
        before = self.box
        if (now.unit_id, now.generation, now.closed_at) != (before.unit_id, before.generation, before.closed_at):
            raise MovedError


def wrap(box: Box, document: Document, key: bytes) -> Wrap:
    """Wrap `key` for the box. Device work, outside of any transaction."""
    return Wrap(box, wrap_for(box, document, key))


def until_still(work: Callable[[], T]) -> T:
    """Do `work` (device and transaction) again while boxes move under it."""
    for _ in range(TRIES):
        try:
            return work()
        except MovedError:
            continue
    raise Unavailable("boxes_moving", "交换箱正在办理变更，没有办成。请过一会儿再按一次。")
