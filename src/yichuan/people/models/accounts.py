"""Accounts: who somebody is. What they may do stands in `org`."""

from functools import cache
from typing import Any, ClassVar, Self

from django.contrib.auth import get_backends
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from yichuan.common import clock
from yichuan.common.ids import new_id


class Account(AbstractBaseUser):
    """One person, one account (P2, J-16)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    username = models.CharField("账号", max_length=40, unique=True)
    name = models.CharField("姓名", max_length=40, db_index=True)
    is_active = models.BooleanField(default=True)
    must_change_password = models.BooleanField(default=True)
    password_set_at = models.DateTimeField(default=clock.now)
    failed_logins = models.PositiveSmallIntegerField(default=0)
    locked_until = models.DateTimeField(null=True)
    suspended_at = models.DateTimeField("停用时间", null=True)
    suspended_reason = models.CharField("停用原因", max_length=200, blank=True)
    bound_devices_only = models.BooleanField("只准从登记设备登录", default=False)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects: ClassVar[BaseUserManager[Self]] = BaseUserManager()

    def has_perm(self, perm: str, obj: object | None = None) -> bool:
        """Ask the backends; the one in `org` answers from the person's posts."""
        return any(backend.has_perm(self, perm, obj) for backend in _answering())


@cache
def _answering() -> tuple[Any, ...]:
    """The backends that know what somebody may do, made once: they keep nothing of anybody."""
    return tuple(backend for backend in get_backends() if hasattr(backend, "has_perm"))


class PastPassword(models.Model):
    """A password that is used no more, so that it is not taken again (等保三级). Only its hash was ever kept."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="past_passwords")
    password = models.CharField(max_length=128)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["account", "-at"], name="people_past_password")]
