"""HQ's rule sets for routing: which locations may serve which orders (filters), what else it costs (prices), and how
the search widens (steps). A version that was ever active never changes again: the database refuses it
(migrations/0003_rules_hold_still.py); who wants it otherwise makes the next version.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from inventory.models import Location
from inventory.models.availability_rule import path_of
from omni.core.channels import Channel
from omni.core.states import Stateful

MOST_MILES, MOST_DAYS, MOST_UNITS = 13_000, 3650, 1_000_000


def _words(label, **more):
    return ArrayField(models.CharField(max_length=40), verbose_name=label, default=list, blank=True, **more)


def _kinds():
    kinds = models.CharField(max_length=10, choices=Location.Kind)
    return ArrayField(kinds, verbose_name=_("kinds of locations"), default=list, blank=True)


def _groups():
    """Ids of location groups, and minus those of location sets."""
    return ArrayField(models.BigIntegerField(), verbose_name=_("location groups"), default=list, blank=True)


class RuleSet(Stateful, models.Model):
    """One version of a rule set. Of the active ones that match an order the first by `priority` decides alone."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        ACTIVE = "active", _("Active")
        RETIRED = "retired", _("Retired")

    class Objective(models.TextChoices):
        COST = "cost", _("Cheapest")
        NEAREST = "nearest", _("Nearest")
        FEWEST_SPLITS = "fewest_splits", _("Fewest splits, then nearest")
        SEQUENTIAL = "sequential", _("Sequential brokering")

    MOVES = {Status.DRAFT: {Status.ACTIVE, Status.RETIRED}, Status.ACTIVE: {Status.RETIRED}}

    name = models.CharField(_("name"), max_length=80)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    status = models.CharField(_("status"), max_length=8, choices=Status, default=Status.DRAFT)
    objective = models.CharField(
        _("looks for"), max_length=14, choices=Objective, default=Objective.COST,
        help_text=_("Cheapest counts everything in dollars; the others imitate what routers without costs do."),
    )  # fmt: skip
    priority = models.PositiveSmallIntegerField(
        _("priority"), default=100, help_text=_("Of the active rule sets that match an order the smallest decides.")
    )
    channels = ArrayField(
        models.CharField(max_length=20, choices=Channel), verbose_name=_("channels"), default=list, blank=True,
        help_text=_("None: every channel."),
    )  # fmt: skip
    services = _words(_("services"), help_text=_("Such as standard, two_day; none: every service."))
    tags = _words(_("tags of the order"), help_text=_("An order that carries one of them; none: every order."))
    minimum_amount = models.DecimalField(
        _("orders from"), max_digits=14, decimal_places=4, null=True, blank=True, help_text=_("Value of the goods.")
    )
    most_shipments = models.PositiveSmallIntegerField(
        _("shipments at most"), null=True, blank=True, help_text=_("Of one order; empty: any number.")
    )
    least_amount = models.DecimalField(
        _("a parcel of a split order is worth at least"), max_digits=14, decimal_places=4, null=True, blank=True
    )
    split_amount = models.DecimalField(
        _("for each parcel beyond the first"), max_digits=14, decimal_places=4, default=0,
        help_text=_("Beside what the parcel costs, and beside the split price of the cost parameters."),
    )  # fmt: skip
    unit_value_percent = models.PositiveSmallIntegerField(
        _("value of stores' units, in percent"), default=100,
        help_text=_("100: as learned from sales. More keeps units in stores, 0 takes them as if they were nobody's."),
    )  # fmt: skip
    based_on = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+", editable=False)
    edits = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(_("made"), auto_now_add=True)
    activated_at = models.DateTimeField(_("activated"), null=True, blank=True, editable=False)
    activated_by = models.CharField(_("activated by"), max_length=150, blank=True, editable=False)
    why = models.CharField(_("reason"), max_length=200, blank=True, editable=False)

    class Meta:
        verbose_name = _("rule set")
        verbose_name_plural = _("rule sets")
        constraints = [
            models.UniqueConstraint(fields=["name", "version"], name="one_rule_set_per_version"),
            models.UniqueConstraint(fields=["name"], name="one_active_version", condition=Q(status="active")),
            models.CheckConstraint(name="rule_set_scales_value", condition=Q(unit_value_percent__lte=1000)),
            models.CheckConstraint(
                name="active_rules_say_who_and_why",
                condition=Q(activated_at=None, activated_by="", why="", status__in=["draft", "retired"])
                | (Q(activated_at__isnull=False, status__in=["active", "retired"]) & ~Q(activated_by="") & ~Q(why="")),
            ),
            models.CheckConstraint(name="rule_set_allows_a_shipment", condition=~Q(most_shipments=0)),
        ]
        indexes = [models.Index(fields=["id"], name="rule_set_active", condition=Q(status="active"))]

    def __str__(self) -> str:
        return f"{self.name} v{self.version}"


