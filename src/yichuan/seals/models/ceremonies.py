"""Sessions of three parties (J-23): who is present, what they agree on, and the minutes they sign."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from yichuan.common.ids import new_id
from yichuan.seals.kinds import CeremonyState, Party
from yichuan.seals.models.applications import SealApplication
from yichuan.seals.models.seals import Seal

ACCOUNT = settings.AUTH_USER_MODEL


class Ceremony(models.Model):
    """One session (会签) about one application. Whatever it made is undone when it is aborted.

    `request` is what each party is shown and agrees on, `digest` SM3 of it; both are fixed when the session opens.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.CharField("会签号", max_length=40, unique=True)
    application = models.ForeignKey(SealApplication, models.PROTECT, related_name="ceremonies")
    state = models.CharField(max_length=10, choices=[(s.value, s.label) for s in CeremonyState])
    request = models.JSONField(default=dict)
    digest = models.CharField(max_length=64)
    opened_by = models.ForeignKey(ACCOUNT, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=200, blank=True)
    seal = models.ForeignKey(Seal, models.SET_NULL, null=True, related_name="+")  # what it made
    labels = models.JSONField(default=list)  # keys it made in the device
    minutes = models.BinaryField(null=True)  # an OFD; signed by one party after the other, then by the centre
    minutes_digest = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["application"],
                condition=Q(state__in=["gathering", "making", "minutes"]),
                name="seals_one_ceremony_an_application",
            )
        ]
        indexes = [
            models.Index(fields=["expires_at"], condition=Q(ended_at=None), name="seals_ceremony_open"),
            models.Index(fields=["-opened_at"], name="seals_ceremony_list"),
        ]


class Attendance(models.Model):
    """One party in a session: its person, the last fresh signature that proved presence, and its word."""

    ceremony = models.ForeignKey(Ceremony, models.CASCADE, related_name="attendances")
    party = models.CharField(max_length=10, choices=[(p.value, p.label) for p in Party])
    account = models.ForeignKey(ACCOUNT, models.PROTECT, related_name="+")
    certificate = models.BinaryField()
    session_digest = models.CharField(max_length=64)
    joined_at = models.DateTimeField()
    proven_at = models.DateTimeField()  # the last presence signature
    agreed_at = models.DateTimeField(null=True)
    agreed_text = models.TextField(blank=True)
    agreed_signature = models.BinaryField(null=True)
    signed_at = models.DateTimeField(null=True)  # the minutes

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ceremony", "party"], name="seals_party_once"),
            models.UniqueConstraint(fields=["ceremony", "account"], name="seals_person_one_party"),
        ]
