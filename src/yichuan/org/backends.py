"""Answers `user.has_perm(permission, obj)` from the person's present posts (P3, J-15)."""

from typing import Any

from django.contrib.auth.backends import BaseBackend

from yichuan.org.models import Unit
from yichuan.org.selectors import opened_by, present_posts
from yichuan.people.models import Account


class PostBackend(BaseBackend):
    """Without an object: does any post open it? With one: does a post in the object's own unit and office open it?

    A post of the centre itself has no unit and opens what it opens everywhere: never a document (P4). What belongs to
    the centre itself (`unit_id` is None) is opened by such a post only; what knows no unit, by nobody.
    """

    def has_perm(self, user_obj: Any, perm: str, obj: object | None = None) -> bool:
        if not isinstance(user_obj, Account) or not user_obj.is_active:
            return False
        unit_id = obj.pk if isinstance(obj, Unit) else getattr(obj, "unit_id", None)
        if obj is not None and not isinstance(obj, Unit) and not hasattr(obj, "unit_id"):
            return False
        office_id = getattr(obj, "office_id", None)
        return any(
            perm in opened_by(post)
            for post in present_posts(user_obj)
            if obj is None
            or post.unit_id is None
            or (post.unit_id == unit_id and (isinstance(obj, Unit) or post.office_id == office_id))
        )
