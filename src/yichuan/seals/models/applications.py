"""Applications for seals (J-20, J-21) and the imprints they ask for (J-19)."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from yichuan.common.ids import new_id
from yichuan.keys.fields import SealedTextField
from yichuan.org.models import Unit, UnitName
from yichuan.seals.kinds import ApplicationState, Carrier, Cause, Matter, OpeningKind
from yichuan.seals.models.seals import Seal

ACCOUNT = settings.AUTH_USER_MODEL


class Imprint(models.Model):
    """An imprint (印模): drawn by the rules from `inputs`, or cleaned from a scan of the brass one.

    `ofd` and `svg` are the drawing, `scan` the cleaned scan it is compared with (PNG, 600 dpi, transparent); an
    imprint is public by its nature and rests as it is. `digest` is SM3 of `ofd`. Nothing changes once it is approved.
    """

    class Source(models.TextChoices):
        DRAWN = "drawn", "按规定绘制"
        SCANNED = "scanned", "扫描印模"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="seal_imprints")
    unit_name = models.ForeignKey(UnitName, models.PROTECT, related_name="+")
    source = models.CharField(max_length=8, choices=Source)
    name = models.CharField(max_length=120)
    inputs = models.JSONField(default=dict)
    diameter_mm = models.DecimalField(max_digits=4, decimal_places=1)
    ofd = models.BinaryField()
    svg = models.TextField()
    digest = models.CharField(max_length=64)
    scan = models.BinaryField(null=True)
    made_by = models.ForeignKey(ACCOUNT, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    approved_by = models.ForeignKey(ACCOUNT, models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["unit", "-made_at"], name="seals_imprint_unit")]


class SealApplication(models.Model):
    """One application (印章申请): what is asked for, the head's signature, and how the seal is to be kept."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    # null until it is proposed
    number = models.CharField("申请编号", max_length=40, null=True, unique=True)  # noqa: DJ001
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="seal_applications")
    matter = models.CharField("事项", max_length=8, choices=[(m.value, m.label) for m in Matter])
    cause = models.CharField("原因", max_length=16, choices=[(c.value, c.label) for c in Cause])
    state = models.CharField(max_length=10, choices=[(s.value, s.label) for s in ApplicationState])
    seal = models.ForeignKey(Seal, models.PROTECT, null=True, related_name="applications")  # the old one
    imprint = models.ForeignKey(Imprint, models.PROTECT, null=True, related_name="applications")
    words = models.CharField("说明", max_length=400, blank=True)
    carrier = models.CharField(max_length=6, choices=[(c.value, c.label) for c in Carrier], blank=True)
    quorum = models.PositiveSmallIntegerField(default=1)
    opening_kind = models.CharField(
        max_length=10, choices=[(k.value, k.label) for k in OpeningKind], default=OpeningKind.DOCUMENT.value
    )
    opening_limit = models.PositiveSmallIntegerField(default=1)
    custodians = models.JSONField(default=list)  # [{"account": id, "role": CustodyRole}], in order
    verification_holder = models.ForeignKey(ACCOUNT, models.PROTECT, null=True, related_name="+")
    attendant = models.ForeignKey(ACCOUNT, models.PROTECT, null=True, related_name="+")  # who comes for the unit
    digest = models.CharField(max_length=64, blank=True)  # of what the head signed
    signed_by = models.ForeignKey(ACCOUNT, models.PROTECT, null=True, related_name="+")
    signed_text = models.TextField(blank=True)
    signature = models.BinaryField(null=True)
    signer_certificate = models.BinaryField(null=True)
    approved_by = models.ForeignKey(ACCOUNT, models.PROTECT, null=True, related_name="+")
    result = models.ForeignKey(Seal, models.PROTECT, null=True, related_name="+")  # the seal that came of it
    written_by = models.ForeignKey(ACCOUNT, models.PROTECT, related_name="+")
    wrapped_key = models.BinaryField(default=bytes)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["state", "-changed_at"], name="seals_application_state"),
            models.Index(fields=["unit", "-changed_at"], name="seals_application_unit"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["seal"],
                condition=Q(state__in=["to_sign", "submitted", "approved"]),
                name="seals_one_application_a_seal",
            )
        ]

    @property
    def key_context(self) -> bytes:
        """What the wrap of the application's key is bound to."""
        return f"seal-application:{self.pk}".encode()


class Paper(models.Model):
    """A paper with an application: the certificate of damage or loss, the choice of the server's device, others."""

    class Role(models.TextChoices):
        CERTIFICATE = "certificate", "损坏、遗失证明"
        CONSENT = "consent", "密码设备托管意见"
        OTHER = "other", "其他材料"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    application = models.ForeignKey(SealApplication, models.CASCADE, related_name="papers")
    role = models.CharField(max_length=12, choices=Role)
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
        return f"seal-application:{self.application_id}:paper:{self.pk}"


class ApplicationStep(models.Model):
    """One step of an application: who, when, with which words. Only ever added."""

    application = models.ForeignKey(SealApplication, models.CASCADE, related_name="steps")
    verb = models.CharField(max_length=12)
    state = models.CharField(max_length=10)
    at = models.DateTimeField()
    by = models.ForeignKey(ACCOUNT, models.PROTECT, null=True, related_name="+")
    by_name = models.CharField(max_length=80)
    unit_name = models.CharField(max_length=120, blank=True)
    words = models.CharField(max_length=400, blank=True)

    class Meta:
        ordering = ["at", "id"]
