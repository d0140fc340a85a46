"""Answers `user.has_perm(permission, obj)` from the person's present posts (P3, J-15)."""

from typing import Any

from django.contrib.auth.backends import BaseBackend

from yichuan.org.models import Unit
from yichuan.org.selectors import opened_at
from yichuan.people.models import Account


class PostBackend(BaseBackend):
    """Without an object: does any post open it? With one: does a post in the object's own unit and office open it?

    A post of the centre itself has no unit and opens what it opens everywhere: never a document (P4). What belongs to
    the centre itself (`unit_id` is None) is opened by such a post only; what knows no unit, by nobody.
    """

    def has_perm(self, user_obj: Any, perm: str, obj: object | None = None) -> bool:
        if not isinstance(user_obj, Account) or not user_obj.is_active:
            return False
        if obj is None:
            return perm in opened_at(user_obj)
        if isinstance(obj, Unit):
            return perm in opened_at(user_obj, obj.pk)
        if not hasattr(obj, "unit_id"):
            return False
        return perm in opened_at(user_obj, obj.unit_id, getattr(obj, "office_id", None))
