"""Boxes that change hands."""

from django.db import models

from yichuan.common.ids import new_id
from yichuan.org.models import Box


class TakeOver(models.Model):
    """A box on its way under a new key generation, because it changes hands. Begun, moved, old key destroyed."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    box = models.ForeignKey(Box, models.PROTECT, related_name="take_overs")
    generation = models.PositiveIntegerField()  # the new one
    begun_at = models.DateTimeField()
    moved_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["box", "generation"], name="exchange_one_take_over_a_generation"),
        ]
        indexes = [
            models.Index(
                fields=["moved_at"],
                condition=models.Q(moved_at__isnull=False, finished_at=None),
                name="exchange_take_over_open",
            ),
        ]


class Rewrap(models.Model):
    """The key of one delivery, assignment or document (`item`) under the new generation, made before any lock."""

    take_over = models.ForeignKey(TakeOver, models.CASCADE, related_name="rewraps", db_index=False)
    item = models.UUIDField()
    wrapped = models.BinaryField()
    opened = models.BooleanField(default=True)  # False: it did not open under the old key, and is kept as it was

    class Meta:
        constraints = [models.UniqueConstraint(fields=["take_over", "item"], name="exchange_rewrapped_once")]
