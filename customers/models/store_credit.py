"""Money that a shop owes a customer: an account with a code, what is held of it, and the ledger that explains it."""

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from customers.credit_code import clean, new_code, printed
from customers.models.customer import Customer


class StoreCreditQuerySet(models.QuerySet["StoreCredit"]):
    def by_code(self, code: str) -> "StoreCreditQuerySet":
        """The account of a typed or scanned code."""
        return self.filter(code=clean(code))

    def of_family(self, family: list[int]) -> "StoreCreditQuerySet":
        """All accounts of one person, under whichever of their records, with their ledger; newest first.

        A merge moves no money: each account stays the record's that got it, so that nothing is to be undone."""
        return self.filter(customer__in=family).prefetch_related("entries").order_by("-pk")

    def to_expire(self, now) -> "StoreCreditQuerySet":
        return self.filter(expires_at__lte=now, balance_amount__gt=F("held_amount")).order_by("expires_at", "pk")


class StoreCredit(models.Model):
    code = models.CharField(_("code"), max_length=20, unique=True, default=new_code)
    currency = models.CharField(_("currency"), max_length=3)
    customer = models.ForeignKey(
        Customer, models.PROTECT, verbose_name=_("customer"), null=True, blank=True, related_name="store_credits",
        help_text=_("Empty: whoever shows the code."),
    )  # fmt: skip
    balance_amount = models.DecimalField(_("balance"), max_digits=14, decimal_places=4, default=0)
    held_amount = models.DecimalField(
        _("held"), max_digits=14, decimal_places=4, default=0, help_text=_("Promised to orders, not yet taken.")
    )
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"))

    objects = StoreCreditQuerySet.as_manager()

    class Meta:
        verbose_name = _("store credit")
        verbose_name_plural = _("store credits")
        constraints = [
            models.CheckConstraint(
                name="credit_held_within_balance",
                condition=Q(held_amount__gte=0, held_amount__lte=F("balance_amount")),
            ),
        ]
        indexes = [
            models.Index(fields=["expires_at"], name="credit_expires", condition=Q(expires_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"•••• {self.code[-4:]}"

    @property
    def printed_code(self) -> str:
        """In groups of four, for the slip of whoever owns it; screens and lists show its end only (`str`)."""
        return printed(self.code)

    @property
    def available_amount(self) -> Decimal:
        """What can be spent now."""
        return self.balance_amount - self.held_amount

    @property
    def subject(self) -> tuple[str, str]:
        """What events are about; the code itself is as good as money and is told to nobody."""
        return "store-credit", str(self.pk)


class StoreCreditHold(models.Model):
    """A part of the balance that is promised to one purpose, by a key of whoever asked."""

    credit = models.ForeignKey(StoreCredit, models.PROTECT, verbose_name=_("store credit"), related_name="holds")
    key = models.CharField(_("key"), max_length=120, unique=True)
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=4)
    captured_amount = models.DecimalField(_("taken"), max_digits=14, decimal_places=4, default=0)
    released_amount = models.DecimalField(_("released"), max_digits=14, decimal_places=4, default=0)
    held_at = models.DateTimeField(_("held"))

    class Meta:
        verbose_name = _("hold on store credit")
        verbose_name_plural = _("holds on store credit")
        constraints = [
            models.CheckConstraint(
                name="credit_hold_ends_once",
                condition=Q(
                    amount__gt=0, captured_amount__gte=0, released_amount__gte=0,
                    amount__gte=F("captured_amount") + F("released_amount"),
                ),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.key

    @property
    def open_amount(self) -> Decimal:
        """Still held."""
        return self.amount - self.captured_amount - self.released_amount


class StoreCreditEntry(models.Model):
    """One line of the ledger; written once. The balance is the sum of its changes, and so is what is held."""

    class Kind(models.TextChoices):
        ISSUE = "issue", _("Issued")
        HOLD = "hold", _("Held for an order")
        CAPTURE = "capture", _("Spent")
        RELEASE = "release", _("Released")
        REFUND = "refund", _("Given back")
        EXPIRE = "expire", _("Expired")

    credit = models.ForeignKey(StoreCredit, models.PROTECT, verbose_name=_("store credit"), related_name="entries")
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    key = models.CharField(_("key"), max_length=120)
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=4)
    balance_change = models.DecimalField(_("change of balance"), max_digits=14, decimal_places=4)
    held_change = models.DecimalField(_("change of what is held"), max_digits=14, decimal_places=4)
    balance_after = models.DecimalField(_("balance after"), max_digits=14, decimal_places=4)
    cause = models.CharField(_("for"), max_length=100, blank=True, help_text=_("Such as order:10000001."))
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    actor = models.CharField(_("by"), max_length=150)
    actor_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("person"), null=True, blank=True, related_name="+"
    )
    approved_by = models.CharField(_("approved by"), max_length=150, blank=True)
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("entry of store credit")
        verbose_name_plural = _("entries of store credit")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "key"], name="credit_entry_once_per_key"),
            models.CheckConstraint(name="credit_entry_of_something", condition=Q(amount__gt=0)),
            models.CheckConstraint(
                name="credit_entry_says_what_it_does",
                condition=Q(kind__in=["issue", "refund"], balance_change=F("amount"), held_change=0)
                | Q(kind="hold", balance_change=0, held_change=F("amount"))
                | Q(kind="capture", balance_change=-F("amount"), held_change=-F("amount"))
                | Q(kind="release", balance_change=0, held_change=-F("amount"))
                | Q(kind="expire", balance_change=-F("amount"), held_change=0),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.amount}"
