"""Applications of units (U1 to U5): what is asked for, the papers with it, each step, and how far carrying out is."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from yichuan.changes.states import ApplicationState
from yichuan.common.ids import new_id
from yichuan.keys.fields import SealedTextField
from yichuan.org.models import Unit

ACCOUNT = settings.AUTH_USER_MODEL


class Series(models.Model):
    """The last application number of a year. Locked while the next is given, so that none is left out."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    last = models.PositiveIntegerField(default=0)


class Application(models.Model):
    """One application. `content` holds the fields of its kind (`changes.content`); papers rest under its own key."""

    class Kind(models.TextChoices):
        JOIN = "join", "加入"
        RENAME = "rename", "更名"
        DEREGISTER = "deregister", "注销"
        MERGE_INTO = "merge_into", "并入保留名称的单位"
        MERGE_NEW = "merge_new", "合并为新单位"
        ADD_NAME = "add_name", "增挂牌子"
        DROP_NAME = "drop_name", "减少牌子"

    class Source(models.TextChoices):
        UNIT = "unit", "网上申请"
        PUBLIC = "public", "未入网申请"
        PAPER = "paper", "纸质代录"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField("申请事项", max_length=12, choices=Kind)
    source = models.CharField("来源", max_length=8, choices=Source)
    # null until it is submitted: drafts have no number, and the constraint must let them be
    number = models.CharField("申请编号", max_length=20, null=True, unique=True)  # noqa: DJ001
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="applications")  # None: about to join
    affected = models.ManyToManyField(Unit, related_name="+")
    name = models.CharField("申请单位", max_length=120)  # as the unit is called on the day of the application
    state = models.CharField(max_length=12, choices=[(s.value, s.label) for s in ApplicationState])
    content = models.JSONField(default=dict)
    wrapped_key = models.BinaryField()
    written_by = models.ForeignKey(ACCOUNT, models.PROTECT, null=True, related_name="+")
    address = models.CharField(max_length=60, blank=True)
    code_digest = models.CharField(max_length=64, blank=True)
    code_failures = models.PositiveSmallIntegerField(default=0)
    code_locked_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    result = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")  # the unit that came of it
    administrator = models.ForeignKey(ACCOUNT, models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [
            models.Index(fields=["state", "-changed_at"], name="changes_app_state"),
            models.Index(fields=["unit", "-changed_at"], name="changes_app_unit"),
            models.Index(fields=["-changed_at"], name="changes_app_all"),
            models.Index(fields=["address", "submitted_at"], condition=Q(source="public"), name="changes_app_address"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(number__isnull=False) | Q(state__in=["draft", "withdrawn"]), name="changes_app_numbered"
            ),
        ]

    @property
    def key_context(self) -> bytes:
        """What the wrap of the application's key is bound to."""
        return f"application:{self.pk}".encode()


class Attachment(models.Model):
    """A paper that proves the application: the head's signed letter, the proof of the unit, others."""

    class Role(models.TextChoices):
        LETTER = "letter", "申请函"
        PROOF = "proof", "证明材料"
        OTHER = "other", "其他材料"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    application = models.ForeignKey(Application, models.CASCADE, related_name="attachments")
    role = models.CharField(max_length=8, choices=Role)
    order = models.PositiveSmallIntegerField()
    name = SealedTextField()
    media_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    digest = models.CharField(max_length=64)
    blob = models.CharField(max_length=64)
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["order"]

    @property
    def context(self) -> str:
        """What the stored file is bound to."""
        return f"application:{self.application_id}:attachment:{self.pk}"


class Step(models.Model):
    """One step of an application: who, for which unit, with which words. Only ever added."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="steps")
    verb = models.CharField(max_length=12)
    state = models.CharField(max_length=12)
    at = models.DateTimeField()
    by = models.ForeignKey(ACCOUNT, models.PROTECT, null=True, related_name="+")
    by_name = models.CharField(max_length=80)
    unit_name = models.CharField(max_length=120, blank=True)
    words = models.CharField(max_length=400, blank=True)

    class Meta:
        ordering = ["at", "id"]


class Plan(models.Model):
    """That an application is being carried out: written before the key device is asked, completed after it answered.

    Whoever finds it open later goes on from here. It names the identifiers of what is to come, so that keys that were
    made before are found again.
    """

    application = models.OneToOneField(Application, models.CASCADE, primary_key=True, related_name="plan")
    begun_by = models.ForeignKey(ACCOUNT, models.PROTECT, related_name="+")
    begun_at = models.DateTimeField()
    unit_id = models.UUIDField(null=True)  # a unit that is to come
    box_id = models.UUIDField(null=True)
    ended_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    failure = models.CharField(max_length=200, blank=True)
    seals = models.JSONField(default=list)  # names on the seals that were withdrawn
    seals_back_at = models.DateTimeField(null=True)  # when the secretariat had them (J-25)

    class Meta:
        indexes = [models.Index(fields=["begun_at"], condition=Q(ended_at=None), name="changes_plan_open")]
