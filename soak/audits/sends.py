"""No document lost, none doubled, none in a box that was not chosen (architecture, "What must never happen")."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from soak.found import Finding
from soak.ledger import Ledger, Sent
from yichuan.audit.models import Entry
from yichuan.compose.models import Document
from yichuan.exchange.models import Delivery, Dispatch
from yichuan.seals.models import SealUse

STEPS = (("compose.begin",), ("compose.seal", "compose.take_sealed"), ("exchange.send",))


def sends(ledger: Ledger) -> Iterator[Finding]:
    """Each that was asked for exists once, with exactly the deliveries that were asked for; nothing else was sent."""
    documents: dict[str, list[Document]] = defaultdict(list)
    for document in Document.objects.filter(number__in=[each.number for each in ledger.sent]):
        documents[document.number or ""].append(document)
    dispatches: dict[str, list[Dispatch]] = defaultdict(list)
    for dispatch in Dispatch.objects.select_related("document"):
        dispatches[dispatch.document.number or ""].append(dispatch)
    boxes: dict[str, list[Delivery]] = defaultdict(list)
    for delivery in Delivery.objects.select_related("box"):
        boxes[str(delivery.dispatch_id)].append(delivery)
    for line in ledger.sent:
        yield from _one(line, documents[line.number], dispatches.pop(line.number, []), boxes)
    for number in dispatches:
        yield Finding("not asked for", f"{number} was sent")
    yield from _recorded()


def _one(
    line: Sent, documents: list[Document], dispatches: list[Dispatch], boxes: dict[str, list[Delivery]]
) -> Iterator[Finding]:
    if line.refused:
        yield Finding("refused", f"{line.number}: {line.refused}")
    elif not line.told:
        yield Finding("no answer", f"{line.number} was never answered")
    if len(documents) > 1:
        yield Finding("doubled", f"{len(documents)} documents bear {line.number}")
    if len(dispatches) > 1:
        yield Finding("doubled", f"{line.number} was sent {len(dispatches)} times")
    if line.told and line.told not in {str(each.pk) for each in dispatches}:
        yield Finding("lost", f"{line.number} was acknowledged and is not there")
    for dispatch in dispatches:
        found = Counter(str(each.unit_id) for each in boxes[str(dispatch.pk)])
        wanted = Counter(line.recipients)
        for unit in wanted - found:
            yield Finding("lost", f"{line.number} has no delivery to {unit}")
        for unit in found - wanted:
            fault = "doubled" if unit in wanted else "not chosen"
            yield Finding(fault, f"{line.number} lies in the box of {unit} {found[unit]} times")
        for delivery in boxes[str(dispatch.pk)]:
            if delivery.box.unit_id != delivery.unit_id:
                yield Finding("not chosen", f"{line.number} lies in the box of another than {delivery.unit_id}")
        told = set(line.deliveries.values())
        if told and told != {str(each.pk) for each in boxes[str(dispatch.pk)]}:
            yield Finding("lost", f"{line.number}: the deliveries that were told are not those that are there")


def _recorded() -> Iterator[Finding]:
    """One entry of each step, and one use of the seal."""
    *makings, sending = STEPS
    verbs = [verb for step in STEPS for verb in step]
    entries = Counter(Entry.objects.filter(verb__in=verbs).values_list("verb", "subject_id"))
    uses = Counter(SealUse.objects.filter(state=SealUse.State.DONE).values_list("document_id", flat=True))
    for dispatch in Dispatch.objects.select_related("document"):
        number, made = dispatch.document.number, dispatch.document_id
        for step in makings:
            yield from _once(sum(entries[verb, made] for verb in step), f"entry {' or '.join(step)}", number)
        yield from _once(sum(entries[verb, dispatch.pk] for verb in sending), f"entry {sending[0]}", number)
        yield from _once(uses[made], "use of a seal", number)


def _once(times: int, what: str, number: object) -> Iterator[Finding]:
    if times == 0:
        yield Finding("lost", f"{number} has no {what}")
    elif times > 1:
        yield Finding("doubled", f"{number} has {times} of {what}")
