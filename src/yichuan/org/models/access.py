"""Changes of who may do what, under the auditor's eyes (P4, G-7), and what is filed with the supervisor (P1)."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from yichuan.common.ids import new_id
from yichuan.org.models.posts import HandOver, Post
from yichuan.org.models.units import Office, Unit
from yichuan.org.states import ChangeState


class AccessChange(models.Model):
    """A request to change what somebody may do (权限变更单). It takes effect when the auditor has reviewed it.

    `at_once` marks those that are in force already and reviewed after: suspension, lock-out, reset, stand-in.
    """

    class Kind(models.TextChoices):
        APPOINT = "appoint", "任命岗位"
        DISMISS = "dismiss", "免去岗位"
        ADJUST = "adjust", "调整权限"
        HAND_OVER = "hand_over", "岗位交接"
        STAND_IN = "stand_in", "指定代岗"
        SUSPEND = "suspend", "停用账号"
        RESUME = "resume", "恢复账号"
        UNLOCK = "unlock", "解除锁定"
        RESET = "reset", "恢复初始密码"
        REPLACE_AUDITOR = "replace_auditor", "更换审计员"

    State = ChangeState

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=16, choices=Kind)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="access_changes")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="access_changes")
    office = models.ForeignKey(Office, models.PROTECT, null=True, related_name="+")
    duty = models.CharField(max_length=20, blank=True)
    permissions = models.JSONField(null=True)
    post = models.ForeignKey(Post, models.PROTECT, null=True, related_name="changes")
    hand_over = models.ForeignKey(HandOver, models.PROTECT, null=True, related_name="changes")
    at_once = models.BooleanField(default=False)
    reason = models.CharField("事由", max_length=200)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    requested_at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=[(state.value, state.label) for state in ChangeState])
    reviewed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    reviewed_at = models.DateTimeField(null=True)
    review_note = models.CharField("审核意见", max_length=200, blank=True)
    outcome = models.CharField("处理结果", max_length=200, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["requested_at"], condition=Q(state="waiting"), name="org_change_waiting"),
            models.Index(fields=["unit", "-requested_at"], name="org_change_of_unit"),
            models.Index(fields=["state", "-requested_at"], name="org_change_by_state"),
            models.Index(fields=["-requested_at", "-id"], name="org_change_latest"),
        ]


class AccessConfirmation(models.Model):
    """One party's word for a new auditor: the other administrator's, or the supervising office's (P4, G-5)."""

    class Party(models.TextChoices):
        ADMINISTRATOR = "administrator", "另一位管理人员"
        SUPERVISOR = "supervisor", "主管单位"

    change = models.ForeignKey(AccessChange, models.PROTECT, related_name="confirmations")
    party = models.CharField(max_length=16, choices=Party)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["change", "party"], name="org_one_word_a_party")]


class Filing(models.Model):
    """One change of a unit's accounts or posts as filed with the supervising office (备案, P1, J-14)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    at = models.DateTimeField()
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="filings")
    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    what = models.CharField(max_length=200)
    noted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    noted_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["-at"], name="org_filing_at"),
            models.Index(fields=["unit", "-at"], name="org_filing_unit"),
            models.Index(fields=["-at"], condition=Q(noted_at=None), name="org_filing_new"),
        ]
