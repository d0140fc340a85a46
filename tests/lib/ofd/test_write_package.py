"""Writing packages, and replacing entries of one."""

from support.ofd import tiny_entries
from yichuan.lib.ofd.package import Package, write_package


def test_the_same_entries_give_the_same_bytes() -> None:
    assert write_package(tiny_entries("")) == write_package(tiny_entries(""))


def test_replacing_keeps_every_other_entry_byte_for_byte_and_in_place() -> None:
    entries = tiny_entries("") | {"Doc_0/Res/a.png": bytes(range(256)) * 40}
    package = Package.open(write_package(entries))
    changed = Package.open(package.replace({"OFD.xml": b"<new/>", "Doc_0/Signs/Signatures.xml": b"<s/>"}))
    assert changed.names() == (*entries, "Doc_0/Signs/Signatures.xml")
    assert changed.read("OFD.xml") == b"<new/>"
    assert all(changed.read(name) == data for name, data in entries.items() if name != "OFD.xml")
