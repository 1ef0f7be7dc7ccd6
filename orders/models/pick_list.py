"""One person's walk: the fulfillment orders claimed together, and every scan made on it."""

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import Exists, Func, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from inventory.models import Location
from orders.models.order import Order


class NextPickList(Func):
    template = "nextval('orders_pick_list_number_seq')"
    output_field = models.BigIntegerField()


_LINES = ("pk", "picked_quantity", "short_quantity", "cancelled_quantity")
_SHOWN = ("pk", "status", "stop_notice", "tote_label", *(f"lines__{name}" for name in _LINES))


class PickListQuerySet(models.QuerySet["PickList"]):
    def at(self, location) -> "PickListQuerySet":
        return self.filter(location=location)

    def lock(self, pk: int) -> "PickList":
        """The list, locked after the orders on it (lock order of the house): a cancellation or a staging at this
        moment is either seen, or waits and sees what happens here."""
        on_it = Order.objects.filter(fulfillment_orders__pick_list=pk).order_by("pk")
        list(on_it.select_for_update(of=("self",)).values_list("pk"))
        return self.select_for_update(of=("self",)).get(pk=pk)

    def open(self) -> "PickListQuerySet":
        return self.filter(finished_at=None)

    def mark(self, pk: int) -> str:
        """Changes with anything that a page of the list shows: scans, shelves, who walks. One query."""
        shown = Func(
            *(models.F(f"fulfillment_orders__{name}") for name in _SHOWN), output_field=models.BigIntegerField(),
            template="hashtext(concat_ws(' ', %(expressions)s))",
        )  # fmt: skip
        helpers = PickHelper.objects.filter(pick_list=OuterRef("pk"), left_at=None).order_by("user")
        row = self.filter(pk=pk).annotate(
            shown_now=models.Sum(shown, default=0), walkers=ArraySubquery(helpers.values("user"))
        )
        return repr(row.values_list("picker", "finished_at", "shown_now", "walkers").get())

    def walked_by(self, user_id: int) -> "PickListQuerySet":
        """Those that this person picks, or helps with."""
        helps = PickHelper.objects.filter(pick_list=OuterRef("pk"), user=user_id, left_at=None)
        return self.filter(Q(picker=user_id) | Exists(helps))


class PickList(models.Model):
    number = models.BigIntegerField(_("number"), unique=True, db_default=NextPickList())
    location = models.ForeignKey(Location, models.PROTECT, verbose_name=_("location"), related_name="+")
    picker = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("picker"), related_name="pick_lists"
    )
    started_at = models.DateTimeField(_("started"))
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    objects = PickListQuerySet.as_manager()

    class Meta:
        verbose_name = _("pick list")
        verbose_name_plural = _("pick lists")

    def __str__(self) -> str:
        return f"PL-{self.number}"

    def is_walked_by(self, user_id: int | None) -> bool:
        """True for its picker and for whoever joined and has not left."""
        return self.picker_id == user_id or self.helpers.filter(user=user_id, left_at=None).exists()


class PickHelper(models.Model):
    """Somebody who walks along on another's list; what both scan counts."""

    pick_list = models.ForeignKey(PickList, models.PROTECT, verbose_name=_("pick list"), related_name="helpers")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("helper"), related_name="helped_pick_lists"
    )
    joined_at = models.DateTimeField(_("joined"))
    left_at = models.DateTimeField(_("left"), null=True, blank=True)

    class Meta:
        verbose_name = _("helper")
        verbose_name_plural = _("helpers")
        constraints = [
            models.UniqueConstraint(fields=["pick_list", "user"], condition=Q(left_at=None), name="helps_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user} on {self.pick_list}"


class PickScan(models.Model):
    """One scan, kept with the key that the device gave it: the same scan sent twice counts once."""

    pick_list = models.ForeignKey(PickList, models.PROTECT, verbose_name=_("pick list"), related_name="scans")
    line = models.ForeignKey("orders.FulfillmentLine", models.PROTECT, verbose_name=_("line"), related_name="scans")
    key = models.CharField(_("key"), max_length=64)
    code = models.CharField(_("code"), max_length=100)
    quantity = models.IntegerField(_("units"))
    scanned_at = models.DateTimeField(_("scanned"))
    scanned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name=_("by"),
        null=True,
        blank=True,
        related_name="+",
    )

    class Meta:
        verbose_name = _("scan")
        verbose_name_plural = _("scans")
        constraints = [models.UniqueConstraint(fields=["pick_list", "key"], name="each_scan_counts_once")]

    def __str__(self) -> str:
        return self.code
