"""What the bytes of a sealed body say of its signatures, found once: at sending, for all who receive it.

It follows from the bytes alone and is kept under their SM3, so that it cannot differ from what would be found anew. Who
is trusted, which certificates are revoked and how a seal stands is judged each time (`lib.ofd.verifying.judge`).
"""

import pickle

from yichuan.common.memory import Results
from yichuan.common.shelf import Shelf
from yichuan.lib.ofd.examining import Examined, examine
from yichuan.lib.ofd.package import Package

KEPT = 256
MOST_BYTES = 256 * 1024
"""Of what is kept for one body. The few that say more, a book of thousands of files, are examined each time."""


def _worth_keeping(found: Examined) -> bool:
    """What is faulty is refused and not asked for again; and a stranger's could be of any size."""
    return found.faultless and found.size <= MOST_BYTES


_examined: Results[Examined] = Results(KEPT, worth=_worth_keeping)
_shelf = Shelf("examined", cells=128, cell_bytes=2 * MOST_BYTES)


def examined(body: bytes | Package, digest: str) -> Examined:
    """`examine` of a body with this SM3 in hex, given as its bytes or as a package of which nothing was read.

    What could not be read of its store has no digest, "": it is looked at each time.
    """
    return _examined.get(digest, lambda: _found(body, bytes.fromhex(digest)))


def _found(body: bytes | Package, digest: bytes) -> Examined:
    """As another page process found it, or as it is found now."""
    shelved = _shelf.get(digest) if digest else None
    if shelved is not None:
        told: Examined = pickle.loads(shelved)  # noqa: S301 (memory of ours alone, which a page process wrote)
        return told
    found = examine(body)
    if _worth_keeping(found):
        _shelf.put(digest, pickle.dumps(found, pickle.HIGHEST_PROTOCOL))
    return found
