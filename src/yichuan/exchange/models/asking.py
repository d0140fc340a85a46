"""What sender and receiver say to each other about a delivery: returns, requests, calls, notices, assignments."""

from django.conf import settings
from django.db import models

from yichuan.common.ids import new_id
from yichuan.exchange.models.deliveries import Delivery, Dispatch
from yichuan.exchange.states import RequestState
from yichuan.org.models import Box, Office, Unit

ACCOUNT = settings.AUTH_USER_MODEL


class ReturnSeries(models.Model):
    """The last number of a unit's return notices in a year. Locked while the next is given: none is left out."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit", "year"], name="exchange_one_return_series_a_year")]


class ReturnNotice(models.Model):
    """退文告知单: the paper that says why a delivery came back. `blob` rests under the document's key.

    Its number is given with the return; file and signature follow, or are made by the reaper.
    """

    delivery = models.OneToOneField(Delivery, models.PROTECT, primary_key=True, related_name="return_notice")
    number = models.CharField(max_length=60)
    digest = models.CharField(max_length=64, blank=True)
    blob = models.CharField(max_length=64, blank=True)
    signature = models.BinaryField(null=True)  # of the returning box's receipt key, over number and digest
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["at"], condition=models.Q(signature=None), name="exchange_notice_unsigned"),
        ]


class DeliveryRequest(models.Model):
    """A receiver asks for a resend or for more prints, with the reason; the sender grants or refuses (R7, J-37)."""

    class Kind(models.TextChoices):
        RESEND = "resend", "申请重发"
        PRINTS = "prints", "申请追加份数"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    delivery = models.ForeignKey(Delivery, models.PROTECT, related_name="requests")
    kind = models.CharField(max_length=8, choices=Kind)
    copies = models.PositiveSmallIntegerField(default=0)  # how many more are asked for
    reason = models.CharField(max_length=400)
    state = models.CharField(max_length=10, choices=[(s.value, s.label) for s in RequestState])
    asked_by = models.ForeignKey(ACCOUNT, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    answered_by = models.ForeignKey(ACCOUNT, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=400, blank=True)
    granted = models.PositiveSmallIntegerField(default=0)
    led_to = models.OneToOneField(Delivery, models.PROTECT, null=True, related_name="granted_by")  # the one sent again

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["delivery", "kind"], condition=models.Q(state="asked"), name="exchange_one_open_request_a_kind"
            ),
        ]
        indexes = [models.Index(fields=["state", "asked_at"], name="exchange_request_open")]


class PhoneCall(models.Model):
    """A telephone call on record (电话记录): to the duty desk before an urgent document (G-16), or to a receiver who
    has not signed for one (G-20). Who called whom, when, and what was said."""

    class Kind(models.TextChoices):
        NOTICE = "notice", "发文电话通知"
        REMINDER = "reminder", "电话提醒签收"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=8, choices=Kind)
    dispatch = models.ForeignKey(Dispatch, models.PROTECT, related_name="calls")
    delivery = models.ForeignKey(Delivery, models.PROTECT, null=True, related_name="calls")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")  # who called
    caller = models.CharField("打电话的人", max_length=40)
    called = models.CharField("接电话的人", max_length=60)
    phone = models.CharField("电话号码", max_length=40)
    at = models.DateTimeField("通话时间")
    said = models.CharField("通话内容", max_length=400, blank=True)
    recorded_by = models.ForeignKey(ACCOUNT, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["unit", "-at"], name="exchange_call_list")]


class LateNotice(models.Model):
    """A receiver's word in advance that what is sent until a later time counts for that day (R2, J-32)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="late_notices")  # the receiver
    sender = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")  # null: every sender
    day = models.DateField()
    until = models.TimeField()
    reason = models.CharField(max_length=200)
    given_by = models.ForeignKey(ACCOUNT, models.PROTECT, related_name="+")
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["day", "unit"], name="exchange_late_notice_day")]


class Assignment(models.Model):
    """分办: the registry gives a document to one of its offices to handle. The office reads it under its own box."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    delivery = models.ForeignKey(Delivery, models.PROTECT, related_name="assignments")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    office = models.ForeignKey(Office, models.PROTECT, related_name="assignments")
    box = models.ForeignKey(Box, models.PROTECT, null=True, related_name="assignments", db_index=False)
    wrapped_key = models.BinaryField(default=bytes, blank=True)
    note = models.CharField("拟办意见", max_length=400, blank=True)
    due_on = models.DateField("限办日期", null=True)
    given_by = models.ForeignKey(ACCOUNT, models.PROTECT, related_name="+")
    given_at = models.DateTimeField()
    taken_by = models.ForeignKey(ACCOUNT, models.PROTECT, null=True, related_name="+")
    taken_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["delivery", "office"], name="exchange_assigned_once")]
        indexes = [
            models.Index(fields=["office", "-given_at"], name="exchange_assignment_list"),
            models.Index(fields=["box"], name="exchange_assignment_in_box"),
        ]


class Reminder(models.Model):
    """催签: one step of chasing a desk that has not signed for what lies in its box, once a half day (R8, G-20)."""

    class Step(models.TextChoices):
        RECEIVER = "receiver", "提醒收文人员"
        STAND_IN = "stand_in", "提醒代岗人员"
        LEADER = "leader", "提醒单位主管领导"
        SUPERVISOR = "supervisor", "报主管单位"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="reminders")
    office = models.ForeignKey(Office, models.PROTECT, null=True, related_name="+")
    desk = models.UUIDField(editable=False)  # the office's id, or the unit's for its registry
    day = models.DateField()
    half = models.CharField(max_length=2, choices=[("am", "上午"), ("pm", "下午")])
    step = models.CharField(max_length=10, choices=Step)
    waiting = models.PositiveIntegerField()  # how many were not signed for
    oldest_at = models.DateTimeField()
    told = models.JSONField(default=list)  # the names of whom it told
    sent_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)  # when the desk had signed for all of them

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["desk", "day", "half", "step"], name="exchange_reminded_once"),
        ]
        indexes = [
            models.Index(fields=["day", "half", "step"], name="exchange_reminder_of_day"),
            models.Index(fields=["desk"], condition=models.Q(settled_at=None), name="exchange_reminder_open"),
        ]
