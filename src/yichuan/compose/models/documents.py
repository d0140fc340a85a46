"""A document in the making: metadata here, every text of it in sealed storage."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models

from yichuan.common.ids import new_id
from yichuan.compose.states import DocumentState
from yichuan.keys.fields import SealedTextField
from yichuan.org.models import Box, Unit

if TYPE_CHECKING:
    from yichuan.compose.models.making import HandBack


class Document(models.Model):
    """A unit's document (公文). `content` is the form's input, `body` the fixed-layout OFD; both are blobs."""

    class Source(models.TextChoices):
        TYPESET = "typeset", "在线制版"
        UPLOAD = "upload", "上传成品"
        SCAN = "scan", "盖章纸质件扫描"  # of a unit that cannot seal yet, with an editable text (G-note-4)

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="documents")  # whose it is now
    box = models.ForeignKey(Box, models.PROTECT, related_name="documents")  # under whose key it lies
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    state = models.CharField(max_length=12, choices=[(s.value, s.label) for s in DocumentState])
    source = models.CharField(max_length=8, choices=Source, default=Source.TYPESET)
    title = SealedTextField()
    # null until it is numbered: many drafts of a unit have no number, and the constraint below must let them be
    number = models.CharField("发文字号", max_length=60, null=True)  # noqa: DJ001
    kind = models.CharField("文种", max_length=12)
    urgency = models.CharField("紧急程度", max_length=8)
    wrapped_key = models.BinaryField()
    content = models.CharField(max_length=64, blank=True)
    body = models.CharField(max_length=64, blank=True)
    body_digest = models.CharField(max_length=64, blank=True)
    pages = models.PositiveIntegerField(default=0)
    seal_places = models.JSONField(default=list)
    unsealed = models.CharField(max_length=64, blank=True)  # the body before its seal, to be handed back to
    corrects = models.ForeignKey("self", models.PROTECT, null=True, related_name="corrections")  # returned, withdrawn
    indexed_at = models.DateTimeField(null=True)  # when its words were put into the search
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            # A correction bears the number of what it corrects.
            models.UniqueConstraint(
                fields=["box", "number"], condition=models.Q(corrects=None), name="compose_number_once"
            )
        ]
        indexes = [
            models.Index(fields=["unit", "state", "-changed_at"], name="compose_document_list"),
            models.Index(fields=["unit", "-changed_at"], name="compose_document_latest"),
            # The auditor knows a document by its number alone, whoever's it is.
            models.Index(fields=["number"], condition=models.Q(number__isnull=False), name="compose_document_number"),
            models.Index(
                fields=["state", "changed_at"],
                condition=models.Q(indexed_at=None),
                name="compose_document_unindexed",
            ),
        ]

    @property
    def handed_back(self) -> "HandBack | None":
        """The hand-back by which it stands where it stands (D1); lists read them by `selectors.with_hand_backs`."""
        last = max(self.hand_backs.all(), key=lambda each: each.at, default=None)
        return last if last is not None and last.target == self.state else None

    @property
    def key_context(self) -> bytes:
        """What the document key's wraps are bound to, beside the box."""
        return f"document:{self.pk}".encode()

    @property
    def content_context(self) -> str:
        return f"document:{self.pk}:content"

    @property
    def body_context(self) -> str:
        return f"document:{self.pk}:body"


class Attachment(models.Model):
    """A file that travels with the document."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    document = models.ForeignKey(Document, models.CASCADE, related_name="attachments")
    order = models.PositiveSmallIntegerField()
    name = SealedTextField()
    media_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    digest = models.CharField(max_length=64)
    blob = models.CharField(max_length=64)

    class Meta:
        ordering = ["order"]

    @property
    def context(self) -> str:
        return f"document:{self.document_id}:attachment:{self.pk}"


class JointSeal(models.Model):
    """One seal that a joint document (联合行文) needs: whose, under which name, in which turn.

    The document rests under the box of the unit that made it; the others read and seal it by these rows.
    """

    document = models.ForeignKey(Document, models.CASCADE, related_name="joint_seals")
    order = models.PositiveSmallIntegerField()
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    use_id = models.UUIDField(null=True)  # the record of its sealing
    sealed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["order"]
        constraints = [models.UniqueConstraint(fields=["document", "order"], name="compose_joint_order_once")]
        indexes = [models.Index(fields=["unit", "sealed_at"], name="compose_joint_of_unit")]
