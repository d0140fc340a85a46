"""Damage and loss, the units' own rules, and the published list of how every seal stands (J-25, J-26)."""

from django.conf import settings
from django.db import models

from yichuan.common.ids import new_id
from yichuan.org.models import Unit
from yichuan.seals.kinds import Cause
from yichuan.seals.models.seals import Seal

ACCOUNT = settings.AUTH_USER_MODEL


class LossReport(models.Model):
    """A report of damage or loss: the seal is suspended in the same transaction. Then what became of the carrier."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    seal = models.ForeignKey(Seal, models.PROTECT, related_name="reports")
    cause = models.CharField(max_length=16, choices=[(c.value, c.label) for c in Cause])
    words = models.CharField(max_length=400)
    reported_by = models.ForeignKey(ACCOUNT, models.PROTECT, related_name="+")
    reported_at = models.DateTimeField()
    lost_at = models.DateTimeField()  # since when its uses are doubted
    taken_in_by = models.ForeignKey(ACCOUNT, models.PROTECT, null=True, related_name="+")
    taken_in_at = models.DateTimeField(null=True)
    taken_in_words = models.CharField(max_length=400, blank=True)


class SealRules(models.Model):
    """A unit's own seal rules on file (J-26), one edition after the other; the newest is shown to its custodians."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="seal_rules")
    title = models.CharField(max_length=120)
    text = models.TextField()
    filed_by = models.ForeignKey(ACCOUNT, models.PROTECT, related_name="+")
    filed_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["unit", "-filed_at"], name="seals_rules_newest")]


class StatusList(models.Model):
    """A published list of how every seal stands: wanted (`der` empty) until the seal maker has signed it."""

    number = models.PositiveBigIntegerField(unique=True)
    wanted_at = models.DateTimeField()
    this_update = models.DateTimeField(null=True)
    next_update = models.DateTimeField(null=True)
    der = models.BinaryField(null=True)
