"""Keys of the soft device, every certificate the centre issued, its revocation lists, and the authorities outside."""

from functools import lru_cache

from django.db import models

from yichuan.common.ids import new_id
from yichuan.keys.kinds import AuthorityState, CertificateState, Use
from yichuan.lib.gm.x509 import Certificate


@lru_cache(maxsize=256)
def read_certificate(der: bytes) -> Certificate:
    """A certificate out of the register, read once: what a certificate says follows from its bytes alone."""
    return Certificate.from_der(der)


class SoftKey(models.Model):
    """One key of the soft device, encrypted under the master key."""

    label = models.CharField(max_length=120, unique=True)
    kind = models.CharField(max_length=8)
    sealed = models.BinaryField()
    made_at = models.DateTimeField(auto_now_add=True)


class DeviceKey(models.Model):
    """What a device outside leaves with the database of one of its keys; nothing here opens it without the device.

    `device` is the kind and name of the device. `slot` is where the key lies in a device that counts its keys;
    `public` its public half; `wrapped` the key itself as the device wrapped it, where it does not lie inside.
    """

    device = models.CharField(max_length=80)
    label = models.CharField(max_length=120)
    kind = models.CharField(max_length=8)
    slot = models.PositiveIntegerField(null=True)
    public = models.BinaryField(default=bytes)
    wrapped = models.BinaryField(default=bytes)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["device", "label"], name="keys_device_key_label"),
            models.UniqueConstraint(
                fields=["device", "slot"], condition=~models.Q(slot=None), name="keys_device_key_slot"
            ),
        ]


class WrappedKey(models.Model):
    """A data key of the centre, wrapped under a key of the device. Unwrapped once a process."""

    label = models.CharField(max_length=60, unique=True)
    wrapped = models.BinaryField()


class IssuedCertificate(models.Model):
    """A certificate of the centre's CA, wherever its key is: `label` names the key in the device, empty elsewhere.

    `issuer` is the label of the CA that signed it. A certificate that is held or revoked, or that made way for one
    with another key, has `revoked_at` and stands on the list of its issuer.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    use = models.CharField(max_length=20, choices=[(use.value, use.label) for use in Use])
    label = models.CharField(max_length=120, blank=True)
    holder_kind = models.CharField(max_length=20)
    holder_id = models.UUIDField(null=True)
    holder_name = models.CharField(max_length=80, db_index=True)
    issuer = models.CharField(max_length=40)
    serial = models.CharField(max_length=64)
    subject = models.CharField(max_length=200)
    key_digest = models.CharField(max_length=64)
    der = models.BinaryField()
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=[(state.value, state.label) for state in CertificateState])
    revoked_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=40, blank=True)
    note = models.CharField(max_length=200, blank=True)
    renewed_from = models.ForeignKey("self", models.PROTECT, null=True, related_name="renewals")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["issuer", "serial"], name="keys_certificate_serial"),
            models.UniqueConstraint(
                fields=["label"],
                condition=models.Q(state=CertificateState.VALID.value) & ~models.Q(label=""),
                name="keys_certificate_label",
            ),
        ]
        indexes = [
            models.Index(fields=["-issued_at"], name="keys_certificate_issued"),
            models.Index(fields=["state", "expires_at"], name="keys_certificate_ends"),
            models.Index(fields=["holder_id"], name="keys_certificate_holder"),
            models.Index(fields=["label"], name="keys_certificate_of_key"),
            models.Index(fields=["key_digest"], name="keys_certificate_key"),
            models.Index(fields=["issuer", "revoked_at"], name="keys_certificate_listed"),
        ]

    unit_id = None  # the centre's own: a post of the centre alone opens it

    @property
    def certificate(self) -> Certificate:
        """The certificate itself, read."""
        return read_certificate(bytes(self.der))


class PublishedList(models.Model):
    """A revocation list of one of the centre's CAs: wanted (`der` empty) until the device has signed it."""

    issuer = models.CharField(max_length=40)
    number = models.PositiveBigIntegerField()
    wanted_at = models.DateTimeField()
    this_update = models.DateTimeField(null=True)
    next_update = models.DateTimeField(null=True)
    der = models.BinaryField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["issuer", "number"], name="keys_list_number")]


class ExternalAuthority(models.Model):
    """A CA outside the centre whose certificates are believed once the security officer has accepted it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    fingerprint = models.CharField(max_length=64)
    subject = models.CharField(max_length=200)
    issuer = models.CharField(max_length=200)
    self_signed = models.BooleanField()
    not_before = models.DateTimeField()
    not_after = models.DateTimeField()
    der = models.BinaryField()
    state = models.CharField(max_length=12, choices=[(state.value, state.label) for state in AuthorityState])
    for_seals = models.BooleanField(default=False)
    proposed_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["fingerprint"],
                condition=~models.Q(state=AuthorityState.WITHDRAWN.value),
                name="keys_authority_once",
            )
        ]
        indexes = [models.Index(fields=["state", "subject"], name="keys_authority_state")]

    unit_id = None  # the centre's own: a post of the centre alone opens it

    @property
    def certificate(self) -> Certificate:
        """The certificate itself, read."""
        return read_certificate(bytes(self.der))


class ImportedList(models.Model):
    """The newest revocation list that was brought in of an authority outside."""

    authority = models.OneToOneField(ExternalAuthority, models.CASCADE, related_name="revocations")
    number = models.CharField(max_length=64, blank=True)
    this_update = models.DateTimeField()
    next_update = models.DateTimeField(null=True)
    imported_at = models.DateTimeField()
    der = models.BinaryField()
