"""A source hands in a file; it is kept first, a worker reads it afterwards."""

import hashlib
import zlib
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any, BinaryIO, TypeVar

from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext as _

from inventory.models import Feed
from inventory.models.feed_file import FeedFile
from inventory.operations.hear_feed import hear_feed
from omni.core.actors import Actor
from omni.core.events import emit
from omni.core.private_files import temporary_file
from omni.core.refusals import Invalid, Refusal
from omni.core.states import begin

MOST_BYTES = 2 * 1024**3
CHUNK = 1024 * 1024
FORMATS = {".csv": FeedFile.Format.CSV, ".ndjson": FeedFile.Format.NDJSON, ".jsonl": FeedFile.Format.NDJSON}
F = TypeVar("F", bound=FeedFile)


def receive_file(
    *, feed: Feed, chunks: Iterable[bytes], name: str, make: Callable[..., F], topic: str, by: Actor, now: datetime,
) -> F:  # fmt: skip
    """Keep a file (CSV or NDJSON, also packed: its `name` says which); `make` gives its row from what is known of
    every file. The same key again answers the same row.

    Not inside a transaction: a large file takes its time. Refuses `unknown_format`, `too_large`, `broken_file`, and
    `key_reused` (another content under this key).
    """
    form, packed = _format(name)
    with temporary_file() as kept:
        digest = _write(kept, _unpacked(chunks) if packed else chunks)
        row = make(feed=feed, digest=digest, format=form, file_name=name[:200], byte_count=kept.tell(),
                   created_at=now, created_by=by.label)  # fmt: skip
        return _take_in(row, kept, topic=topic, by=by, now=now)


def require_acceptable(feed: Feed, location_code: str) -> None:
    """Refuses `inactive_feed` and `unknown_location`."""
    if not feed.is_active:
        raise Refusal("inactive_feed", _("The source %s was switched off.") % feed.name)
    if location_code and not feed.locations.filter(code=location_code).exists():
        raise Invalid("unknown_location", _("This source has no location with the code %s.") % location_code)


def _take_in(row: F, kept: BinaryIO, *, topic: str, by: Actor, now: datetime) -> F:
    """The row and its file; of two with one key the second meets the first.

    A file is taken away only where it is certain that no row needs it: what a lost connection leaves behind is swept.
    """
    kept.seek(0)
    row.file.save(f"{row.feed.code}.{row.format}", File(kept), save=False)  # long: before any lock
    files: Any = type(row)._default_manager
    try:
        with transaction.atomic():
            hear_feed(feed_id=row.feed.pk, now=now)
            known = files.filter(feed=row.feed, key=row.key).first()
            if known:
                _require_same(known, row)
            else:
                row.save()
                begin(row, by=by)
                emit(topic, aggregate=row.subject, by=by, payload={f"{row._meta.model_name}_id": row.pk})
    except Refusal:
        row.file.delete(save=False)
        raise
    if known:
        row.file.delete(save=False)
    return known or row


def _require_same(known: FeedFile, sent: FeedFile) -> None:
    if not known.says_the_same(sent):
        raise Invalid(
            "key_reused",
            _("This key belongs to a file with other rows, or about another location or moment. Use a new key."),
        )


def _format(name: str) -> tuple[str, bool]:
    plain = name.lower().removesuffix(".gz")
    for ending, form in FORMATS.items():
        if plain.endswith(ending):
            return form, plain != name.lower()
    raise Invalid("unknown_format", _("Send a .csv or .ndjson file, also packed as .gz."))


def _write(kept: BinaryIO, chunks: Iterable[bytes]) -> str:
    digest = hashlib.sha256()
    for chunk in chunks:
        if kept.tell() + len(chunk) > MOST_BYTES:
            raise Invalid("too_large", _("More than %d MB are too much for one file.") % (MOST_BYTES // 1024**2))
        kept.write(chunk)
        digest.update(chunk)
    return digest.hexdigest()


def _unpacked(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Unpacked piece by piece, however well it was packed: a bomb meets the limit of size, not of memory."""
    unpacker = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    try:
        for chunk in chunks:
            yield unpacker.decompress(chunk, CHUNK)
            while unpacker.unconsumed_tail:
                yield unpacker.decompress(unpacker.unconsumed_tail, CHUNK)
        yield unpacker.flush()
    except zlib.error as error:
        raise Invalid("broken_file", _("The packed file is broken.")) from error
    if not unpacker.eof:
        raise Invalid("broken_file", _("The packed file ends too early."))
