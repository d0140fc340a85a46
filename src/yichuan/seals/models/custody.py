"""Who keeps a seal, and each opening of it by its custodians (J-24)."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from yichuan.common.ids import new_id
from yichuan.seals.kinds import CustodyRole, OpeningKind, OpeningMatter, OpeningState
from yichuan.seals.models.seals import Seal

ACCOUNT = settings.AUTH_USER_MODEL


class Custodian(models.Model):
    """One custodian of a signing seal. `sealed_share` is the share of the device password under their own password.

    A share is set by its custodian; until then it lies under a key of the centre (`share_set_at` is None).
    `share_check` are the check values of the split, by which a wrong share is told.
    """

    seal = models.ForeignKey(Seal, models.PROTECT, related_name="custodians")
    account = models.ForeignKey(ACCOUNT, models.PROTECT, related_name="+")
    role = models.CharField(max_length=10, choices=[(r.value, r.label) for r in CustodyRole])
    index = models.PositiveSmallIntegerField(default=0)  # of the share, from 1; 0 without shares
    sealed_share = models.BinaryField(default=bytes, blank=True)
    share_set_at = models.DateTimeField(null=True)
    share_check = models.BinaryField(default=bytes, blank=True)
    share_failures = models.PositiveSmallIntegerField(default=0)
    share_locked_until = models.DateTimeField(null=True)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["seal", "account"], condition=Q(until=None), name="seals_custodian_once_a_seal"
            )
        ]


class Opening(models.Model):
    """Custodians open a seal: for one document, for a counted batch, or for a time; or they change its custodians.

    `subject` is what they are shown and agree to: the documents with their digests and places, the number, the time,
    or who keeps the seal from then on; `digest` is SM3 of it. `sealed_password` is the device password, wrapped by the
    device for this opening alone, while it is open; `sealed_next` the one that a change of custodians puts in place.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    seal = models.ForeignKey(Seal, models.PROTECT, related_name="openings")
    matter = models.CharField(
        max_length=6, choices=[(m.value, m.label) for m in OpeningMatter], default=OpeningMatter.USE.value
    )
    kind = models.CharField(max_length=10, choices=[(k.value, k.label) for k in OpeningKind])
    state = models.CharField(max_length=8, choices=[(s.value, s.label) for s in OpeningState])
    asked_by = models.ForeignKey(ACCOUNT, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    subject = models.JSONField(default=dict)
    digest = models.CharField(max_length=64)
    quorum = models.PositiveSmallIntegerField()
    uses_left = models.PositiveSmallIntegerField()
    expires_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=200, blank=True)
    sealed_password = models.BinaryField(default=bytes, blank=True)
    sealed_next = models.BinaryField(default=bytes, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["seal", "state"], name="seals_opening_state"),
            models.Index(fields=["expires_at"], condition=Q(closed_at=None), name="seals_opening_ends"),
        ]


class Approval(models.Model):
    """One custodian's word to an opening, with their certificate's signature over its digest. Counts once."""

    opening = models.ForeignKey(Opening, models.CASCADE, related_name="approvals")
    custodian = models.ForeignKey(Custodian, models.PROTECT, related_name="approvals")
    at = models.DateTimeField()
    agreed = models.BooleanField()
    text = models.TextField(blank=True)
    signature = models.BinaryField(null=True)
    certificate = models.BinaryField(null=True)
    wrapped_share = models.BinaryField(default=bytes, blank=True)  # until the quorum is there

    class Meta:
        constraints = [models.UniqueConstraint(fields=["opening", "custodian"], name="seals_approval_once")]
