"""Files that nobody reaches by an address: they lie under OMNI_VAR and leave through a permitted view only."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import BinaryIO

from django.conf import settings
from django.core.files.storage import FileSystemStorage


def private_files() -> FileSystemStorage:
    """Where models keep them; a callable, so that migrations name no folder."""
    return FileSystemStorage(
        location=settings.PRIVATE_FILES, file_permissions_mode=0o600, directory_permissions_mode=0o700
    )


@contextmanager
def temporary_file() -> Iterator[BinaryIO]:
    """A file for what is still arriving, where there is room for it; gone at the end."""
    folder = Path(settings.PRIVATE_FILES)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with TemporaryFile(dir=folder) as file:
        yield file
