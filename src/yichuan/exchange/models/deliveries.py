"""Dispatches, deliveries, receipts and numbered copies."""

from datetime import datetime

from django.conf import settings
from django.db import models

from yichuan.common.ids import new_id
from yichuan.compose.models import Document
from yichuan.exchange.states import DeliveryState
from yichuan.org.models import Box, Office, Unit, UnitName

ACCOUNT = settings.AUTH_USER_MODEL


class Dispatch(models.Model):
    """The one sending of a document (J-31). A document has at most one, so it cannot be sent twice."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    document = models.OneToOneField(Document, models.PROTECT, related_name="dispatch")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="dispatches")  # whose it is now
    sender = models.ForeignKey(UnitName, models.PROTECT, related_name="+")  # under which name it was sent
    sent_by = models.ForeignKey(ACCOUNT, models.PROTECT, related_name="+")
    sent_at = models.DateTimeField()
    counted_day = models.DateField()
    idempotency_key = models.UUIDField(unique=True)
    request_digest = models.CharField(max_length=64)
    attachments_digest = models.CharField(max_length=64, blank=True)
    without_call = models.BooleanField("未经电话通知", default=False)  # the sender answers for it (G-16)
    withdrawn_at = models.DateTimeField("撤回时间", null=True)
    withdrawn_by = models.ForeignKey(ACCOUNT, models.PROTECT, null=True, related_name="+")
    withdrawn_reason = models.CharField("撤回原因", max_length=400, blank=True)
    paper_open = models.BooleanField(default=False)  # something of it on paper is still to be posted or to arrive

    # How many deliveries there are and how many stand where, for lists: set by `selectors.with_progress`.
    total = received = signed = returned = 0
    title_pieces: tuple[object, ...] = ()  # how a search found it: `show_found`
    sentence: tuple[object, ...] = ()
    late = 0  # and how many should have signed by now: set by `selectors_chasing.mark_dispatches`

    class Meta:
        indexes = [
            models.Index(fields=["unit", "-sent_at"], name="exchange_dispatch_list"),
            models.Index(fields=["unit", "-sent_at"], condition=models.Q(paper_open=True), name="exchange_paper_sent"),
        ]

    @property
    def sender_name(self) -> str:
        """The sender as it was called on the day of sending, and as it is called now where that differs."""
        return name_of_its_day(self.sender.short_name, self.unit.short_name, self.unit.closed_at)


_AT_REGISTRY, _AT_OFFICE = models.Q(office=None), models.Q(office__isnull=False)


class Delivery(models.Model):
    """One recipient's share of a dispatch: where it stands, and what its box may still do with it."""

    class Role(models.TextChoices):
        MAIN = "main", "主送"
        COPY = "copy", "抄送"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    dispatch = models.ForeignKey(Dispatch, models.PROTECT, related_name="deliveries", db_index=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="deliveries")  # whose it is now
    office = models.ForeignKey(Office, models.PROTECT, null=True, related_name="+", db_index=False)  # None: registry
    box = models.ForeignKey(Box, models.PROTECT, related_name="deliveries", db_index=False)  # under whose key it lies
    addressee = models.ForeignKey(UnitName, models.PROTECT, related_name="+")  # the name it was addressed to
    addressee_office = models.CharField(max_length=60, blank=True)  # and the office, by its name of that day
    role = models.CharField(max_length=4, choices=Role)
    order = models.PositiveSmallIntegerField()
    allowance = models.PositiveSmallIntegerField()
    printed = models.PositiveSmallIntegerField(default=0)
    wrapped_key = models.BinaryField()
    state = models.CharField(max_length=12, choices=[(s.value, s.label) for s in DeliveryState])
    counted_day = models.DateField(null=True)  # by this receiver's own notice too (J-32); null: the dispatch's
    arrived_at = models.DateTimeField()
    urged_at = models.DateTimeField(null=True)  # when the sender last asked that it be signed for
    signed_for_at = models.DateTimeField(null=True)
    signed_for_by = models.ForeignKey(ACCOUNT, models.PROTECT, null=True, related_name="+", db_index=False)
    received_at = models.DateTimeField(null=True)
    returned_at = models.DateTimeField(null=True)
    return_reason = models.CharField(max_length=400, blank=True)
    return_settled_at = models.DateTimeField(null=True)  # when the sender had dealt with it
    paper_open = models.BooleanField(default=False)  # something of it on paper has not arrived
    # What this one came of: sent again by the sender (R7), or passed on by an office to its unit's registry (R9).
    follows = models.ForeignKey("self", models.PROTECT, null=True, related_name="followed_by", db_index=False)
    note = models.CharField("转来说明", max_length=400, blank=True)  # what the office said when it passed this on

    # For lists: how much of it travels on paper (`selectors.with_marks`), and how a search found it (`show_found`).
    papers = papers_arrived = 0
    title_pieces: tuple[object, ...] = ()
    sentence: tuple[object, ...] = ()
    why = ""  # why it was not signed for with the others: set by the inbox

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["dispatch", "box"], condition=~models.Q(state="replaced"), name="exchange_delivered_once"
            ),
            models.CheckConstraint(condition=models.Q(printed__lte=models.F("allowance")), name="exchange_allowance"),
        ]
        indexes = [
            # The registry's apart from the offices': where the office is null, PostgreSQL sorts what one index gives.
            # A search walks them with the dispatch of each, which it need not look up in the table.
            models.Index(
                fields=["unit", "-arrived_at", "-id", "dispatch"], condition=_AT_REGISTRY, name="exchange_inbox"
            ),
            models.Index(
                fields=["unit", "state", "-arrived_at", "-id"], condition=_AT_REGISTRY, name="exchange_inbox_by_state"
            ),
            models.Index(
                fields=["unit", "office", "-arrived_at", "-id", "dispatch"],
                condition=_AT_OFFICE,
                name="exchange_office_inbox",
            ),
            models.Index(
                fields=["unit", "office", "state", "-arrived_at", "-id"],
                condition=_AT_OFFICE,
                name="exchange_office_by_state",
            ),
            models.Index(fields=["box", "-arrived_at"], name="exchange_in_box"),
            models.Index(fields=["dispatch", "unit"], name="exchange_delivery_of_unit"),
            models.Index(
                fields=["unit", "-arrived_at"], condition=models.Q(paper_open=True), name="exchange_paper_awaited"
            ),
            # Chasing: what nobody has signed for, over all units, and which desks signed in a half day (G-20).
            models.Index(
                fields=["arrived_at", "unit", "office"],
                condition=models.Q(state="delivered"),
                name="exchange_not_signed_for",
            ),
            models.Index(
                fields=["signed_for_at", "unit", "office"],
                condition=models.Q(signed_for_at__isnull=False),
                name="exchange_signed_for",
            ),
            # Nobody is asked for by office or account alone; what came of a delivery is, and few have followed one.
            models.Index(fields=["follows"], condition=models.Q(follows__isnull=False), name="exchange_follows"),
        ]

    @property
    def addressee_name(self) -> str:
        """The addressee as it was called on the day of sending, and who holds the box now where that differs."""
        return name_of_its_day(self.addressee_then, self.unit.short_name, self.unit.closed_at, self.addressee_office)

    @property
    def addressee_then(self) -> str:
        """The addressee as it was called on the day of sending."""
        return self.addressee.short_name

    @property
    def taken_back(self) -> bool:
        """Whether the sender took it back: also of what was passed on, sent again or returned before that."""
        return self.dispatch.withdrawn_at is not None

    @property
    def passed_on(self) -> bool:
        """Whether another unit holds it than it was addressed to."""
        return self.addressee.unit_id != self.unit_id


