"""The outbox: what happened, for whom, written in the transaction in which it happened."""

from django.db import models


class Event(models.Model):
    """Word of something that happened, for open pages (the feed) and for handlers of rooms above.

    It carries no content, only that something changed and where: whoever hears it asks again with their own rights.
    """

    at = models.DateTimeField()
    kind = models.CharField(max_length=40)
    unit_id = models.UUIDField()
    subject_id = models.UUIDField(null=True)

    class Meta:
        indexes = [models.Index(fields=["at"], name="common_event_at")]
