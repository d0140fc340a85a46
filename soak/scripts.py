"""The throw-away servers of `scripts/`, loaded as modules: they have no ending, so that nobody imports them."""

from __future__ import annotations

import importlib.util
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType

SCRIPTS = Path(__file__).resolve().parents[1] / "scripts"


def script(name: str) -> ModuleType:
    """`scripts/NAME` as a module."""
    loader = SourceFileLoader(f"yichuan_scripts_{name}", str(SCRIPTS / name))
    spec = importlib.util.spec_from_loader(loader.name, loader)
    if spec is None:
        raise RuntimeError(f"{SCRIPTS / name} is missing")
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module
