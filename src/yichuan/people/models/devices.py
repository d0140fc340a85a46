"""Devices that people use for the system: registered, checked, sealed off (P7, G-39)."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from yichuan.common.ids import new_id


class Device(models.Model):
    """One registered device of a unit and its user.

    A browser of it is bound by a cookie of which only the digest is kept. The code that binds it is kept as a digest
    as well; it works once, until `code_until`.
    """

    class Kind(models.TextChoices):
        DESKTOP = "desktop", "台式计算机"
        NOTEBOOK = "notebook", "笔记本计算机"
        TERMINAL = "terminal", "云终端"
        TABLET = "tablet", "平板"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    unit_id = models.UUIDField()
    name = models.CharField("设备名称", max_length=40)
    kind = models.CharField("类型", max_length=12, choices=Kind)
    asset_number = models.CharField("资产编号", max_length=40)
    place = models.CharField("放置地点", max_length=60)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="devices")
    registered_at = models.DateTimeField()
    registered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    code_digest = models.CharField(max_length=64, blank=True)
    code_until = models.DateTimeField(null=True)
    binding_digest = models.CharField(max_length=64, blank=True)
    bound_at = models.DateTimeField(null=True)
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["unit_id", "asset_number"], condition=Q(retired_at=None), name="people_asset_number_once"
            ),
            models.UniqueConstraint(
                fields=["binding_digest"], condition=~Q(binding_digest=""), name="people_binding_once"
            ),
            models.UniqueConstraint(fields=["code_digest"], condition=~Q(code_digest=""), name="people_code_once"),
        ]
        indexes = [
            models.Index(fields=["unit_id", "-registered_at"], name="people_device_unit"),
            models.Index(fields=["-registered_at"], name="people_device_at"),
        ]


class SpotCheck(models.Model):
    """What was found when somebody looked at a device (抽查). `items`: each point, and whether it was well."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    device = models.ForeignKey(Device, models.PROTECT, related_name="checks")
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    items = models.JSONField()
    findings = models.CharField("检查情况", max_length=400, blank=True)

    class Meta:
        indexes = [models.Index(fields=["device", "-at"], name="people_check_device")]


class SealingOff(models.Model):
    """A device sealed off (封存), until it is opened again."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    device = models.ForeignKey(Device, models.PROTECT, related_name="sealings")
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reason = models.CharField("封存原因", max_length=200)
    suspended_user = models.BooleanField(default=False)
    sessions_ended = models.PositiveSmallIntegerField(default=0)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    end_reason = models.CharField("解封原因", max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["device"], condition=Q(ended_at=None), name="people_device_sealed_off_once"
            ),
        ]
