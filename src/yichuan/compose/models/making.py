"""What happens around a document in the making: papers beside it, hand-backs, uploads that arrive in parts."""

from django.conf import settings
from django.db import models

from yichuan.common.ids import new_id
from yichuan.compose.models.documents import Document
from yichuan.keys.fields import SealedTextField
from yichuan.org.models import Unit

ACCOUNT = settings.AUTH_USER_MODEL


class PaperAttachment(models.Model):
    """An attachment that travels on paper (J-28): a book, a drawing. It is named here and tracked per recipient."""

    document = models.ForeignKey(Document, models.CASCADE, related_name="paper_attachments")
    order = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=120)
    copies = models.PositiveSmallIntegerField(default=1)

    class Meta:
        ordering = ["order"]
        constraints = [models.UniqueConstraint(fields=["document", "order"], name="compose_paper_attachment_once")]


class HandBack(models.Model):
    """A step gives a document back to an earlier one, with the reason (D1, J-29)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    document = models.ForeignKey(Document, models.CASCADE, related_name="hand_backs")
    source = models.CharField(max_length=12)
    target = models.CharField(max_length=12)
    reason = models.CharField(max_length=400)
    by = models.ForeignKey(ACCOUNT, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["document", "-at"], name="compose_hand_back_list")]

    @property
    def said(self) -> str:
        """Who gave it back, and why."""
        return f"{self.by.name} 退回：{self.reason}"


class Upload(models.Model):
    """A file that arrives in parts and goes on after a cut, from a page or from an office system.

    Each part rests encrypted under the upload's own key, wrapped for the unit's box: never plain, never in one piece
    in memory. What is not finished in a day is swept.
    """

    class State(models.TextChoices):
        ARRIVING = "arriving", "正在上传"
        COMPLETE = "complete", "已传完"
        TAKEN = "taken", "已使用"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    unit = models.ForeignKey(Unit, models.CASCADE, related_name="uploads")
    account = models.ForeignKey(ACCOUNT, models.CASCADE, related_name="uploads")
    name = SealedTextField()
    media_type = models.CharField(max_length=100, blank=True)
    size = models.PositiveBigIntegerField()
    received = models.PositiveBigIntegerField(default=0)
    wrapped_key = models.BinaryField()
    state = models.CharField(max_length=8, choices=State)
    begun_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["changed_at"], name="compose_upload_sweep")]


class UploadPart(models.Model):
    """One part in its place; `offset` is where it begins."""

    upload = models.ForeignKey(Upload, models.CASCADE, related_name="parts")
    offset = models.PositiveBigIntegerField()
    size = models.PositiveIntegerField()
    blob = models.CharField(max_length=64)

    class Meta:
        ordering = ["offset"]
        constraints = [models.UniqueConstraint(fields=["upload", "offset"], name="compose_upload_part_once")]


class SearchTerm(models.Model):
    """A keyed pair of characters that stands in a document (search without text in the clear).

    `term` is the first 8 bytes of an HMAC under the centre's search key, as a signed number; `place` says where the
    pair stands: in the title, in the title's pinyin initials, in the text, or in the number.
    """

    class Place(models.IntegerChoices):
        TITLE = 1, "标题"
        INITIALS = 2, "标题拼音首字母"
        TEXT = 3, "全文"
        NUMBER = 4, "文号"

    document = models.ForeignKey(Document, models.CASCADE, related_name="terms", db_index=False)
    place = models.PositiveSmallIntegerField(choices=Place)
    term = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["document", "place", "term"], name="compose_search_term_once"),
        ]
        indexes = [models.Index(fields=["place", "term", "document"], name="compose_search_term")]
