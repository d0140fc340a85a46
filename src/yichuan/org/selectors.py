"""Reading units and posts."""

import uuid
from collections.abc import Iterable

from yichuan.common.errors import NotFound
from yichuan.org.models import Box, Post, Unit
from yichuan.people.models import Account


def present_posts(account: Account) -> list[Post]:
    """The posts the person holds now, with their units; asked once a request and kept on the account object."""
    kept: list[Post] | None = getattr(account, "_present_posts", None)
    if kept is None:
        kept = list(
            Post.objects.filter(account=account, until=None).select_related("unit").order_by("unit__order", "id")
        )
        account._present_posts = kept  # type: ignore[attr-defined]
    return kept


def units_of(account: Account) -> list[Unit]:
    """The units in which the person holds a post, each once."""
    return list({post.unit_id: post.unit for post in present_posts(account)}.values())


def address_book() -> list[Unit]:
    """Every unit, in the order of the work plan."""
    return list(Unit.objects.order_by("order"))


def boxes_of(unit_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, Box]:
    """The box of each unit."""
    return {box.unit_id: box for box in Box.objects.filter(unit_id__in=list(unit_ids))}


def box_of(unit_id: uuid.UUID) -> Box:
    """One unit's box."""
    box = Box.objects.filter(unit_id=unit_id).first()
    if box is None:
        raise NotFound("no_box", "这个单位还没有交换箱，请联系系统管理员。")
    return box
