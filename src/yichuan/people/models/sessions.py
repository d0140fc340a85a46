"""Sessions that stand open, attempts to log in, and what looks wrong about one."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from yichuan.common.ids import new_id
from yichuan.people.models.devices import Device


class Method(models.TextChoices):
    """By what a person proved who they are."""

    PASSWORD = "password", "密码"
    PASSWORD_AND_CODE = "password_code", "密码和动态口令"
    CERTIFICATE = "certificate", "数字证书"
    BOTH = "both", "密码和数字证书"


class OpenSession(models.Model):
    """A session from its login to its end. The browser's session names it; one that does not is nobody's."""

    class End(models.TextChoices):
        LOGGED_OUT = "logged_out", "退出登录"
        IDLE = "idle", "长时间没有操作"
        TOO_LONG = "too_long", "到了最长登录时间"
        ELSEWHERE = "elsewhere", "在别处登录"
        ENDED = "ended", "被本人结束"
        PASSWORD = "password", "密码已更改"
        SUSPENDED = "suspended", "账号停用"
        DEVICE = "device", "设备封存"
        CERTIFICATE = "certificate", "证书停用"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="sessions")
    method = models.CharField(max_length=16, choices=Method)
    address = models.CharField(max_length=45, blank=True)
    agent = models.CharField(max_length=60, blank=True)
    device = models.ForeignKey(Device, models.PROTECT, null=True, related_name="sessions")
    began_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    end = models.CharField(max_length=12, choices=End, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["account"], condition=Q(ended_at=None), name="people_session_open"),
            models.Index(fields=["began_at"], name="people_session_began"),
        ]


class LoginAttempt(models.Model):
    """One attempt to log in. `unit_id` is the unit of the account on that day; a name nobody has is not kept."""

    class Outcome(models.TextChoices):
        DONE = "done", "登录成功"
        WRONG = "wrong", "账号或密码不对"
        LOCKED = "locked", "账号已锁定"
        SUSPENDED = "suspended", "账号已停用"
        EXPIRED = "expired", "初始密码已过期"
        SLOWED = "slowed", "这个地址失败太多"
        UNBOUND = "unbound", "不是登记的设备"
        SEALED_OFF = "sealed_off", "设备已封存"
        CERTIFICATE = "certificate", "证书没有通过"
        CODE = "code", "动态口令不对"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    at = models.DateTimeField()
    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="attempts")
    unit_id = models.UUIDField(null=True)
    method = models.CharField(max_length=16, choices=Method)
    outcome = models.CharField(max_length=12, choices=Outcome)
    address = models.CharField(max_length=45, blank=True)
    agent = models.CharField(max_length=60, blank=True)
    device = models.ForeignKey(Device, models.PROTECT, null=True, related_name="attempts")

    class Meta:
        indexes = [
            models.Index(fields=["account", "-at"], name="people_attempt_account"),
            models.Index(fields=["unit_id", "-at"], name="people_attempt_unit"),
            models.Index(fields=["-at"], name="people_attempt_at"),
        ]


class LoginAlarm(models.Model):
    """A login that went through and that somebody should look at."""

    class Kind(models.TextChoices):
        UNBOUND = "unbound", "不是本人登记的设备"
        FAILURES = "failures", "多次输错之后登录"
        TWO_ADDRESSES = "two_addresses", "同时在两个地址登录"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    attempt = models.ForeignKey(LoginAttempt, models.CASCADE, related_name="alarms")
    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="alarms")
    unit_id = models.UUIDField(null=True)
    at = models.DateTimeField()
    kind = models.CharField(max_length=16, choices=Kind)
    note = models.CharField(max_length=120, blank=True)
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    finding = models.CharField("核实情况", max_length=200, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["unit_id", "-at"], name="people_alarm_unit"),
            models.Index(fields=["-at"], name="people_alarm_at"),
            models.Index(fields=["account"], condition=Q(acknowledged_at=None), name="people_alarm_open"),
        ]


class AddressTries(models.Model):
    """Failed attempts from one address in the present quarter of an hour, whatever the account."""

    address = models.CharField(max_length=45, primary_key=True)
    since = models.DateTimeField()
    failures = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["since"], name="people_tries_since")]
