"""Sending what the office system has sealed itself, at once: made, taken in, entered into the ledger and sent.

One transaction holds all of it, so that a refusal, a killed process or a lost connection leaves nothing half-done; the
steps are those of a draft (`compose.services.save`), of a sealed body (`take_sealed`) and of sending (`send`), with
their rows and entries of the log. Reading, verifying and storing come before any lock is held.
"""

import uuid
from collections.abc import Sequence

from yichuan.audit.models import Entry
from yichuan.common import sealed
from yichuan.common.errors import Refused
from yichuan.compose.drafting.content import Fields
from yichuan.compose.services.content import write_beyond_columns
from yichuan.compose.services.save import keep_new, new_document
from yichuan.compose.services.take_sealed import enter_seals, look_at_sealed, require_one_sealer
from yichuan.compose.states import DOCUMENT
from yichuan.exchange.models import Dispatch
from yichuan.exchange.services.calls import CallRecord
from yichuan.exchange.services.paper import PaperRecipientWish
from yichuan.exchange.services.routing import Recipient
from yichuan.exchange.services.send import Unkept, send
from yichuan.org.models import Unit
from yichuan.org.services.hold_boxes import HeldBox
from yichuan.people.models import Account


def send_sealed(
    *,
    actor: Account,
    unit: Unit,
    fields: Fields,
    name: str,
    data: bytes,
    digest: str,
    recipients: Sequence[Recipient],
    key: uuid.UUID,
    call: CallRecord | None = None,
    accept_without_call: bool = False,
    paper: Sequence[PaperRecipientWish] = (),
    declared: bool = False,
) -> Dispatch:
    """Send an OFD that the unit's own seal signed as a new document of the unit. A command.

    `fields` are those of a draft, `digest` is the SM3 of `data` in hex. `key` becomes the id of the document and the
    key of its sending: what was sent under it is told again, never sent twice. Raises what `begin`, `take_sealed` and
    `send` raise.
    """
    try:
        document, own_key = new_document(actor=actor, unit=unit, fields=fields, document_id=key)
        require_one_sealer(document, fields)
        body = look_at_sealed(document, name, data, digest)
        document.content = write_beyond_columns(document, own_key, fields)
        body.put_on(document, sealed.write_whole(own_key, document.body_context, sealed.Whole(data, digest)))
        document.state = DOCUMENT.find("take_sealed", document.state).target

        def keep(held: HeldBox) -> list[Entry]:
            document.state = DOCUMENT.find("send", document.state).target  # by a seal that is in use at this moment
            begun = keep_new(actor, document, held)
            return [begun, *enter_seals(actor, document, body, attached="")]

        return send(
            actor=actor,
            document=document,
            recipients=recipients,
            idempotency_key=key,
            call=call,
            accept_without_call=accept_without_call,
            paper=paper,
            declared=declared,
            unkept=Unkept(own_key, keep),
        )
    except Refused:  # of its own number, for one, where an earlier try was not heard of any more
        sent = Dispatch.objects.filter(document=key, idempotency_key=key).first()
        if sent is None:
            raise
        return sent
