"""No device intent left open, no job left running, once the ticker had its rounds."""

from __future__ import annotations

from collections.abc import Iterator

from django.apps import apps
from django.db.models import Q

from soak.found import Finding

# Whatever is written down before a device, a file or another process is waited for, and settled by a reaper.
INTENTS = {
    "exchange.PrintedCopy": Q(state="reserved"),
    "exchange.Receipt": Q(signature=None),
    "exchange.ReturnNotice": Q(signature=None),
    "seals.SealUse": Q(state="intent"),
    "interface.Answer": Q(status=None),
}


def open_ends() -> Iterator[Finding]:
    """Each intent that nobody settled, by its kind and name."""
    for label, still in INTENTS.items():
        for name in apps.get_model(label).objects.filter(still).values_list("pk", flat=True):
            yield Finding("open", f"{label} {name}")
