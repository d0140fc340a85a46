"""What this room keeps: applications of units with their steps and papers."""

from yichuan.changes.models.applications import Application, Attachment, Plan, Series, Step

__all__ = ["Application", "Attachment", "Plan", "Series", "Step"]
