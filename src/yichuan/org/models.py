"""Units, their names through time, their exchange boxes, and who holds which post where."""

from django.conf import settings
from django.db import models

from yichuan.common.ids import new_id


class Unit(models.Model):
    """A unit that uses the centre (使用单位). The present names stand here, the history in `UnitName`."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.CharField(max_length=40, unique=True)
    short_name = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    rank = models.CharField(max_length=20)
    batch = models.PositiveSmallIntegerField()
    starts = models.DateField()
    order = models.PositiveIntegerField()
    pinyin = models.CharField(max_length=300)
    initials = models.CharField(max_length=60)

    class Meta:
        ordering = ["order"]


class UnitName(models.Model):
    """A name and the days on which it was valid: old documents show the name of their day (U3)."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="names")
    name = models.CharField(max_length=120)
    short_name = models.CharField(max_length=60)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)


class Box(models.Model):
    """A unit's exchange box (交换箱): what is delivered to it is wrapped under its own key."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    unit = models.OneToOneField(Unit, models.PROTECT, related_name="box")

    @property
    def wrapping_label(self) -> str:
        """The label of the box's wrapping key in the device."""
        return f"box:{self.pk}:wrap"

    @property
    def receipt_label(self) -> str:
        """The label of the box's receipt key in the device."""
        return f"box:{self.pk}:receipt"


class Post(models.Model):
    """A person in a post of a unit (U8): the posts, not the person, hold the permissions."""

    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="posts")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="posts")
    duty = models.CharField(max_length=20)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "unit", "duty"], condition=models.Q(until=None), name="org_post_held_once"
            )
        ]
