"""No allowance exceeded: numbered originals (R4, J-34)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from soak.found import Finding
from soak.ledger import Ledger
from yichuan.audit.models import Entry
from yichuan.exchange.models import Delivery, PrintedCopy

State = PrintedCopy.State


def prints(ledger: Ledger) -> Iterator[Finding]:
    """Numbers differ and stay within the allowance; what was counted is what was issued; a press printed once."""
    copies: dict[str, list[PrintedCopy]] = defaultdict(list)
    pressed: dict[str, list[PrintedCopy]] = defaultdict(list)
    for copy in PrintedCopy.objects.exclude(state=State.FAILED):
        copies[str(copy.delivery_id)].append(copy)
        pressed[str(copy.request)].append(copy)
    entries = Counter(
        str(each) for each in Entry.objects.filter(verb="exchange.print_original").values_list("subject_id", flat=True)
    )
    for delivery in Delivery.objects.all():
        name, found = str(delivery.pk), copies[str(delivery.pk)]
        numbers = [each.number for each in found]
        if len(found) > delivery.allowance or any(not 1 <= each <= delivery.allowance for each in numbers):
            yield Finding(
                "allowance exceeded", f"{name} may have {delivery.allowance} copies and has {sorted(numbers)}"
            )
        if len(set(numbers)) != len(numbers):
            yield Finding("number doubled", f"{name} has copies {sorted(numbers)}")
        if delivery.printed != len(found):
            yield Finding("miscounted", f"{name} counts {delivery.printed} copies and has {len(found)}")
        issued = {each.request for each in found if each.state == State.ISSUED}
        if entries[name] != len(issued):
            fault = "entry lost" if entries[name] < len(issued) else "entry too many"
            yield Finding(fault, f"{name} was printed {len(issued)} times and has {entries[name]} entries of it")
    for line in ledger.acts:
        if line.verb == "print":
            issued = [each for each in pressed[line.key] if each.state == State.ISSUED]
            if line.told == "done" and len(issued) != line.copies:
                fault = "lost" if len(issued) < line.copies else "doubled"
                yield Finding(fault, f"a press for {line.copies} copies of {line.delivery} issued {len(issued)}")
            if line.told == "beyond" and issued:
                yield Finding("doubled", f"a press on {line.delivery} was refused and issued {len(issued)}")
