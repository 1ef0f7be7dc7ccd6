"""What a kit is made of. A kit has no shelf: it can be had where all of its parts can (docs/decisions/0021).

A variant with components is a kit. Kits are not nested and a kit is no part of itself: a trigger looks at both ends.
"""

from collections.abc import Iterable

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from inventory.models.product import Variant


class KitComponentQuerySet(models.QuerySet["KitComponent"]):
    def by_kit(self, variants: Iterable[int]) -> dict[int, list["KitComponent"]]:
        """The parts of the kits among these variants, by the kit's id, in the order in which they were named."""
        found: dict[int, list[KitComponent]] = {}
        for row in self.filter(kit__in=list(variants)).select_related("component__product"):
            found.setdefault(row.kit_id, []).append(row)
        return found


class KitComponent(models.Model):
    kit = models.ForeignKey(
        Variant, models.PROTECT, verbose_name=_("kit"), related_name="components", db_index=False
    )  # fmt: skip
    component = models.ForeignKey(Variant, models.PROTECT, verbose_name=_("component"), related_name="part_of")
    quantity = models.PositiveIntegerField(_("units in each kit"))

    objects = KitComponentQuerySet.as_manager()

    class Meta:
        verbose_name = _("component of a kit")
        verbose_name_plural = _("components of kits")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["kit", "component"], name="each_component_once"),
            models.CheckConstraint(name="component_of_something", condition=Q(quantity__gte=1)),
            models.CheckConstraint(name="kit_is_not_its_own_part", condition=~Q(kit=F("component"))),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.component_id}"

    @property
    def is_sold(self) -> bool:
        """Whether the component is still sold, with its kits."""
        return self.component.is_active and self.component.product.is_active
