"""A key is replaced without an hour in which neither works."""

from datetime import timedelta

from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from omni.core.models import ApiKey
from omni.core.operation import operation
from omni.core.refusals import Refusal


@operation
def rotate(key: ApiKey, *, overlap: timedelta) -> tuple[ApiKey, str]:
    """Issue a twin with the same rights; the old key works for `overlap` longer. Returns the twin and its token.

    Raises Refusal `key_unusable` for a revoked or expired key.
    """
    old = ApiKey.objects.usable().select_for_update().filter(pk=key.pk).first()
    if old is None:
        raise Refusal("key_unusable", _("This key is revoked or expired; issue a new one."))
    twin, token = ApiKey.issue(
        name=old.name,
        scopes=old.scopes,
        lineage=old.lineage,
        channels=old.channels,
        locations=old.locations,
        rate_per_minute=old.rate_per_minute,
        created_by_id=old.created_by_id,
    )
    end = Now() + overlap
    later = Q(expires_at=None) | Q(expires_at__gt=end)
    ApiKey.objects.filter(later, pk=old.pk).update(expires_at=end)
    return twin, token


@operation
def revoke(key: ApiKey) -> None:
    """The key opens nothing from now on; revoking it again changes nothing."""
    ApiKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=Now())
