"""What a trial says of itself, for a file and for a terminal."""

from __future__ import annotations

from collections import Counter

from soak.drive import Outcome


def written(outcome: Outcome) -> str:
    """In Markdown: what was done, who died, what was found."""
    plan, counts = outcome.plan, outcome.counts
    died = Counter(each.victim for each in outcome.kills)
    lines = [
        f"# Crash suite: {plan.database}, bodies in {plan.store}, seed {plan.seed}",
        "",
        f"{len(outcome.kills)} kills in {outcome.seconds:.0f} s: "
        + ", ".join(f"{name} {times}" for name, times in sorted(died.items())),
        "",
        "| what | how many |",
        "|---|---:|",
        *(f"| {name} | {number} |" for name, number in {**counts, **outcome.forms}.items()),
        f"| longest wait for an answer, s | {outcome.longest:.1f} |",
        *(f"| asked again after: {name} | {number} |" for name, number in sorted(outcome.errors.items())),
        "",
        f"{plan.sends} sends and {plan.receipts} receipts were wanted in {plan.seconds:.0f} s: "
        + ("done." if outcome.enough else "NOT reached."),
        "",
        "Findings: none. Nothing lost, nothing doubled, nothing left open." if not outcome.findings else "Findings:",
        *(f"- {each}" for each in outcome.findings),
        "",
        "| after, s | killed | how |",
        "|---:|---|---|",
        *(f"| {each.after} | {each.victim} | {each.how} |" for each in outcome.kills),
    ]
    return "\n".join(lines) + "\n"
