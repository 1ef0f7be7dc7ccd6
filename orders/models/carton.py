"""The boxes and bags that stores pack into; HQ says which there are."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class CartonQuerySet(models.QuerySet["Carton"]):
    def usable(self) -> "CartonQuerySet":
        """Those that are on hand, the smallest first."""
        return self.filter(is_active=True).order_by(F("length_mm") * F("width_mm") * F("height_mm"), "pk")


class Carton(models.Model):
    code = models.CharField(_("code"), max_length=20, unique=True, help_text=_("As it is printed on the box."))
    name = models.CharField(_("name"), max_length=80)
    length_mm = models.PositiveIntegerField(_("inner length in mm"))
    width_mm = models.PositiveIntegerField(_("inner width in mm"))
    height_mm = models.PositiveIntegerField(_("inner height in mm"))
    weight_g = models.PositiveIntegerField(_("weight of the empty box in grams"), default=0)
    max_weight_g = models.PositiveIntegerField(_("carries up to, in grams"), default=20_000)
    is_active = models.BooleanField(_("active"), default=True)

    objects = CartonQuerySet.as_manager()

    class Meta:
        verbose_name = _("carton")
        verbose_name_plural = _("cartons")
        constraints = [
            models.CheckConstraint(
                name="carton_holds_something",
                condition=Q(length_mm__gt=0, width_mm__gt=0, height_mm__gt=0, max_weight_g__gt=F("weight_g")),
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"
