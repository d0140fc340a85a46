"""Copy the served files of the npm packages into the static folder and build the icon sprite.

Run after `npm ci`:

    python scripts/vendor.py

Only what a page loads is copied. Lines that name a source map are cut, because the maps are not
served and Django's manifest storage refuses a reference to a file that is not there. Running it
again changes nothing; files that no longer belong are removed.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WEB = ROOT / "src" / "yichuan" / "web"

COPIES = {
    "bootstrap.min.css": "bootstrap/dist/css/bootstrap.min.css",
    "htmx.min.js": "htmx.org/dist/htmx.min.js",
    "jsqr.js": "jsqr/dist/jsQR.js",
    "sm-crypto-v2.umd.js": "sm-crypto-v2/dist/index.umd.js",
    "tom-select.popular.min.js": "tom-select/dist/js/tom-select.popular.min.js",
    "tus.min.js": "tus-js-client/dist/tus.min.js",
}
LICENCES = {
    "bootstrap.LICENSE": "bootstrap/LICENSE",
    "bootstrap-icons.LICENSE": "bootstrap-icons/LICENSE",
    "htmx.LICENSE": "htmx.org/LICENSE",
    "jsqr.LICENSE": "jsqr/LICENSE",
    "noble-ciphers.LICENSE": "@noble/ciphers/LICENSE",
    "noble-curves.LICENSE": "@noble/curves/LICENSE",
    "sm-crypto-v2.LICENSE": "sm-crypto-v2/LICENCE_MIT",
    "tom-select.LICENSE": "tom-select/LICENSE",
    "tus-js-client.LICENSE": "tus-js-client/LICENSE",
}
SOURCE_MAP = re.compile(r"^(?:/\*#|//#)\s*sourceMappingURL=.*$", re.MULTILINE)
SVG_BODY = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)


class VendorError(Exception):
    """A file that the pages need is not where `npm ci` puts it."""


def read(modules: Path, name: str) -> str:
    path = modules / name
    if not path.is_file():
        raise VendorError(f"{path} is missing: run `npm ci` in {modules.parent} first")
    return path.read_text(encoding="utf-8")


def sprite(modules: Path, names: list[str]) -> str:
    """One SVG with a symbol an icon, `<use href="icons.svg#NAME">`."""
    symbols = []
    for name in names:
        body = SVG_BODY.search(read(modules, f"bootstrap-icons/icons/{name}.svg"))
        if body is None:
            raise VendorError(f"bootstrap-icons/icons/{name}.svg holds no <svg> element")
        drawing = " ".join(body.group(1).split())
        symbols.append(f'<symbol id="{name}" viewBox="0 0 16 16">{drawing}</symbol>')
    return '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n"


def served_files(modules: Path, icons: list[str]) -> dict[str, str]:
    files = {name: SOURCE_MAP.sub("", read(modules, source)).rstrip() + "\n" for name, source in COPIES.items()}
    files.update({name: read(modules, source) for name, source in LICENCES.items()})
    files["icons.svg"] = sprite(modules, icons)
    return files


def write(target: Path, files: dict[str, str]) -> list[str]:
    """Write what differs, remove what is not in `files`; return the names that changed."""
    target.mkdir(parents=True, exist_ok=True)
    changed = []
    for path in target.iterdir():
        if path.name not in files:
            path.unlink()
            changed.append(path.name)
    for name, text in files.items():
        path = target / name
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            changed.append(name)
    return sorted(changed)


def main() -> int:
    icons = json.loads((WEB / "icons.json").read_text(encoding="utf-8"))
    try:
        files = served_files(ROOT / "node_modules", icons)
    except VendorError as error:
        print(f"vendor: {error}", file=sys.stderr)
        return 1
    changed = write(WEB / "static" / "vendor", files)
    print(f"vendor: {len(files)} files in place, {len(changed)} changed")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
