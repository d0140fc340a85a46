"""Opening a PDF (ISO 32000-1) with suspicion: what is made to exhaust its reader is refused by name."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from pyhanko.pdf_utils import generic, misc
from pyhanko.pdf_utils.reader import PdfFileReader

from yichuan.lib.ofd.errors import OfdError

from ._claims import refuse_claims
from ._reader import BoundedReader
from .errors import PdfError
from .limits import DEFAULT, Limits

_HEADER_WITHIN = 1024
_END_WITHIN = 64 * 1024
_DEEPEST = 64


@dataclass(frozen=True)
class FormField:
    """A form field: its full name, its dictionary, and whether it is one for signatures and holds one."""

    name: str
    widget: generic.DictionaryObject = field(repr=False)
    reference: generic.Reference
    signature: bool
    signed: bool


@dataclass(frozen=True)
class SignedField:
    """A signature field that holds a signature: its full name, its dictionary and the signature dictionary."""

    name: str
    widget: generic.DictionaryObject = field(repr=False)
    value: generic.DictionaryObject = field(repr=False)
    reference: generic.Reference
    """Of the signature dictionary; of the field where it stands in it directly."""


@dataclass(frozen=True)
class OpenPdf:
    """A PDF that was opened within bounds. `deviations` says what a strict reader would have refused, or is empty."""

    data: bytes = field(repr=False)
    reader: PdfFileReader = field(repr=False)
    limits: Limits
    deviations: str

    @property
    def pages(self) -> int:
        """How many pages the document says it has."""
        with naming():
            count = self.reader.root["/Pages"]["/Count"]
        if not isinstance(count, int) or not 0 < count <= self.limits.pages:
            raise PdfError("page_count", f"The page tree claims {count} pages; 1 to {self.limits.pages} are read.")
        return int(count)

    @property
    def title(self) -> str:
        """The title in the document information, or ""."""
        try:
            with naming():
                title = entry(entry(self.reader.trailer_view, "/Info"), "/Title")
        except PdfError:
            return ""
        return str(title) if isinstance(title, generic.TextStringObject) else ""

    def fields(self) -> list[FormField]:
        """Every field of the form once. PdfError `form_loop`, `too_many_fields`."""
        with naming():
            return list(self._fields)

    def signed_fields(self) -> list[SignedField]:
        """The filled signature fields, in the order in which their signatures were added."""
        with naming():
            found = [_signed(each) for each in self._fields if each.signed]
            if len(found) > self.limits.signatures:
                raise PdfError("too_many_signatures", f"{len(found)} signatures; at most {self.limits.signatures}.")
            return sorted(found, key=lambda each: self.reader.xrefs.get_last_change(each.reference))

    @cached_property
    def _fields(self) -> tuple[FormField, ...]:
        roots = entry(entry(self.reader.root, "/AcroForm"), "/Fields")
        waiting: list[tuple[Any, str, bool, int]] = [(each, "", False, 0) for each in reversed(listed(roots))]
        found: list[FormField] = []
        seen: set[generic.Reference] = set()
        while waiting:
            raw, above, above_signs, depth = waiting.pop()
            reference = getattr(raw, "reference", None)
            if reference is None or reference in seen or depth > _DEEPEST:
                raise PdfError("form_loop", "A form field is listed twice, directly or too deep; the form is broken.")
            seen.add(reference)
            if len(seen) > self.limits.fields:
                raise PdfError("too_many_fields", f"The form has more than {self.limits.fields} fields.")
            node = raw.get_object()
            if not isinstance(node, generic.DictionaryObject):
                continue
            name = ".".join(part for part in (above, str(entry(node, "/T") or "")) if part)
            signs = entry(node, "/FT") == "/Sig" or (above_signs and "/FT" not in node)
            waiting += [(kid, name, signs, depth + 1) for kid in reversed(listed(entry(node, "/Kids")))]
            signed = signs and entry(node, "/V") is not None
            found.append(FormField(name, node, reference, signs, signed))
        return tuple(found)


def _signed(field: FormField) -> SignedField:
    value = field.widget.raw_get("/V")
    reference = value.reference if isinstance(value, generic.IndirectObject) else field.reference
    dictionary = value.get_object()
    if not isinstance(dictionary, generic.DictionaryObject):
        raise PdfError("signature_value", f"Signature field {field.name!r} holds no signature dictionary.")
    return SignedField(field.name, field.widget, dictionary, reference)


def open_pdf(data: bytes, limits: Limits = DEFAULT) -> OpenPdf:
    """Open a PDF from its bytes.

    Raises PdfError: `too_large`, `not_pdf`, `encrypted`, `too_many_objects`, `too_many_revisions`, `bomb` (streams that
    unpack to more than `limits` allows), `too_deep` (nested beyond reason), `too_complex` (takes too long),
    `hidden_names` (structural names written with escapes), `broken` (anything else that keeps the file from being
    read). The methods of the result may raise the same, later.
    """
    if len(data) > limits.file_bytes:
        raise PdfError("too_large", f"The file has {len(data)} bytes; at most {limits.file_bytes} are read.")
    if b"%PDF-" not in data[:_HEADER_WITHIN]:
        raise PdfError("not_pdf", "The file does not start as a PDF does (%PDF-).")
    if b"startxref" not in data[-_END_WITHIN:]:
        raise PdfError("broken", "The PDF does not end as one (startxref); it was cut off.")
    refuse_claims(data, limits)
    with naming():
        reader, deviations = _read(data, limits)
        if reader.encrypted:
            raise PdfError("encrypted", "The PDF is encrypted; remove its password protection first.")
        if reader.xrefs.total_revisions > limits.revisions:
            raise PdfError("too_many_revisions", f"The file was updated more than {limits.revisions} times.")
        if not isinstance(reader.root["/Pages"], generic.DictionaryObject):
            raise PdfError("broken", "The PDF has no page tree.")
    return OpenPdf(data, reader, limits, deviations)


@contextmanager
def naming() -> Iterator[None]:
    """What pyHanko raises inside, over hostile bytes anything, comes out as PdfError."""
    try:
        yield
    except OfdError:
        raise
    except Exception as error:
        raise named(error) from error


def named(error: Exception) -> PdfError:
    """What pyHanko raised over a file, as our error."""
    if isinstance(error, PdfError):
        return error
    if isinstance(error, misc.PdfDecodeLimitError):
        return PdfError("bomb", f"The file unpacks to more than it may: {error}")
    if isinstance(error, RecursionError):
        return PdfError("too_deep", "The file nests its objects deeper than any document does.")
    return PdfError("broken", f"The PDF cannot be read: {type(error).__name__}: {error}"[:400])


def _read(data: bytes, limits: Limits) -> tuple[PdfFileReader, str]:
    """Strictly where that works; else as forgiving readers do, with what the strict one said."""
    try:
        return BoundedReader(data, limits, strict=True), ""
    except (PdfError, misc.PdfDecodeLimitError, RecursionError):
        raise
    except Exception as error:  # the forgiving reader decides
        return BoundedReader(data, limits, strict=False), f"{type(error).__name__}: {error}"[:400]


def entry(dictionary: Any, key: str) -> Any:
    """The value behind a key, its reference followed; None for null, a missing key, or where there is no dictionary."""
    value = dictionary[key] if isinstance(dictionary, generic.DictionaryObject) and key in dictionary else None
    return None if isinstance(value, generic.NullObject) else value


def listed(value: Any) -> list[Any]:
    """The items of an array, references as they stand; nothing where there is no array."""
    return list(value) if isinstance(value, generic.ArrayObject) else []
