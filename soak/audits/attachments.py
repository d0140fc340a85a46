"""No attachment lost, doubled or altered, none that a receiver cannot open; no upload left half-done."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from soak.found import Finding
from soak.ledger import Fetched, Ledger, Sent
from yichuan.audit.models import Entry
from yichuan.common import sealed
from yichuan.common.errors import Refused
from yichuan.compose.models import Attachment, Upload
from yichuan.exchange.models import Delivery
from yichuan.exchange.services.check import delivered_key
from yichuan.exchange.states import DeliveryState
from yichuan.lib.gm.sm3 import Sm3


def uploads(ledger: Ledger) -> Iterator[Finding]:
    """Before uploads are forgotten: each that became an attachment, as was told, is used up, and its parts are gone;
    of others there are only those whose beginning nobody was told of, and of these there is nothing."""
    known = {upload: file for line in ledger.sent for file in line.files for upload in file.uploads}
    for upload in Upload.objects.prefetch_related("parts"):
        file, taken = known.get(str(upload.pk)), upload.state == Upload.State.TAKEN
        what = f"upload {upload.pk} is {upload.state} with {upload.received} of {upload.size} bytes"
        if file is not None and file.told and not taken:
            yield Finding("half done", f"{what}, and {file.name} of it was acknowledged")
        elif file is None and (taken or upload.received):
            yield Finding("half done", f"{what}, and nobody was told of it")
        if taken and upload.parts.all():
            yield Finding("half done", f"{what} and keeps {len(upload.parts.all())} parts")


def attachments(ledger: Ledger) -> Iterator[Finding]:
    """Each that was sent is there once, and opens out of each box to the bytes that were sent; so did each that was
    fetched."""
    there: dict[str, list[Attachment]] = defaultdict(list)
    for attachment in Attachment.objects.select_related("document"):
        there[attachment.document.number or ""].append(attachment)
    boxes: dict[str, list[Delivery]] = defaultdict(list)
    for delivery in Delivery.objects.select_related("box", "dispatch__document"):
        boxes[str(delivery.dispatch_id)].append(delivery)
    entries = Counter(Entry.objects.filter(verb="compose.attach").values_list("subject_id", flat=True))
    for line in ledger.sent:
        found = there.pop(line.number, [])
        yield from _listed(line, found)
        if found and entries[found[0].document_id] != len(found):
            fault = "lost" if entries[found[0].document_id] < len(found) else "doubled"
            yield Finding(fault, f"{line.number} has {entries[found[0].document_id]} of entry compose.attach")
        yield from _opened(line, found, boxes[line.told])
    for number in there:
        yield Finding("not asked for", f"{number} has attachments")
    for each in ledger.fetched:
        yield from _fetched(each)
    for upload in Upload.objects.all():
        yield Finding("open", f"compose.Upload {upload.pk} is {upload.state}")


def _listed(line: Sent, found: list[Attachment]) -> Iterator[Finding]:
    if not line.told:
        return
    wanted = Counter((each.name, each.size, each.digest) for each in line.files)
    have = Counter((each.name, each.size, each.digest) for each in found)
    for name, *_ in wanted - have:
        yield Finding("attachment lost", f"{name} of {line.number}")
    for name, *_ in have - wanted:
        yield Finding("attachment too many", f"{name} of {line.number}")
    if {each.told for each in line.files} != {str(each.pk) for each in found}:
        yield Finding("attachment lost", f"{line.number}: what was told is not what is there")


def _opened(line: Sent, found: list[Attachment], boxes: list[Delivery]) -> Iterator[Finding]:
    """Withdrawn deliveries give no key; that is another audit's."""
    keys = set()
    for delivery in boxes if found else ():
        if delivery.state != DeliveryState.WITHDRAWN:
            try:
                keys.add(delivered_key(delivery))
            except Refused as refusal:
                yield Finding("unreadable", f"{line.number} in the box of {delivery.unit_id}: {refusal.code}")
    if len(keys) > 1:
        yield Finding("unreadable", f"{line.number} has {len(keys)} keys")
    for attachment in found:
        for key in keys:
            if (said := _digest(key, attachment)) != attachment.digest:
                yield Finding("attachment altered", f"{attachment.name} of {line.number}: {said}")


def _digest(key: bytes, attachment: Attachment) -> str:
    digest = Sm3()
    try:
        for chunk in sealed.read(key, attachment.context, attachment.blob):
            digest.update(chunk)
    except Refused as refusal:
        return refusal.code
    return digest.digest().hex()


def _fetched(line: Fetched) -> Iterator[Finding]:
    what = f"{line.name} of {line.delivery}"
    if line.refused:
        yield Finding("refused", f"fetching {what}: {line.refused}")
    elif not line.digest:
        yield Finding("no answer", f"fetching {what} was never answered")
    elif line.digest != line.wanted:
        yield Finding("attachment altered", f"{what} came with SM3 {line.digest}, and {line.wanted} was sent")
