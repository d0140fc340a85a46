"""Batches of units (U6, J-plan 二) and what is brought in for them from spreadsheets, row by row."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from yichuan.common.ids import new_id
from yichuan.keys.fields import SealedTextField
from yichuan.org.models import Unit

ACCOUNT = settings.AUTH_USER_MODEL


class Batch(models.Model):
    """A batch (批次): units that begin on one day. `Unit.batch` is its number.

    Its list of units is approved by the supervising office as a whole (J-6(1), J-8): after that they are registered.
    """

    number = models.PositiveSmallIntegerField("批次", primary_key=True)
    name = models.CharField("名称", max_length=40)
    starts = models.DateField("启用日期")
    note = models.CharField("说明", max_length=400, blank=True)
    version = models.PositiveIntegerField(default=1)
    approved_at = models.DateTimeField(null=True)
    approved_by = models.ForeignKey(ACCOUNT, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["number"]


class Stage(models.Model):
    """One line of a batch's timetable: what is done by whom until when (J-plan 四)."""

    class Phase(models.TextChoices):
        PREPARE = "prepare", "筹备阶段"
        USE = "use", "启用阶段"
        IMPROVE = "improve", "完善阶段"

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="stages")
    order = models.PositiveSmallIntegerField()
    phase = models.CharField(max_length=8, choices=Phase)
    until = models.DateField(null=True)
    what = models.CharField(max_length=200)
    who = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["order"]


class PlannedUnit(models.Model):
    """A unit on a batch's list; with `unit` it has joined."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    batch = models.ForeignKey(Batch, models.PROTECT, related_name="planned")
    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    short_name = models.CharField(max_length=60)
    name_skeleton = models.CharField(max_length=240, unique=True)
    short_skeleton = models.CharField(max_length=120, unique=True)
    kind = models.CharField(max_length=12, choices=Unit.Kind)
    rank = models.CharField(max_length=20)
    order = models.PositiveIntegerField()
    unit = models.OneToOneField(Unit, models.PROTECT, null=True, related_name="planned")

    class Meta:
        indexes = [models.Index(fields=["batch", "order"], name="changes_planned_batch")]


class Import(models.Model):
    """One spreadsheet: taken, looked through, then brought in by slices, each of which stands by itself.

    The file and the rows rest under a key of their own or encrypted, and are removed after `KEPT`.
    """

    class Kind(models.TextChoices):
        UNITS = "units", "单位名单"
        STAFF = "staff", "有关人员报名表（附件1）"
        IMPRINTS = "imprints", "实物公章印模填报表（附件2）"
        JOIN = "join", "登记已批准的单位"

    class State(models.TextChoices):
        CHECKED = "checked", "待导入"
        RUNNING = "running", "正在导入"
        DONE = "done", "已导入"
        DROPPED = "dropped", "已放弃"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    batch = models.ForeignKey(Batch, models.PROTECT, related_name="imports")
    kind = models.CharField(max_length=8, choices=Kind)
    state = models.CharField(max_length=8, choices=State)
    file_name = SealedTextField()
    notes = models.JSONField(default=list)
    blob = models.CharField(max_length=64, blank=True)
    wrapped_key = models.BinaryField()
    taken_by = models.ForeignKey(ACCOUNT, models.PROTECT, related_name="+")
    taken_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["batch", "-taken_at"], name="changes_import_batch"),
            models.Index(fields=["taken_at"], condition=Q(state="running"), name="changes_import_running"),
            models.Index(fields=["taken_at"], condition=Q(removed_at=None), name="changes_import_kept"),
        ]

    @property
    def key_context(self) -> bytes:
        """What the wrap of the import's key is bound to."""
        return f"import:{self.pk}".encode()

    @property
    def context(self) -> str:
        """What the stored file is bound to."""
        return f"import:{self.pk}:file"


class ImportRow(models.Model):
    """One row of the sheet: its cells and what is wrong with them (encrypted), and what became of it."""

    class State(models.TextChoices):
        WAITING = "waiting", "可以导入"
        FAULTY = "faulty", "需要更正"
        DONE = "done", "已导入"
        FAILED = "failed", "没有导入"

    source = models.ForeignKey(Import, models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=8, choices=State)
    entry = SealedTextField()
    note = SealedTextField(null=True)
    blob = models.CharField(max_length=64, blank=True)
    account = models.ForeignKey(ACCOUNT, models.PROTECT, null=True, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    slip_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "number"], name="changes_import_row_once")]
        indexes = [
            models.Index(fields=["source", "state", "number"], name="changes_import_row_state"),
            models.Index(fields=["unit", "account"], name="changes_import_row_unit"),
        ]

    @property
    def context(self) -> str:
        """What the row's stored picture is bound to."""
        return f"import:{self.source_id}:row:{self.number}"


class Imprint(models.Model):
    """A unit's imprint as 附件2 brought it (S2): the picture rests encrypted until a seal is made of it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="imprints")
    source = models.ForeignKey(Import, models.PROTECT, related_name="imprints")
    number = models.PositiveIntegerField()  # its row in the import, under whose key the picture rests
    blob = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    dpi = models.PositiveIntegerField(null=True)
    diameter_mm = models.DecimalField(max_digits=4, decimal_places=1, null=True)
    warnings = models.JSONField(default=list)
    added_at = models.DateTimeField()
    replaced_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit"], condition=Q(replaced_at=None), name="changes_one_imprint_a_unit"),
        ]

    @property
    def context(self) -> str:
        """What the stored picture is bound to."""
        return f"import:{self.source_id}:row:{self.number}"
