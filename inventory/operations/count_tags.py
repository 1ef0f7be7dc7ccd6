"""A bulk of radio tags read in an area: a set, so the same tag twice is one unit."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _

from inventory.epc import decode
from inventory.gtin import normalize
from inventory.models import Barcode, CountArea, CountLine, CountScan, CountSession
from inventory.operations.count_scans import in_lock
from inventory.operations.judge_count import judge_items
from omni.core.actors import Actor
from omni.core.operation import operation, retried
from omni.core.refusals import Invalid, Refusal

MOST = 50_000


@dataclass
class TagsRead:
    """How many tags counted, how many had counted already, and by line what could not be taken."""

    counted: int = 0
    known: int = 0
    problems: list[tuple[int, str, str]] = field(default_factory=list)


@retried
@operation
def count_tags(*, area_id: int, epcs: Sequence[str], by: Actor, now: datetime) -> TagsRead:
    """Count these tags in this area; a tag counts once in the whole count, wherever it is read again."""
    if len(epcs) > MOST:
        raise Invalid("too_many", _("At most %d tags at once.") % MOST)
    area = CountArea.objects.select_related("session").get(pk=area_id)
    session = in_lock(area.session)
    if not session.is_at_work:
        raise Refusal("count_ended", _("This count has ended."))
    read, tags = TagsRead(), {}
    for line, text in enumerate(epcs, start=1):
        tag = decode(text)
        if tag is None:
            read.problems.append((line, text[:40], _("No SGTIN-96 of 24 hexadecimal digits")))
        elif tag.epc not in tags:
            tags[tag.epc] = (line, tag)
        else:
            read.known += 1
    codes = {normalize(tag.gtin) for _line, tag in tags.values()}
    variants = dict(Barcode.objects.filter(code__in=codes).values_list("code", "variant_id"))
    settled = set(CountLine.objects.filter(session=session, settled_at__isnull=False).values_list("variant", flat=True))
    fresh = []
    for line, tag in tags.values():
        variant = variants.get(normalize(tag.gtin))
        if variant is None:
            read.problems.append((line, tag.epc, _("No item has the GTIN %s") % tag.gtin))
        elif variant in settled:
            read.problems.append((line, tag.epc, _("Its item is settled already")))
        else:
            fresh.append(CountScan(
                session=session, area=area, variant_id=variant, quantity=1, scanned_at=now, received_at=now,
                person_id=by.user_id, actor=by.label, key=f"epc:{tag.epc}", epc=tag.epc,
            ))  # fmt: skip
    before = CountScan.objects.filter(session=session, epc__in=[scan.epc for scan in fresh]).count()
    CountScan.objects.bulk_create(fresh, ignore_conflicts=True, batch_size=5_000)
    read.counted, read.known = len(fresh) - before, read.known + before
    if session.status == CountSession.Status.REVIEW:
        judge_items(session, {scan.variant_id for scan in fresh}, now=now)
    read.problems.sort()
    return read
