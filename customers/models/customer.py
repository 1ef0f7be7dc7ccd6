"""A person who buys: known by the site's external id, an e-mail or a phone."""

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _


class CustomerQuerySet(models.QuerySet["Customer"]):
    def known_by(self, *, external_id: str | None, email: str, phone: str) -> "CustomerQuerySet":
        """Everyone who could be meant; the strongest key decides in `resolve`."""
        match = models.Q(pk__in=[])
        if external_id:
            match |= models.Q(external_id=external_id)
        if email:
            match |= models.Q(email=email)
        if phone:
            match |= models.Q(phone=phone)
        return self.filter(match, is_active=True)


class Customer(models.Model):
    external_id = models.CharField(_("external id"), max_length=100, null=True, blank=True, unique=True)
    name = models.CharField(_("name"), max_length=200, blank=True)
    email = models.CharField(_("e-mail"), max_length=254, blank=True, help_text=_("Lower case."))
    phone = models.CharField(_("phone"), max_length=20, blank=True, help_text=_("E.164, such as +16125550100"))
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    objects = CustomerQuerySet.as_manager()

    class Meta:
        verbose_name = _("customer")
        verbose_name_plural = _("customers")
        indexes = [
            models.Index(fields=["email"], name="customer_email", condition=~models.Q(email="")),
            models.Index(fields=["phone"], name="customer_phone", condition=~models.Q(phone="")),
            GinIndex(fields=["name"], name="customer_name_trgm", opclasses=["gin_trgm_ops"]),
        ]

    def __str__(self) -> str:
        return self.name or self.email or self.phone or self.external_id or str(self.pk)
