"""Seals in their two parts and the record of every use."""

from django.conf import settings
from django.db import models

from yichuan.common.ids import new_id
from yichuan.org.models import Unit, UnitName
from yichuan.seals.kinds import Carrier, Cause, OpeningKind, SealState


class Seal(models.Model):
    """A unit's electronic seal (电子印章): its signing part (签名印章), and how the whole stands and is kept.

    `der` is the structure of GB/T 38540, `certificate` its signer's. `key_label` names the key in the device and is
    empty where the key rests on a carrier of the unit. `withdrawn_at` is set as soon as nothing more may be sealed,
    for good; `suspended_at` while it may come back. `quorum` custodians open it (k of n, J-24).
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="seals")
    unit_name = models.ForeignKey(UnitName, models.PROTECT, null=True, related_name="+")
    name = models.CharField(max_length=120)
    bottom_line = models.CharField(max_length=40, blank=True)
    diameter_mm = models.PositiveSmallIntegerField()
    state = models.CharField(
        max_length=10, choices=[(s.value, s.label) for s in SealState], default=SealState.IN_USE.value
    )
    carrier = models.CharField(
        max_length=6, choices=[(c.value, c.label) for c in Carrier], default=Carrier.DEVICE.value
    )
    der = models.BinaryField()
    certificate = models.BinaryField()
    key_label = models.CharField(max_length=120, blank=True)
    issued_at = models.DateTimeField()
    suspended_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    destroyed_at = models.DateTimeField(null=True)
    cause = models.CharField(max_length=16, choices=[(c.value, c.label) for c in Cause], blank=True)
    replaces = models.ForeignKey("self", models.PROTECT, null=True, related_name="replaced_by")
    quorum = models.PositiveSmallIntegerField(default=1)
    opening_kind = models.CharField(
        max_length=10, choices=[(k.value, k.label) for k in OpeningKind], default=OpeningKind.DOCUMENT.value
    )
    opening_limit = models.PositiveSmallIntegerField(default=1)  # documents, or minutes
    under_password = models.BooleanField(default=False)  # the key in the device opens only with a password of its own

    class Meta:
        indexes = [models.Index(fields=["state", "unit"], name="seals_seal_state")]


class VerificationSeal(models.Model):
    """The other part (验证印章, J-18): its key checks the signing part when an original is printed.

    Kept by a person of another post than the signing seal's custodians. `sealed_password` is what opens the key in the
    device: under a key of the centre until the holder has set a password, under that password afterwards. `failures`
    are wrong passwords in a row, `tries` those that are being looked at since `tried_at`.
    """

    seal = models.OneToOneField(Seal, models.PROTECT, primary_key=True, related_name="verification")
    certificate = models.BinaryField()
    key_label = models.CharField(max_length=120)
    holder = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    sealed_password = models.BinaryField(default=bytes, blank=True)
    taken_at = models.DateTimeField(null=True)
    failures = models.PositiveSmallIntegerField(default=0)
    tries = models.PositiveSmallIntegerField(default=0)
    tried_at = models.DateTimeField(null=True)
    locked_until = models.DateTimeField(null=True)


class SealUse(models.Model):
    """One use of a seal (S8): written before the key is asked, completed after it answered.

    `places` is where it goes (`seals.places`), `attachments` the digest of the list of the document's attachments. A
    use on a carrier also has the digest of the bytes that were `prepared` for it and the login's `session`.
    """

    class State(models.TextChoices):
        INTENT = "intent", "正在盖章"
        DONE = "done", "已盖章"
        FAILED = "failed", "未盖成"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    seal = models.ForeignKey(Seal, models.PROTECT, related_name="uses")
    custodian = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    opening = models.ForeignKey("seals.Opening", models.PROTECT, null=True, related_name="uses")
    document_id = models.UUIDField(db_index=True)
    number = models.CharField(max_length=60, blank=True)
    custodians = models.JSONField(default=list)  # names of all who opened the seal for this use
    carrier = models.CharField(max_length=6, blank=True)
    device = models.CharField(max_length=80, blank=True)  # the registered computer, or the kind of device
    places = models.JSONField(default=list)
    digest_before = models.CharField(max_length=64)
    attachments = models.CharField(max_length=64, blank=True)
    prepared = models.CharField(max_length=64, blank=True)
    session = models.CharField(max_length=36, blank=True)
    digest_after = models.CharField(max_length=64, blank=True)
    state = models.CharField(max_length=8, choices=State)
    begun_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["state", "begun_at"], name="seals_use_open"),
            models.Index(fields=["seal", "-begun_at"], name="seals_use_ledger"),
            # What came in from outside is asked each time whether this very act is known already.
            models.Index(fields=["seal", "prepared"], name="seals_use_act"),
        ]
