"""What this room keeps: accounts and what proves who somebody is."""

from yichuan.people.models.accounts import Account, PastPassword
from yichuan.people.models.certificates import (
    CertificateApplication,
    CertificateSession,
    Challenge,
    PersonCertificate,
)
from yichuan.people.models.codes import OneTimeCodes, RecoveryCode
from yichuan.people.models.devices import Device, SealingOff, SpotCheck
from yichuan.people.models.sessions import AddressTries, LoginAlarm, LoginAttempt, Method, OpenSession

__all__ = [
    "Account",
    "AddressTries",
    "CertificateApplication",
    "CertificateSession",
    "Challenge",
    "Device",
    "LoginAlarm",
    "LoginAttempt",
    "Method",
    "OneTimeCodes",
    "OpenSession",
    "PastPassword",
    "PersonCertificate",
    "RecoveryCode",
    "SealingOff",
    "SpotCheck",
]
