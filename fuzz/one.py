"""One target under libFuzzer: `python -m fuzz.one NAME CORPUS [libFuzzer options]`."""

import sys

import atheris

with atheris.instrument_imports(
    include=["yichuan.lib", "yichuan.keys.devices"],
    # Of every comparison it watches atheris keeps the result: of whole pictures that is a megabyte each.
    exclude=[f"yichuan.lib.gongwen.{name}" for name in ("scan", "scan_ink", "scan_ring", "scan_turn")],
):
    from fuzz.targets import KNOWN_ERRORS, TARGETS
from fuzz.mutators import MUTATORS


def main() -> None:
    """Fuzz the named target until libFuzzer's own options end it."""
    target = TARGETS[sys.argv[1]]

    def run(data: bytes) -> None:
        try:
            target.run(data)
        except KNOWN_ERRORS:
            return

    options = {"custom_mutator": MUTATORS[target.form]} if target.form else {}
    atheris.Setup([sys.argv[0], *sys.argv[2:]], run, **options)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
