"""What travels on paper beside the electronic document, and whom only paper reaches (J-28, D4, D6)."""

import uuid

from django.conf import settings
from django.db import models

from yichuan.common.ids import new_id
from yichuan.exchange.models.deliveries import Delivery, Dispatch
from yichuan.org.models import Unit

ACCOUNT = settings.AUTH_USER_MODEL


class Track(models.TextChoices):
    SINGLE = "single", "单轨"
    DUAL = "dual", "双轨"


class TrackRule(models.Model):
    """By which track one pair of units exchanges, where it is another than the centre's (D4). Null stands for all.

    `pair` says both in one, so that one rule a pair is in force.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    sender = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    receiver = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    pair = models.CharField(max_length=80, editable=False)
    track = models.CharField(max_length=6, choices=Track)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    set_by = models.ForeignKey(ACCOUNT, models.PROTECT, related_name="+")
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["pair"], condition=models.Q(until=None), name="exchange_one_track_a_pair"),
        ]

    @staticmethod
    def pair_of(sender: uuid.UUID | None, receiver: uuid.UUID | None) -> str:
        """How `pair` is written: both ids, `*` for every unit."""
        return f"{sender or '*'}>{receiver or '*'}"


class PaperItem(models.Model):
    """One thing on paper that one recipient is to get: the twin of the document, or an attachment (J-28)."""

    class Kind(models.TextChoices):
        TWIN = "twin", "纸质文件"
        ATTACHMENT = "attachment", "纸质附件"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    delivery = models.ForeignKey(Delivery, models.PROTECT, related_name="paper")
    kind = models.CharField(max_length=10, choices=Kind)
    order = models.PositiveSmallIntegerField(default=0)
    name = models.CharField(max_length=120)  # never the document's title
    copies = models.PositiveSmallIntegerField(default=1)
    posted_at = models.DateTimeField("寄送时间", null=True)
    posted_by = models.ForeignKey(ACCOUNT, models.PROTECT, null=True, related_name="+")
    arrived_at = models.DateTimeField("收到时间", null=True)
    recorded_by = models.ForeignKey(ACCOUNT, models.PROTECT, null=True, related_name="+")
    remark = models.CharField("情况说明", max_length=200, blank=True)

    class Meta:
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["delivery", "kind", "order"], name="exchange_paper_item_once"),
        ]
        indexes = [
            models.Index(fields=["delivery"], condition=models.Q(arrived_at=None), name="exchange_paper_outstanding"),
        ]


class PaperRecipient(models.Model):
    """A recipient that is not connected (D6): it gets the paper, with a cover sheet that the centre prints."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    dispatch = models.ForeignKey(Dispatch, models.PROTECT, related_name="paper_recipients")
    role = models.CharField(max_length=4, choices=Delivery.Role)
    order = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=120)
    address = models.CharField(max_length=200, blank=True)
    copies = models.PositiveSmallIntegerField(default=1)
    posted_at = models.DateTimeField(null=True)
    posted_by = models.ForeignKey(ACCOUNT, models.PROTECT, null=True, related_name="+")
    remark = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["order"]
        constraints = [models.UniqueConstraint(fields=["dispatch", "name"], name="exchange_paper_recipient_once")]
