"""`manage.py replay FOLDER --url URL --key KEY`: a recorded order stream through the HTTP API, as a client sends it."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError
from django.utils.translation import gettext as _

from omni.replay.client import Client
from omni.replay.replay import Summary, replay
from omni.replay.streams import KINDS, recorded_stream


class Command(BaseCommand):
    help = "Send recorded orders through the API. Run prepare_replay with the same --kind and --limit before."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="the data set's folder")
        parser.add_argument("--kind", choices=sorted(KINDS), default="completejourney")
        parser.add_argument("--limit", type=int, default=3000, help="orders of the stream, spread over its time")
        parser.add_argument("--url", default=settings.PUBLIC_URL, help="default: this shop's own address")
        parser.add_argument("--key", required=True, help="an API key with orders:write")
        parser.add_argument("--workers", type=int, default=2, help="connections at the same time (default 2)")
        parser.add_argument("--nervous", type=int, default=50, help="send each n-th order twice (default 50, 0: none)")

    def handle(self, *args: Any, **options: Any) -> None:
        stream = recorded_stream(options["kind"], options["folder"], options["limit"])
        self.stdout.write(_("%(orders)d orders, %(lines)d lines") % {
            "orders": len(stream), "lines": sum(len(order.body["lines"]) for order in stream)
        })  # fmt: skip
        summary = replay(
            stream, workers=options["workers"], nervous=options["nervous"], tell=self._progress,
            new_client=lambda: Client(url=options["url"], key=options["key"]),
        )  # fmt: skip
        self._tell(summary)
        if any(code.startswith(("0 ", "5")) for code in summary.refused):
            raise CommandError(_("Some orders got no answer, or a server error."))

    def _progress(self, summary: Summary) -> None:
        self.stdout.write(
            _("%(sent)d sent, %(placed)d placed, %(refused)d refused, %(speed).1f orders/s")
            % {"sent": summary.sent, "placed": summary.placed, "refused": summary.refused.total(),
               "speed": summary.per_second}
        )  # fmt: skip
        self.stdout.flush()

    def _tell(self, summary: Summary) -> None:
        self.stdout.write(
            _("placed %(placed)d, known before %(known)d, replayed answers %(replays)d, sent again %(retried)d")
            % {"placed": summary.placed, "known": summary.known, "replays": summary.replays, "retried": summary.retried}
        )
        for code, count in summary.refused.most_common():
            self.stdout.write(_("refused %(count)d: %(code)s") % {"count": count, "code": code})
        self.stdout.write(
            _("%(seconds).1f s, %(speed).1f orders/s, p50 %(p50).0f ms, p95 %(p95).0f ms")
            % {"seconds": summary.seconds, "speed": summary.per_second, "p50": 1000 * summary.percentile(50),
               "p95": 1000 * summary.percentile(95)}
        )  # fmt: skip
