"""What this room keeps: accounts and what proves who somebody is."""

from yichuan.people.models.accounts import Account, PastPassword
from yichuan.people.models.devices import Device, SealingOff, SpotCheck
from yichuan.people.models.sessions import AddressTries, LoginAlarm, LoginAttempt, Method, OpenSession

__all__ = [
    "Account",
    "AddressTries",
    "Device",
    "LoginAlarm",
    "LoginAttempt",
    "Method",
    "OpenSession",
    "PastPassword",
    "SealingOff",
    "SpotCheck",
]
