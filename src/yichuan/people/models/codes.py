"""One-time codes: the second factor of a person without a certificate (P6)."""

from django.conf import settings
from django.db import models

from yichuan.keys.fields import SealedTextField


class OneTimeCodes(models.Model):
    """The secret of one person's generator. `last_step` is the newest step a code was taken of: none counts twice.

    Until a code was typed the secret is that of the session `begun_in`, which alone may see it.
    After a reset, or done without, the row stays with an empty secret, and `open_until` says until when a password
    alone sets up a new one.
    """

    account = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="one_time_codes"
    )
    secret = SealedTextField()
    begun_in = models.UUIDField(null=True)
    set_up_at = models.DateTimeField(null=True)
    last_step = models.PositiveBigIntegerField(default=0)
    failures = models.PositiveSmallIntegerField(default=0)
    locked_until = models.DateTimeField(null=True)
    open_until = models.DateTimeField(null=True)


class RecoveryCode(models.Model):
    """A code for the day the generator is lost: shown once, kept as a digest, good once."""

    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="recovery_codes")
    digest = models.CharField(max_length=64)
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "digest"], name="people_recovery_code")]
