"""A return: what somebody brings or sends back, of one order, or of nothing that we can find (blind)."""

from django.conf import settings
from django.db import models
from django.db.models import Func, Prefetch, Q
from django.utils.translation import gettext_lazy as _

from customers.models import Customer
from inventory.models import Location
from omni.core.access import scopes
from omni.core.states import Stateful
from orders.models import Order


class NextRma(Func):
    """The next return number; gaps are fine, a lock is not."""

    template = "nextval('returns_rma_number_seq')"
    output_field = models.BigIntegerField()


class ReturnOrderQuerySet(models.QuerySet["ReturnOrder"]):
    def lock(self, rma_number: int) -> "ReturnOrder":
        """The return, locked after its order (lock order of the house)."""
        order_id = self.filter(rma_number=rma_number).values("order_id")
        list(Order.objects.select_for_update(of=("self",)).filter(pk__in=order_id).values_list("pk"))
        return self.select_for_update(of=("self",)).select_related("order", "location").get(rma_number=rma_number)

    def for_user(self, user, capability: str = "work") -> "ReturnOrderQuerySet":
        """Returns at a store of this person, and those that may arrive anywhere; HQ sees all of them."""
        if scopes(user, capability) is None:
            return self
        mine = Location.objects.for_user(user, capability).values("pk")
        return self.filter(Q(location__in=mine) | Q(location=None))

    def with_units(self) -> "ReturnOrderQuerySet":
        """With everything that its page shows."""
        units = self.model._meta.apps.get_model("returns", "ReturnUnit").objects
        shown = units.select_related("variant__product", "reason", "order_line__kit", "location", "payout").order_by(
            "pk"
        )
        return self.select_related("order__customer", "location", "customer", "approved_by").prefetch_related(
            Prefetch("units", shown)
        )

    def open(self) -> "ReturnOrderQuerySet":
        return self.filter(status__in=OPEN)


class Status(models.TextChoices):
    WAITING = "waiting", _("Waits for approval")
    AUTHORIZED = "authorized", _("Announced")
    RECEIVED = "received", _("Received")
    COMPLETED = "completed", _("Completed")
    REFUSED = "refused", _("Refused")
    CANCELLED = "cancelled", _("Cancelled")


OPEN = (Status.WAITING, Status.AUTHORIZED, Status.RECEIVED)


class ReturnOrder(Stateful, models.Model):
    """`location` is where it is handled; None: any location may receive it. `approval` holds what a second person
    must decide on, as codes with their facts; `approved_by` is who did."""

    Status = Status
    MOVES = {
        Status.WAITING: {Status.AUTHORIZED, Status.REFUSED, Status.CANCELLED},
        Status.AUTHORIZED: {Status.WAITING, Status.RECEIVED, Status.REFUSED, Status.CANCELLED},
        Status.RECEIVED: {Status.COMPLETED, Status.REFUSED},
    }

    class Channel(models.TextChoices):
        STORE = "store", _("At the desk")
        MAIL = "mail", _("By mail")
        SENT_BACK = "sent_back", _("Parcel sent back")
        UNANNOUNCED = "unannounced", _("Unannounced parcel")

    rma_number = models.BigIntegerField(_("number"), unique=True, db_default=NextRma())
    order = models.ForeignKey(
        Order, models.PROTECT, verbose_name=_("order"), null=True, blank=True, related_name="returns",
        help_text=_("Empty: without receipt."),
    )  # fmt: skip
    customer = models.ForeignKey(
        Customer, models.PROTECT, verbose_name=_("customer"), null=True, blank=True, related_name="returns"
    )
    channel = models.CharField(_("came"), max_length=12, choices=Channel, default=Channel.STORE)
    status = models.CharField(_("status"), max_length=12, choices=Status, default=Status.AUTHORIZED)
    location = models.ForeignKey(
        Location, models.PROTECT, verbose_name=_("location"), null=True, blank=True, related_name="+"
    )
    currency = models.CharField(_("currency"), max_length=3)
    id_digest = models.CharField(_("ID"), max_length=64, blank=True, editable=False)
    id_note = models.CharField(_("kind of ID"), max_length=60, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)
    approval = models.JSONField(_("needs a second person for"), default=list, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("approved by"), null=True, blank=True,
        related_name="+",
    )  # fmt: skip
    approved_at = models.DateTimeField(_("approved"), null=True, blank=True)
    tracking_carrier = models.CharField(_("carrier"), max_length=60, blank=True)
    tracking_number = models.CharField(_("tracking number"), max_length=100, blank=True)
    source_key = models.CharField(
        _("opened by"), max_length=100, null=True, blank=True, unique=True,
        help_text=_("What opened it, such as a parcel: it opens one return only."),
    )  # fmt: skip
    opened_at = models.DateTimeField(_("opened"))
    opened_by = models.CharField(_("opened by"), max_length=150)
    received_at = models.DateTimeField(_("received"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)

    objects = ReturnOrderQuerySet.as_manager()

    class Meta:
        verbose_name = _("return")
        verbose_name_plural = _("returns")
        indexes = [
            models.Index(fields=["location", "opened_at"], name="return_open",
                         condition=Q(status__in=["waiting", "authorized", "received"])),
            models.Index(fields=["id_digest", "opened_at"], name="return_by_id", condition=~Q(id_digest="")),
            models.Index(fields=["tracking_number"], name="return_tracking", condition=~Q(tracking_number="")),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"RMA {self.rma_number}"

    @property
    def rma(self) -> str:
        return str(self.rma_number)

    @property
    def story_subject(self) -> tuple[str, str]:
        """Whose timeline its events stand in: the order's, or its own where there is none."""
        return self.order.subject if self.order else ("return", self.rma)

    @property
    def is_blind(self) -> bool:
        return self.order_id is None
