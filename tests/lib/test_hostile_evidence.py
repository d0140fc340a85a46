"""A package made to keep or to break who reads it: refused soon, or the line named and left out."""

import json
import time
from collections.abc import Callable

import pytest

from support.evidence import STRANGE, day, faults, packed, repacked, verified, with_lines
from yichuan.lib.evidence import write_lines
from yichuan.lib.evidence.log_reading import MOST_LINES


def test_a_file_that_is_nothing_but_work_is_refused_soon() -> None:
    """Anybody may have a file verified: as many lines as are read, one true receipt, or nobody's entries."""
    log, places = day()
    of_log = log.parts(places)
    receipt = of_log["receipts"].splitlines()[0]
    proof = json.dumps({"uid": "n", "index": 1, "size": 9, "hashes": ["0" * 64] * 4}).encode()
    put = {
        "receipts.jsonl": (receipt + b"\n") * MOST_LINES,
        "entries.jsonl": b"".join(STRANGE.replace(b'"x"', b'"%d"' % n) + b"\n" for n in range(MOST_LINES)),
        "proofs.jsonl": b"".join(proof.replace(b'"n"', b'"%d"' % n) + b"\n" for n in range(MOST_LINES)),
    }
    data, before = repacked(packed(), put=put), time.process_time()
    evidence = verified(data)
    assert time.process_time() - before < 10
    assert {"entries_unproven", "receipts_doubled"} <= set(faults(evidence))


def test_more_lines_than_are_read_are_no_package() -> None:
    data = repacked(packed(), put={"receipts.jsonl": b"{}\n" * (MOST_LINES + 1)})
    assert "receipts.jsonl:" in faults(verified(data))["log_unread"]
    with pytest.raises(ValueError, match="at most"):
        write_lines([b"{}"] * (MOST_LINES + 1))
    with pytest.raises(ValueError, match="at most"):
        write_lines([b"two\nlines"])


@pytest.mark.parametrize(
    ("role", "change"),
    [
        ("consistency", lambda line: json.dumps(json.loads(line) | {"size": 4, "root": "00"}).encode()),
        ("receipts", lambda line: json.dumps(json.loads(line) | {"payload": "\ud800"}).encode()),
    ],
    ids=["a root that is no digest", "words that are no text"],
)
def test_a_line_made_to_break_who_reads_it_is_named_and_left_out(role: str, change: Callable[[bytes], bytes]) -> None:
    found = verified(with_lines(role, lambda of: [change(of[0]), *of[1:]]))
    assert f"{role}.jsonl:1" in faults(found)["log_unread"]
