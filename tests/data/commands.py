from io import StringIO

from django.core.management import call_command


def run(command: str, *args, **options) -> str:
    """What a command says, both ways."""
    said = StringIO()
    call_command(command, *args, stdout=said, stderr=said, **options)
    return said.getvalue()
