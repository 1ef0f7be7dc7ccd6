"""What the three import commands share: their arguments, their words, their exit code."""

from argparse import ArgumentParser
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.utils.translation import gettext as _

from inventory.csv_rows.reading import BadFile, BadLine, Line, Outcome
from omni.imports.report import Report
from omni.imports.run import Listener, Totals, run

SHOWN = 20  # bad lines that are printed; a report holds all
NOTES_SHOWN = 60

Lines = Iterable[Line[Any] | BadLine]


class ImportCommand(BaseCommand):
    """`manage.py import_... FILE`: see docs/imports.md."""

    formats: Mapping[str, Callable[[Path], Lines]]

    def lines(self, path: Path, form: str) -> Lines:
        """The lines of the file, each thing once."""
        raise NotImplementedError

    def book(self, lines: list[Line[Any]]) -> Outcome:
        """One batch to its operation."""
        raise NotImplementedError

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="a .csv or .csv.gz file, or the file of another format")
        parser.add_argument("--format", choices=sorted(self.formats), default="csv", help="default: the documented CSV")
        parser.add_argument("--strict", action="store_true", help="keep nothing where one row is bad")
        parser.add_argument("--dry-run", action="store_true", help="check all rows, keep nothing")
        parser.add_argument(
            "--report", nargs="?", type=Path, const=Path(), metavar="PATH",
            help="write refused rows with line and reason to PATH, or to FILE.rejected.csv",
        )  # fmt: skip

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        with Report(_report_path(path, options["report"])) as report:
            totals = self._run(path, options, report)
        self._tell_totals(totals, options)
        if options["strict"] and totals.refused:
            raise CommandError(_("%d rows were refused; nothing was kept.") % totals.refused)

    def _run(self, path: Path, options: dict[str, Any], report: Report) -> Totals:
        voice = _Voice(self, report)
        try:
            return run(
                lines=self.lines(path, options["format"]), book=self.book, strict=options["strict"],
                dry_run=options["dry_run"], hear=Listener(voice.bad, voice.note, voice.progress),
            )  # fmt: skip
        except OSError as error:
            raise CommandError(_("%(path)s cannot be read: %(error)s.") % {"path": path, "error": error}) from error
        except BadFile as bad:
            raise CommandError(f"{path}: {bad}") from bad
        finally:
            voice.say_the_rest()

    def _tell_totals(self, totals: Totals, options: dict[str, Any]) -> None:
        self.stdout.write(
            _("created %(created)d, changed %(changed)d, unchanged %(unchanged)d, refused %(refused)d"
              " (%(rows)d rows, %(speed)d rows/s)")
            % {"created": totals.created, "changed": totals.changed, "unchanged": totals.unchanged,
               "refused": totals.refused, "rows": totals.rows, "speed": totals.per_second}
        )  # fmt: skip
        if not totals.kept and options["dry_run"]:
            self.stdout.write(_("Dry run: nothing was kept."))


class _Voice:
    """Says the first bad lines at once; what was put right is said at the end, each thing once."""

    def __init__(self, command: BaseCommand, report: Report) -> None:
        self._command, self._report = command, report
        self._bad = 0
        self._notes: dict[str, list[int]] = {}

    def bad(self, line: BadLine) -> None:
        self._report.add(line)
        self._bad += 1
        if self._bad <= SHOWN:
            self._say(_("line %(line)d refused: %(reason)s") % {"line": line.number, "reason": line.reason})

    def note(self, number: int, note: str) -> None:
        self._notes.setdefault(note, []).append(number)

    def progress(self, totals: Totals) -> None:
        self._command.stdout.write(
            _("%(rows)d rows, %(speed)d rows/s") % {"rows": totals.rows, "speed": totals.per_second}
        )
        self._command.stdout.flush()

    def say_the_rest(self) -> None:
        if self._bad > SHOWN:
            self._say(_("... and %d more refused rows") % (self._bad - SHOWN))
        for note, numbers in list(self._notes.items())[:NOTES_SHOWN]:
            self._say(f"{_lines_said(numbers)}: {note}")
        if len(self._notes) > NOTES_SHOWN:
            self._say(_("... and %d more notes") % (len(self._notes) - NOTES_SHOWN))

    def _say(self, words: str) -> None:
        self._command.stderr.write(words)


def _lines_said(numbers: list[int]) -> str:
    if len(numbers) == 1:
        return _("line %d") % numbers[0]
    return _("%(count)d lines, the first is %(line)d") % {"count": len(numbers), "line": numbers[0]}


def _report_path(file: Path, wanted: Path | None) -> Path | None:
    if wanted is None:
        return None
    return file.with_name(f"{file.name}.rejected.csv") if wanted == Path() else wanted
