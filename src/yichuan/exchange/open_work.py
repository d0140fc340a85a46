"""What a person has in hand, for the form of a hand-over (P5): how many of what, never a title."""

from yichuan.compose.models import Document
from yichuan.compose.permissions import ComposePermission
from yichuan.compose.states import DocumentState
from yichuan.exchange.models import Delivery
from yichuan.exchange.permissions import ExchangePermission
from yichuan.exchange.states import DeliveryState
from yichuan.org.models import Post
from yichuan.org.selectors import opened_by
from yichuan.people.models import Account

_MADE = (
    (DocumentState.DRAFT, "没有完成的草稿"),
    (DocumentState.READY, "等待盖章的公文"),
    (DocumentState.SEALED, "盖好章等待发送的公文"),
)
_ARRIVED = (
    (DeliveryState.DELIVERED, "没有签收的来文"),
    (DeliveryState.SIGNED_FOR, "已签收、没有接收的来文"),
)


def open_work(account: Account, post: Post) -> list[tuple[str, int]]:
    """Each kind of open work that goes with the post, with its number; `YICHUAN_OPEN_WORK` of the room below."""
    found: list[tuple[str, int]] = []
    if post.unit_id is None:
        return found
    if ComposePermission.WRITE in opened_by(post):
        begun = Document.objects.filter(unit_id=post.unit_id, author=account)
        found += [(f"{account.name}起草、{label}", begun.filter(state=state).count()) for state, label in _MADE]
    if ExchangePermission.SIGN_FOR in opened_by(post):
        box = Delivery.objects.filter(unit=post.unit, office=post.office)
        found += [(label, box.filter(state=state).count()) for state, label in _ARRIVED]
    return [(label, number) for label, number in found if number]
