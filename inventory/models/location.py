"""A place that holds stock: a store, a distribution center or a dropship vendor."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

from django.contrib.postgres.expressions import ArraySubquery
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import OuterRef, Q
from django.db.models.functions import JSONObject
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from inventory.departures import Departure, next_departure
from inventory.hours import Schedule, week_problems
from inventory.models.group import LocationGroup
from inventory.wave_times import wave_times_problem
from omni.core import practice
from omni.core.access import scopes


def valid_week(value: object) -> None:
    if problem := week_problems(value):
        raise ValidationError(problem)


def valid_wave_times(value: str) -> None:
    if problem := wave_times_problem(value):
        raise ValidationError(problem)


def valid_zone(value: str) -> None:
    if value not in available_timezones():
        raise ValidationError(_("%(zone)s is no IANA time zone."), params={"zone": value})


class LocationQuerySet(models.QuerySet["Location"]):
    def for_user(self, user, capability: str = "work") -> "LocationQuerySet":
        """The locations in which this person may do this; the one way screens reach a location."""
        return self.within(scopes(user, capability))

    def within(self, scope: frozenset[str] | None) -> "LocationQuerySet":
        """Locations under opaque scopes ("location:7", "group:3"); None means everywhere."""
        if scope is None:
            return self
        ids = {int(each.partition(":")[2]) for each in scope if each.startswith("location:")}
        groups = {int(each.partition(":")[2]) for each in scope if each.startswith("group:")}
        return self.filter(Q(pk__in=ids) | Q(group__in=LocationGroup.with_descendants(groups) if groups else []))

    def active(self) -> "LocationQuerySet":
        return self.filter(is_active=True)

    def with_closures(self) -> "LocationQuerySet":
        """Adds the closures that are not over, as `closure_rows`, in the same query."""
        from_yesterday = timezone.now().date() - timedelta(days=1)
        closures = (
            self.model._meta.apps.get_model("inventory", "Closure")
            .objects.filter(location=OuterRef("pk"), lifted_at=None, ends_on__gte=from_yesterday)
            .order_by("starts_on")
        )
        return self.annotate(
            closure_rows=ArraySubquery(closures.values(row=JSONObject(starts_on="starts_on", ends_on="ends_on")))
        )


class LocationManager(models.Manager.from_queryset(LocationQuerySet)):  # type: ignore[misc]
    """Leaves out practice locations: nothing in them is real. Whoever practices sees their own, and no other."""

    def get_queryset(self) -> LocationQuerySet:
        real = Q(is_practice=False)
        return super().get_queryset().filter(real | Q(pk=practice.location_id()) if practice.is_on() else real)


class Location(models.Model):
    class Kind(models.TextChoices):
        STORE = "store", _("Store")
        DC = "dc", _("Distribution center")
        DROPSHIP = "dropship", _("Dropship vendor")

    code = models.CharField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.STORE)
    group = models.ForeignKey(
        LocationGroup,
        models.PROTECT,
        verbose_name=_("group"),
        null=True,
        blank=True,
        related_name="locations",
    )
    line1 = models.CharField(_("address"), max_length=200, blank=True)
    line2 = models.CharField(_("address, second line"), max_length=200, blank=True)
    city = models.CharField(_("city"), max_length=100, blank=True)
    region = models.CharField(_("state or region"), max_length=50, blank=True)
    postal_code = models.CharField(_("postal code"), max_length=20, blank=True)
    country = models.CharField(_("country"), max_length=2, default="US")
    latitude = models.FloatField(_("latitude"), null=True, blank=True)
    longitude = models.FloatField(_("longitude"), null=True, blank=True)
    timezone = models.CharField(_("time zone"), max_length=40, default="America/Chicago", validators=[valid_zone])
    weekly_hours = models.JSONField(
        _("opening hours"), default=dict, blank=True, validators=[valid_week],
        help_text=_('{"mon": [["10:00", "21:00"]], ...}; a missing day is closed.'),
    )  # fmt: skip
    last_order_at = models.TimeField(
        _("last order at"), null=True, blank=True, help_text=_("Later orders count from the next open day.")
    )
    preparation_minutes = models.PositiveSmallIntegerField(_("preparation minutes"), default=60)
    carrier_cut_off = models.TimeField(
        _("carrier leaves at"),
        default=time(17),
        help_text=_("On every open day."),
    )
    pick_pack_minutes = models.PositiveSmallIntegerField(
        _("pick and pack minutes"), default=45, help_text=_("From the first scan of a parcel to the carrier's hands.")
    )
    offer_minutes = models.PositiveSmallIntegerField(
        _("minutes to accept"), default=30,
        help_text=_("Open minutes in which parcels must be accepted; then another location is asked."),
    )  # fmt: skip
    wave_times = models.CharField(
        _("wave times"), max_length=200, blank=True, validators=[valid_wave_times],
        help_text=_("When parcels appear in the queue: 09:00, 11:00, 14:30. Empty: at opening and in steps."),
    )  # fmt: skip
    wave_minutes = models.PositiveSmallIntegerField(
        _("minutes between waves"), default=60, help_text=_("Where no wave times are given.")
    )
    wave_orders = models.PositiveSmallIntegerField(
        _("orders per wave"), default=20, help_text=_("The rest follows with the next waves, as late as is safe.")
    )
    can_ship = models.BooleanField(_("ships"), default=True)
    can_pick_up = models.BooleanField(_("offers pickup"), default=True)
    can_return = models.BooleanField(_("takes returns"), default=True)
    pickup_capacity = models.PositiveIntegerField(
        _("pickup orders a day"), null=True, blank=True, help_text=_("Empty: no limit.")
    )
    ship_capacity = models.PositiveIntegerField(
        _("ship orders a day"), null=True, blank=True, help_text=_("Empty: no limit.")
    )
    is_active = models.BooleanField(_("active"), default=True)
    is_practice = models.BooleanField(_("practice"), default=False)
    paused_until = models.DateTimeField(_("paused until"), null=True, blank=True)
    pause_reason = models.CharField(_("pause reason"), max_length=200, blank=True)

    shared_schedule: Schedule | None = None  # of one that nobody changes (inventory/known_places.py)

    objects = LocationManager()
    everywhere = LocationQuerySet.as_manager()

    class Meta:
        verbose_name = _("location")
        verbose_name_plural = _("locations")
        base_manager_name = "everywhere"
        ordering = ["name", "code"]
        constraints = [
            models.CheckConstraint(
                name="location_rhythm",
                condition=Q(pick_pack_minutes__gt=0, offer_minutes__gt=0, wave_minutes__gt=0, wave_orders__gt=0),
            ),
            models.CheckConstraint(
                name="location_coordinates_in_pairs",
                condition=Q(latitude=None, longitude=None)
                | Q(latitude__gte=-90, latitude__lte=90, longitude__gte=-180, longitude__lte=180),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def scope(self) -> str:
        return f"location:{self.pk}"

    @property
    def point(self) -> tuple[float, float] | None:
        if self.latitude is None or self.longitude is None:
            return None
        return self.latitude, self.longitude

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    @property
    def schedule(self) -> Schedule:
        """Opening hours with the closures `with_closures` brought, or a query for them."""
        if self.shared_schedule is not None:
            return self.shared_schedule
        rows = getattr(self, "closure_rows", None)
        if rows is None:
            closed = list(self.closures.filter(lifted_at=None).values_list("starts_on", "ends_on"))
        else:
            closed = [tuple(_as_date(row[key]) for key in ("starts_on", "ends_on")) for row in rows]
        return Schedule(self.weekly_hours, self.timezone, closed, self.last_order_at)

    @property
    def picks_by_hand(self) -> bool:
        """Stores pick in this app; the systems of a DC or a vendor pick for themselves."""
        return self.kind == self.Kind.STORE

    def is_paused(self, now: datetime) -> bool:
        return self.paused_until is not None and self.paused_until > now

    def next_departure(self, ready_at: datetime, not_before: date | None = None) -> Departure | None:
        """The first carrier that work beginning at `ready_at` still makes."""
        work = timedelta(minutes=self.pick_pack_minutes)
        return next_departure(
            self.schedule, cut_off=self.carrier_cut_off, work=work, ready_at=ready_at, not_before=not_before
        )

    def capacity_for(self, method: str) -> int | None:
        """Work a day; None without a limit, as for what customers carry out themselves."""
        return {"pickup": self.pickup_capacity, "ship": self.ship_capacity}.get(method)


def _as_date(text):
    return datetime.strptime(text, "%Y-%m-%d").date() if isinstance(text, str) else text  # noqa: DTZ007  a date
