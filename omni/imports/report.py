"""The rows that were refused, as a file that can be put right and read again."""

import csv
from pathlib import Path
from types import TracebackType
from typing import Self, TextIO

from inventory.csv_rows.reading import BadLine


class Report:
    """Writes `line,reason,` and the row as it was; there is no file while there is nothing to report."""

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self._file: TextIO | None = None
        self._writer: csv.DictWriter | None = None

    def __enter__(self) -> Self:
        if self.path is not None:
            self.path.unlink(missing_ok=True)  # of an earlier run
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._file is not None:
            self._file.close()

    def add(self, bad: BadLine) -> None:
        if self.path is None:
            return
        raw = {name: value for name, value in bad.raw.items() if name not in ("line", "reason")}
        if self._writer is None:
            self._file = self.path.open("w", encoding="utf-8", newline="")
            self._writer = csv.DictWriter(self._file, ["line", "reason", *raw], extrasaction="ignore")
            self._writer.writeheader()
        self._writer.writerow({"line": bad.number, "reason": bad.reason, **raw})
