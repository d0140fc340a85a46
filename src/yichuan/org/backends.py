"""Answers `user.has_perm(permission, obj)` from the person's present posts (P3, J-15)."""

from typing import Any

from django.contrib.auth.backends import BaseBackend

from yichuan.org.duties import permissions_of
from yichuan.org.models import Unit
from yichuan.org.selectors import present_posts
from yichuan.people.models import Account


class PostBackend(BaseBackend):
    """Without an object: does any post open it? With one: does a post in the object's own unit open it?"""

    def has_perm(self, user_obj: Any, perm: str, obj: object | None = None) -> bool:
        if not isinstance(user_obj, Account) or not user_obj.is_active:
            return False
        unit_id = obj.pk if isinstance(obj, Unit) else getattr(obj, "unit_id", None)
        if obj is not None and unit_id is None:
            return False
        return any(
            perm in permissions_of(post.duty)
            for post in present_posts(user_obj)
            if obj is None or post.unit_id == unit_id
        )
