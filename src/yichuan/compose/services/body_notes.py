"""What a custodian should know of a finished body that came from outside, before the unit's seal goes on it."""

from yichuan.compose.models import Document
from yichuan.compose.services.read import read_body
from yichuan.compose.services.take_scan import NO_SEAL
from yichuan.lib.ofd.package import Package
from yichuan.lib.ofd.signatures import read_records
from yichuan.lib.ofd.words import page_words


def body_notes(document: Document) -> list[str]:
    """Notes on an uploaded body, in plain Chinese; none for what was typeset here."""
    if document.source == Document.Source.SCAN:
        return [f"{NO_SEAL}。收文单位会看到这一点。"]
    if document.source != Document.Source.UPLOAD:
        return []
    package = Package.open(read_body(document))
    words = "".join("".join(page_words(package)).split())
    notes = []
    if not words:
        notes.append("这份成品的版面是图片，认不出文字，请逐页核对文号和标题。")
    elif "".join((document.number or "").split()) not in words:
        notes.append(f"版面上没有找到文号 {document.number}，请核对是不是这件公文。")
    elif "".join(document.title.split()) not in words:
        notes.append("版面上没有找到这个标题，请核对是不是这件公文。")
    before = len(read_records(package)) - (1 if document.state in ("sealed", "sent", "withdrawn") else 0)
    if before > 0:
        notes.append(f"上传时已经有 {before} 个签章，请确认不是已经发出过的公文。")
    return notes
