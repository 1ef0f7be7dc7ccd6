"""The keys by which the shop, the till and the marketplaces come in."""

import hashlib
import secrets
import uuid
from datetime import timedelta
from typing import Any, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from omni.core.prepared import prepared

TOKEN_PREFIX = "omni_"  # noqa: S105 - public, it only names the kind
TOKEN_CHARACTERS = 40
SHOWN_CHARACTERS = 12
LAST_USE_IS_WRITTEN_EVERY = timedelta(minutes=1)


# Asked by every request, so it is written out.
COLUMNS = ("id", "name", "lineage", "prefix", "digest", "scopes", "channels", "locations", "rate_per_minute",
           "created_at", "expires_at", "revoked_at", "last_used_at", "created_by_id")  # fmt: skip
BY_DIGEST = f"""
SELECT {", ".join(COLUMNS)} FROM core_apikey
 WHERE digest = %s AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > statement_timestamp())
"""  # noqa: S608 - names of our own


class ApiKeyQuerySet(models.QuerySet["ApiKey"]):
    """Keys as the door and HQ look for them."""

    def usable(self) -> Self:
        """Neither revoked nor expired, by the database's clock."""
        return self.filter(Q(revoked_at=None) & (Q(expires_at=None) | Q(expires_at__gt=Now())))

    def for_token(self, token: str) -> "ApiKey | None":
        """The usable key of a presented token; an unknown, revoked and expired one look the same."""
        with prepared() as cursor:
            cursor.execute(BY_DIGEST, [digest_of(token)])
            row = cursor.fetchone()
        return None if row is None else ApiKey.from_db("default", COLUMNS, row)


class ApiKey(models.Model):
    """A machine's way in: shown once, kept as a digest, limited to what it needs."""

    name = models.CharField(_("name"), max_length=120)
    # Keys that replaced one another share a lineage, so that a retry with the new key still finds its answer.
    lineage = models.UUIDField(default=uuid.uuid4, editable=False)
    prefix = models.CharField(_("begins with"), max_length=SHOWN_CHARACTERS, editable=False)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    scopes = ArrayField(models.CharField(max_length=64), verbose_name=_("scopes"), default=list, blank=True)
    channels = ArrayField(
        models.CharField(max_length=64),
        verbose_name=_("channels"),
        default=list,
        blank=True,
        help_text=_("Empty means all channels."),
    )
    locations = ArrayField(
        models.CharField(max_length=64),
        verbose_name=_("locations"),
        default=list,
        blank=True,
        help_text=_("location:ID or group:ID; empty means all locations."),
    )
    rate_per_minute = models.PositiveIntegerField(_("requests per minute"), default=6000)
    created_at = models.DateTimeField(_("created at"), db_default=Now(), editable=False)
    expires_at = models.DateTimeField(_("expires at"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)
    last_used_at = models.DateTimeField(_("last used at"), null=True, editable=False)
    created_by = models.ForeignKey(
        "core.User",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("created by"),
        editable=False,
    )

    objects = ApiKeyQuerySet.as_manager()

    class Meta:
        verbose_name = _("API key")
        verbose_name_plural = _("API keys")
        ordering = ["name", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(rate_per_minute__gte=1), name="core_api_key_some_rate"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"

    @classmethod
    def issue(cls, *, name: str, scopes: list[str], **limits: Any) -> tuple["ApiKey", str]:
        """A new key and its token; the token is known now and never again."""
        token = TOKEN_PREFIX + secrets.token_urlsafe(TOKEN_CHARACTERS)[:TOKEN_CHARACTERS]
        key = cls.objects.create(
            name=name,
            scopes=sorted(set(scopes)),
            prefix=token[:SHOWN_CHARACTERS],
            digest=digest_of(token),
            **limits,
        )
        return key, token

    @property
    def is_limited(self) -> bool:
        """True where the key sees only some channels or locations."""
        return bool(self.channels or self.locations)

    def has_scope(self, scope: str) -> bool:
        """True where the key was given this scope."""
        return scope in self.scopes

    def allows_channel(self, channel: str) -> bool:
        """True where the key may place and see work of this channel."""
        return not self.channels or channel in self.channels

    @property
    def location_scopes(self) -> frozenset[str] | None:
        """The locations whose stock and work the key may see, as opaque scopes; None means everywhere."""
        return frozenset(self.locations) or None

    def note_use(self) -> None:
        """Write the last use at most once a minute; of parallel requests one writes."""
        now = timezone.now()
        if self.last_used_at and now - self.last_used_at < LAST_USE_IS_WRITTEN_EVERY:
            return
        stale = Q(last_used_at=None) | Q(last_used_at__lte=Now() - LAST_USE_IS_WRITTEN_EVERY)
        type(self).objects.filter(stale, pk=self.pk).update(last_used_at=Now())


def digest_of(token: str) -> str:
    """How a token is kept: it is long and random, so a plain hash cannot be guessed backwards."""
    return hashlib.sha256(token.encode()).hexdigest()
