"""The tables of seals: the seal itself, its applications, sessions, custody, and what replaces it."""

from yichuan.seals.models.applications import ApplicationStep, Imprint, Paper, SealApplication
from yichuan.seals.models.ceremonies import Attendance, Ceremony
from yichuan.seals.models.custody import Approval, Custodian, Opening
from yichuan.seals.models.replacement import LossReport, SealRules, StatusList
from yichuan.seals.models.seals import Seal, SealUse, VerificationSeal

__all__ = [
    "ApplicationStep",
    "Approval",
    "Attendance",
    "Ceremony",
    "Custodian",
    "Imprint",
    "LossReport",
    "Opening",
    "Paper",
    "Seal",
    "SealApplication",
    "SealRules",
    "SealUse",
    "StatusList",
    "VerificationSeal",
]
