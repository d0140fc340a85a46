"""Sealing files of other makers: refused by name, or sealed so that what was there stays as it was."""

from pathlib import Path

import pytest

from support.sealing import signature_entries, signed, token_for
from support.seals import NOW, pki
from yichuan.lib.ofd.errors import OfdError
from yichuan.lib.ofd.model import read_document
from yichuan.lib.ofd.package import Package
from yichuan.lib.ofd.sealing import SeamSeal, Stamp, prepare_sealing
from yichuan.lib.ofd.verifying import verify

pytestmark = pytest.mark.samples

REFUSED = {
    "all-protected.ofd": "whole_protected",
    "broken-docroot.ofd": "no_document",
    "integrity-0099.ofd": "entries_list",
    "peer-5p-v4-then-v1-whole.ofd": "whole_protected",
    "ride-6p.ofd": "whole_protected",
    "two-seals-first-broken.ofd": "whole_protected",
}


def test_every_sample_is_refused_by_name_or_sealed_over_what_was_there(samples: Path):
    paths = sorted((samples / "ofd").rglob("*.ofd"))
    assert len(paths) >= 30
    refused = {}
    for path in paths:
        data = path.read_bytes()
        try:
            pages = len(read_document(Package.open(data)).pages)
            stamps = [Stamp(0, 60, 60), *([SeamSeal(centre_mm=60)] if pages > 1 else [])]
            prepared = prepare_sealing(data, pki().seal, stamps)
        except OfdError as error:
            refused[path.name] = error.code
            continue
        document = signed(prepared, pki().unit)
        sealed = document.stamped(token_for(document)).data
        before, after = Package.open(data), Package.open(sealed)
        changed = {name for name in before.names() if before.read(name) != after.read(name)}
        assert changed <= {"OFD.xml", "Doc_0/Signs/Signatures.xml", "Doc_0/Signatures.xml"}, path.name
        assert signature_entries(sealed).items() >= signature_entries(data).items()
        earlier = [each.to_json() for each in verify(data, trust=pki().trust, at=NOW).signatures]
        *kept, ours = verify(sealed, trust=pki().trust, at=NOW).signatures
        assert [each.to_json() for each in kept] == earlier, path.name
        assert ours.valid_and_trusted, path.name
        assert ours.time == "ok"
    assert refused == {name: code for name, code in REFUSED.items() if (samples / "ofd" / name).exists()}
