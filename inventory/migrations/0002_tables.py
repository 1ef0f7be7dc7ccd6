import datetime
import uuid
from decimal import Decimal

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.core.validators
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.comparison
import django.db.models.functions.datetime
import django.db.models.functions.text
import django.db.models.manager
from django.conf import settings
from django.db import migrations, models

import inventory.models.adjustment
import inventory.models.feed
import inventory.models.location
import inventory.models.product
import omni.core.models.fields
import omni.core.private_files


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("core", "0001_initial"),
        ("inventory", "0001_extensions"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CountSession",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    models.UUIDField(db_default=omni.core.models.fields.UuidV7(), editable=False, unique=True),
                ),
                (
                    "category",
                    models.CharField(
                        blank=True, help_text="Empty: every department.", max_length=200, verbose_name="department"
                    ),
                ),
                ("aisles", models.JSONField(default=list, help_text="Empty: every aisle.", verbose_name="aisles")),
                (
                    "items",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(),
                        blank=True,
                        default=list,
                        help_text="Only these variants, from the list of counts; empty: all.",
                        size=None,
                        verbose_name="items",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("open", "Counting"),
                            ("review", "In review"),
                            ("booked", "Booked"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="open",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                ("tolerated_units", models.PositiveIntegerField(verbose_name="tolerated units")),
                ("tolerated_amount", models.PositiveIntegerField(verbose_name="tolerated value")),
                ("approved_amount", models.PositiveIntegerField(verbose_name="value above which somebody approves")),
                (
                    "slack_seconds",
                    models.PositiveIntegerField(
                        verbose_name="seconds in which a move may be seen before or after a scan"
                    ),
                ),
                ("started_at", models.DateTimeField(verbose_name="started")),
                ("started_by", models.CharField(max_length=150, verbose_name="started by")),
                ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="counting ended")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="ended")),
            ],
            options={
                "verbose_name": "count",
                "verbose_name_plural": "counts",
            },
        ),
        migrations.CreateModel(
            name="Delivery",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "number",
                    models.CharField(
                        max_length=60,
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[\\w.\\-]+\\Z", "Only letters, digits, dots and hyphens."
                            )
                        ],
                        verbose_name="number",
                    ),
                ),
                ("supplier", models.CharField(blank=True, max_length=120, verbose_name="supplier")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("expected", "Expected"),
                            ("receiving", "Being received"),
                            ("received", "Received"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="expected",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                ("is_announced", models.BooleanField(default=True, verbose_name="announced by a ship notice")),
                ("expected_on", models.DateField(verbose_name="expected")),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name="created"
                    ),
                ),
                ("started_at", models.DateTimeField(blank=True, null=True, verbose_name="first scan")),
                ("finished_at", models.DateTimeField(blank=True, null=True, verbose_name="finished")),
                ("finished_by", models.CharField(blank=True, max_length=150, verbose_name="finished by")),
            ],
            options={
                "verbose_name": "delivery",
                "verbose_name_plural": "deliveries",
            },
        ),
        migrations.CreateModel(
            name="Location",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=40, unique=True, verbose_name="code")),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                (
                    "kind",
                    models.CharField(
                        choices=[("store", "Store"), ("dc", "Distribution center"), ("dropship", "Dropship vendor")],
                        default="store",
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("line1", models.CharField(blank=True, max_length=200, verbose_name="address")),
                ("line2", models.CharField(blank=True, max_length=200, verbose_name="address, second line")),
                ("city", models.CharField(blank=True, max_length=100, verbose_name="city")),
                ("region", models.CharField(blank=True, max_length=50, verbose_name="state or region")),
                ("postal_code", models.CharField(blank=True, max_length=20, verbose_name="postal code")),
                ("country", models.CharField(default="US", max_length=2, verbose_name="country")),
                ("latitude", models.FloatField(blank=True, null=True, verbose_name="latitude")),
                ("longitude", models.FloatField(blank=True, null=True, verbose_name="longitude")),
                (
                    "timezone",
                    models.CharField(
                        default="America/Chicago",
                        max_length=40,
                        validators=[inventory.models.location.valid_zone],
                        verbose_name="time zone",
                    ),
                ),
                (
                    "weekly_hours",
                    models.JSONField(
                        blank=True,
                        default=dict,
                        help_text='{"mon": [["10:00", "21:00"]], ...}; a missing day is closed.',
                        validators=[inventory.models.location.valid_week],
                        verbose_name="opening hours",
                    ),
                ),
                (
                    "last_order_at",
                    models.TimeField(
                        blank=True,
                        help_text="Later orders count from the next open day.",
                        null=True,
                        verbose_name="last order at",
                    ),
                ),
                (
                    "preparation_minutes",
                    models.PositiveSmallIntegerField(default=60, verbose_name="preparation minutes"),
                ),
                (
                    "carrier_cut_off",
                    models.TimeField(
                        default=datetime.time(17, 0), help_text="On every open day.", verbose_name="carrier leaves at"
                    ),
                ),
                (
                    "pick_pack_minutes",
                    models.PositiveSmallIntegerField(
                        default=45,
                        help_text="From the first scan of a parcel to the carrier's hands.",
                        verbose_name="pick and pack minutes",
                    ),
                ),
                (
                    "offer_minutes",
                    models.PositiveSmallIntegerField(
                        default=30,
                        help_text="Open minutes in which parcels must be accepted; then another location is asked.",
                        verbose_name="minutes to accept",
                    ),
                ),
                (
                    "wave_times",
                    models.CharField(
                        blank=True,
                        help_text="When parcels appear in the queue: 09:00, 11:00, 14:30. Empty: at opening and in steps.",
                        max_length=200,
                        validators=[inventory.models.location.valid_wave_times],
                        verbose_name="wave times",
                    ),
                ),
                (
                    "wave_minutes",
                    models.PositiveSmallIntegerField(
                        default=60, help_text="Where no wave times are given.", verbose_name="minutes between waves"
                    ),
                ),
                (
                    "wave_orders",
                    models.PositiveSmallIntegerField(
                        default=20,
                        help_text="The rest follows with the next waves, as late as is safe.",
                        verbose_name="orders per wave",
                    ),
                ),
                ("can_ship", models.BooleanField(default=True, verbose_name="ships")),
                ("can_pick_up", models.BooleanField(default=True, verbose_name="offers pickup")),
                ("can_return", models.BooleanField(default=True, verbose_name="takes returns")),
                (
                    "pickup_capacity",
                    models.PositiveIntegerField(
                        blank=True, help_text="Empty: no limit.", null=True, verbose_name="pickup orders a day"
                    ),
                ),
                (
                    "ship_capacity",
                    models.PositiveIntegerField(
                        blank=True, help_text="Empty: no limit.", null=True, verbose_name="ship orders a day"
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
                ("is_practice", models.BooleanField(default=False, verbose_name="practice")),
                ("paused_until", models.DateTimeField(blank=True, null=True, verbose_name="paused until")),
                ("pause_reason", models.CharField(blank=True, max_length=200, verbose_name="pause reason")),
            ],
            options={
                "verbose_name": "location",
                "verbose_name_plural": "locations",
                "ordering": ["name", "code"],
                "base_manager_name": "everywhere",
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("everywhere", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="ReasonCode",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.SlugField(max_length=40, unique=True, verbose_name="code")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("short_pick", "Short pick"),
                            ("decline", "Decline"),
                            ("cancel", "Cancellation"),
                            ("adjust", "Adjustment"),
                        ],
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
                ("label", models.CharField(max_length=100, verbose_name="label")),
                (
                    "effect",
                    models.CharField(
                        choices=[
                            ("not_found", "Set aside as not found until counted"),
                            ("damaged", "Move to damaged"),
                            ("none", "Leave stock as it is"),
                        ],
                        default="none",
                        max_length=10,
                        verbose_name="effect on stock",
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="position")),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
            ],
            options={
                "verbose_name": "reason code",
                "verbose_name_plural": "reason codes",
                "ordering": ["kind", "position", "label"],
            },
        ),
        migrations.CreateModel(
            name="AppliedEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("source", models.CharField(max_length=100, verbose_name="source")),
                ("event_id", models.CharField(max_length=200, verbose_name="event id")),
                ("applied_at", models.DateTimeField(auto_now_add=True, verbose_name="applied")),
            ],
            options={
                "verbose_name": "applied event",
                "verbose_name_plural": "applied events",
                "constraints": [models.UniqueConstraint(fields=("source", "event_id"), name="each_event_applied_once")],
            },
        ),
        migrations.CreateModel(
            name="ChangeLag",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("hour", models.DateTimeField(verbose_name="hour")),
                (
                    "source",
                    models.CharField(
                        help_text="Empty: our own screens and orders.", max_length=100, verbose_name="source"
                    ),
                ),
                (
                    "step",
                    models.PositiveSmallIntegerField(
                        help_text="How many of the upper ends it passed.", verbose_name="step"
                    ),
                ),
                ("changes", models.PositiveBigIntegerField(verbose_name="changes")),
            ],
            options={
                "verbose_name": "lag of changes",
                "verbose_name_plural": "lags of changes",
                "constraints": [
                    models.UniqueConstraint(fields=("hour", "source", "step"), name="change_lag_once"),
                    models.CheckConstraint(condition=models.Q(("step__lte", 6)), name="change_lag_step"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ConfidenceModel",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("fitted_at", models.DateTimeField(verbose_name="fitted")),
                ("is_active", models.BooleanField(default=False, verbose_name="in force")),
                ("first_at", models.DateTimeField(verbose_name="learned from")),
                ("calibrated_from", models.DateTimeField(verbose_name="calibrated from")),
                ("tried_from", models.DateTimeField(verbose_name="tried from")),
                ("tried_until", models.DateTimeField(verbose_name="tried until")),
                ("learned", models.PositiveIntegerField(verbose_name="visits learned from")),
                ("calibrated", models.PositiveIntegerField(verbose_name="visits calibrated on")),
                ("tried", models.PositiveIntegerField(verbose_name="visits tried on")),
                (
                    "brier",
                    models.FloatField(
                        help_text="On the visits that it was tried on; 0 is perfect.", verbose_name="Brier score"
                    ),
                ),
                ("base_rate", models.FloatField(verbose_name="share found before")),
                ("base_brier", models.FloatField(verbose_name="Brier score of the share alone")),
                ("intercept", models.FloatField(verbose_name="intercept")),
                (
                    "weights",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.FloatField(), size=None, verbose_name="weights"
                    ),
                ),
            ],
            options={
                "verbose_name": "confidence model",
                "verbose_name_plural": "confidence models",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("is_active", True)), fields=("is_active",), name="one_model_in_force"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("calibrated_from__lt", models.F("tried_from")),
                            ("first_at__lt", models.F("calibrated_from")),
                            ("tried_from__lte", models.F("tried_until")),
                            ("tried_until__lte", models.F("fitted_at")),
                        ),
                        name="model_tried_on_the_unseen",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("is_active", False), ("brier__lt", models.F("base_brier")), _connector="OR"
                        ),
                        name="model_in_force_helps",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CountArea",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=60, verbose_name="name")),
                ("done_at", models.DateTimeField(blank=True, null=True, verbose_name="done")),
                (
                    "done_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="done by",
                    ),
                ),
                (
                    "session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="areas",
                        to="inventory.countsession",
                        verbose_name="count",
                    ),
                ),
            ],
            options={
                "verbose_name": "area of a count",
                "verbose_name_plural": "areas of counts",
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="Carton",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "code",
                    models.CharField(
                        db_index=True, help_text="Its SSCC, or what the label says.", max_length=64, verbose_name="code"
                    ),
                ),
                (
                    "delivery",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="cartons",
                        to="inventory.delivery",
                        verbose_name="delivery",
                    ),
                ),
            ],
            options={
                "verbose_name": "carton of a delivery",
                "verbose_name_plural": "cartons of deliveries",
            },
        ),
        migrations.CreateModel(
            name="FeedLag",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("hour", models.DateTimeField(verbose_name="hour")),
                ("source", models.CharField(max_length=100, verbose_name="source")),
                (
                    "step",
                    models.PositiveSmallIntegerField(
                        help_text="How many of the upper ends it passed.", verbose_name="step"
                    ),
                ),
                ("movements", models.PositiveBigIntegerField(verbose_name="movements")),
            ],
            options={
                "verbose_name": "lag of a source",
                "verbose_name_plural": "lags of sources",
                "constraints": [
                    models.UniqueConstraint(fields=("hour", "source", "step"), name="feed_lag_once"),
                    models.CheckConstraint(condition=models.Q(("step__lte", 6)), name="feed_lag_step"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Hold",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False, verbose_name="id"
                    ),
                ),
                (
                    "owner",
                    models.CharField(
                        help_text="Whose key may use or release it.", max_length=150, verbose_name="owner"
                    ),
                ),
                ("lines", models.JSONField(verbose_name="lines")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("used", "Used by an order"),
                            ("released", "Released"),
                            ("expired", "Expired"),
                        ],
                        default="open",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                ("expires_at", models.DateTimeField(verbose_name="expires")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="closed")),
            ],
            options={
                "verbose_name": "hold",
                "verbose_name_plural": "holds",
                "indexes": [
                    models.Index(condition=models.Q(("status", "open")), fields=["expires_at"], name="hold_expiring")
                ],
            },
        ),
        migrations.AddField(
            model_name="delivery",
            name="location",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="deliveries",
                to="inventory.location",
                verbose_name="location",
            ),
        ),
        migrations.AddField(
            model_name="countsession",
            name="location",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="count_sessions",
                to="inventory.location",
                verbose_name="location",
            ),
        ),
        migrations.CreateModel(
            name="CountPlan",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("planned_at", models.DateTimeField(verbose_name="planned")),
                (
                    "location",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inventory.location",
                        verbose_name="location",
                    ),
                ),
            ],
            options={
                "verbose_name": "count plan of a location",
                "verbose_name_plural": "count plans of locations",
            },
        ),
        migrations.CreateModel(
            name="Closure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "batch",
                    models.UUIDField(
                        db_index=True, help_text="One act may close a whole district.", verbose_name="set together"
                    ),
                ),
                ("starts_on", models.DateField(verbose_name="first day")),
                ("ends_on", models.DateField(verbose_name="last day")),
                ("reason", models.CharField(max_length=200, verbose_name="reason")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("lifted_at", models.DateTimeField(blank=True, null=True, verbose_name="lifted")),
                (
                    "created_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
                (
                    "location",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="closures",
                        to="inventory.location",
                        verbose_name="location",
                    ),
                ),
            ],
            options={
                "verbose_name": "closure",
                "verbose_name_plural": "closures",
            },
        ),
        migrations.CreateModel(
            name="LocationDay",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField(verbose_name="local day")),
                ("kind", models.CharField(max_length=10, verbose_name="kind")),
                ("used", models.PositiveIntegerField(default=0, verbose_name="used")),
                ("cap", models.PositiveIntegerField(verbose_name="limit")),
                (
                    "location",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="days",
                        to="inventory.location",
                        verbose_name="location",
                    ),
                ),
            ],
            options={
                "verbose_name": "capacity of a day",
                "verbose_name_plural": "capacity by day",
            },
        ),
        migrations.CreateModel(
            name="LocationGroup",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.SlugField(max_length=40, unique=True, verbose_name="code")),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                (
                    "kind",
                    models.CharField(
                        choices=[("region", "Region"), ("district", "District")], max_length=10, verbose_name="kind"
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="inventory.locationgroup",
                        verbose_name="parent",
                    ),
                ),
            ],
            options={
                "verbose_name": "location group",
                "verbose_name_plural": "location groups",
                "ordering": ["name"],
            },
        ),
        migrations.AddField(
            model_name="location",
            name="group",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="locations",
                to="inventory.locationgroup",
                verbose_name="group",
            ),
        ),
        migrations.CreateModel(
            name="Feed",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.SlugField(max_length=40, unique=True, verbose_name="code")),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("pos", "Tills"),
                            ("wms", "Warehouse system"),
                            ("erp", "ERP"),
                            ("partner", "Dropship partner"),
                            ("rfid", "RFID reader"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                (
                    "columns",
                    models.JSONField(
                        blank=True,
                        default=dict,
                        help_text='What its files call ours: {"sku": "ItemNo", "quantity": "QOH"}. Others are called as ours.',
                        validators=[inventory.models.feed.valid_columns],
                        verbose_name="columns",
                    ),
                ),
                (
                    "is_complete",
                    models.BooleanField(
                        default=False,
                        help_text="A shelf that its snapshot leaves out is empty.",
                        verbose_name="lists everything",
                    ),
                ),
                (
                    "rhythm_minutes",
                    models.PositiveIntegerField(
                        blank=True,
                        help_text="Twice that without a word raises an alarm. Empty: never.",
                        null=True,
                        verbose_name="speaks every so many minutes",
                    ),
                ),
                (
                    "tolerance_units",
                    models.PositiveIntegerField(
                        default=2, help_text="Larger differences wait for a person.", verbose_name="tolerance in units"
                    ),
                ),
                (
                    "tolerance_value",
                    models.DecimalField(
                        decimal_places=4,
                        default=50,
                        help_text="Units times their cost.",
                        max_digits=14,
                        verbose_name="tolerance in value",
                    ),
                ),
                (
                    "most_bad_percent",
                    models.PositiveSmallIntegerField(
                        default=10,
                        help_text="A file with more is stopped before it changes anything.",
                        verbose_name="bad rows, percent",
                    ),
                ),
                (
                    "heard_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name="last heard"
                    ),
                ),
                (
                    "silent_since",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="silent since"),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
                (
                    "api_key",
                    models.OneToOneField(
                        blank=True,
                        help_text="What comes with this key, or with one that replaces it, is this source's.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.apikey",
                        verbose_name="API key",
                    ),
                ),
                (
                    "location",
                    models.ForeignKey(
                        blank=True,
                        help_text="It may speak of this one only; a partner's feed always does.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inventory.location",
                        verbose_name="location",
                    ),
                ),
                (
                    "group",
                    models.ForeignKey(
                        blank=True,
                        help_text="It may speak of locations in this group; empty: of all.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inventory.locationgroup",
                        verbose_name="locations",
                    ),
                ),
            ],
            options={
                "verbose_name": "stock feed",
                "verbose_name_plural": "stock feeds",
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="AvailabilityRule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                (
                    "status",
                    models.CharField(
                        choices=[("draft", "Draft"), ("active", "Active"), ("retired", "Retired")],
                        default="draft",
                        max_length=8,
                        verbose_name="status",
                    ),
                ),
                (
                    "effect",
                    models.CharField(
                        choices=[
                            ("keep", "Keep units back"),
                            ("percent", "Keep a share of the shelf back"),
                            ("exclude", "Promise nothing"),
                        ],
                        default="keep",
                        max_length=8,
                        verbose_name="effect",
                    ),
                ),
                (
                    "units",
                    models.PositiveIntegerField(
                        default=0,
                        help_text="Kept back on each shelf, instead of the location's own safety stock.",
                        verbose_name="units",
                    ),
                ),
                (
                    "percent",
                    models.PositiveSmallIntegerField(
                        default=0,
                        help_text="Of what lies on the shelf, rounded up to whole units.",
                        verbose_name="percent",
                    ),
                ),
                (
                    "category",
                    models.CharField(
                        blank=True,
                        help_text="A path such as Apparel > Shirts, and all below it. Empty: every item.",
                        max_length=200,
                        verbose_name="category",
                    ),
                ),
                ("path", models.CharField(blank=True, editable=False, max_length=200)),
                (
                    "tag",
                    models.CharField(
                        blank=True, help_text="Only products that carry it.", max_length=40, verbose_name="tag"
                    ),
                ),
                (
                    "channels",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("web", "Web shop"),
                                ("pos", "Till"),
                                ("marketplace", "Marketplace"),
                                ("phone", "Phone"),
                                ("endless_aisle", "Endless aisle"),
                            ],
                            max_length=20,
                        ),
                        blank=True,
                        default=list,
                        help_text="None: every channel.",
                        size=None,
                        verbose_name="channels",
                    ),
                ),
                (
                    "position",
                    models.PositiveSmallIntegerField(
                        default=100,
                        help_text="Between rules that are equally close, the smaller one comes first.",
                        verbose_name="position",
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="made")),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="version")),
                (
                    "group",
                    models.ForeignKey(
                        blank=True,
                        help_text="And all groups below it. Empty: everywhere.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inventory.locationgroup",
                        verbose_name="location group",
                    ),
                ),
            ],
            options={
                "verbose_name": "availability rule",
                "verbose_name_plural": "availability rules",
            },
        ),
        migrations.CreateModel(
            name="LocationSet",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.SlugField(max_length=40, unique=True, verbose_name="code")),
                ("name", models.CharField(max_length=120, unique=True, verbose_name="name")),
                (
                    "locations",
                    models.ManyToManyField(
                        blank=True, related_name="sets", to="inventory.location", verbose_name="locations"
                    ),
                ),
            ],
            options={
                "verbose_name": "location set",
                "verbose_name_plural": "location sets",
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="MovementFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    models.UUIDField(db_default=omni.core.models.fields.UuidV7(), editable=False, unique=True),
                ),
                (
                    "key",
                    models.CharField(
                        help_text="The source's name for it: sent twice it counts once.",
                        max_length=255,
                        verbose_name="key",
                    ),
                ),
                ("digest", models.CharField(blank=True, max_length=64, verbose_name="digest")),
                (
                    "format",
                    models.CharField(
                        choices=[("csv", "CSV"), ("ndjson", "NDJSON")], max_length=8, verbose_name="format"
                    ),
                ),
                (
                    "location_code",
                    models.CharField(
                        blank=True,
                        help_text="Of a file that speaks of one location and does not name it.",
                        max_length=40,
                        verbose_name="location",
                    ),
                ),
                ("file_name", models.CharField(blank=True, max_length=200, verbose_name="file name")),
                ("byte_count", models.BigIntegerField(verbose_name="bytes")),
                ("created_at", models.DateTimeField(verbose_name="received")),
                ("created_by", models.CharField(max_length=150, verbose_name="by")),
                ("finished_at", models.DateTimeField(blank=True, null=True, verbose_name="finished")),
                (
                    "forgotten_at",
                    models.DateTimeField(
                        blank=True,
                        help_text="Since then only what was decided is kept of its rows.",
                        null=True,
                        verbose_name="forgotten",
                    ),
                ),
                ("stop_reason", models.CharField(blank=True, max_length=300, verbose_name="why it was stopped")),
                ("bytes_read", models.BigIntegerField(default=0, verbose_name="bytes read")),
                ("lines_read", models.PositiveIntegerField(default=0, verbose_name="lines read")),
                ("row_count", models.PositiveIntegerField(default=0, verbose_name="rows")),
                ("bad_count", models.PositiveIntegerField(default=0, verbose_name="bad rows")),
                (
                    "status",
                    models.CharField(
                        choices=[("booking", "Booking"), ("done", "Done"), ("stopped", "Stopped")],
                        default="booking",
                        max_length=12,
                        verbose_name="status",
                    ),
                ),
                (
                    "file",
                    models.FileField(
                        storage=omni.core.private_files.private_files,
                        upload_to="movement-files/%Y/%m",
                        verbose_name="file",
                    ),
                ),
                ("repeated_count", models.PositiveIntegerField(default=0, verbose_name="known before")),
                (
                    "feed",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="movement_files",
                        to="inventory.feed",
                        verbose_name="source",
                    ),
                ),
            ],
            options={
                "verbose_name": "movement file",
                "verbose_name_plural": "movement files",
            },
        ),
        migrations.CreateModel(
            name="MovementProblem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("line", models.PositiveIntegerField(verbose_name="line")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("sku", "Unknown SKU"),
                            ("location", "Unknown location"),
                            ("quantity", "No whole number of units"),
                            ("kind", "Unknown kind"),
                            ("time", "No moment with its offset"),
                            ("event", "Number of the event is too long"),
                            ("empty", "SKU or location is empty"),
                            ("columns", "Too few or too many columns"),
                            ("repeated", "Shelf stands in the file twice"),
                            ("format", "Cannot be read as a row"),
                        ],
                        default="format",
                        max_length=10,
                        verbose_name="problem",
                    ),
                ),
                ("reason", models.CharField(max_length=300, verbose_name="reason")),
                ("raw", models.JSONField(default=dict, verbose_name="row")),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="problems",
                        to="inventory.movementfile",
                        verbose_name="file",
                    ),
                ),
            ],
            options={
                "verbose_name": "bad row of a movement file",
                "verbose_name_plural": "bad rows of movement files",
                "ordering": ["line", "pk"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Product",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=64, unique=True, verbose_name="code")),
                ("title", models.CharField(max_length=300, verbose_name="title")),
                ("brand", models.CharField(blank=True, max_length=120, verbose_name="brand")),
                (
                    "category",
                    models.CharField(
                        blank=True,
                        db_index=True,
                        help_text="A path, such as Apparel > Shirts.",
                        max_length=200,
                        verbose_name="category",
                    ),
                ),
                (
                    "tags",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40),
                        blank=True,
                        db_default=models.Value(
                            [],
                            output_field=django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=40), size=None
                            ),
                        ),
                        default=list,
                        help_text="Words that rules can speak of, separated by commas.",
                        size=None,
                        verbose_name="tags",
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
            ],
            options={
                "verbose_name": "product",
                "verbose_name_plural": "products",
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["title"], name="product_title_trgm", opclasses=["gin_trgm_ops"]
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        inventory.models.product.TitleWords(models.F("title"), models.F("brand")), name="product_words"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PurchaseOrder",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "number",
                    models.CharField(
                        max_length=60,
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[\\w.\\-]+\\Z", "Only letters, digits, dots and hyphens."
                            )
                        ],
                        verbose_name="number",
                    ),
                ),
                ("supplier", models.CharField(max_length=120, verbose_name="supplier")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("open", "Expected"),
                            ("received", "Received"),
                            ("closed", "Closed short"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="open",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                (
                    "expected_on",
                    models.DateField(
                        help_text="The earliest day on which any of it should come.", verbose_name="expected"
                    ),
                ),
                (
                    "is_orderable",
                    models.BooleanField(
                        default=True,
                        help_text="Where backorders or preorders are allowed for its items.",
                        verbose_name="may be sold before it comes",
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name="created"
                    ),
                ),
                ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="closed")),
                ("closed_reason", models.CharField(blank=True, max_length=200, verbose_name="why it was closed")),
                (
                    "location",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="purchase_orders",
                        to="inventory.location",
                        verbose_name="location",
                    ),
                ),
            ],
            options={
                "verbose_name": "purchase order",
                "verbose_name_plural": "purchase orders",
            },
        ),
        migrations.AddField(
            model_name="delivery",
            name="purchase_order",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="deliveries",
                to="inventory.purchaseorder",
                verbose_name="purchase order",
            ),
        ),
        migrations.CreateModel(
            name="PurchaseOrderLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ordered_quantity", models.PositiveIntegerField(verbose_name="ordered")),
                ("expected_on", models.DateField(verbose_name="expected")),
                ("received_quantity", models.PositiveIntegerField(default=0, verbose_name="received")),
                ("closed_quantity", models.PositiveIntegerField(default=0, verbose_name="no longer expected")),
                ("promised_quantity", models.PositiveIntegerField(default=0, verbose_name="promised")),
                (
                    "purchase_order",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="inventory.purchaseorder",
                        verbose_name="purchase order",
                    ),
                ),
            ],
            options={
                "verbose_name": "line of a purchase order",
                "verbose_name_plural": "lines of incoming supply",
            },
        ),
        migrations.CreateModel(
            name="DeliveryLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "expected_quantity",
                    models.PositiveIntegerField(
                        default=0,
                        help_text="By the notice; without one, what was open of the order. 0: not ordered.",
                        verbose_name="expected",
                    ),
                ),
                (
                    "received_quantity",
                    models.PositiveIntegerField(default=0, help_text="Damaged units too.", verbose_name="received"),
                ),
                ("damaged_quantity", models.PositiveIntegerField(default=0, verbose_name="damaged")),
                ("put_away_quantity", models.PositiveIntegerField(default=0, verbose_name="put away")),
                (
                    "decision",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("keep", "Keep it"),
                            ("send_back", "Send it back"),
                            ("wait", "The rest still comes"),
                            ("close", "The rest does not come"),
                        ],
                        max_length=10,
                        verbose_name="decision",
                    ),
                ),
                (
                    "decided_units",
                    models.IntegerField(
                        default=0, help_text="Received less expected, then.", verbose_name="decided about"
                    ),
                ),
                ("decided_by", models.CharField(blank=True, max_length=150, verbose_name="decided by")),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="reason")),
                (
                    "returned_quantity",
                    models.PositiveIntegerField(default=0, verbose_name="set aside for the supplier"),
                ),
                (
                    "delivery",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lines",
                        to="inventory.delivery",
                        verbose_name="delivery",
                    ),
                ),
                (
                    "order_line",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="delivery_lines",
                        to="inventory.purchaseorderline",
                        verbose_name="line of the order",
                    ),
                ),
            ],
            options={
                "verbose_name": "item of a delivery",
                "verbose_name_plural": "items of deliveries",
            },
        ),
        migrations.CreateModel(
            name="AdjustmentLimit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("partner", "Dropship partner"),
                            ("associate", "Associate"),
                            ("lead", "Store lead"),
                            ("manager", "Store manager"),
                            ("district", "District manager"),
                            ("hq", "HQ"),
                        ],
                        max_length=20,
                        verbose_name="role",
                    ),
                ),
                ("most_units", models.PositiveIntegerField(verbose_name="units a day")),
                (
                    "most_value",
                    models.DecimalField(decimal_places=4, max_digits=14, verbose_name="value at cost a day"),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
                (
                    "reason",
                    models.ForeignKey(
                        blank=True,
                        help_text="Empty: every reason without its own limit.",
                        limit_choices_to={"kind": "adjust"},
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inventory.reasoncode",
                        verbose_name="reason",
                    ),
                ),
            ],
            options={
                "verbose_name": "adjustment limit",
                "verbose_name_plural": "adjustment limits",
            },
        ),
        migrations.CreateModel(
            name="ReceiptScan",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("carton", "Carton"),
                            ("unit", "Item"),
                            ("quantity", "Typed number"),
                            ("damage", "Damaged"),
                            ("undo", "Taken back"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                (
                    "key",
                    models.CharField(
                        help_text="The device’s name for it: sent twice it counts once.",
                        max_length=64,
                        verbose_name="key",
                    ),
                ),
                (
                    "scanned_at",
                    models.DateTimeField(help_text="When it was done, not when it arrived.", verbose_name="scanned"),
                ),
                ("received_at", models.DateTimeField(verbose_name="received")),
                ("actor", models.CharField(max_length=150, verbose_name="by")),
                ("is_late", models.BooleanField(default=False, verbose_name="came when the delivery was finished")),
                ("is_undone", models.BooleanField(default=False, verbose_name="taken back")),
                (
                    "carton",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="scans",
                        to="inventory.carton",
                        verbose_name="carton",
                    ),
                ),
                (
                    "delivery",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="scans",
                        to="inventory.delivery",
                        verbose_name="delivery",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
                (
                    "undoes",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="undone_by",
                        to="inventory.receiptscan",
                        verbose_name="takes back",
                    ),
                ),
            ],
            options={
                "verbose_name": "scan of a delivery",
                "verbose_name_plural": "scans of deliveries",
            },
        ),
        migrations.CreateModel(
            name="ReceivedUnits",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sellable", models.IntegerField(default=0, verbose_name="sellable")),
                ("damaged", models.IntegerField(default=0, verbose_name="damaged")),
                (
                    "line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="units",
                        to="inventory.deliveryline",
                        verbose_name="item",
                    ),
                ),
                (
                    "scan",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="units",
                        to="inventory.receiptscan",
                        verbose_name="scan",
                    ),
                ),
            ],
            options={
                "verbose_name": "received units",
                "verbose_name_plural": "received units",
            },
        ),
        migrations.CreateModel(
            name="SearchWord",
            fields=[
                ("word", models.CharField(max_length=100, primary_key=True, serialize=False, verbose_name="word")),
                ("title_count", models.PositiveIntegerField(default=0, verbose_name="in titles and brands")),
                ("option_count", models.PositiveIntegerField(default=0, verbose_name="in options")),
            ],
            options={
                "verbose_name": "search word",
                "verbose_name_plural": "search words",
                "indexes": [
                    django.contrib.postgres.indexes.GistIndex(
                        fields=["word"], name="search_word_trgm", opclasses=["gist_trgm_ops"]
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SignsKnown",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("until", models.DateTimeField(verbose_name="until")),
            ],
            options={
                "verbose_name": "end of the signs of shelves",
                "verbose_name_plural": "ends of the signs of shelves",
                "constraints": [models.CheckConstraint(condition=models.Q(("id", 1)), name="signs_have_one_end")],
            },
        ),
        migrations.CreateModel(
            name="Snapshot",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    models.UUIDField(db_default=omni.core.models.fields.UuidV7(), editable=False, unique=True),
                ),
                (
                    "key",
                    models.CharField(
                        help_text="The source's name for it: sent twice it counts once.",
                        max_length=255,
                        verbose_name="key",
                    ),
                ),
                ("digest", models.CharField(blank=True, max_length=64, verbose_name="digest")),
                (
                    "format",
                    models.CharField(
                        choices=[("csv", "CSV"), ("ndjson", "NDJSON")], max_length=8, verbose_name="format"
                    ),
                ),
                (
                    "location_code",
                    models.CharField(
                        blank=True,
                        help_text="Of a file that speaks of one location and does not name it.",
                        max_length=40,
                        verbose_name="location",
                    ),
                ),
                ("file_name", models.CharField(blank=True, max_length=200, verbose_name="file name")),
                ("byte_count", models.BigIntegerField(verbose_name="bytes")),
                ("created_at", models.DateTimeField(verbose_name="received")),
                ("created_by", models.CharField(max_length=150, verbose_name="by")),
                ("finished_at", models.DateTimeField(blank=True, null=True, verbose_name="finished")),
                (
                    "forgotten_at",
                    models.DateTimeField(
                        blank=True,
                        help_text="Since then only what was decided is kept of its rows.",
                        null=True,
                        verbose_name="forgotten",
                    ),
                ),
                ("stop_reason", models.CharField(blank=True, max_length=300, verbose_name="why it was stopped")),
                ("bytes_read", models.BigIntegerField(default=0, verbose_name="bytes read")),
                ("lines_read", models.PositiveIntegerField(default=0, verbose_name="lines read")),
                ("row_count", models.PositiveIntegerField(default=0, verbose_name="rows")),
                ("bad_count", models.PositiveIntegerField(default=0, verbose_name="bad rows")),
                ("as_of", models.DateTimeField(verbose_name="as of")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("reading", "Reading"),
                            ("comparing", "Comparing"),
                            ("done", "Done"),
                            ("stopped", "Stopped"),
                        ],
                        default="reading",
                        max_length=12,
                        verbose_name="status",
                    ),
                ),
                ("is_complete", models.BooleanField(default=False, verbose_name="lists everything")),
                (
                    "file",
                    models.FileField(
                        storage=omni.core.private_files.private_files, upload_to="snapshots/%Y/%m", verbose_name="file"
                    ),
                ),
                ("at_location", models.BigIntegerField(default=0)),
                ("at_variant", models.BigIntegerField(default=0)),
                ("compared_count", models.PositiveIntegerField(default=0, verbose_name="compared")),
                (
                    "feed",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="snapshots",
                        to="inventory.feed",
                        verbose_name="source",
                    ),
                ),
            ],
            options={
                "verbose_name": "snapshot",
                "verbose_name_plural": "snapshots",
            },
        ),
        migrations.CreateModel(
            name="SnapshotProblem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("line", models.PositiveIntegerField(verbose_name="line")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("sku", "Unknown SKU"),
                            ("location", "Unknown location"),
                            ("quantity", "No whole number of units"),
                            ("kind", "Unknown kind"),
                            ("time", "No moment with its offset"),
                            ("event", "Number of the event is too long"),
                            ("empty", "SKU or location is empty"),
                            ("columns", "Too few or too many columns"),
                            ("repeated", "Shelf stands in the file twice"),
                            ("format", "Cannot be read as a row"),
                        ],
                        default="format",
                        max_length=10,
                        verbose_name="problem",
                    ),
                ),
                ("reason", models.CharField(max_length=300, verbose_name="reason")),
                ("raw", models.JSONField(default=dict, verbose_name="row")),
                (
                    "snapshot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="problems",
                        to="inventory.snapshot",
                        verbose_name="snapshot",
                    ),
                ),
            ],
            options={
                "verbose_name": "bad row of a snapshot",
                "verbose_name_plural": "bad rows of snapshots",
                "ordering": ["line", "pk"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="SupplyPromise",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("demand_key", models.CharField(db_index=True, max_length=64, verbose_name="demand")),
                ("quantity", models.PositiveIntegerField(verbose_name="quantity")),
                ("promised_on", models.DateField(verbose_name="promised")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("waiting", "Waits for the supplier"),
                            ("arrived", "Arrived: kept on the shelf for it"),
                            ("taken", "Taken over by the order"),
                            ("released", "Released"),
                            ("lost", "The supply does not come"),
                        ],
                        default="waiting",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name="created"
                    ),
                ),
                ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="closed")),
                (
                    "order_line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="promises",
                        to="inventory.purchaseorderline",
                        verbose_name="line of the order",
                    ),
                ),
            ],
            options={
                "verbose_name": "promise from supply",
                "verbose_name_plural": "promises from supply",
            },
        ),
        migrations.CreateModel(
            name="Transfer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=30, unique=True, verbose_name="number")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("requested", "Requested"),
                            ("approved", "Approved"),
                            ("picking", "Being picked"),
                            ("in_transit", "In transit"),
                            ("received", "Received"),
                            ("declined", "Declined"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="requested",
                        max_length=12,
                        verbose_name="status",
                    ),
                ),
                (
                    "is_for_orders",
                    models.BooleanField(
                        default=False, help_text="Customers collect what arrives.", verbose_name="for orders"
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="note")),
                ("requested_by", models.CharField(blank=True, max_length=150, verbose_name="requested by")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("approved_at", models.DateTimeField(blank=True, null=True, verbose_name="approved")),
                ("shipped_at", models.DateTimeField(blank=True, null=True, verbose_name="shipped")),
                ("expected_at", models.DateTimeField(blank=True, null=True, verbose_name="expected")),
                (
                    "incomplete_at",
                    models.DateTimeField(
                        blank=True,
                        help_text="The receiver misses units and still expects them.",
                        null=True,
                        verbose_name="incomplete since",
                    ),
                ),
                ("received_at", models.DateTimeField(blank=True, null=True, verbose_name="received")),
                ("closed_reason", models.CharField(blank=True, max_length=200, verbose_name="why it closed")),
                (
                    "from_location",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="transfers_out",
                        to="inventory.location",
                        verbose_name="from",
                    ),
                ),
                (
                    "to_location",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="transfers_in",
                        to="inventory.location",
                        verbose_name="to",
                    ),
                ),
            ],
            options={
                "verbose_name": "transfer",
                "verbose_name_plural": "transfers",
            },
        ),
        migrations.CreateModel(
            name="TransferLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("demand_key", models.CharField(blank=True, max_length=64, verbose_name="demand")),
                ("requested_quantity", models.PositiveIntegerField(verbose_name="requested")),
                ("approved_quantity", models.PositiveIntegerField(default=0, verbose_name="approved")),
                ("picked_quantity", models.PositiveIntegerField(default=0, verbose_name="picked")),
                ("shipped_quantity", models.PositiveIntegerField(default=0, verbose_name="shipped")),
                (
                    "received_quantity",
                    models.PositiveIntegerField(
                        default=0, help_text="Units that can be sold.", verbose_name="received"
                    ),
                ),
                ("damaged_quantity", models.PositiveIntegerField(default=0, verbose_name="arrived damaged")),
                ("lost_quantity", models.PositiveIntegerField(default=0, verbose_name="lost")),
                (
                    "over_quantity",
                    models.PositiveIntegerField(
                        default=0,
                        help_text="Arrived without having been scanned at the sender.",
                        verbose_name="more than sent",
                    ),
                ),
                ("owed_quantity", models.PositiveIntegerField(default=0, verbose_name="owed to its demand")),
                (
                    "in_transit_quantity",
                    models.GeneratedField(
                        db_persist=True,
                        expression=django.db.models.expressions.CombinedExpression(
                            django.db.models.expressions.CombinedExpression(
                                django.db.models.expressions.CombinedExpression(
                                    models.F("shipped_quantity"), "-", models.F("received_quantity")
                                ),
                                "-",
                                models.F("damaged_quantity"),
                            ),
                            "-",
                            models.F("lost_quantity"),
                        ),
                        output_field=models.IntegerField(),
                        verbose_name="in transit",
                    ),
                ),
                (
                    "transfer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="inventory.transfer",
                        verbose_name="transfer",
                    ),
                ),
            ],
            options={
                "verbose_name": "transfer line",
                "verbose_name_plural": "transfer lines",
            },
        ),
        migrations.CreateModel(
            name="TransferScan",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("pick", "Picked"),
                            ("good", "Arrived"),
                            ("damaged", "Arrived damaged"),
                            ("over", "More than was sent"),
                        ],
                        max_length=8,
                        verbose_name="kind",
                    ),
                ),
                ("quantity", models.PositiveIntegerField(verbose_name="units")),
                ("owed_quantity", models.PositiveIntegerField(default=0, verbose_name="of them for their demand")),
                (
                    "key",
                    models.CharField(
                        help_text="The device’s name for it: sent twice it counts once.",
                        max_length=70,
                        verbose_name="key",
                    ),
                ),
                ("scanned_at", models.DateTimeField(verbose_name="scanned")),
                ("actor", models.CharField(max_length=150, verbose_name="by")),
                ("undone_at", models.DateTimeField(blank=True, null=True, verbose_name="undone")),
                (
                    "line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="scans",
                        to="inventory.transferline",
                        verbose_name="line",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
                (
                    "transfer",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="scans",
                        to="inventory.transfer",
                        verbose_name="transfer",
                    ),
                ),
            ],
            options={
                "verbose_name": "scan of a transfer",
                "verbose_name_plural": "scans of transfers",
            },
        ),
        migrations.CreateModel(
            name="Variant",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sku", models.CharField(max_length=64, unique=True, verbose_name="SKU")),
                (
                    "options",
                    models.JSONField(
                        blank=True, default=dict, help_text='{"size": "M", "color": "Sand"}', verbose_name="options"
                    ),
                ),
                ("weight_g", models.PositiveIntegerField(blank=True, null=True, verbose_name="weight in grams")),
                ("length_mm", models.PositiveIntegerField(blank=True, null=True, verbose_name="length in mm")),
                ("width_mm", models.PositiveIntegerField(blank=True, null=True, verbose_name="width in mm")),
                ("height_mm", models.PositiveIntegerField(blank=True, null=True, verbose_name="height in mm")),
                (
                    "unit_cost",
                    models.DecimalField(
                        blank=True, decimal_places=4, max_digits=14, null=True, verbose_name="unit cost"
                    ),
                ),
                ("tax_category", models.CharField(blank=True, max_length=40, verbose_name="tax category")),
                ("is_hazmat", models.BooleanField(default=False, verbose_name="hazmat")),
                ("is_age_restricted", models.BooleanField(default=False, verbose_name="age-restricted")),
                ("is_serial_tracked", models.BooleanField(default=False, verbose_name="serial-tracked")),
                ("is_final_sale", models.BooleanField(default=False, verbose_name="final sale")),
                (
                    "may_split",
                    models.BooleanField(
                        default=False,
                        help_text="Of a kit: its parts may be sent from different locations.",
                        verbose_name="may be split",
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
                (
                    "product",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="variants",
                        to="inventory.product",
                        verbose_name="product",
                    ),
                ),
            ],
            options={
                "verbose_name": "variant",
                "verbose_name_plural": "variants",
            },
        ),
        migrations.AddField(
            model_name="transferline",
            name="variant",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="inventory.variant",
                verbose_name="variant",
            ),
        ),
        migrations.CreateModel(
            name="SupplyTerm",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("backorder", "Backorder: sold before, and it comes again"),
                            ("preorder", "Preorder: it comes for the first time"),
                        ],
                        default="backorder",
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                (
                    "category",
                    models.CharField(
                        blank=True,
                        help_text="A path such as Apparel > Shirts, and all below it. Empty: everything.",
                        max_length=200,
                        verbose_name="category",
                    ),
                ),
                (
                    "most_units",
                    models.PositiveIntegerField(
                        blank=True,
                        help_text="Of each item, promised and not yet here. Empty: all that comes.",
                        null=True,
                        verbose_name="at most",
                    ),
                ),
                (
                    "extra_days",
                    models.PositiveSmallIntegerField(
                        default=1,
                        help_text="Added to the day on which the supplier should come.",
                        verbose_name="days to put away",
                    ),
                ),
                (
                    "street_on",
                    models.DateField(
                        blank=True,
                        help_text="Of a preorder: nobody gets it before this day, even where it lies on the shelf.",
                        null=True,
                        verbose_name="street date",
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
                (
                    "variant",
                    models.ForeignKey(
                        blank=True,
                        help_text="Empty: every item of the category.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inventory.variant",
                        verbose_name="variant",
                    ),
                ),
            ],
            options={
                "verbose_name": "backorder or preorder",
                "verbose_name_plural": "backorders and preorders",
            },
        ),
        migrations.CreateModel(
            name="StockMovement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "bucket",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("not_found", "Not found"),
                            ("damaged", "Damaged"),
                            ("inspection", "Inspection"),
                            ("vendor", "Return to vendor"),
                            ("display", "Display"),
                            ("put_back", "To put back"),
                            ("open_box", "Open box"),
                            ("refurbish", "To refurbish"),
                        ],
                        help_text="Empty: sellable units.",
                        max_length=20,
                        verbose_name="bucket",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("opening", "Opening stock"),
                            ("receipt", "Receipt"),
                            ("pos_sale", "Till sale"),
                            ("pos_return", "Till return"),
                            ("ship", "Shipped"),
                            ("pickup", "Picked up"),
                            ("carry_out", "Carried out"),
                            ("transfer_out", "Transfer out"),
                            ("transfer_in", "Transfer in"),
                            ("return_restock", "Return restocked"),
                            ("return_held", "Return held apart"),
                            ("regrade", "Return graded anew"),
                            ("dispose", "Disposed of"),
                            ("count", "Count"),
                            ("adjust", "Adjustment"),
                            ("reconcile", "Reconciled with a source"),
                            ("damage", "Damaged"),
                            ("set_aside", "Set aside"),
                            ("put_back", "Put back"),
                            ("repair", "Repair of drift"),
                        ],
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                ("quantity", models.IntegerField(help_text="Signed units.", verbose_name="quantity")),
                ("on_hand_after", models.IntegerField(verbose_name="in the bucket afterwards")),
                ("cause", models.CharField(blank=True, max_length=100, verbose_name="cause")),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="reason")),
                ("actor", models.CharField(max_length=150, verbose_name="by")),
                ("source", models.CharField(blank=True, max_length=100, verbose_name="source")),
                (
                    "source_event_id",
                    models.CharField(blank=True, max_length=200, verbose_name="event id at the source"),
                ),
                ("occurred_at", models.DateTimeField(verbose_name="occurred")),
                (
                    "recorded_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name="recorded"),
                ),
                (
                    "location",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inventory.location",
                        verbose_name="location",
                    ),
                ),
                (
                    "variant",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inventory.variant",
                        verbose_name="variant",
                    ),
                ),
            ],
            options={
                "verbose_name": "stock movement",
                "verbose_name_plural": "stock movements",
            },
        ),
        migrations.CreateModel(
            name="StockLevel",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("on_hand", models.IntegerField(default=0, verbose_name="on hand")),
                ("reserved", models.IntegerField(default=0, verbose_name="reserved")),
                ("safety_stock", models.IntegerField(default=0, verbose_name="safety stock")),
                ("shortfall", models.IntegerField(default=0, verbose_name="shortfall")),
                ("version", models.IntegerField(default=0, verbose_name="version")),
                (
                    "moved_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name="moved"
                    ),
                ),
                ("aisle", models.CharField(blank=True, max_length=20, verbose_name="aisle")),
                ("bin", models.CharField(blank=True, max_length=20, verbose_name="bin")),
                (
                    "location",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="stock_levels",
                        to="inventory.location",
                        verbose_name="location",
                    ),
                ),
                (
                    "variant",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="stock_levels",
                        to="inventory.variant",
                        verbose_name="variant",
                    ),
                ),
            ],
            options={
                "verbose_name": "stock level",
                "verbose_name_plural": "stock levels",
            },
        ),
        migrations.CreateModel(
            name="StockHeld",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "bucket",
                    models.CharField(
                        choices=[
                            ("not_found", "Not found"),
                            ("damaged", "Damaged"),
                            ("inspection", "Inspection"),
                            ("vendor", "Return to vendor"),
                            ("display", "Display"),
                            ("put_back", "To put back"),
                            ("open_box", "Open box"),
                            ("refurbish", "To refurbish"),
                        ],
                        max_length=20,
                        verbose_name="bucket",
                    ),
                ),
                ("quantity", models.IntegerField(default=0, verbose_name="quantity")),
                (
                    "location",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="held",
                        to="inventory.location",
                        verbose_name="location",
                    ),
                ),
                (
                    "variant",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inventory.variant",
                        verbose_name="variant",
                    ),
                ),
            ],
            options={
                "verbose_name": "held stock",
                "verbose_name_plural": "held stock",
            },
        ),
        migrations.CreateModel(
            name="StockChange",
            fields=[
                ("sequence", models.BigIntegerField(primary_key=True, serialize=False, verbose_name="number")),
                ("made_at", models.DateTimeField(verbose_name="changed")),
                (
                    "numbered_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name="told"),
                ),
                (
                    "location",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inventory.location",
                    ),
                ),
                (
                    "variant",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inventory.variant",
                    ),
                ),
            ],
            options={
                "verbose_name": "stock change",
                "verbose_name_plural": "stock changes",
            },
        ),
        migrations.CreateModel(
            name="SnapshotRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("line", models.PositiveIntegerField(help_text="0: not in the file.", verbose_name="line")),
                ("quantity", models.IntegerField(verbose_name="reported")),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "As expected"),
                            ("booked", "Booked"),
                            ("explained", "Explained"),
                            ("review", "Waits for a person"),
                            ("approved", "Approved"),
                            ("refused", "Refused"),
                            ("outdated", "Known later"),
                        ],
                        db_default="",
                        default="",
                        max_length=10,
                        verbose_name="outcome",
                    ),
                ),
                (
                    "cause",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "—"),
                            ("picks", "Open picks"),
                            ("transfer", "Transfer on its way"),
                            ("units", "More units than tolerated"),
                            ("value", "More value than tolerated"),
                            ("left_out", "Not in the file"),
                            ("later", "A later count or snapshot"),
                        ],
                        db_default="",
                        default="",
                        max_length=10,
                        verbose_name="cause",
                    ),
                ),
                (
                    "expected",
                    models.IntegerField(
                        help_text="By the ledger, at the moment of the snapshot.", null=True, verbose_name="expected"
                    ),
                ),
                (
                    "difference",
                    models.IntegerField(
                        db_default=0, default=0, help_text="What is not explained.", verbose_name="difference"
                    ),
                ),
                (
                    "value",
                    models.DecimalField(
                        decimal_places=4, help_text="Of the difference.", max_digits=16, null=True, verbose_name="value"
                    ),
                ),
                (
                    "in_question_since",
                    models.DateTimeField(
                        blank=True,
                        help_text="Where an earlier snapshot asked about it already.",
                        null=True,
                        verbose_name="in question since",
                    ),
                ),
                ("decided_at", models.DateTimeField(null=True, verbose_name="decided")),
                (
                    "decided_by",
                    models.CharField(blank=True, db_default="", default="", max_length=150, verbose_name="decided by"),
                ),
                (
                    "reason",
                    models.CharField(blank=True, db_default="", default="", max_length=200, verbose_name="reason"),
                ),
                (
                    "location",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inventory.location",
                        verbose_name="location",
                    ),
                ),
                (
                    "snapshot",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rows",
                        to="inventory.snapshot",
                        verbose_name="snapshot",
                    ),
                ),
                (
                    "variant",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inventory.variant",
                        verbose_name="variant",
                    ),
                ),
            ],
            options={
                "verbose_name": "stock difference",
                "verbose_name_plural": "stock differences",
            },
        ),
        migrations.CreateModel(
            name="ShelfSign",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("counted_at", models.DateTimeField(null=True, verbose_name="counted")),
                (
                    "missed",
                    models.FloatField(
                        default=0, help_text="Units, faded to the moment of the last.", verbose_name="not found"
                    ),
                ),
                ("missed_at", models.DateTimeField(null=True, verbose_name="last not found")),
                ("found", models.FloatField(default=0, verbose_name="found")),
                ("found_at", models.DateTimeField(null=True, verbose_name="last found")),
                ("sold", models.FloatField(default=0, verbose_name="sold")),
                ("sold_at", models.DateTimeField(null=True, verbose_name="last sold")),
                (
                    "location",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inventory.location",
                        verbose_name="location",
                    ),
                ),
                (
                    "variant",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inventory.variant",
                        verbose_name="variant",
                    ),
                ),
            ],
            options={
                "verbose_name": "signs of a shelf",
                "verbose_name_plural": "signs of shelves",
            },
        ),
        migrations.CreateModel(
            name="ShelfNews",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("was", models.IntegerField()),
                ("becomes", models.IntegerField()),
                ("made_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "location",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inventory.location",
                    ),
                ),
                (
                    "variant",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inventory.variant",
                    ),
                ),
            ],
            options={
                "verbose_name": "news of a shelf",
                "verbose_name_plural": "news of shelves",
            },
        ),
        migrations.CreateModel(
            name="SalesRate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("units", models.PositiveIntegerField(help_text="In the days looked at.", verbose_name="units sold")),
                ("daily_rate", models.FloatField(verbose_name="units a day")),
                ("learned_at", models.DateTimeField(verbose_name="learned")),
                (
                    "location",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inventory.location",
                        verbose_name="location",
                    ),
                ),
                (
                    "variant",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inventory.variant",
                        verbose_name="variant",
                    ),
                ),
            ],
            options={
                "verbose_name": "sales rate",
                "verbose_name_plural": "sales rates",
            },
        ),
        migrations.CreateModel(
            name="Reservation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("demand_key", models.CharField(max_length=64, verbose_name="demand")),
                ("quantity", models.PositiveIntegerField(verbose_name="quantity")),
                (
                    "off_shelf_quantity",
                    models.PositiveIntegerField(
                        default=0,
                        help_text="Picked units: still on hand, but no longer where a count looks.",
                        verbose_name="off the shelf",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("held", "Held"),
                            ("consumed", "Consumed"),
                            ("released", "Released"),
                            ("expired", "Expired"),
                            ("undone", "Undone"),
                        ],
                        default="held",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                ("expires_at", models.DateTimeField(blank=True, null=True, verbose_name="expires")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="closed")),
                (
                    "location",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inventory.location",
                        verbose_name="location",
                    ),
                ),
                (
                    "variant",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inventory.variant",
                        verbose_name="variant",
                    ),
                ),
            ],
            options={
                "verbose_name": "reservation",
                "verbose_name_plural": "reservations",
            },
        ),
        migrations.CreateModel(
            name="PutBack",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("quantity", models.PositiveIntegerField(verbose_name="quantity")),
                ("done_quantity", models.PositiveIntegerField(default=0, verbose_name="put back")),
                ("cause", models.CharField(max_length=100, verbose_name="cause")),
                ("reason", models.CharField(max_length=200, verbose_name="reason")),
                ("found_at", models.CharField(blank=True, max_length=60, verbose_name="where the units are")),
                ("created_at", models.DateTimeField(verbose_name="created")),
                ("done_at", models.DateTimeField(blank=True, null=True, verbose_name="done")),
                (
                    "location",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="put_backs",
                        to="inventory.location",
                        verbose_name="location",
                    ),
                ),
                (
                    "variant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inventory.variant",
                        verbose_name="variant",
                    ),
                ),
            ],
            options={
                "verbose_name": "put-back task",
                "verbose_name_plural": "put-back tasks",
            },
        ),
        migrations.AddField(
            model_name="purchaseorderline",
            name="variant",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="inventory.variant",
                verbose_name="variant",
            ),
        ),
        migrations.CreateModel(
            name="Price",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("currency", models.CharField(default="USD", max_length=3, verbose_name="currency")),
                ("amount", models.DecimalField(decimal_places=4, max_digits=14, verbose_name="amount")),
                (
                    "variant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="prices",
                        to="inventory.variant",
                        verbose_name="variant",
                    ),
                ),
            ],
            options={
                "verbose_name": "price",
                "verbose_name_plural": "prices",
            },
        ),
        migrations.CreateModel(
            name="PickVisit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "at",
                    models.DateTimeField(
                        help_text="When the span began that it lies in: what was known is older.", verbose_name="at"
                    ),
                ),
                ("is_found", models.BooleanField(help_text="Nothing was missing.", verbose_name="found")),
                ("found", models.PositiveIntegerField(verbose_name="units found")),
                ("missed", models.PositiveIntegerField(verbose_name="units not found")),
                (
                    "signs",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.FloatField(), size=None, verbose_name="signs before"
                    ),
                ),
                ("path", models.CharField(blank=True, max_length=200, verbose_name="category")),
                (
                    "said",
                    models.FloatField(
                        blank=True,
                        help_text="The chance by a model that had not seen this visit.",
                        null=True,
                        verbose_name="said before",
                    ),
                ),
                (
                    "location",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inventory.location",
                        verbose_name="location",
                    ),
                ),
                (
                    "said_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="inventory.confidencemodel",
                        verbose_name="said by",
                    ),
                ),
                (
                    "variant",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inventory.variant",
                        verbose_name="variant",
                    ),
                ),
            ],
            options={
                "verbose_name": "visit of a picker",
                "verbose_name_plural": "visits of pickers",
            },
        ),
        migrations.CreateModel(
            name="OffShelf",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "quantity",
                    models.IntegerField(
                        help_text="Units into somebody’s hands; negative: laid back.", verbose_name="quantity"
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="at")),
                (
                    "is_pick",
                    models.BooleanField(
                        default=False,
                        help_text="From its shelf, or back there; not handed on or taken back.",
                        verbose_name="picked",
                    ),
                ),
                (
                    "location",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inventory.location",
                        verbose_name="location",
                    ),
                ),
                (
                    "variant",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inventory.variant",
                        verbose_name="variant",
                    ),
                ),
            ],
            options={
                "verbose_name": "units taken off a shelf",
                "verbose_name_plural": "units taken off shelves",
            },
        ),
        migrations.CreateModel(
            name="KitComponent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("quantity", models.PositiveIntegerField(verbose_name="units in each kit")),
                (
                    "component",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="part_of",
                        to="inventory.variant",
                        verbose_name="component",
                    ),
                ),
                (
                    "kit",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="components",
                        to="inventory.variant",
                        verbose_name="kit",
                    ),
                ),
            ],
            options={
                "verbose_name": "component of a kit",
                "verbose_name_plural": "components of kits",
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="Drift",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "number",
                    models.CharField(
                        choices=[("on_hand", "On hand"), ("held", "Held apart"), ("promised", "Promised")],
                        max_length=10,
                        verbose_name="number",
                    ),
                ),
                (
                    "bucket",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("not_found", "Not found"),
                            ("damaged", "Damaged"),
                            ("inspection", "Inspection"),
                            ("vendor", "Return to vendor"),
                            ("display", "Display"),
                            ("put_back", "To put back"),
                            ("open_box", "Open box"),
                            ("refurbish", "To refurbish"),
                        ],
                        max_length=20,
                        verbose_name="bucket",
                    ),
                ),
                (
                    "shown_quantity",
                    models.IntegerField(help_text="Units that the shelf's own number says.", verbose_name="number"),
                ),
                (
                    "summed_quantity",
                    models.IntegerField(help_text="Units that its rows add up to.", verbose_name="sum of its rows"),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("found", "Found"),
                            ("asked", "Repair asked for"),
                            ("repaired", "Repaired"),
                            ("gone", "Gone by itself"),
                        ],
                        default="found",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                (
                    "trusted",
                    models.CharField(
                        blank=True,
                        choices=[("number", "The number is right"), ("rows", "The rows are right")],
                        max_length=10,
                        verbose_name="what is right",
                    ),
                ),
                ("found_at", models.DateTimeField(verbose_name="found")),
                ("repair_reason", models.CharField(blank=True, max_length=200, verbose_name="reason")),
                ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="closed")),
                ("closed_by", models.CharField(blank=True, max_length=150, verbose_name="closed by")),
                (
                    "asked_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="asked by",
                    ),
                ),
                (
                    "location",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inventory.location",
                        verbose_name="location",
                    ),
                ),
                (
                    "variant",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inventory.variant",
                        verbose_name="variant",
                    ),
                ),
            ],
            options={
                "verbose_name": "drift",
                "verbose_name_plural": "drift",
            },
        ),
        migrations.AddField(
            model_name="deliveryline",
            name="variant",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="inventory.variant",
                verbose_name="variant",
            ),
        ),
        migrations.CreateModel(
            name="CycleCount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("cause", models.CharField(blank=True, max_length=100, verbose_name="cause")),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="reason")),
                (
                    "reasons",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("not_found", "A picker did not find it"),
                                ("declined", "The store said that it has none"),
                                ("negative", "The book is below zero"),
                                ("asked", "Somebody asked for it"),
                                ("zero", "The book says the last one is sold"),
                                ("high_value", "Valuable, and not counted for long"),
                                ("stale", "Not counted for very long"),
                                ("cadence", "It is its turn"),
                            ],
                            max_length=10,
                        ),
                        default=list,
                        help_text="The strongest first.",
                        size=None,
                        verbose_name="reasons",
                    ),
                ),
                ("raised_at", models.DateTimeField(verbose_name="raised")),
                ("done_at", models.DateTimeField(blank=True, null=True, verbose_name="done")),
                ("counted_quantity", models.PositiveIntegerField(blank=True, null=True, verbose_name="counted")),
                (
                    "expected_quantity",
                    models.IntegerField(
                        blank=True,
                        help_text="What the ledger said was on the shelf at that moment.",
                        null=True,
                        verbose_name="expected",
                    ),
                ),
                (
                    "count_key",
                    models.CharField(
                        blank=True,
                        help_text="The device's name for the entry: sent twice it counts once.",
                        max_length=64,
                        verbose_name="key",
                    ),
                ),
                (
                    "counted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="counted by",
                    ),
                ),
                (
                    "location",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cycle_counts",
                        to="inventory.location",
                        verbose_name="location",
                    ),
                ),
                (
                    "variant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inventory.variant",
                        verbose_name="variant",
                    ),
                ),
            ],
            options={
                "verbose_name": "count task",
                "verbose_name_plural": "count tasks",
            },
        ),
        migrations.CreateModel(
            name="CountScan",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "quantity",
                    models.IntegerField(
                        help_text="Signed: an undone scan is taken back by its opposite.", verbose_name="units"
                    ),
                ),
                (
                    "round",
                    models.PositiveIntegerField(
                        default=0,
                        help_text="0 is the first; empty: came when the item was settled already.",
                        null=True,
                        verbose_name="round",
                    ),
                ),
                (
                    "scanned_at",
                    models.DateTimeField(help_text="When it was done, not when it arrived.", verbose_name="scanned"),
                ),
                ("received_at", models.DateTimeField(verbose_name="received")),
                ("actor", models.CharField(max_length=150, verbose_name="by")),
                (
                    "key",
                    models.CharField(
                        help_text="The device’s name for it: sent twice it counts once.",
                        max_length=64,
                        verbose_name="key",
                    ),
                ),
                (
                    "epc",
                    models.CharField(
                        blank=True, help_text="Of a tag read by radio.", max_length=24, verbose_name="EPC"
                    ),
                ),
                (
                    "area",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="scans",
                        to="inventory.countarea",
                        verbose_name="area",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
                (
                    "undoes",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="undone_by",
                        to="inventory.countscan",
                        verbose_name="takes back",
                    ),
                ),
                (
                    "session",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="scans",
                        to="inventory.countsession",
                        verbose_name="count",
                    ),
                ),
                (
                    "variant",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inventory.variant",
                        verbose_name="variant",
                    ),
                ),
            ],
            options={
                "verbose_name": "scan of a count",
                "verbose_name_plural": "scans of counts",
            },
        ),
        migrations.CreateModel(
            name="CountLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("matches", "As expected"),
                            ("ready", "Difference to book"),
                            ("moved", "Moved while it was counted"),
                            ("recount", "Somebody else counts again"),
                            ("approval", "Waits for approval"),
                            ("uncounted", "Nobody counted it"),
                            ("outside", "Belongs to another part of the store"),
                            ("booked", "Booked"),
                            ("refused", "Refused"),
                            ("left", "Left as it is"),
                            ("outdated", "Known later"),
                        ],
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("round", models.PositiveIntegerField(default=0, verbose_name="round")),
                (
                    "is_second_look",
                    models.BooleanField(
                        default=False,
                        help_text="The round that stands was counted by somebody who had not counted it before.",
                        verbose_name="counted again by somebody else",
                    ),
                ),
                ("is_recount_wanted", models.BooleanField(default=False, verbose_name="a lead wants it counted again")),
                ("counted", models.IntegerField(blank=True, null=True, verbose_name="counted")),
                (
                    "expected",
                    models.IntegerField(
                        help_text="By the ledger, at the moment of the last scan.", verbose_name="expected"
                    ),
                ),
                ("delta", models.IntegerField(default=0, verbose_name="difference")),
                ("value", models.DecimalField(decimal_places=4, default=0, max_digits=16, verbose_name="value")),
                ("first_at", models.DateTimeField(verbose_name="first scan")),
                ("last_at", models.DateTimeField(verbose_name="last scan")),
                ("approved_delta", models.IntegerField(blank=True, null=True, verbose_name="approved difference")),
                ("decided_at", models.DateTimeField(blank=True, null=True, verbose_name="decided")),
                ("decided_by", models.CharField(blank=True, max_length=150, verbose_name="decided by")),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="reason")),
                ("settled_at", models.DateTimeField(blank=True, null=True, verbose_name="settled")),
                (
                    "session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lines",
                        to="inventory.countsession",
                        verbose_name="count",
                    ),
                ),
                (
                    "location",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inventory.location",
                        verbose_name="location",
                    ),
                ),
                (
                    "variant",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inventory.variant",
                        verbose_name="variant",
                    ),
                ),
            ],
            options={
                "verbose_name": "counted item",
                "verbose_name_plural": "counted items",
            },
        ),
        migrations.CreateModel(
            name="CartonItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("quantity", models.PositiveIntegerField(verbose_name="units")),
                (
                    "carton",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="items",
                        to="inventory.carton",
                        verbose_name="carton",
                    ),
                ),
                (
                    "variant",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inventory.variant",
                        verbose_name="variant",
                    ),
                ),
            ],
            options={
                "verbose_name": "content of a carton",
                "verbose_name_plural": "contents of cartons",
            },
        ),
        migrations.CreateModel(
            name="Barcode",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "code",
                    models.CharField(
                        help_text="GTINs zero-padded to 14 digits.", max_length=64, unique=True, verbose_name="code"
                    ),
                ),
                ("pack_quantity", models.PositiveIntegerField(default=1, verbose_name="units per scan")),
                (
                    "variant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="barcodes",
                        to="inventory.variant",
                        verbose_name="variant",
                    ),
                ),
            ],
            options={
                "verbose_name": "barcode",
                "verbose_name_plural": "barcodes",
            },
        ),
        migrations.CreateModel(
            name="Adjustment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("shelf", "Shelf"),
                            ("away", "Not in the book"),
                            ("not_found", "Not found"),
                            ("damaged", "Damaged"),
                            ("inspection", "Inspection"),
                            ("vendor", "Return to vendor"),
                            ("display", "Display"),
                            ("put_back", "To put back"),
                            ("open_box", "Open box"),
                            ("refurbish", "To refurbish"),
                        ],
                        max_length=20,
                        verbose_name="from",
                    ),
                ),
                (
                    "target",
                    models.CharField(
                        choices=[
                            ("shelf", "Shelf"),
                            ("away", "Not in the book"),
                            ("not_found", "Not found"),
                            ("damaged", "Damaged"),
                            ("inspection", "Inspection"),
                            ("vendor", "Return to vendor"),
                            ("display", "Display"),
                            ("put_back", "To put back"),
                            ("open_box", "Open box"),
                            ("refurbish", "To refurbish"),
                        ],
                        max_length=20,
                        verbose_name="to",
                    ),
                ),
                ("quantity", models.PositiveIntegerField(verbose_name="units")),
                (
                    "value",
                    models.DecimalField(
                        decimal_places=4, default=Decimal("0"), max_digits=14, verbose_name="value at cost"
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=150, verbose_name="note")),
                ("made_at", models.DateTimeField(verbose_name="made")),
                ("made_by", models.CharField(max_length=150, verbose_name="by")),
                ("approved_by", models.CharField(blank=True, max_length=150, verbose_name="approved by")),
                ("undone_at", models.DateTimeField(blank=True, null=True, verbose_name="taken back")),
                ("undone_by", models.CharField(blank=True, max_length=150, verbose_name="taken back by")),
                (
                    "key",
                    models.CharField(
                        default=inventory.models.adjustment.new_key,
                        editable=False,
                        max_length=64,
                        unique=True,
                        verbose_name="key",
                    ),
                ),
                (
                    "answered_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="answers for it",
                    ),
                ),
                (
                    "maker",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="made by",
                    ),
                ),
                (
                    "location",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="adjustments",
                        to="inventory.location",
                        verbose_name="location",
                    ),
                ),
                (
                    "reason",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inventory.reasoncode",
                        verbose_name="reason",
                    ),
                ),
                (
                    "variant",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inventory.variant",
                        verbose_name="variant",
                    ),
                ),
            ],
            options={
                "verbose_name": "adjustment",
                "verbose_name_plural": "adjustments",
            },
        ),
        migrations.CreateModel(
            name="ConfidenceEffect",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("department", "Department"), ("category", "Category"), ("place", "Location")],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("key", models.CharField(blank=True, max_length=200, verbose_name="of")),
                ("effect", models.FloatField(verbose_name="effect")),
                (
                    "model",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="effects",
                        to="inventory.confidencemodel",
                        verbose_name="model",
                    ),
                ),
            ],
            options={
                "verbose_name": "effect of a group",
                "verbose_name_plural": "effects of groups",
                "constraints": [models.UniqueConstraint(fields=("model", "kind", "key"), name="one_effect_per_group")],
            },
        ),
        migrations.AddConstraint(
            model_name="countarea",
            constraint=models.UniqueConstraint(fields=("session", "name"), name="each_area_once"),
        ),
        migrations.AddConstraint(
            model_name="carton",
            constraint=models.UniqueConstraint(fields=("delivery", "code"), name="each_announced_carton_once"),
        ),
        migrations.AddIndex(
            model_name="countsession",
            index=models.Index(fields=["location", "-started_at"], name="count_session_of_location"),
        ),
        migrations.AddConstraint(
            model_name="countsession",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("status__in", ["open", "cancelled"]), models.Q(("closed_at", None), _negated=True), _connector="OR"
                ),
                name="count_closed_before_review",
            ),
        ),
        migrations.AddIndex(
            model_name="countplan",
            index=models.Index(fields=["planned_at"], name="count_plan_when"),
        ),
        migrations.AddConstraint(
            model_name="closure",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_on__gte", models.F("starts_on"))), name="closure_in_order"
            ),
        ),
        migrations.AddConstraint(
            model_name="locationday",
            constraint=models.UniqueConstraint(
                fields=("location", "day", "kind"), name="one_capacity_per_day_and_kind"
            ),
        ),
        migrations.AddConstraint(
            model_name="locationday",
            constraint=models.CheckConstraint(
                condition=models.Q(("used__lte", models.F("cap"))), name="capacity_never_exceeded"
            ),
        ),
        migrations.AddConstraint(
            model_name="locationday",
            constraint=models.CheckConstraint(condition=models.Q(("used__gte", 0)), name="capacity_not_negative"),
        ),
        migrations.AddConstraint(
            model_name="location",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("offer_minutes__gt", 0),
                    ("pick_pack_minutes__gt", 0),
                    ("wave_minutes__gt", 0),
                    ("wave_orders__gt", 0),
                ),
                name="location_rhythm",
            ),
        ),
        migrations.AddConstraint(
            model_name="location",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("latitude", None), ("longitude", None)),
                    models.Q(
                        ("latitude__gte", -90), ("latitude__lte", 90), ("longitude__gte", -180), ("longitude__lte", 180)
                    ),
                    _connector="OR",
                ),
                name="location_coordinates_in_pairs",
            ),
        ),
        migrations.AddConstraint(
            model_name="feed",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("most_bad_percent__lte", 100),
                    ("tolerance_value__gte", 0),
                    models.Q(("rhythm_minutes", None), ("rhythm_minutes__gt", 0), _connector="OR"),
                ),
                name="feed_expectations",
            ),
        ),
        migrations.AddIndex(
            model_name="availabilityrule",
            index=models.Index(condition=models.Q(("status", "active")), fields=["id"], name="rule_active"),
        ),
        migrations.AddConstraint(
            model_name="availabilityrule",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("effect", "keep"), ("percent", 0), ("units__lte", 1000000)),
                    models.Q(("effect", "percent"), ("percent__gte", 1), ("percent__lte", 100), ("units", 0)),
                    models.Q(("effect", "exclude"), ("percent", 0), ("units", 0)),
                    _connector="OR",
                ),
                name="rule_says_how_much",
            ),
        ),
        migrations.AddIndex(
            model_name="movementfile",
            index=models.Index(condition=models.Q(("status", "booking")), fields=["id"], name="movement_file_at_work"),
        ),
        migrations.AddIndex(
            model_name="movementfile",
            index=models.Index(fields=["feed", "-id"], name="movement_file_latest"),
        ),
        migrations.AddIndex(
            model_name="movementfile",
            index=models.Index(
                condition=models.Q(("forgotten_at", None)), fields=["created_at"], name="movement_file_kept"
            ),
        ),
        migrations.AddConstraint(
            model_name="movementfile",
            constraint=models.UniqueConstraint(fields=("feed", "key"), name="each_movement_file_once"),
        ),
        migrations.AddIndex(
            model_name="purchaseorder",
            index=models.Index(fields=["location", "status", "expected_on"], name="purchase_order_expected"),
        ),
        migrations.AddConstraint(
            model_name="purchaseorder",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("closed_at", None), ("status", "open")),
                    models.Q(models.Q(("status", "open"), _negated=True), ("closed_at__isnull", False)),
                    _connector="OR",
                ),
                name="closed_order_says_when",
            ),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(fields=["location", "status", "expected_on"], name="delivery_expected"),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_announced", False), ("status__in", ["expected", "receiving"])),
                fields=("purchase_order",),
                name="one_open_receiving_per_order",
            ),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "received"), _negated=True), ("finished_at__isnull", False), _connector="OR"
                ),
                name="received_delivery_says_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="adjustmentlimit",
            constraint=models.UniqueConstraint(
                fields=("role", "reason"), name="one_limit_per_role_and_reason", nulls_distinct=False
            ),
        ),
        migrations.AddConstraint(
            model_name="adjustmentlimit",
            constraint=models.CheckConstraint(condition=models.Q(("most_value__gte", 0)), name="limit_not_negative"),
        ),
        migrations.AddConstraint(
            model_name="receiptscan",
            constraint=models.UniqueConstraint(fields=("delivery", "key"), name="each_receipt_scan_once"),
        ),
        migrations.AddConstraint(
            model_name="receiptscan",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_undone", False), ("kind", "carton")),
                fields=("carton",),
                name="each_carton_received_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="receiptscan",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("carton__isnull", False), ("kind", "carton")),
                    models.Q(("kind", "carton"), _negated=True),
                    _connector="OR",
                ),
                name="carton_scan_names_its_carton",
            ),
        ),
        migrations.AddConstraint(
            model_name="receiptscan",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "undo"), ("undoes__isnull", False)),
                    models.Q(("kind", "undo"), _negated=True),
                    _connector="OR",
                ),
                name="undo_names_its_scan",
            ),
        ),
        migrations.AddConstraint(
            model_name="receivedunits",
            constraint=models.UniqueConstraint(fields=("scan", "line"), name="one_row_per_scan_and_item"),
        ),
        migrations.AddIndex(
            model_name="snapshot",
            index=models.Index(
                condition=models.Q(("status__in", ["reading", "comparing"])), fields=["as_of"], name="snapshot_at_work"
            ),
        ),
        migrations.AddIndex(
            model_name="snapshot",
            index=models.Index(fields=["feed", "-as_of"], name="snapshot_latest"),
        ),
        migrations.AddIndex(
            model_name="snapshot",
            index=models.Index(condition=models.Q(("forgotten_at", None)), fields=["as_of"], name="snapshot_kept"),
        ),
        migrations.AddIndex(
            model_name="snapshot",
            index=models.Index(
                condition=models.Q(("status", "stopped")), fields=["-finished_at"], name="snapshot_stopped"
            ),
        ),
        migrations.AddConstraint(
            model_name="snapshot",
            constraint=models.UniqueConstraint(fields=("feed", "key"), name="each_snapshot_once"),
        ),
        migrations.AddIndex(
            model_name="supplypromise",
            index=models.Index(
                condition=models.Q(("status", "waiting")), fields=["promised_on", "id"], name="supply_promise_waiting"
            ),
        ),
        migrations.AddIndex(
            model_name="supplypromise",
            index=models.Index(
                condition=models.Q(("status", "arrived")), fields=["promised_on", "id"], name="supply_promise_arrived"
            ),
        ),
        migrations.AddConstraint(
            model_name="supplypromise",
            constraint=models.CheckConstraint(
                condition=models.Q(("quantity__gt", 0)), name="supply_promise_of_something"
            ),
        ),
        migrations.AddIndex(
            model_name="transfer",
            index=models.Index(
                condition=models.Q(("status__in", ["requested", "approved", "picking"])),
                fields=["from_location", "created_at"],
                name="transfer_at_sender",
            ),
        ),
        migrations.AddIndex(
            model_name="transfer",
            index=models.Index(
                condition=models.Q(("status", "in_transit")), fields=["expected_at"], name="transfer_on_the_road"
            ),
        ),
        migrations.AddConstraint(
            model_name="transfer",
            constraint=models.CheckConstraint(
                condition=models.Q(("from_location", models.F("to_location")), _negated=True),
                name="transfer_between_two_places",
            ),
        ),
        migrations.AddConstraint(
            model_name="transfer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status__in", ["in_transit", "received"]), _negated=True),
                    ("shipped_at__isnull", False),
                    _connector="OR",
                ),
                name="transfer_left_before_it_arrived",
            ),
        ),
        migrations.AddConstraint(
            model_name="transferscan",
            constraint=models.UniqueConstraint(fields=("transfer", "key"), name="each_transfer_scan_once"),
        ),
        migrations.AddConstraint(
            model_name="transferscan",
            constraint=models.CheckConstraint(
                condition=models.Q(("quantity__gt", 0)), name="transfer_scan_of_something"
            ),
        ),
        migrations.AddIndex(
            model_name="variant",
            index=models.Index(
                django.contrib.postgres.indexes.OpClass(
                    django.db.models.functions.text.Upper("sku"), "text_pattern_ops"
                ),
                name="variant_sku_begins",
            ),
        ),
        migrations.AddIndex(
            model_name="variant",
            index=django.contrib.postgres.indexes.GinIndex(
                inventory.models.product.OptionWords(models.F("options")), name="variant_words"
            ),
        ),
        migrations.AddIndex(
            model_name="transferline",
            index=models.Index(
                condition=models.Q(("in_transit_quantity__gt", 0)),
                fields=["variant"],
                name="transfer_units_on_the_road",
            ),
        ),
        migrations.AddIndex(
            model_name="transferline",
            index=models.Index(
                condition=models.Q(("demand_key", ""), _negated=True),
                fields=["demand_key"],
                name="transfer_line_demand",
            ),
        ),
        migrations.AddConstraint(
            model_name="transferline",
            constraint=models.UniqueConstraint(
                fields=("transfer", "variant", "demand_key"), name="one_transfer_line_per_demand"
            ),
        ),
        migrations.AddConstraint(
            model_name="transferline",
            constraint=models.UniqueConstraint(
                condition=models.Q(models.Q(("demand_key", ""), _negated=True), ("owed_quantity__gt", 0)),
                fields=("demand_key",),
                name="one_transfer_brings_it",
            ),
        ),
        migrations.AddConstraint(
            model_name="transferline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("approved_quantity__lte", models.F("requested_quantity")),
                    ("owed_quantity__lte", models.F("requested_quantity")),
                    ("picked_quantity__lte", models.F("approved_quantity")),
                    (
                        "shipped_quantity__gte",
                        django.db.models.expressions.CombinedExpression(
                            django.db.models.expressions.CombinedExpression(
                                models.F("received_quantity"), "+", models.F("damaged_quantity")
                            ),
                            "+",
                            models.F("lost_quantity"),
                        ),
                    ),
                    (
                        "shipped_quantity__lte",
                        django.db.models.expressions.CombinedExpression(
                            models.F("picked_quantity"), "+", models.F("over_quantity")
                        ),
                    ),
                ),
                name="transfer_conserves_units",
            ),
        ),
        migrations.AddConstraint(
            model_name="transferline",
            constraint=models.CheckConstraint(
                condition=models.Q(("owed_quantity", 0), models.Q(("demand_key", ""), _negated=True), _connector="OR"),
                name="owed_to_somebody",
            ),
        ),
        migrations.AddIndex(
            model_name="supplyterm",
            index=models.Index(
                condition=models.Q(("is_active", True), ("street_on__isnull", False)),
                fields=["variant"],
                name="term_with_street_date",
            ),
        ),
        migrations.AddConstraint(
            model_name="supplyterm",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_active", True), ("variant__isnull", False)),
                fields=("variant",),
                name="one_term_per_variant",
            ),
        ),
        migrations.AddConstraint(
            model_name="supplyterm",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_active", True), ("variant", None)),
                fields=("category",),
                name="one_term_per_category",
            ),
        ),
        migrations.AddConstraint(
            model_name="supplyterm",
            constraint=models.CheckConstraint(
                condition=models.Q(("variant", None), ("category", ""), _connector="OR"),
                name="term_of_item_or_category",
            ),
        ),
        migrations.AddConstraint(
            model_name="supplyterm",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("street_on", None), models.Q(("kind", "preorder"), ("variant__isnull", False)), _connector="OR"
                ),
                name="street_date_of_one_preorder",
            ),
        ),
        migrations.AddConstraint(
            model_name="stockmovement",
            constraint=models.CheckConstraint(
                condition=models.Q(("quantity", 0), _negated=True), name="movement_of_something"
            ),
        ),
        migrations.AddIndex(
            model_name="stocklevel",
            index=models.Index(condition=models.Q(("shortfall__gt", 0)), fields=["location"], name="stock_shortfall"),
        ),
        migrations.AddConstraint(
            model_name="stocklevel",
            constraint=models.UniqueConstraint(
                fields=("variant", "location"), name="one_shelf_per_variant_and_location"
            ),
        ),
        migrations.AddConstraint(
            model_name="stocklevel",
            constraint=models.CheckConstraint(condition=models.Q(("reserved__gte", 0)), name="reserved_not_negative"),
        ),
        migrations.AddConstraint(
            model_name="stocklevel",
            constraint=models.CheckConstraint(
                condition=models.Q(("safety_stock__gte", 0)), name="safety_stock_not_negative"
            ),
        ),
        migrations.AddConstraint(
            model_name="stocklevel",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "shortfall",
                        django.db.models.functions.comparison.Greatest(
                            0,
                            django.db.models.expressions.CombinedExpression(
                                models.F("reserved"),
                                "-",
                                django.db.models.functions.comparison.Greatest(models.F("on_hand"), 0),
                            ),
                        ),
                    )
                ),
                name="promises_tied_to_shelf",
            ),
        ),
        migrations.AddConstraint(
            model_name="stockheld",
            constraint=models.UniqueConstraint(fields=("variant", "location", "bucket"), name="one_row_per_bucket"),
        ),
        migrations.AddConstraint(
            model_name="stockheld",
            constraint=models.CheckConstraint(condition=models.Q(("quantity__gte", 0)), name="held_not_negative"),
        ),
        migrations.AddIndex(
            model_name="snapshotrow",
            index=models.Index(fields=["snapshot", "location", "variant"], name="snapshot_row_shelf"),
        ),
        migrations.AddIndex(
            model_name="snapshotrow",
            index=models.Index(fields=["location", "variant"], name="snapshot_row_of_shelf"),
        ),
        migrations.AddIndex(
            model_name="snapshotrow",
            index=models.Index(
                condition=models.Q(("outcome", "review")), fields=["-value", "id"], name="snapshot_row_review"
            ),
        ),
        migrations.AddIndex(
            model_name="snapshotrow",
            index=models.Index(
                condition=models.Q(("outcome", ""), _negated=True),
                fields=["snapshot", "outcome"],
                name="snapshot_row_outcome",
            ),
        ),
        migrations.AddConstraint(
            model_name="shelfsign",
            constraint=models.UniqueConstraint(fields=("location", "variant"), name="one_sign_per_shelf"),
        ),
        migrations.AddConstraint(
            model_name="shelfsign",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("found__gte", 0),
                    ("missed__gte", 0),
                    ("sold__gte", 0),
                    models.Q(("missed", 0), ("missed_at__isnull", False), _connector="OR"),
                    models.Q(("found", 0), ("found_at__isnull", False), _connector="OR"),
                    models.Q(("sold", 0), ("sold_at__isnull", False), _connector="OR"),
                ),
                name="sign_sums_have_moments",
            ),
        ),
        migrations.AddIndex(
            model_name="shelfnews",
            index=models.Index(
                condition=models.Q(("id__gt", 0)), fields=["variant", "location", "id"], name="news_of_shelf"
            ),
        ),
        migrations.AddConstraint(
            model_name="salesrate",
            constraint=models.UniqueConstraint(fields=("variant", "location"), name="one_sales_rate_per_shelf"),
        ),
        migrations.AddConstraint(
            model_name="salesrate",
            constraint=models.CheckConstraint(
                condition=models.Q(("daily_rate__gt", 0), ("units__gt", 0)), name="sales_rate_of_something"
            ),
        ),
        migrations.AddIndex(
            model_name="reservation",
            index=models.Index(
                condition=models.Q(("status", "held")), fields=["variant", "location"], name="reservation_held"
            ),
        ),
        migrations.AddIndex(
            model_name="reservation",
            index=models.Index(
                condition=models.Q(("expires_at__isnull", False), ("status", "held")),
                fields=["expires_at"],
                name="reservation_expiring",
            ),
        ),
        migrations.AddIndex(
            model_name="reservation",
            index=models.Index(
                condition=models.Q(("closed_at__isnull", False), ("off_shelf_quantity__gt", 0)),
                fields=["variant", "location", "closed_at"],
                name="reservation_left_hands",
            ),
        ),
        migrations.AddConstraint(
            model_name="reservation",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status", "held")),
                fields=("demand_key", "location"),
                name="one_open_promise_per_demand",
            ),
        ),
        migrations.AddConstraint(
            model_name="reservation",
            constraint=models.CheckConstraint(condition=models.Q(("quantity__gt", 0)), name="reservation_of_something"),
        ),
        migrations.AddConstraint(
            model_name="reservation",
            constraint=models.CheckConstraint(
                condition=models.Q(("off_shelf_quantity__lte", models.F("quantity"))), name="off_shelf_within_promise"
            ),
        ),
        migrations.AddConstraint(
            model_name="reservation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("closed_at", None), ("status", "held")),
                    models.Q(models.Q(("status", "held"), _negated=True), ("closed_at__isnull", False)),
                    _connector="OR",
                ),
                name="held_until_closed",
            ),
        ),
        migrations.AddIndex(
            model_name="putback",
            index=models.Index(
                condition=models.Q(("done_at", None)), fields=["location", "created_at"], name="put_back_open"
            ),
        ),
        migrations.AddConstraint(
            model_name="putback",
            constraint=models.CheckConstraint(
                condition=models.Q(("done_quantity__lte", models.F("quantity")), ("quantity__gt", 0)),
                name="put_back_within_task",
            ),
        ),
        migrations.AddIndex(
            model_name="purchaseorderline",
            index=models.Index(fields=["variant", "expected_on"], name="supply_of_variant"),
        ),
        migrations.AddIndex(
            model_name="purchaseorderline",
            index=models.Index(
                condition=models.Q(("promised_quantity__gt", 0)), fields=["variant"], name="supply_promised"
            ),
        ),
        migrations.AddConstraint(
            model_name="purchaseorderline",
            constraint=models.UniqueConstraint(fields=("purchase_order", "variant"), name="one_order_line_per_variant"),
        ),
        migrations.AddConstraint(
            model_name="purchaseorderline",
            constraint=models.CheckConstraint(
                condition=models.Q(("ordered_quantity__gt", 0)), name="ordered_something"
            ),
        ),
        migrations.AddConstraint(
            model_name="purchaseorderline",
            constraint=models.CheckConstraint(
                condition=models.Q(("closed_quantity__lte", models.F("ordered_quantity"))),
                name="closed_of_what_was_ordered",
            ),
        ),
        migrations.AddConstraint(
            model_name="purchaseorderline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("promised_quantity", 0),
                    (
                        "promised_quantity__lte",
                        django.db.models.expressions.CombinedExpression(
                            django.db.models.expressions.CombinedExpression(
                                models.F("ordered_quantity"), "-", models.F("received_quantity")
                            ),
                            "-",
                            models.F("closed_quantity"),
                        ),
                    ),
                    _connector="OR",
                ),
                name="promised_of_what_comes",
            ),
        ),
        migrations.AddConstraint(
            model_name="price",
            constraint=models.UniqueConstraint(fields=("variant", "currency"), name="one_price_per_currency"),
        ),
        migrations.AddConstraint(
            model_name="price",
            constraint=models.CheckConstraint(condition=models.Q(("amount__gte", 0)), name="price_not_negative"),
        ),
        migrations.AddIndex(
            model_name="pickvisit",
            index=models.Index(fields=["at", "id"], name="visit_when"),
        ),
        migrations.AddConstraint(
            model_name="pickvisit",
            constraint=models.UniqueConstraint(fields=("variant", "location", "at"), name="one_visit_per_span"),
        ),
        migrations.AddConstraint(
            model_name="pickvisit",
            constraint=models.CheckConstraint(
                condition=models.Q(("found__gt", 0), ("missed__gt", 0), _connector="OR"), name="visit_found_or_missed"
            ),
        ),
        migrations.AddConstraint(
            model_name="pickvisit",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("is_found", True), ("missed", 0)),
                    models.Q(("is_found", False), ("missed__gt", 0)),
                    _connector="OR",
                ),
                name="visit_is_found",
            ),
        ),
        migrations.AddConstraint(
            model_name="pickvisit",
            constraint=models.CheckConstraint(
                condition=models.Q(("said", None), models.Q(("said__gte", 0), ("said__lte", 1)), _connector="OR"),
                name="visit_said_a_chance",
            ),
        ),
        migrations.AddIndex(
            model_name="offshelf",
            index=models.Index(fields=["variant", "location", "at"], name="off_shelf_of_shelf"),
        ),
        migrations.AddIndex(
            model_name="offshelf",
            index=models.Index(fields=["at"], name="off_shelf_at"),
        ),
        migrations.AddConstraint(
            model_name="offshelf",
            constraint=models.CheckConstraint(
                condition=models.Q(("quantity", 0), _negated=True), name="off_shelf_of_something"
            ),
        ),
        migrations.AddConstraint(
            model_name="kitcomponent",
            constraint=models.UniqueConstraint(fields=("kit", "component"), name="each_component_once"),
        ),
        migrations.AddConstraint(
            model_name="kitcomponent",
            constraint=models.CheckConstraint(condition=models.Q(("quantity__gte", 1)), name="component_of_something"),
        ),
        migrations.AddConstraint(
            model_name="kitcomponent",
            constraint=models.CheckConstraint(
                condition=models.Q(("kit", models.F("component")), _negated=True), name="kit_is_not_its_own_part"
            ),
        ),
        migrations.AddConstraint(
            model_name="drift",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status__in", ["found", "asked"])),
                fields=("variant", "location", "number", "bucket"),
                name="one_open_drift_per_number",
            ),
        ),
        migrations.AddConstraint(
            model_name="drift",
            constraint=models.CheckConstraint(
                condition=models.Q(("shown_quantity", models.F("summed_quantity")), _negated=True),
                name="drift_has_a_difference",
            ),
        ),
        migrations.AddConstraint(
            model_name="drift",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status__in", ["asked", "repaired"]), _negated=True),
                    models.Q(
                        ("asked_by__isnull", False),
                        models.Q(("repair_reason", ""), _negated=True),
                        models.Q(("trusted", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="drift_repair_says_who_and_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="deliveryline",
            constraint=models.UniqueConstraint(fields=("delivery", "variant"), name="one_delivery_line_per_variant"),
        ),
        migrations.AddConstraint(
            model_name="deliveryline",
            constraint=models.CheckConstraint(
                condition=models.Q(("damaged_quantity__lte", models.F("received_quantity"))),
                name="damaged_of_what_came",
            ),
        ),
        migrations.AddIndex(
            model_name="cyclecount",
            index=models.Index(condition=models.Q(("done_at__isnull", False)), fields=["done_at"], name="count_done"),
        ),
        migrations.AddIndex(
            model_name="cyclecount",
            index=models.Index(fields=["location", "raised_at"], name="count_raised_at"),
        ),
        migrations.AddConstraint(
            model_name="cyclecount",
            constraint=models.UniqueConstraint(
                condition=models.Q(("done_at", None)), fields=("location", "variant"), name="one_open_count_per_item"
            ),
        ),
        migrations.AddIndex(
            model_name="countscan",
            index=models.Index(fields=["session", "variant", "round"], name="count_scan_of_item"),
        ),
        migrations.AddConstraint(
            model_name="countscan",
            constraint=models.UniqueConstraint(fields=("session", "key"), name="each_count_scan_once"),
        ),
        migrations.AddConstraint(
            model_name="countscan",
            constraint=models.UniqueConstraint(
                condition=models.Q(("epc", ""), _negated=True), fields=("session", "epc"), name="each_tag_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="countscan",
            constraint=models.CheckConstraint(
                condition=models.Q(("quantity__gte", 0), ("undoes__isnull", False), _connector="OR"),
                name="only_taken_back_is_negative",
            ),
        ),
        migrations.AddIndex(
            model_name="countline",
            index=models.Index(fields=["session", "state", "-value"], name="count_line_review"),
        ),
        migrations.AddIndex(
            model_name="countline",
            index=models.Index(
                condition=models.Q(("settled_at__isnull", False)), fields=["settled_at"], name="count_line_settled"
            ),
        ),
        migrations.AddIndex(
            model_name="countline",
            index=models.Index(
                condition=models.Q(("settled_at__isnull", False)),
                fields=["variant", "location", "last_at"],
                name="count_line_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="countline",
            constraint=models.UniqueConstraint(fields=("session", "variant"), name="one_line_per_item"),
        ),
        migrations.AddConstraint(
            model_name="countline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("counted", None), ("delta", 0)),
                    (
                        "delta",
                        django.db.models.expressions.CombinedExpression(models.F("counted"), "-", models.F("expected")),
                    ),
                    _connector="OR",
                ),
                name="difference_of_a_count",
            ),
        ),
        migrations.AddConstraint(
            model_name="countline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("settled_at", None),
                    models.Q(("state__in", ["moved", "recount", "approval", "uncounted", "ready"]), _negated=True),
                    _connector="OR",
                ),
                name="waiting_line_is_not_settled",
            ),
        ),
        migrations.AddConstraint(
            model_name="cartonitem",
            constraint=models.UniqueConstraint(fields=("carton", "variant"), name="one_carton_item_per_variant"),
        ),
        migrations.AddConstraint(
            model_name="cartonitem",
            constraint=models.CheckConstraint(
                condition=models.Q(("quantity__gt", 0)), name="announced_carton_not_empty"
            ),
        ),
        migrations.AddConstraint(
            model_name="barcode",
            constraint=models.CheckConstraint(
                condition=models.Q(("pack_quantity__gte", 1)), name="barcode_packs_something"
            ),
        ),
        migrations.AddIndex(
            model_name="adjustment",
            index=models.Index(fields=["location", "-made_at"], name="adjustments_of_a_day"),
        ),
        migrations.AddIndex(
            model_name="adjustment",
            index=models.Index(fields=["answered_by", "reason", "made_at"], name="adjustments_of_a_person"),
        ),
        migrations.AddConstraint(
            model_name="adjustment",
            constraint=models.CheckConstraint(condition=models.Q(("quantity__gte", 1)), name="adjustment_of_something"),
        ),
        migrations.AddConstraint(
            model_name="adjustment",
            constraint=models.CheckConstraint(
                condition=models.Q(("source", models.F("target")), _negated=True), name="adjustment_goes_somewhere"
            ),
        ),
        migrations.AddConstraint(
            model_name="adjustment",
            constraint=models.CheckConstraint(
                condition=models.Q(("value__gte", 0)), name="adjustment_value_not_negative"
            ),
        ),
        migrations.AddConstraint(
            model_name="adjustment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("reason__isnull", False),
                    models.Q(("source", "away"), ("target", "away"), _connector="OR", _negated=True),
                    _connector="OR",
                ),
                name="adjustment_says_why",
            ),
        ),
    ]