class RuleStep(models.Model):
    """One rung of the ladder; the order is parked for a person behind the last."""

    rule_set = models.ForeignKey(RuleSet, models.PROTECT, verbose_name=_("rule set"), related_name="steps")
    position = models.PositiveSmallIntegerField(_("position"))
    name = models.CharField(_("name"), max_length=80)
    is_partial = models.BooleanField(
        _("partial"), default=False, help_text=_("What can be served goes, the rest waits for the next step.")
    )

    class Meta:
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["rule_set", "position"], name="one_step_per_position",
                                               deferrable=models.Deferrable.DEFERRED)]  # fmt: skip

    def __str__(self) -> str:
        return self.name


class RuleFilter(models.Model):
    """Hard: a location that does not pass gives nothing. Without a step it holds at all of them."""

    class Kind(models.TextChoices):
        ONLY = "only", _("Only these locations")
        EXCEPT = "except", _("Not these locations")
        DISTANCE = "distance", _("Within so many miles")
        OPEN = "open", _("Open today")
        DAILY = "daily", _("At most so many orders a day")
        COUNTED = "counted", _("Counted within so many days")
        UNITS = "units", _("So many units stay on the shelf")

    rule_set = models.ForeignKey(RuleSet, models.PROTECT, verbose_name=_("rule set"), related_name="filters")
    step = models.ForeignKey(
        RuleStep, models.PROTECT, verbose_name=_("step"), related_name="filters", null=True, blank=True
    )
    position = models.PositiveSmallIntegerField(_("position"))
    kind = models.CharField(_("filter"), max_length=8, choices=Kind)
    group_ids = _groups()
    kinds = _kinds()
    number = models.PositiveIntegerField(_("number"), default=0)
    services = _words(_("only for services"))
    category = models.CharField(_("only for category"), max_length=200, blank=True)
    path = models.CharField(max_length=200, blank=True, editable=False)
    tag = models.CharField(_("only for tag"), max_length=40, blank=True)
    is_hazmat = models.BooleanField(_("only for hazmat"), default=False)

    class Meta:
        verbose_name = _("filter")
        verbose_name_plural = _("filters")
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                name="filter_says_which",
                condition=~Q(kind__in=["only", "except"]) | ~Q(group_ids=[], kinds=[]),
            ),
            models.CheckConstraint(
                name="filter_says_how_much",
                condition=Q(kind__in=["only", "except", "open"], number=0)
                | Q(kind="distance", number__gte=1, number__lte=MOST_MILES)
                | Q(kind="counted", number__gte=1, number__lte=MOST_DAYS)
                | Q(kind__in=["daily", "units"], number__gte=1, number__lte=MOST_UNITS),
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()

    def save(self, *args, **kwargs) -> None:
        """The path follows the category."""
        self.path, self.tag = path_of(self.category), self.tag.strip().lower()
        super().save(*args, **kwargs)


class RulePrice(models.Model):
    """Soft: added to each shipment from these locations; below zero it draws orders there."""

    rule_set = models.ForeignKey(RuleSet, models.PROTECT, verbose_name=_("rule set"), related_name="prices")
    position = models.PositiveSmallIntegerField(_("position"))
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=4)
    group_ids = _groups()
    kinds = _kinds()
    services = _words(_("only for services"))

    class Meta:
        verbose_name = _("price")
        verbose_name_plural = _("prices")
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                name="price_of_something", condition=~Q(amount=0) & Q(amount__gte=-1000, amount__lte=1000)
            )
        ]

    def __str__(self) -> str:
        return f"{self.amount:+}"
