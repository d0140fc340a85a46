"""Nothing lost: a centre is used hard while its processes are killed, and looked at from outside afterwards.

The centre that is tried is the small one of the tests' `support`.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))
