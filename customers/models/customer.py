"""A person who buys: known by the site's external id, an e-mail, a phone or their loyalty code."""

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Reverse
from django.utils.translation import gettext_lazy as _

from omni.core.models import UuidV7


class CustomerQuerySet(models.QuerySet["Customer"]):
    def known_by(self, *, external_id: str | None, email: str, phone: str) -> "CustomerQuerySet":
        """Everyone who could be meant; the strongest key decides in `resolve`."""
        match = Q(pk__in=[])
        if external_id:
            match |= Q(external_id=external_id)
        if email:
            match |= Q(email=email)
        if phone:
            match |= Q(phone=phone)
        return self.filter(match, is_active=True)

    def living(self) -> "CustomerQuerySet":
        """Neither merged away nor erased nor put aside."""
        return self.filter(is_active=True)

    def family_of(self, external_id: str) -> "CustomerQuerySet":
        """All records of the person whom the site calls so: the one that stayed, and those merged into it."""
        named = self.filter(external_id=external_id).values_list("pk", "merged_into").first()
        if named is None:
            return self.none()
        stayed = named[1] or named[0]
        return self.filter(Q(pk=stayed) | Q(merged_into=stayed))

    def known(self) -> "CustomerQuerySet":
        """The living, and those merged into one of them, who comes along as `merged_into`."""
        return self.filter(Q(is_active=True) | Q(merged_into__is_active=True)).select_related("merged_into")


class Customer(models.Model):
    class Tier(models.TextChoices):
        NONE = "", _("No tier")
        SILVER = "silver", _("Silver")
        GOLD = "gold", _("Gold")

    uid = models.UUIDField(_("id"), db_default=UuidV7(), unique=True, editable=False)
    external_id = models.CharField(_("external id"), max_length=100, null=True, blank=True, unique=True)
    name = models.CharField(_("name"), max_length=200, blank=True)
    email = models.CharField(_("e-mail"), max_length=254, blank=True, help_text=_("Lower case."))
    phone = models.CharField(_("phone"), max_length=20, blank=True, help_text=_("E.164, such as +16125550100"))
    loyalty_code = models.CharField(_("loyalty code"), max_length=20, null=True, blank=True, unique=True)
    tier = models.CharField(_("tier"), max_length=20, choices=Tier, blank=True, db_default="")
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, verbose_name=_("merged into"), null=True, blank=True, related_name="merged"
    )
    erased_at = models.DateTimeField(_("erased"), null=True, blank=True)

    objects = CustomerQuerySet.as_manager()

    class Meta:
        verbose_name = _("customer")
        verbose_name_plural = _("customers")
        constraints = [
            models.CheckConstraint(
                name="customer_merged_is_not_active", condition=Q(merged_into=None) | Q(is_active=False)
            ),
            models.CheckConstraint(
                name="customer_erased_is_nobody",
                condition=Q(erased_at=None)
                | Q(name="", email="", phone="", external_id=None, loyalty_code=None, is_active=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["email"], name="customer_email", condition=~Q(email=""), opclasses=["varchar_pattern_ops"]
            ),
            models.Index(fields=["erased_at"], name="customer_erased", condition=Q(erased_at__isnull=False)),
            models.Index(fields=["phone"], name="customer_phone", condition=~Q(phone="")),
            # The last digits are what people say; the country and often the area go without saying.
            models.Index(
                OpClass(Reverse("phone"), name="text_pattern_ops"), name="customer_phone_end", condition=~Q(phone="")
            ),
            GinIndex(fields=["name"], name="customer_name_trgm", opclasses=["gin_trgm_ops"]),
            GinIndex(Func(F("name"), function="customers_name_keys"), name="customer_name_keys"),
        ]

    def __str__(self) -> str:
        return self.name or self.email or self.phone or self.external_id or str(self.pk)

    @property
    def subject(self) -> tuple[str, str]:
        """What events and history call it."""
        return "customer", str(self.uid)

    @property
    def is_erased(self) -> bool:
        return self.erased_at is not None

    def family_ids(self) -> list[int]:
        """This customer and everybody merged into them: what belongs to any of these belongs here."""
        return [self.pk, *self.merged.values_list("pk", flat=True)]
