"""Every file of other makers is read or refused by name (manifest.tsv beside the samples says what each is)."""

import csv
from pathlib import Path

import pytest

from yichuan.lib.ofd.model import read_document
from yichuan.lib.ofd.package import OfdError, Package
from yichuan.lib.ofd.signatures import read_records

pytestmark = pytest.mark.samples
REFUSED = {"broken-docroot.ofd": "no_document"}


@pytest.fixture
def manifest(samples: Path) -> dict[str, dict[str, str]]:
    """The rows of the documents by file name; skips when there are none."""
    table = samples / "ofd" / "manifest.tsv"
    if not table.exists():
        pytest.skip("the manifest of the samples is not here")
    with table.open(encoding="utf-8", newline="") as rows:
        return {row["file"]: row for row in csv.DictReader(rows, delimiter="\t") if row["file"].endswith(".ofd")}


def test_every_sample_has_the_pages_and_signatures_of_the_manifest_or_a_named_error(samples, manifest):
    assert len(manifest) >= 35
    for name, row in manifest.items():
        package = Package.open((samples / "ofd" / name).read_bytes())
        try:
            pages = len(read_document(package).pages)
        except OfdError as error:
            assert REFUSED.get(name) == error.code, name
            continue
        assert name not in REFUSED
        assert pages == int(row["pages"]), name
        assert len(read_records(package)) == (0 if row["signatures"] == "no" else int(row["signatures"])), name


@pytest.mark.parametrize(
    ("name", "noted"),
    [
        ("dangling-signatures.ofd", {"loc_missing"}),
        ("two-seals-first-broken.ofd", {"loc_missing"}),
        ("wps-11p.ofd", set()),
    ],
)
def test_what_was_tolerated_is_noted(samples, name, noted):
    path = samples / "ofd" / name
    if not path.exists():
        pytest.skip("the sample is not here")
    package = Package.open(path.read_bytes())
    read_document(package)
    assert {note.code for note in package.notes} == noted


def test_every_entry_of_every_sample_unpacks(samples, manifest):
    for name in manifest:
        package = Package.open((samples / "ofd" / name).read_bytes())
        for entry in package.names():
            package.read(entry)
