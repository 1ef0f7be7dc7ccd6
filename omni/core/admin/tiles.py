"""What of the kernel needs a person."""

from collections.abc import Iterator

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from omni.core.access import scopes
from omni.core.hq.permissions import CONFIGURE
from omni.core.hq.show import list_url, page_url
from omni.core.hq.tiles import Tile, needs_person
from omni.core.models import AuditRun, ClaimStatus, EventDelivery, WebhookDelivery
from omni.core.ui import words


@needs_person(50)
def dead_letters(request: HttpRequest) -> Iterator[Tile]:
    """Work on events that was given up, in the house and outside."""
    if scopes(request.user, CONFIGURE) is not None:
        return
    for model, label, name in (
        (EventDelivery, _("events that could not be dealt with"), "core.eventdelivery"),
        (WebhookDelivery, _("webhooks that could not be delivered"), "core.webhookdelivery"),
    ):
        count = model.objects.filter(status=ClaimStatus.DEAD).count()
        yield Tile(count, label, list_url(name, status__exact="dead"), "stop" if count else "done")


@needs_person(60)
def last_audit(request: HttpRequest) -> Iterator[Tile]:
    """The result of the last audit, and how old it is."""
    if scopes(request.user, CONFIGURE) is not None:
        return
    run = AuditRun.objects.first()
    if run is None:
        yield Tile("–", _("no audit has run yet"), list_url("core.auditrun"), "warn", _("manage.py audit"))
        return
    label = ngettext("violation in the last audit", "violations in the last audit", run.violations)
    tone = "stop" if run.violations else "done"
    age = _("%s ago") % words.ago_words(run.at, now=timezone.now())
    yield Tile(run.violations, label, page_url("core.auditrun", run.pk), tone, age)
