"""The centre itself, and the outbox: what happened, for whom, written in the transaction in which it happened."""

from django.db import models


def title_of(centre: str) -> str:
    """What the centre calls itself: 「江门市」 and 「江门市电子公文交换中心」 are both the latter."""
    return centre if centre.endswith("交换中心") else f"{centre}电子公文交换中心"


class Centre(models.Model):
    """The one exchange centre (交换中心) of this installation. Written once, when it is opened."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    name = models.CharField("中心名称", max_length=60)
    profile = models.CharField("交换规则", max_length=40)
    opened_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="common_one_centre")]


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


class CalendarDay(models.Model):
    """A day that the state's yearly notice names: off, or a shifted working day (调休). Editable (R2).

    Every other day is what its weekday says (`common.calendar`).
    """

    day = models.DateField(primary_key=True)
    working = models.BooleanField()
    name = models.CharField(max_length=40, blank=True)
    source = models.CharField(max_length=60, blank=True)
    changed_at = models.DateTimeField()


class SweepHold(models.Model):
    """Nothing is swept from the blob store before `until`: a backup copies what its snapshot of the database names."""

    until = models.DateTimeField()
