"""Files that nobody reaches by an address: they lie under OMNI_VAR and leave through a permitted view only."""

from django.conf import settings
from django.core.files.storage import FileSystemStorage


def private_files() -> FileSystemStorage:
    """Where models keep them; a callable, so that migrations name no folder."""
    return FileSystemStorage(
        location=settings.PRIVATE_FILES, file_permissions_mode=0o600, directory_permissions_mode=0o700
    )
