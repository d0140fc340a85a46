"""Units, their names through time, their offices, and the exchange boxes of both."""

import uuid

from django.db import models
from django.db.models import Q

from yichuan.common.ids import new_id


class Unit(models.Model):
    """A unit that uses the centre (使用单位). The present names stand here, the history in `UnitName`."""

    class Kind(models.TextChoices):
        """What proof an application to join must bring (J-8)."""

        ORGAN = "organ", "机关"
        INSTITUTION = "institution", "事业单位"
        APPROVED = "approved", "其他经批准单位"

    class Disposal(models.TextChoices):
        """What becomes of a closed unit's documents (J-10(2))."""

        HAND_OVER = "hand_over", "移交指定单位"
        ARCHIVE = "archive", "移交档案部门"
        EXPORT = "export", "导出后由主管单位封存"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.CharField("单位编号", max_length=40, unique=True)
    short_name = models.CharField("简称", max_length=60)
    name = models.CharField("全称", max_length=120)
    kind = models.CharField("性质", max_length=12, choices=Kind, default=Kind.ORGAN)
    rank = models.CharField("级别", max_length=20)
    batch = models.PositiveSmallIntegerField("批次")
    starts = models.DateField("启用日期")
    order = models.PositiveIntegerField("排序")
    pinyin = models.CharField(max_length=300)
    initials = models.CharField(max_length=60)
    closed_at = models.DateTimeField("注销时间", null=True)
    successor = models.ForeignKey("self", models.PROTECT, null=True, related_name="predecessors")
    disposal = models.CharField(max_length=12, choices=Disposal, blank=True)

    class Meta:
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["short_name"], condition=Q(closed_at=None), name="org_short_name_once"),
            models.UniqueConstraint(fields=["name"], condition=Q(closed_at=None), name="org_name_once"),
            models.CheckConstraint(
                condition=Q(successor=None) | Q(closed_at__isnull=False), name="org_only_the_closed_have_successors"
            ),
        ]
        indexes = [models.Index(fields=["order"], condition=Q(closed_at=None), name="org_unit_open_in_order")]


class UnitName(models.Model):
    """A name and the days on which it was valid: old documents show the name of their day (U3).

    `main` is the unit's own name; others are the further names it carries (挂多个牌子, U2), each with its own seal.
    """

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="names")
    name = models.CharField(max_length=120)
    short_name = models.CharField(max_length=60)
    main = models.BooleanField(default=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["unit"], condition=Q(main=True, valid_to=None), name="org_one_main_name_a_unit"
            ),
        ]
        indexes = [
            models.Index(fields=["name"], condition=~Q(main=True, valid_to=None), name="org_further_and_former_names"),
        ]


class Office(models.Model):
    """An office inside a unit (处室, 科室; U7, G-11): it may have an exchange box and receivers of its own."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="offices")
    name = models.CharField("处室名称", max_length=60)
    order = models.PositiveIntegerField("排序", default=0)
    closed_at = models.DateTimeField("撤销时间", null=True)

    class Meta:
        ordering = ["order", "name"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "name"], condition=Q(closed_at=None), name="org_office_name_once"),
        ]


class Box(models.Model):
    """An exchange box (交换箱) of a unit's registry or, with `office`, of an office.

    What is delivered to it is wrapped under its own key. A box outlives its unit: it then belongs to another,
    under a new key (`generation`), on record. With `held_for` that other only keeps what lies in it for the closed
    unit (移交档案部门, 导出封存): it is looked at and exported, never acted on.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="boxes")
    office = models.ForeignKey(Office, models.PROTECT, null=True, related_name="boxes")
    generation = models.PositiveIntegerField(default=1)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField("停止收件时间", null=True)
    held_for = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="kept_boxes")
    addressable = models.BooleanField("其他单位可以直接发到", default=True)  # of an office (D2)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["unit"], condition=Q(office=None, closed_at=None), name="org_one_open_box_a_registry"
            ),
            models.UniqueConstraint(fields=["office"], condition=Q(closed_at=None), name="org_one_open_box_an_office"),
            models.CheckConstraint(
                condition=Q(held_for=None) | Q(closed_at__isnull=False), name="org_kept_boxes_take_nothing"
            ),
        ]

    @property
    def wrapping_label(self) -> str:
        """The label of the box's present wrapping key in the device."""
        return self.wrapping_label_of(self.generation)

    def wrapping_label_of(self, generation: int) -> str:
        """The label of the wrapping key of one generation."""
        return self.wrapping_label_for(self.pk, generation)

    @staticmethod
    def wrapping_label_for(box_id: uuid.UUID, generation: int) -> str:
        """The same where no more of the box is at hand than its id."""
        return f"box:{box_id}:wrap:{generation}"

    @property
    def receipt_label(self) -> str:
        """The label of the box's receipt key in the device."""
        return f"box:{self.pk}:receipt"


class CentreRole(models.Model):
    """Which unit plays which part in running the centre; one unit may play both (J-5, J-6, G-4)."""

    class Role(models.TextChoices):
        SUPERVISING = "supervising", "主管单位"
        OPERATING = "operating", "承办单位"

    role = models.CharField(primary_key=True, max_length=12, choices=Role)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
