"""The examples of docs/lib/ses.md on making seals, sealing and time stamps, run as they stand."""

import re
from itertools import count
from pathlib import Path

from support.seals import NOW, YEAR, make_holder, pki, small_ofd
from yichuan.lib.gm.x509 import Profile
from yichuan.lib.ofd.verifying import verify

GUIDE = Path(__file__).parents[3] / "docs/lib/ses.md"


def test_the_examples_of_the_guide_run_and_what_they_make_verifies():
    text = GUIDE.read_text(encoding="utf-8")
    blocks = re.findall(r"```python\n(.*?)```", text[text.index("## Making a seal") : text.index("## Verifying")], re.S)
    assert len(blocks) >= 7
    stamping = make_holder(Profile.TIME_STAMP, "江门市时间戳服务", pki().root)
    numbers = count(1)
    names = {
        "picture_bytes": b"PK\x03\x04 an OFD package",
        "unit_certificate": pki().unit.certificate,
        "maker_certificate": pki().maker.certificate,
        "maker_key": pki().maker.key,
        "carrier": pki().unit.key,
        "stamping_certificate": stamping.certificate,
        "device_sign": stamping.key.sign,
        "next_serial": lambda: next(numbers),
        "root": pki().root.certificate,
        "ofd_bytes": small_ofd(),
        "now": NOW,
        "in_a_year": NOW + YEAR,
        "show": lambda shown: shown,
        "post": lambda kind, request: names["authority"].respond(request, NOW),
    }
    for block in blocks:
        exec(block, names)  # noqa: S102 - our own guide
    for made in ("sealed", "stamped"):
        assert verify(names[made].data, trust=pki().trust, at=NOW).valid_and_trusted
    assert verify(names["stamped"].data, trust=pki().trust, at=NOW).signatures[0].time == "ok"
    assert verify(names["signed"].data, trust=pki().trust, at=NOW).signatures[0].integrity == "ok"
