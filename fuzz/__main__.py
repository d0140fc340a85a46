"""`python -m fuzz [--seconds N] [--jobs N] [NAME …]`: each target for so long, so many at once.

No target may crash, take more than 20 s for one input or more than 512 MB. What breaks a target stays in
`fuzz/out/NAME/`; `python -m fuzz.one NAME FILE` shows it again.
"""

import argparse
import re
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from fuzz.targets import TARGETS

OUT = Path(__file__).parent / "out"
MEMORY_MB = 512
SECONDS_AN_INPUT = 20
_RUNS = re.compile(r"#(\d+)\s")


def fuzz(name: str, seconds: int) -> bool:
    """Fuzz one target; True when nothing was found."""
    folder = OUT / name
    corpus = folder / "corpus"
    corpus.mkdir(parents=True, exist_ok=True)
    for index, seed in enumerate(TARGETS[name].seeds()):
        (corpus / f"seed-{index:03}").write_bytes(seed)
    largest = max(each.stat().st_size for each in corpus.iterdir())
    log, begun = folder / "log", time.monotonic()
    with log.open("wb") as written:
        code = subprocess.run(
            [
                *(sys.executable, "-m", "fuzz.one", name, str(corpus)),
                *(f"-max_total_time={seconds}", f"-timeout={SECONDS_AN_INPUT}", f"-rss_limit_mb={MEMORY_MB}"),
                *(f"-artifact_prefix={folder}/", f"-max_len={2 * largest}", "-print_final_stats=1"),
            ],
            stdout=written,
            stderr=subprocess.STDOUT,
            check=False,
        ).returncode
    said = log.read_text(encoding="utf-8", errors="replace")
    runs = max((int(each) for each in _RUNS.findall(said)), default=0)
    peak = re.search(r"peak_rss_mb:\s*(\d+)", said)
    print(
        f"{name:<14} {'ok' if code == 0 else f'FOUND ({code}), see {log}':<8} {runs:>9} inputs "
        f"{time.monotonic() - begun:>6.0f} s, at most {peak.group(1) if peak else '?'} MB",
        flush=True,
    )
    return code == 0


def main() -> int:
    """Fuzz what is named, everything if nothing is; 1 when something was found."""
    parser = argparse.ArgumentParser(prog="python -m fuzz", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(TARGETS)}")
    parser.add_argument("--seconds", type=int, default=600)
    parser.add_argument("--jobs", type=int, default=2)
    wanted = parser.parse_args()
    if unknown := set(wanted.names) - set(TARGETS):
        parser.error(f"unknown: {', '.join(sorted(unknown))}")
    with ThreadPoolExecutor(wanted.jobs) as pool:
        done = list(pool.map(lambda name: fuzz(name, wanted.seconds), wanted.names or TARGETS))
    return 0 if all(done) else 1


if __name__ == "__main__":
    sys.exit(main())
