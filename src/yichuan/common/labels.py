"""Enums whose members carry the Chinese word that pages show for them."""

from enum import StrEnum
from typing import Self


class Labelled(StrEnum):
    """A string enum; a member is written `NAME = "value", "label"`."""

    label: str

    def __new__(cls, value: str, label: str = "") -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member
