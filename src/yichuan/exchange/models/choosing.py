"""What people keep to choose by: groups of recipients, and views of the lists."""

from django.conf import settings
from django.db import models

from yichuan.common.ids import new_id
from yichuan.org.models import Office, Unit

ACCOUNT = settings.AUTH_USER_MODEL


class RecipientGroup(models.Model):
    """A unit's own group of recipients (常用收件单位), as 「各市、区人民政府」 (D2)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="recipient_groups")
    name = models.CharField(max_length=60)
    order = models.PositiveSmallIntegerField(default=0)
    changed_by = models.ForeignKey(ACCOUNT, models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ["order", "name"]
        constraints = [models.UniqueConstraint(fields=["unit", "name"], name="exchange_group_name_once")]


class GroupMember(models.Model):
    """One of a group: a unit, or one of its offices; `place` is the id of the one meant."""

    group = models.ForeignKey(RecipientGroup, models.CASCADE, related_name="members")
    order = models.PositiveSmallIntegerField()
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    office = models.ForeignKey(Office, models.PROTECT, null=True, related_name="+")
    place = models.UUIDField(editable=False)

    class Meta:
        ordering = ["order"]
        constraints = [models.UniqueConstraint(fields=["group", "place"], name="exchange_group_member_once")]


class SavedView(models.Model):
    """A list as one person likes it: its filter under a name, or (without a name) its columns."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey(ACCOUNT, models.CASCADE, related_name="saved_views")
    listed = models.CharField(max_length=20)  # inbox, sent, outgoing
    name = models.CharField(max_length=40, blank=True)
    query = models.CharField(max_length=400, blank=True)
    columns = models.JSONField(default=list)
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["account", "listed", "name"], name="exchange_saved_view_once"),
        ]
