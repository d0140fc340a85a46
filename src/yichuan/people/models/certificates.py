"""Certificates of persons: the application, what was bound to whom, the sessions begun with it (G-25 to G-28)."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from yichuan.common.ids import new_id
from yichuan.keys.models import IssuedCertificate
from yichuan.keys.states import CertificateState
from yichuan.lib.gm.x509 import Certificate
from yichuan.people.models.devices import Device
from yichuan.people.models.sessions import OpenSession
from yichuan.people.states import OPEN, ApplicationState, Carrier


class CertificateApplication(models.Model):
    """An application for a personal certificate; `offered` is the certificate of an authority outside, if it is one.

    Where `devices` are named, the certificate logs in from these only.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="certificate_applications")
    applied_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    applied_at = models.DateTimeField()
    carrier = models.CharField("载体", max_length=12, choices=[(each.value, each.label) for each in Carrier])
    purpose = models.CharField("用途", max_length=200)
    devices = models.ManyToManyField(Device, blank=True, related_name="+")
    offered = models.BinaryField(null=True)
    state = models.CharField(max_length=12, choices=[(each.value, each.label) for each in ApplicationState])
    reviewed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    reviewed_at = models.DateTimeField(null=True)
    opinion = models.CharField("审核意见", max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account"], condition=Q(state__in=[each.value for each in OPEN]), name="people_one_application"
            )
        ]
        indexes = [
            models.Index(fields=["state", "-applied_at"], name="people_application_state"),
            models.Index(fields=["account", "-applied_at"], name="people_application_of"),
        ]

    @property
    def label(self) -> str:
        """The state in words."""
        return ApplicationState(self.state).label

    @property
    def carrier_label(self) -> str:
        """The carrier in words."""
        return Carrier(self.carrier).label

    @property
    def external(self) -> Certificate | None:
        """The certificate of an authority outside that is to be bound, read."""
        return Certificate.from_der(bytes(self.offered)) if self.offered is not None else None


class PersonCertificate(models.Model):
    """A certificate bound to one person: of the centre's CA (`issued`), or of an accepted authority outside.

    Of one from outside the centre keeps its own word on it in `outside_state`; what its authority says comes with that
    authority's lists.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="certificates")
    application = models.ForeignKey(CertificateApplication, models.PROTECT, related_name="certificates")
    issued = models.OneToOneField(IssuedCertificate, models.PROTECT, null=True, related_name="+")
    outside_state = models.CharField(
        max_length=12,
        choices=[(each.value, each.label) for each in CertificateState],
        default=CertificateState.VALID.value,
    )
    fingerprint = models.CharField(max_length=64, unique=True)
    issuer = models.CharField(max_length=200)
    subject = models.CharField(max_length=200)
    serial = models.CharField(max_length=64)
    der = models.BinaryField()
    not_before = models.DateTimeField()
    not_after = models.DateTimeField()
    bound_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["account", "-bound_at"], name="people_certificate_of"),
            models.Index(fields=["-bound_at"], name="people_certificate_bound"),
        ]

    @property
    def state(self) -> CertificateState:
        """Valid, held, revoked or superseded; its time is another matter."""
        return CertificateState(self.issued.state if self.issued else self.outside_state)

    @property
    def certificate(self) -> Certificate:
        """The certificate itself, read."""
        return Certificate.from_der(bytes(self.der))


class CertificateSession(models.Model):
    """Which certificate a session was begun with, so that a loss report ends it."""

    session = models.OneToOneField(OpenSession, models.CASCADE, primary_key=True, related_name="by_certificate")
    certificate = models.ForeignKey(PersonCertificate, models.PROTECT, related_name="sessions")


class Challenge(models.Model):
    """Something random to be signed once, soon, here, for one purpose. `text` is what is signed, byte for byte."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    text = models.TextField()
    session_digest = models.CharField(max_length=64)
    address = models.CharField(max_length=45, blank=True)
    origin = models.CharField(max_length=200)
    action = models.CharField(max_length=40)
    digest = models.CharField(max_length=64, blank=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["expires_at"], name="people_challenge_ends"),
            models.Index(fields=["address", "expires_at"], name="people_challenge_address"),
        ]
