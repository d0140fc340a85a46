"""Coverage-guided fuzzing of everything that reads a stranger's bytes: `make fuzz`. Needs atheris, hence x86-64.

Key files are read by the browser: Node fuzzes them, without coverage.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))
