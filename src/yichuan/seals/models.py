"""Seals of units and the record of every use."""

from django.conf import settings
from django.db import models

from yichuan.common.ids import new_id
from yichuan.org.models import Unit


class Seal(models.Model):
    """A unit's electronic seal (电子印章): the signed structure of GB/T 38540 and the label of its key."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="seals")
    name = models.CharField(max_length=120)
    diameter_mm = models.PositiveSmallIntegerField()
    der = models.BinaryField()
    certificate = models.BinaryField()
    key_label = models.CharField(max_length=120)
    issued_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)


class SealUse(models.Model):
    """One use of a seal (S8): written before the device is asked, completed after it answered."""

    class State(models.TextChoices):
        INTENT = "intent", "正在盖章"
        DONE = "done", "已盖章"
        FAILED = "failed", "未盖成"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    seal = models.ForeignKey(Seal, models.PROTECT, related_name="uses")
    custodian = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    document_id = models.UUIDField(db_index=True)
    digest_before = models.CharField(max_length=64)
    digest_after = models.CharField(max_length=64, blank=True)
    state = models.CharField(max_length=8, choices=State)
    begun_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [models.Index(fields=["state", "begun_at"], name="seals_use_open")]
