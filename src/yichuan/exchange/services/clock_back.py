"""A server's clock that was set back (J-31): the sending time is law, so nothing is sent by a clock that is wrong."""

from datetime import timedelta

from yichuan.common import clock
from yichuan.common.errors import Unavailable
from yichuan.compose.models import Document

TOLERANCE = timedelta(minutes=1)  # by which the clocks of two servers may differ


def require_clock(document: Document) -> None:
    """Raise `Unavailable` where it is earlier now than when the document was last worked on."""
    if clock.now() < document.changed_at - TOLERANCE:
        raise Unavailable(
            "clock_back",
            "服务器的时钟比这件公文盖章的时间还早，发送时间会记错，公文没有发出。请联系系统管理员校准时钟，再按一次。",
        )
