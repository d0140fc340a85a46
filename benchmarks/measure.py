"""How a figure is taken and written down."""

import json
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

OUT = Path(__file__).parent / "out"
SECONDS = 1.5
ROUNDS = 3


@dataclass(frozen=True)
class Figure:
    """A value beside the reference of the same run; `ratio` is value divided by reference."""

    name: str
    value: float
    unit: str
    reference: str
    reference_value: float
    ratio: float


def rate(work: Callable[[], object], *, seconds: float = SECONDS, rounds: int = ROUNDS) -> float:
    """Calls a second: the best of some rounds, after one call to warm up."""
    work()
    best = 0.0
    for _ in range(rounds):
        calls, begun = 0, time.perf_counter()
        while (taken := time.perf_counter() - begun) < seconds / rounds:
            work()
            calls += 1
        best = max(best, calls / taken)
    return best


def figure(name: str, value: float, unit: str, reference: str, reference_value: float) -> Figure:
    """Make a figure with sensible digits."""
    return Figure(name, round(value, 2), unit, reference, round(reference_value, 2), round(value / reference_value, 4))


def write(area: str, figures: list[Figure]) -> Path:
    """Write JSON lines to `benchmarks/out/<area>.jsonl` and print them as a table."""
    OUT.mkdir(exist_ok=True)
    path = OUT / f"{area}.jsonl"
    path.write_text("".join(json.dumps(asdict(each), ensure_ascii=False) + "\n" for each in figures), encoding="utf-8")
    for each in figures:
        print(
            f"{each.name:<34} {each.value:>10.2f} {each.unit:<12} "
            f"{each.ratio:>8.3f} × {each.reference} ({each.reference_value:.2f})"
        )
    return path
