"""The log of every act, and the Merkle tree over it.

Entries are only ever added; the database itself refuses to change or remove one. An entry is written with its act, put
into the tree within a second by the sequencer, and from the next signed checkpoint on provable to anybody.
"""

from django.db import models

from yichuan.common.ids import new_id


class Entry(models.Model):
    """One act: who did what to which object, for which unit, when, with which particulars."""

    uid = models.UUIDField(default=new_id, unique=True, editable=False)
    at = models.DateTimeField()
    verb = models.CharField(max_length=60)
    actor_id = models.UUIDField(null=True)
    actor_name = models.CharField(max_length=80, blank=True)
    unit_id = models.UUIDField(null=True)
    subject_kind = models.CharField(max_length=40, blank=True)
    subject_id = models.UUIDField(null=True)
    detail = models.JSONField(default=dict)
    mark = models.BinaryField(max_length=32, null=True)  # the centre's own HMAC over it; None: its key was not at hand

    class Meta:
        indexes = [
            models.Index(fields=["subject_id", "at"], name="audit_entry_subject"),
            models.Index(fields=["unit_id", "at"], name="audit_entry_unit"),
            models.Index(fields=["at"], name="audit_entry_at"),
            models.Index(fields=["actor_id", "at"], name="audit_entry_actor"),
            models.Index(fields=["verb", "at"], name="audit_entry_verb"),
        ]


class Pending(models.Model):
    """An entry that is not in the tree yet. Written with the entry, removed as it is taken in."""

    entry = models.OneToOneField(Entry, models.DO_NOTHING, primary_key=True, related_name="+", db_constraint=False)


class Leaf(models.Model):
    """At which place of the tree an entry stands, from 0 without a gap."""

    index = models.BigIntegerField(primary_key=True)
    entry = models.OneToOneField(Entry, models.DO_NOTHING, related_name="leaf", db_constraint=False)


class Tile(models.Model):
    """Up to 256 digests of one level of the tree (`lib.merkle`). Only the last one of a level still grows."""

    level = models.PositiveSmallIntegerField()
    number = models.BigIntegerField()
    hashes = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["level", "number"], name="audit_tile_once")]


class Checkpoint(models.Model):
    """What the log was at a moment (`lib.merkle.Checkpoint`), signed with the centre's key for nothing else."""

    number = models.BigIntegerField(unique=True)  # from 1 without a gap: one that is taken away is missed
    size = models.BigIntegerField(primary_key=True)  # how many entries the tree held
    root = models.BinaryField(max_length=32)
    at = models.DateTimeField()
    signature = models.BinaryField(null=True)  # None until the device has signed
    sent_at = models.DateTimeField(null=True)  # when it went to the auditor's own store

    class Meta:
        indexes = [
            models.Index(fields=["size"], condition=models.Q(signature=None), name="audit_checkpoint_unsigned"),
            models.Index(fields=["at"], name="audit_checkpoint_at"),
        ]


class Head(models.Model):
    """Where the tree stands. One row; who appends locks it."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    size = models.BigIntegerField(default=0)
    root = models.BinaryField(max_length=32)
    checkpoints = models.BigIntegerField(default=0)  # how many were ever written

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="audit_one_head")]


class LogCheck(models.Model):
    """One verification of the whole log (核验全部日志): asked for by the auditor, done by the ticker's process.

    `faults` are what contradicts the log, until the auditor has acknowledged them with a note; `notes` are the rest.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "等待开始"
        RUNNING = "running", "正在核验"
        DONE = "done", "已核验"
        FAILED = "failed", "没有做完"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    asked_by = models.UUIDField(null=True)  # None: found without being asked, as entries were put into the tree
    asked_name = models.CharField(max_length=80)
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    kept = models.JSONField(default=list)  # checkpoints from outside: {"name", "text"}
    tries = models.PositiveSmallIntegerField(default=0)
    heard_at = models.DateTimeField(null=True)  # the last sign of life of whoever does it
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(default=0)
    ended_at = models.DateTimeField(null=True)
    faults = models.JSONField(default=list)
    notes = models.JSONField(default=list)
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_name = models.CharField(max_length=80, blank=True)
    acknowledged_note = models.CharField(max_length=400, blank=True)

    class Meta:
        indexes = [models.Index(fields=["-asked_at"], name="audit_check_list")]
        constraints = [
            models.UniqueConstraint(
                fields=["state"], condition=models.Q(state__in=["waiting", "running"]), name="audit_one_check_a_state"
            ),
        ]
