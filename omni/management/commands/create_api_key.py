"""manage.py create_api_key: let a machine in."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from omni.core.models import ApiKey


class Command(BaseCommand):
    """Prints the token once; it is kept as a digest and cannot be shown again."""

    help = "Create an API key and print it once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whom the key is for, and what it may do."""
        parser.add_argument("name", help="who uses it, for HQ's list")
        parser.add_argument("--scope", action="append", required=True, help="such as orders:write; may be repeated")
        parser.add_argument("--channel", action="append", default=[], help="only this channel; may be repeated")
        parser.add_argument(
            "--location", action="append", default=[], help="only location:ID or group:ID; may be repeated"
        )
        parser.add_argument("--rate", type=int, default=6000, help="requests per minute (default: 6000)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Issue it and print the token alone, so that a script can take it."""
        key, token = ApiKey.issue(
            name=options["name"],
            scopes=options["scope"],
            channels=options["channel"],
            locations=options["location"],
            rate_per_minute=options["rate"],
        )
        self.stderr.write(f"Key {key.prefix}… for {key.name}: {', '.join(key.scopes)}. It is shown only now:")
        self.stdout.write(token)
