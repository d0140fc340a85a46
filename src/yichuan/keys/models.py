"""Keys of the soft device and the certificates the centre issued."""

from django.db import models


class SoftKey(models.Model):
    """One key of the soft device, encrypted under the master key."""

    label = models.CharField(max_length=120, unique=True)
    kind = models.CharField(max_length=8)
    sealed = models.BinaryField()
    made_at = models.DateTimeField(auto_now_add=True)


class IssuedCertificate(models.Model):
    """A certificate of the centre's CA, and the label of the key it certifies."""

    label = models.CharField(max_length=120, unique=True)
    serial = models.CharField(max_length=64, unique=True)
    subject = models.CharField(max_length=200)
    der = models.BinaryField()
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()


class WrappedKey(models.Model):
    """A data key of the centre, wrapped under a key of the device. Unwrapped once a process."""

    label = models.CharField(max_length=60, unique=True)
    wrapped = models.BinaryField()
