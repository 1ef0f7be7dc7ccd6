"""HQ's rules for what a channel may promise: units kept back, a share of the shelf, or nothing at all.

They are read where stock is read and promised (see kept_back.py); no shelf is rewritten. Of all rules that match an
item at a place only the first decides, in the order of `precedence`.
"""

import re
from collections.abc import Mapping, Sequence

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from inventory.models.group import LocationGroup
from omni.core.channels import Channel
from omni.core.states import Stateful

LEVEL = " > "


def path_of(category: str) -> str:
    """`Apparel>Shirts ` as categories are compared: `apparel > shirts`."""
    return re.sub(r"\s*(>\s*)+", LEVEL, category.strip(" \t\n>")).lower()


class AvailabilityRule(Stateful, models.Model):
    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        ACTIVE = "active", _("Active")
        RETIRED = "retired", _("Retired")

    class Effect(models.TextChoices):
        KEEP = "keep", _("Keep units back")
        PERCENT = "percent", _("Keep a share of the shelf back")
        EXCLUDE = "exclude", _("Promise nothing")

    MOVES = {Status.DRAFT: {Status.ACTIVE, Status.RETIRED}, Status.ACTIVE: {Status.RETIRED}}

    name = models.CharField(_("name"), max_length=120)
    status = models.CharField(_("status"), max_length=8, choices=Status, default=Status.DRAFT)
    effect = models.CharField(_("effect"), max_length=8, choices=Effect, default=Effect.KEEP)
    units = models.PositiveIntegerField(
        _("units"), default=0, help_text=_("Kept back on each shelf, instead of the location's own safety stock.")
    )
    percent = models.PositiveSmallIntegerField(
        _("percent"), default=0, help_text=_("Of what lies on the shelf, rounded up to whole units.")
    )
    category = models.CharField(
        _("category"), max_length=200, blank=True,
        help_text=_("A path such as Apparel > Shirts, and all below it. Empty: every item."),
    )  # fmt: skip
    path = models.CharField(max_length=200, blank=True, editable=False)
    tag = models.CharField(_("tag"), max_length=40, blank=True, help_text=_("Only products that carry it."))
    channels = ArrayField(
        models.CharField(max_length=20, choices=Channel), verbose_name=_("channels"), default=list, blank=True,
        help_text=_("None: every channel."),
    )  # fmt: skip
    group = models.ForeignKey(
        LocationGroup, models.PROTECT, verbose_name=_("location group"), null=True, blank=True, related_name="+",
        help_text=_("And all groups below it. Empty: everywhere."),
    )  # fmt: skip
    position = models.PositiveSmallIntegerField(
        _("position"), default=100, help_text=_("Between rules that are equally close, the smaller one comes first.")
    )
    created_at = models.DateTimeField(_("made"), auto_now_add=True)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)

    class Meta:
        verbose_name = _("availability rule")
        verbose_name_plural = _("availability rules")
        constraints = [
            models.CheckConstraint(
                name="rule_says_how_much",
                condition=Q(effect="keep", percent=0, units__lte=1_000_000)
                | Q(effect="percent", units=0, percent__gte=1, percent__lte=100)
                | Q(effect="exclude", units=0, percent=0),
            ),
        ]
        indexes = [models.Index(fields=["id"], name="rule_active", condition=Q(status="active"))]

    def __str__(self) -> str:
        return self.name

    def save(self, *args, **kwargs) -> None:
        """The path follows the category, and is written with it."""
        self.path = path_of(self.category)
        if (fields := kwargs.get("update_fields")) is not None and "category" in fields:
            kwargs["update_fields"] = [*fields, "path"]
        super().save(*args, **kwargs)

    def clean(self) -> None:
        self.tag = self.tag.strip().lower()
        if self.effect != self.Effect.KEEP:
            self.units = 0
        if self.effect != self.Effect.PERCENT:
            self.percent = 0
        elif not 1 <= self.percent <= 100:
            raise ValidationError({"percent": _("A share is between 1 and 100 percent.")})
        if self.units > 1_000_000:
            raise ValidationError({"units": _("Not more than a million.")})

    def precedence(self, depths: Mapping[int, int]) -> tuple:
        """Smaller decides first; `depths` says how deep each group lies (`LocationGroup.depths`)."""
        return (
            self.effect != self.Effect.EXCLUDE, not self.tag, -len(self.path.split(LEVEL)) if self.path else 0,
            -depths.get(self.group_id or 0, -1), not self.channels, self.position, self.pk,
        )  # fmt: skip

    def covers(self, *, path: str, tags: Sequence[str], channel: str) -> bool:
        """Whether it speaks of such an item on this channel, wherever it lies."""
        return (
            (not self.path or f"{path}{LEVEL}".startswith(f"{self.path}{LEVEL}"))
            and (not self.tag or self.tag in tags)
            and (not self.channels or channel in self.channels)
        )
