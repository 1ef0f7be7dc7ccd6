"""manage.py audit: ask every invariant for its violators."""

import json
import time
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from omni.core.checks import Finding, checks, run_checks
from omni.core.models import AuditRun


class Command(BaseCommand):
    """Prints a count per check and the first violators; exits with 1 on any."""

    help = "Check that everything that must hold between the rows does hold."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which checks, and in which form."""
        parser.add_argument("--only", action="append", metavar="NAME", help="only this check; may be repeated")
        parser.add_argument("--json", action="store_true", help="print the findings as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run, print, keep, and fail where something was found."""
        unknown = set(options["only"] or ()) - set(checks())
        if unknown:
            raise CommandError(f"No such check: {', '.join(sorted(unknown))}. There are: {', '.join(checks())}.")
        began = time.perf_counter()
        findings = run_checks(options["only"])
        self._print(findings, as_json=options["json"])
        violations = sum(finding.count for finding in findings)
        if not options["only"]:
            AuditRun.objects.create(
                results=[asdict(finding) for finding in findings],
                violations=violations,
                seconds=round(time.perf_counter() - began, 3),
            )
        if violations:
            raise SystemExit(1)

    def _print(self, findings: list[Finding], *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps([asdict(finding) for finding in findings], indent=2))
            return
        for finding in findings:
            style = self.style.ERROR if finding.count else self.style.SUCCESS
            self.stdout.write(f"{style(f'{finding.count:>8}')}  {finding.check}: {finding.description}")
            for violator in finding.first:
                self.stdout.write(f"          {violator}")
