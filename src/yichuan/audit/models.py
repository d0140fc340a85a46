"""The log of every act. Rows are only ever added; the database itself refuses to change or remove one."""

from django.db import models


class Entry(models.Model):
    """One act: who did what to which object, for which unit, when, with which particulars."""

    at = models.DateTimeField()
    verb = models.CharField(max_length=60)
    actor_id = models.UUIDField(null=True)
    actor_name = models.CharField(max_length=80, blank=True)
    unit_id = models.UUIDField(null=True)
    subject_kind = models.CharField(max_length=40, blank=True)
    subject_id = models.UUIDField(null=True)
    detail = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["subject_id", "at"], name="audit_entry_subject"),
            models.Index(fields=["unit_id", "at"], name="audit_entry_unit"),
            models.Index(fields=["at"], name="audit_entry_at"),
        ]
