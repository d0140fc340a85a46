"""`scripts/vendor.py` copies what pages load and nothing else."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from support.pages import ROOT


@pytest.fixture(scope="module")
def vendor() -> ModuleType:
    spec = importlib.util.spec_from_file_location("vendor", ROOT / "scripts" / "vendor.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def modules(vendor: ModuleType, tmp_path: Path) -> Path:
    folder = tmp_path / "node_modules"
    for source in [*vendor.COPIES.values(), *vendor.LICENCES.values()]:
        path = folder / source
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("body{}\n/*# sourceMappingURL=bootstrap.min.css.map */\n")
    icon = folder / "bootstrap-icons" / "icons" / "send.svg"
    icon.parent.mkdir(parents=True)
    icon.write_text('<svg xmlns="http://www.w3.org/2000/svg" class="bi">\n  <path d="M0 0"/>\n</svg>')
    return folder


def test_the_map_of_a_style_is_cut_because_it_is_not_served(vendor: ModuleType, modules: Path) -> None:
    files = vendor.served_files(modules, ["send"])
    assert "sourceMappingURL" not in files["bootstrap.min.css"]


def test_the_sprite_holds_a_symbol_for_each_icon(vendor: ModuleType, modules: Path) -> None:
    sprite = vendor.sprite(modules, ["send"])
    assert '<symbol id="send" viewBox="0 0 16 16"><path d="M0 0"/></symbol>' in sprite


def test_running_it_again_changes_nothing_and_an_old_file_goes(
    vendor: ModuleType, modules: Path, tmp_path: Path
) -> None:
    files, target = vendor.served_files(modules, ["send"]), tmp_path / "vendor"
    assert vendor.write(target, files) == sorted(files)
    assert vendor.write(target, files) == []
    (target / "left-over.js").write_text("")
    assert vendor.write(target, files) == ["left-over.js"]
    assert not (target / "left-over.js").exists()


def test_a_package_that_is_not_installed_is_named_with_the_remedy(vendor: ModuleType, tmp_path: Path) -> None:
    with pytest.raises(vendor.VendorError, match="npm ci"):
        vendor.served_files(tmp_path, [])
