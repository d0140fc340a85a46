"""Office systems that work through the interface (J-36): who they are, what they asked before, whom they want told."""

from django.conf import settings
from django.db import models

from yichuan.common.ids import new_id
from yichuan.keys.fields import SealedTextField
from yichuan.org.models import Office, Unit

ACCOUNT = settings.AUTH_USER_MODEL


class Client(models.Model):
    """One office system of one unit, at its registry's box or at an office's. Its account is nobody's login.

    What it may do, its account's post says (`Duty.OFFICE_SYSTEM`), as for a person. `secret` is a hash.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField("系统名称", max_length=60)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="clients")
    office = models.ForeignKey(Office, models.PROTECT, null=True, related_name="clients")
    account = models.OneToOneField(ACCOUNT, models.PROTECT, related_name="client")
    secret = models.CharField(max_length=128)
    registered_at = models.DateTimeField()
    cut_at = models.DateTimeField("停用时间", null=True)  # its rights end at once (I2)
    cut_reason = models.CharField(max_length=200, blank=True)
    last_seen_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit", "name"], name="interface_client_name_once")]


class Token(models.Model):
    """A short-lived token; only its digest is kept."""

    digest = models.CharField(max_length=64, primary_key=True)
    client = models.ForeignKey(Client, models.CASCADE, related_name="tokens")
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)


class Answer(models.Model):
    """The first answer to a request that bore a key: a replay gets it again (idempotency)."""

    client = models.ForeignKey(Client, models.CASCADE, related_name="answers")
    key = models.CharField(max_length=80)
    request_digest = models.CharField(max_length=64)  # of method, path and body
    status = models.PositiveSmallIntegerField(null=True)  # null while the first is still being worked on
    body = models.BinaryField(default=bytes, blank=True)
    at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["client", "key"], name="interface_answer_once")]


class Hook(models.Model):
    """Where a client wants to be told (webhook). The secret signs each call and rests sealed."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    client = models.ForeignKey(Client, models.CASCADE, related_name="hooks")
    url = models.URLField(max_length=300)
    secret = SealedTextField()
    kinds = models.JSONField(default=list)  # which kinds of event; empty for all
    active = models.BooleanField(default=True)
    made_at = models.DateTimeField()
    heard_until = models.DateTimeField()  # up to when the outbox was read for it


class HookCall(models.Model):
    """One event on its way to one hook: tried again with growing pauses, then a dead letter until it is sent anew."""

    class State(models.TextChoices):
        WAITING = "waiting", "等待发送"
        DONE = "done", "已送达"
        DEAD = "dead", "多次未送达"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    hook = models.ForeignKey(Hook, models.CASCADE, related_name="calls")
    event_id = models.BigIntegerField()
    kind = models.CharField(max_length=40)
    subject_id = models.UUIDField(null=True)
    state = models.CharField(max_length=8, choices=State)
    tries = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField()
    status = models.PositiveSmallIntegerField(null=True)  # of the last try
    error = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["hook", "event_id"], name="interface_called_once")]
        indexes = [models.Index(fields=["state", "next_at"], name="interface_call_due")]
