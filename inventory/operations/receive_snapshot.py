"""A source hands in what lies on its shelves; the file is kept first, a worker compares it afterwards."""

import hashlib
import zlib
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import BinaryIO

from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext as _

from inventory import events
from inventory.models import Feed, Snapshot
from inventory.operations.hear_feed import hear_feed
from omni.core.actors import Actor
from omni.core.events import emit
from omni.core.private_files import temporary_file
from omni.core.refusals import Invalid, Refusal
from omni.core.states import begin

MOST_BYTES = 2 * 1024**3
CHUNK = 1024 * 1024
AHEAD = timedelta(minutes=5)  # how far a source's clock may run before ours
FORMATS = {".csv": Snapshot.Format.CSV, ".ndjson": Snapshot.Format.NDJSON, ".jsonl": Snapshot.Format.NDJSON}


def receive_snapshot(
    *, feed: Feed, chunks: Iterable[bytes], name: str, as_of: datetime, by: Actor, now: datetime, key: str = "",
    location_code: str = "",
) -> Snapshot:  # fmt: skip
    """Keep a snapshot's file (CSV or NDJSON, also packed: its `name` says which); the same `key` again answers the
    same snapshot. Without a key, its content is the key.

    Not inside a transaction: a large file takes its time. Refuses `inactive_feed`, `unknown_format`, `from_the_future`,
    `unknown_location`, `too_large`, `broken_file`, and `key_reused` (another content under this key).
    """
    form, packed = _format(name)
    _require_acceptable(feed, as_of, location_code, now)
    with temporary_file() as kept:
        digest = _write(kept, _unpacked(chunks) if packed else chunks)
        size = kept.tell()
        snapshot = Snapshot(
            feed=feed, key=key or f"sha256:{digest}:{as_of.isoformat()}", digest=digest, as_of=as_of,
            format=form, is_complete=feed.is_complete, file_name=name[:200], byte_count=size,
            location_code=location_code, created_at=now, created_by=by.label,
        )  # fmt: skip
        return _take_in(snapshot, kept, by=by, now=now)


def _take_in(snapshot: Snapshot, kept: BinaryIO, *, by: Actor, now: datetime) -> Snapshot:
    """The row and its file; of two with one key the second meets the first.

    A file is taken away only where it is certain that no row needs it: what a lost connection leaves behind is swept.
    """
    kept.seek(0)
    snapshot.file.save(f"{snapshot.feed.code}.{snapshot.format}", File(kept), save=False)  # long: before any lock
    try:
        with transaction.atomic():
            hear_feed(feed_id=snapshot.feed_id, now=now)
            known = Snapshot.objects.filter(feed=snapshot.feed_id, key=snapshot.key).first()
            if known:
                _require_same(known, snapshot)
            else:
                snapshot.save()
                begin(snapshot, by=by)
                emit(events.SNAPSHOT_RECEIVED, aggregate=snapshot.subject, by=by, payload={"snapshot_id": snapshot.pk})
    except Refusal:
        snapshot.file.delete(save=False)
        raise
    if known:
        snapshot.file.delete(save=False)
    return known or snapshot


def _require_same(known: Snapshot, sent: Snapshot) -> None:
    if (known.digest, known.as_of) != (sent.digest, sent.as_of):
        raise Invalid("key_reused", _("Another snapshot was sent with this key."))


def _format(name: str) -> tuple[str, bool]:
    plain = name.lower().removesuffix(".gz")
    for ending, form in FORMATS.items():
        if plain.endswith(ending):
            return form, plain != name.lower()
    raise Invalid("unknown_format", _("Send a .csv or .ndjson file, also packed as .gz."))


def _require_acceptable(feed: Feed, as_of: datetime, location_code: str, now: datetime) -> None:
    if not feed.is_active:
        raise Refusal("inactive_feed", _("The source %s was switched off.") % feed.name)
    if as_of > now + AHEAD:
        raise Invalid("from_the_future", _("The moment of the snapshot lies in the future."))
    if location_code and not feed.locations.filter(code=location_code).exists():
        raise Invalid("unknown_location", _("This source has no location with the code %s.") % location_code)


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
