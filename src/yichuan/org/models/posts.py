"""The staff of units and who holds which post where."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from yichuan.common.ids import new_id
from yichuan.org.duties import ADMINISTRATORS
from yichuan.org.models.units import Office, Unit


class Staff(models.Model):
    """A person of a unit as the staff form (附件1) and the contact book have them, and whether they qualify (P8, J-12).

    An account has one of these: the unit it names is the one whose administrator looks after the account (P1).
    The three administrators of the centre have one without a unit.
    """

    account = models.OneToOneField(settings.AUTH_USER_MODEL, models.PROTECT, primary_key=True, related_name="staff")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="staff")
    office = models.ForeignKey(Office, models.PROTECT, null=True, related_name="staff")
    title = models.CharField("职务", max_length=60, blank=True)
    phone = models.CharField("办公电话", max_length=40, blank=True)
    local_number = models.CharField(max_length=40, blank=True, db_index=True)  # of `phone`: what somebody dials here
    mobile = models.CharField("手机", max_length=40, blank=True, db_index=True)
    mail = models.CharField("电子邮箱", max_length=120, blank=True)
    pinyin = models.CharField(max_length=120, blank=True, db_index=True)
    initials = models.CharField(max_length=40, blank=True, db_index=True)
    established = models.BooleanField("在编", default=False)
    trained_on = models.DateField("上岗培训日期", null=True)
    training_note = models.CharField("培训说明", max_length=120, blank=True)


class Post(models.Model):
    """A person in a post (U8): the posts, not the person, hold the permissions.

    It is in force from `since` until `until`. A post of the centre itself has no unit. `permissions` is None where the
    duty's template holds as it is, else the list of what this post opens. A stand-in (代岗) has its end from the start
    and names the post it stands in for.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="posts")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="posts")
    office = models.ForeignKey(Office, models.PROTECT, null=True, related_name="posts")
    duty = models.CharField(max_length=20)
    permissions = models.JSONField(null=True)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    stands_in_for = models.ForeignKey("self", models.PROTECT, null=True, related_name="stand_ins")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "unit", "duty"], condition=Q(until=None, office=None), name="org_post_held_once"
            ),
            models.UniqueConstraint(
                fields=["account", "office", "duty"], condition=Q(until=None), name="org_office_post_held_once"
            ),
            models.UniqueConstraint(
                fields=["account"],
                condition=Q(until=None, duty__in=sorted(ADMINISTRATORS)),
                name="org_administrators_are_three_people",
            ),
            models.CheckConstraint(
                condition=Q(duty__in=sorted(ADMINISTRATORS), unit=None)
                | (~Q(duty__in=sorted(ADMINISTRATORS)) & Q(unit__isnull=False)),
                name="org_administrators_stand_outside_units",
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")), name="org_post_ends_after_it_begins"
            ),
        ]
        indexes = [
            models.Index(fields=["duty", "-since", "-id"], name="org_post_of_duty"),
            models.Index(fields=["-since", "-id"], condition=Q(permissions__isnull=False), name="org_post_own"),
        ]


class HandOver(models.Model):
    """The form by which a person's posts, open work and custody go to another (交接, P5): both confirm."""

    class State(models.TextChoices):
        PROPOSED = "proposed", "待双方确认"
        CONFIRMED = "confirmed", "待审计员审核"
        DONE = "done", "已交接"
        REFUSED = "refused", "未同意"
        WITHDRAWN = "withdrawn", "已撤回"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="hand_overs")
    giver = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    taker = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    posts = models.ManyToManyField(Post, related_name="hand_overs")
    state = models.CharField(max_length=12, choices=State)
    reason = models.CharField("交接原因", max_length=200)
    items = models.JSONField(default=list)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    given_at = models.DateTimeField(null=True)
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    taken_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=200, blank=True)
