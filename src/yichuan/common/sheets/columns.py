"""A form of a spreadsheet and its columns."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Column:
    """One column: how it is headed, what stands in it. `kind` is text, date, number or picture."""

    key: str
    label: str
    example: str
    hint: str = ""
    required: bool = True
    kind: str = "text"
    most: int = 60
    choices: tuple[str, ...] = ()
    width: int = 16


@dataclass(frozen=True)
class Form:
    """A form: its sheet's name, its columns, how many rows it may have."""

    title: str
    columns: tuple[Column, ...]
    most_rows: int = 20_000

    def label(self, key: str) -> str:
        """The heading of a column."""
        return next(column.label for column in self.columns if column.key == key)
