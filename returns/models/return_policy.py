"""HQ's rules for what may come back: one row per category and channel, the most specific one decides."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Case, F, Q, Value, When, Window
from django.db.models.functions import Length, Replace, RowNumber
from django.utils.translation import gettext_lazy as _

from omni.core.channels import Channel
from returns import policy
from returns.models.disposition import Disposition, Grade


class Override(models.TextChoices):
    """The capability that may decide otherwise."""

    NOBODY = "", _("Nobody")
    LEAD = "approve", _("A lead")
    MANAGER = "adjust", _("A manager")
    HQ = "configure", _("HQ")


class ReturnPolicyQuerySet(models.QuerySet["ReturnPolicy"]):
    def rules(self, on: date) -> list[policy.Rule]:
        """All rules that hold on a day, in the order in which they are asked; one query."""
        holding = self.filter(
            Q(starts_on=None) | Q(starts_on__lte=on), Q(ends_on=None) | Q(ends_on__gte=on), is_active=True
        )
        return policy.in_order(row.rule for row in holding)

    def ranked(self) -> "ReturnPolicyQuerySet":
        """Adds `rank`: as which of its kind a rule is asked, as `policy.in_order` has it."""
        levels = Length("category") - Length(Replace("category", Value(">"), Value(""))) + 1
        depth = Case(When(category="", then=0), default=levels)
        specific = Case(When(channel="", then=0), default=1)
        return self.annotate(
            rank=Window(
                RowNumber(), partition_by=["kind", "is_active"],
                order_by=[depth.desc(), specific.desc(), F("starts_on").desc(nulls_last=True), F("pk").desc()],
            )
        )  # fmt: skip


class ReturnPolicy(models.Model):
    class Kind(models.TextChoices):
        RECEIPT = policy.RECEIPT, _("With the purchase found")
        BLIND = policy.BLIND, _("Without receipt")

    class RefundTo(models.TextChoices):
        ORIGINAL = policy.ORIGINAL, _("As it was paid")
        STORE_CREDIT = policy.STORE_CREDIT, _("Store credit only")

    name = models.CharField(_("name"), max_length=100, help_text=_("People at the desk read it."))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.RECEIPT)
    category = models.CharField(
        _("category"), max_length=200, blank=True,
        help_text=_("A path, such as Apparel > Shirts; empty: everything."),
    )  # fmt: skip
    channel = models.CharField(
        _("sold by"), max_length=20, choices=Channel, blank=True, help_text=_("Empty: every channel.")
    )
    window_days = models.PositiveIntegerField(
        _("days to return"), null=True, blank=True, default=30, help_text=_("Empty: for ever.")
    )
    is_final_sale = models.BooleanField(_("final sale"), default=False)
    lowest_grade = models.CharField(
        _("accepted down to grade"), max_length=1, choices=Grade, default=Grade.D,
        help_text=_("A worse condition needs the one who may decide otherwise."),
    )  # fmt: skip
    fee_percent = models.DecimalField(_("restocking fee in %"), max_digits=5, decimal_places=2, default=0)
    fee_amount = models.DecimalField(_("restocking fee per unit"), max_digits=14, decimal_places=4, default=0)
    fee_currency = models.CharField(_("currency of the fee"), max_length=3, blank=True)
    refund_to = models.CharField(_("refund"), max_length=12, choices=RefundTo, default=RefundTo.ORIGINAL)
    override = models.CharField(
        _("who may decide otherwise"), max_length=12, choices=Override, blank=True, default=Override.LEAD
    )
    disposition_a = models.CharField(_("grade A"), max_length=16, choices=Disposition, default=Disposition.RESTOCK)
    disposition_b = models.CharField(_("grade B"), max_length=16, choices=Disposition, default=Disposition.OPEN_BOX)
    disposition_c = models.CharField(_("grade C"), max_length=16, choices=Disposition, default=Disposition.REFURBISH)
    disposition_d = models.CharField(_("grade D"), max_length=16, choices=Disposition, default=Disposition.QUARANTINE)
    price_days = models.PositiveIntegerField(
        _("lowest price of so many days"), default=60,
        help_text=_("Without receipt: a unit is worth the lowest price it had."),
    )  # fmt: skip
    most_amount = models.DecimalField(
        _("most per return"), max_digits=14, decimal_places=4, null=True, blank=True,
        help_text=_("Without receipt: more is not given."),
    )  # fmt: skip
    most_returns = models.PositiveIntegerField(
        _("most returns per person"), default=3, help_text=_("Without receipt, in 90 days, by the same ID.")
    )
    starts_on = models.DateField(_("from"), null=True, blank=True)
    ends_on = models.DateField(_("until"), null=True, blank=True)
    is_active = models.BooleanField(_("active"), default=True)

    objects = ReturnPolicyQuerySet.as_manager()

    class Meta:
        verbose_name = _("return policy")
        verbose_name_plural = _("return policies")
        ordering = ["kind", "category", "channel", "pk"]
        constraints = [
            models.CheckConstraint(
                name="return_fee_within_price",
                condition=Q(fee_percent__gte=0, fee_percent__lte=100, fee_amount__gte=0),
            ),
            models.CheckConstraint(
                name="return_policy_ends_after_it_starts",
                condition=Q(starts_on=None) | Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
            ),
            models.CheckConstraint(
                name="blind_returns_give_store_credit", condition=~Q(kind="blind") | Q(refund_to="store_credit")
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        if self.kind == self.Kind.BLIND and self.refund_to != self.RefundTo.STORE_CREDIT:
            raise ValidationError({"refund_to": _("Without a receipt only store credit can be given.")})
        if self.starts_on and self.ends_on and self.ends_on < self.starts_on:
            raise ValidationError({"ends_on": _("It ends before it begins.")})

    @property
    def rule(self) -> policy.Rule:
        """The row as the pure module takes it."""
        return policy.Rule(
            id=self.pk, name=self.name, kind=self.kind, category=self.category, channel=self.channel,
            window_days=self.window_days, is_final_sale=self.is_final_sale, lowest_grade=self.lowest_grade,
            fee_percent=self.fee_percent, fee_amount=self.fee_amount, fee_currency=self.fee_currency,
            refund_to=self.refund_to, override=self.override, most_amount=self.most_amount, starts_on=self.starts_on,
            ends_on=self.ends_on, dispositions={
                "A": self.disposition_a, "B": self.disposition_b, "C": self.disposition_c, "D": self.disposition_d,
            },
        )  # fmt: skip
