"""What this room keeps: applications of units with their steps and papers; batches and what is imported for them."""

from yichuan.changes.models.applications import Application, Attachment, Plan, Series, Step
from yichuan.changes.models.batches import Batch, Import, ImportRow, Imprint, PlannedUnit, Stage

__all__ = [
    "Application",
    "Attachment",
    "Batch",
    "Import",
    "ImportRow",
    "Imprint",
    "Plan",
    "PlannedUnit",
    "Series",
    "Stage",
    "Step",
]
