"""Documents in the making for tests: a body sealed in an office system, sealed paper that was scanned."""

from support.carriers import CarrierSeal
from support.pdfs import page_with
from support.world import World
from yichuan.common import clock
from yichuan.compose.models import Document
from yichuan.compose.services.read import read_body
from yichuan.seals.places import Place
from yichuan.seals.services.use_bytes import assemble, to_sign

SCAN = page_with(b"0.9 0.1 0.1 rg 20 20 60 60 re f 0 0 0 rg 100 20 40 10 re f", size=(595, 842))
TEXT = "各单位要在七月底前报送。\n".encode()


def unsealed_body(world: World) -> bytes:
    """The OFD of a finished document of 市府办公室, as an office system would typeset it."""
    return read_body(world.ready())


def sealed_elsewhere(held: CarrierSeal, body: bytes) -> bytes:
    """The body with the seal of a carrier on it, as an office system makes it."""
    waiting = to_sign(held.seal, body, [Place(0, 140, 220)], clock.now())
    return assemble(waiting, held.key.sign(waiting.message))


def scanned(world: World, document: Document | None = None, name: str = "市府办公室") -> Document:
    """A document of which the sealed paper was scanned; the profile in force takes scans, and the unit has no seal."""
    from yichuan.compose.services.take_scan import take_scan

    document = document or world.draft()
    return take_scan(
        actor=world.clerk[name],
        document_id=document.pk,
        scan_name="通知（盖章）.pdf",
        scan=SCAN,
        text_name="通知.txt",
        text=TEXT,
    )