def name_of_its_day(then: str, now: str, closed_at: datetime | None, office: str = "") -> str:
    """A unit as it was called on the day of sending, and what has become of it since."""
    if then != now:
        return f"{then}{office}（现：{now}）"
    return f"{then}{office}（已注销）" if closed_at is not None else then + office


class PrintedCopy(models.Model):
    """One numbered original (R4). Its number is reserved before the file is made and freed if none was."""

    class State(models.TextChoices):
        RESERVED = "reserved", "正在生成"
        ISSUED = "issued", "已打印"
        FAILED = "failed", "未生成"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    delivery = models.ForeignKey(Delivery, models.PROTECT, related_name="copies")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)  # the delivery's, for its register
    number = models.PositiveSmallIntegerField()
    request = models.UUIDField(default=new_id, db_index=True)
    printed_by = models.ForeignKey(ACCOUNT, models.PROTECT, related_name="+")
    reserved_at = models.DateTimeField()
    issued_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=8, choices=State)
    # The holder's verification seal (R4), which checked the signing seal at that moment, and its word on this copy.
    verification = models.ForeignKey("seals.VerificationSeal", models.PROTECT, null=True, related_name="+")
    verified = models.BinaryField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["delivery", "number"], condition=~models.Q(state="failed"), name="exchange_copy_number_once"
            )
        ]
        indexes = [
            models.Index(fields=["state", "reserved_at"], name="exchange_copy_open"),
            models.Index(
                fields=["unit", "-issued_at", "-id"],
                condition=models.Q(state="issued"),
                name="exchange_print_register",
            ),
        ]


class Receipt(models.Model):
    """The centre's signed word to the sender (R6). Written with the act; signed right after, or by the reaper."""

    class Kind(models.TextChoices):
        SIGNED_FOR = "signed_for", "签收"
        RECEIVED = "received", "接收"
        RETURNED = "returned", "退回"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    delivery = models.ForeignKey(Delivery, models.PROTECT, related_name="receipts")
    kind = models.CharField(max_length=12, choices=Kind)
    at = models.DateTimeField()
    payload = models.BinaryField()
    signature = models.BinaryField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["delivery", "kind"], name="exchange_one_receipt_a_kind")]
        indexes = [
            models.Index(fields=["at"], condition=models.Q(signature=None), name="exchange_receipt_unsigned"),
        ]
