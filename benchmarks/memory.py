"""Memory over ten thousand documents: each sealed, verified and its last page drawn in one process."""

import os
import resource
from pathlib import Path

from benchmarks.measure import Figure, figure
from benchmarks.papers import NOW, five_pages, office
from yichuan.lib.ofd.package import Package
from yichuan.lib.ofd.svg import page_to_svg
from yichuan.lib.ofd.verifying import verify

DOCUMENTS, WARM = 10_000, 1_000
_MB = 1024 * 1024


def figures() -> list[Figure]:
    """Resident MB after all documents beside those after the first thousand: flat is a ratio near one."""
    body, unit = five_pages(), office()
    warm = 0.0
    for count in range(1, DOCUMENTS + 1):
        sealed = unit.sealed(body, 4)
        if not verify(sealed, trust=[unit.root], at=NOW).valid_and_trusted:
            raise RuntimeError(f"document {count} does not verify")
        page_to_svg(Package.open(sealed), 4)
        if count == WARM:
            warm = _resident()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return [
        figure(f"memory after {DOCUMENTS} documents", _resident(), "MB", f"after {WARM}", warm),
        figure("memory at its highest", peak, "MB", f"after {WARM}", warm),
    ]


def _resident() -> float:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / _MB
