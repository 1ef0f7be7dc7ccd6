import uuid

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.constraints
import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models

import orders.models.choice
import orders.models.dropship
import orders.models.manifest
import orders.models.order
import orders.models.pick_list


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("customers", "0002_tables"),
        ("inventory", "0002_tables"),
        ("orders", "0001_sequences"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="PriceQuote",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.UUIDField(unique=True, verbose_name="number")),
                ("currency", models.CharField(max_length=3, verbose_name="currency")),
                ("prices_include_tax", models.BooleanField(verbose_name="prices include tax")),
                ("lines", models.JSONField(help_text="As an order takes them, by reference.", verbose_name="lines")),
                ("quoted_by", models.CharField(max_length=150, verbose_name="quoted by")),
                ("quoted_at", models.DateTimeField(verbose_name="quoted")),
                ("expires_at", models.DateTimeField(db_index=True, verbose_name="expires")),
            ],
            options={
                "verbose_name": "price quote",
                "verbose_name_plural": "price quotes",
            },
        ),
        migrations.CreateModel(
            name="RoutingReplay",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("edits", models.PositiveIntegerField(default=0, editable=False)),
                ("since", models.DateTimeField(verbose_name="from")),
                ("until", models.DateTimeField(verbose_name="until")),
                ("asked_by", models.CharField(max_length=150, verbose_name="asked by")),
                ("asked_at", models.DateTimeField(verbose_name="asked")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("running", "Running"),
                            ("done", "Done"),
                            ("failed", "Failed"),
                        ],
                        default="waiting",
                        max_length=8,
                        verbose_name="status",
                    ),
                ),
                ("failed_because", models.CharField(blank=True, max_length=300, verbose_name="why it failed")),
                ("finished_at", models.DateTimeField(blank=True, null=True, verbose_name="finished")),
                ("total", models.PositiveIntegerField(verbose_name="to decide")),
                ("done", models.PositiveIntegerField(default=0, verbose_name="decided again")),
                ("orders", models.PositiveIntegerField(verbose_name="orders of the period")),
                (
                    "left_out",
                    models.PositiveIntegerField(
                        default=0,
                        help_text="Not asked by these rules, or kept in a form that is not read.",
                        verbose_name="left out",
                    ),
                ),
                ("moved", models.PositiveIntegerField(default=0, verbose_name="plans from elsewhere")),
                ("different", models.PositiveIntegerField(default=0, verbose_name="plans that differ")),
                ("totals", models.JSONField(blank=True, default=dict, verbose_name="totals")),
                ("after_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("after_id", models.BigIntegerField(default=0, editable=False)),
                ("shelves", models.BinaryField(default=bytes)),
            ],
            options={
                "verbose_name": "replay",
                "verbose_name_plural": "replays on past orders",
                "ordering": ["-pk"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="SimulatedLabel",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=80, unique=True, verbose_name="key")),
                ("carrier", models.CharField(max_length=60, verbose_name="carrier")),
                ("service", models.CharField(max_length=60, verbose_name="service")),
                ("tracking_number", models.CharField(max_length=100, unique=True, verbose_name="tracking number")),
                ("amount", models.DecimalField(decimal_places=4, max_digits=14, verbose_name="price")),
                ("currency", models.CharField(max_length=3, verbose_name="currency")),
                ("deliver_by", models.DateTimeField(verbose_name="should arrive by")),
                ("asked", models.JSONField(help_text="Sender, recipient and parcel.", verbose_name="as asked")),
                ("bought_at", models.DateTimeField(verbose_name="bought")),
                ("voided_at", models.DateTimeField(blank=True, null=True, verbose_name="voided")),
            ],
            options={
                "verbose_name": "simulated label",
                "verbose_name_plural": "simulated labels",
            },
        ),
        migrations.CreateModel(
            name="TerminalCall",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=200, unique=True, verbose_name="key")),
                ("kind", models.CharField(max_length=10, verbose_name="kind")),
                ("on_reference", models.CharField(blank=True, max_length=200, verbose_name="on")),
                ("amount", models.DecimalField(decimal_places=4, max_digits=14, verbose_name="amount")),
                ("currency", models.CharField(max_length=3, verbose_name="currency")),
                ("is_approved", models.BooleanField(verbose_name="approved")),
                ("called_at", models.DateTimeField(verbose_name="called")),
            ],
            options={
                "verbose_name": "call of the simulated terminal",
                "verbose_name_plural": "calls of the simulated terminal",
            },
        ),
        migrations.CreateModel(
            name="Basket",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False, verbose_name="id"
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[("open", "Open"), ("parked", "Parked"), ("placed", "Placed"), ("dropped", "Given up")],
                        default="open",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                (
                    "version",
                    models.PositiveIntegerField(
                        default=0,
                        help_text="Rises with each change: two devices never write over each other.",
                        verbose_name="version",
                    ),
                ),
                (
                    "recent_keys",
                    models.JSONField(
                        blank=True,
                        default=list,
                        help_text="Of presses that were counted: each counts once.",
                        verbose_name="recent keys",
                    ),
                ),
                ("line_count", models.PositiveIntegerField(default=0, verbose_name="lines so far")),
                ("contact_name", models.CharField(blank=True, max_length=200, verbose_name="name")),
                ("contact_email", models.CharField(blank=True, max_length=254, verbose_name="e-mail")),
                ("contact_phone", models.CharField(blank=True, max_length=20, verbose_name="phone")),
                ("shipping_address", models.JSONField(blank=True, null=True, verbose_name="shipping address")),
                (
                    "note",
                    models.CharField(
                        blank=True, help_text="To know a parked basket by.", max_length=200, verbose_name="note"
                    ),
                ),
                (
                    "age_over",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="The age that was checked; nobody's date of birth is kept.",
                        null=True,
                        verbose_name="older than",
                    ),
                ),
                (
                    "age_check",
                    models.CharField(
                        blank=True,
                        choices=[("photo_id", "Photo ID seen"), ("other_id", "Another ID seen")],
                        max_length=10,
                        verbose_name="age checked by",
                    ),
                ),
                ("created_at", models.DateTimeField(verbose_name="begun")),
                ("updated_at", models.DateTimeField(verbose_name="changed")),
                (
                    "associate",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="associate",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="customers.customer",
                        verbose_name="customer",
                    ),
                ),
                (
                    "hold",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inventory.hold",
                        verbose_name="hold",
                    ),
                ),
                (
                    "location",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inventory.location",
                        verbose_name="sold at",
                    ),
                ),
            ],
            options={
                "verbose_name": "basket",
                "verbose_name_plural": "baskets",
            },
        ),
        migrations.CreateModel(
            name="BasketLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveIntegerField(verbose_name="position")),
                ("quantity", models.PositiveIntegerField(verbose_name="quantity")),
                (
                    "method",
                    models.CharField(
                        choices=[("pickup", "Pickup"), ("ship", "Ship"), ("carry_out", "Carry out")],
                        max_length=10,
                        verbose_name="method",
                    ),
                ),
                (
                    "is_later",
                    models.BooleanField(
                        default=False,
                        help_text="Not here yet: promised when it is paid, kept by nobody before.",
                        verbose_name="from a supplier",
                    ),
                ),
                (
                    "basket",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lines",
                        to="orders.basket",
                        verbose_name="basket",
                    ),
                ),
                (
                    "location",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        help_text="Where it is carried out or picked up; a line that is shipped has none.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inventory.location",
                        verbose_name="at",
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
                "verbose_name": "basket line",
                "verbose_name_plural": "basket lines",
                "ordering": ["position"],
            },
        ),
        migrations.CreateModel(
            name="BasketPiece",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("serial", models.CharField(max_length=100, verbose_name="serial number")),
                ("scanned_at", models.DateTimeField(verbose_name="scanned")),
                (
                    "line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="pieces",
                        to="orders.basketline",
                        verbose_name="basket line",
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
                "verbose_name": "piece in a basket",
                "verbose_name_plural": "pieces in baskets",
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
                        help_text="As it is printed on the box.", max_length=20, unique=True, verbose_name="code"
                    ),
                ),
                ("name", models.CharField(max_length=80, verbose_name="name")),
                ("length_mm", models.PositiveIntegerField(verbose_name="inner length in mm")),
                ("width_mm", models.PositiveIntegerField(verbose_name="inner width in mm")),
                ("height_mm", models.PositiveIntegerField(verbose_name="inner height in mm")),
                ("weight_g", models.PositiveIntegerField(default=0, verbose_name="weight of the empty box in grams")),
                ("max_weight_g", models.PositiveIntegerField(default=20000, verbose_name="carries up to, in grams")),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
            ],
            options={
                "verbose_name": "carton",
                "verbose_name_plural": "cartons",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("height_mm__gt", 0),
                            ("length_mm__gt", 0),
                            ("max_weight_g__gt", models.F("weight_g")),
                            ("width_mm__gt", 0),
                        ),
                        name="carton_holds_something",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CostParameters",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "status",
                    models.CharField(
                        choices=[("draft", "Draft"), ("set", "Set"), ("withdrawn", "Withdrawn")],
                        default="draft",
                        max_length=9,
                        verbose_name="status",
                    ),
                ),
                ("effective_from", models.DateTimeField(verbose_name="from")),
                (
                    "store_hour_amount",
                    models.DecimalField(
                        decimal_places=4, default="19.00", max_digits=14, verbose_name="store: an hour of work"
                    ),
                ),
                (
                    "store_parcel_minutes",
                    models.DecimalField(
                        decimal_places=2, default="6", max_digits=6, verbose_name="store: minutes for a parcel"
                    ),
                ),
                (
                    "store_unit_minutes",
                    models.DecimalField(
                        decimal_places=2, default="3", max_digits=6, verbose_name="store: minutes for a unit"
                    ),
                ),
                (
                    "store_parcel_amount",
                    models.DecimalField(
                        decimal_places=4, default=0, max_digits=14, verbose_name="store: fee for a parcel"
                    ),
                ),
                (
                    "dc_hour_amount",
                    models.DecimalField(
                        decimal_places=4,
                        default="21.00",
                        max_digits=14,
                        verbose_name="distribution center: an hour of work",
                    ),
                ),
                (
                    "dc_parcel_minutes",
                    models.DecimalField(
                        decimal_places=2,
                        default="2.5",
                        max_digits=6,
                        verbose_name="distribution center: minutes for a parcel",
                    ),
                ),
                (
                    "dc_unit_minutes",
                    models.DecimalField(
                        decimal_places=2,
                        default="1.3",
                        max_digits=6,
                        verbose_name="distribution center: minutes for a unit",
                    ),
                ),
                (
                    "dc_parcel_amount",
                    models.DecimalField(
                        decimal_places=4, default=0, max_digits=14, verbose_name="distribution center: fee for a parcel"
                    ),
                ),
                (
                    "dropship_hour_amount",
                    models.DecimalField(
                        decimal_places=4, default=0, max_digits=14, verbose_name="vendor: an hour of work"
                    ),
                ),
                (
                    "dropship_parcel_minutes",
                    models.DecimalField(
                        decimal_places=2, default=0, max_digits=6, verbose_name="vendor: minutes for a parcel"
                    ),
                ),
                (
                    "dropship_unit_minutes",
                    models.DecimalField(
                        decimal_places=2, default=0, max_digits=6, verbose_name="vendor: minutes for a unit"
                    ),
                ),
                (
                    "dropship_parcel_amount",
                    models.DecimalField(
                        decimal_places=4, default="3.00", max_digits=14, verbose_name="vendor: fee for a parcel"
                    ),
                ),
                (
                    "packaging_amount",
                    models.DecimalField(
                        decimal_places=4, default="0.60", max_digits=14, verbose_name="packaging of a parcel"
                    ),
                ),
                (
                    "split_amount",
                    models.DecimalField(
                        decimal_places=4,
                        default="1.50",
                        help_text="For each parcel beyond the first, beside what it costs: what waiting twice does.",
                        max_digits=14,
                        verbose_name="split price",
                    ),
                ),
                (
                    "late_amount",
                    models.DecimalField(decimal_places=4, default="5.00", max_digits=14, verbose_name="a day late"),
                ),
                (
                    "wait_amount",
                    models.DecimalField(
                        decimal_places=4,
                        default="1.00",
                        help_text="For each day that a parcel leaves after the first that could, late or not.",
                        max_digits=14,
                        verbose_name="a day of waiting",
                    ),
                ),
                (
                    "unserved_amount",
                    models.DecimalField(
                        decimal_places=4,
                        default="60.00",
                        help_text="Beside its margin.",
                        max_digits=14,
                        verbose_name="a line that nobody serves",
                    ),
                ),
                (
                    "failure_amount",
                    models.DecimalField(
                        decimal_places=4,
                        default="6.00",
                        help_text="Work for nothing, delay and another route; times its chance.",
                        max_digits=14,
                        verbose_name="a location that cannot give",
                    ),
                ),
                (
                    "margin_percent",
                    models.PositiveSmallIntegerField(
                        default=40, help_text="Of the price, where the unit's cost is not known.", verbose_name="margin"
                    ),
                ),
                (
                    "lost_percent",
                    models.PositiveSmallIntegerField(
                        default=45,
                        help_text="Of the margin of a customer in the store who does not find it: who buys nothing else.",
                        verbose_name="lost share",
                    ),
                ),
                (
                    "markdown_percent",
                    models.PositiveSmallIntegerField(
                        default=0,
                        help_text="Of the price: what a unit loses that nobody buys where it lies. Above 0 old stock moves.",
                        verbose_name="markdown",
                    ),
                ),
                (
                    "cover_days",
                    models.PositiveSmallIntegerField(
                        default=7,
                        help_text="How long a shelf has to last until it is filled again.",
                        verbose_name="days of cover",
                    ),
                ),
                (
                    "most_unit_value_amount",
                    models.DecimalField(
                        decimal_places=4, default="25.00", max_digits=14, verbose_name="value of a unit at most"
                    ),
                ),
                (
                    "inches_per_pound",
                    models.PositiveSmallIntegerField(
                        default=139,
                        help_text="The carriers' divisor for large, light parcels.",
                        verbose_name="cubic inches per pound",
                    ),
                ),
                ("on_saturdays", models.BooleanField(default=False, verbose_name="carriers drive on Saturdays")),
                (
                    "holidays",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.DateField(),
                        blank=True,
                        default=list,
                        help_text="Such as 2026-12-25, separated by commas.",
                        size=None,
                        verbose_name="carriers' holidays",
                    ),
                ),
                ("edits", models.PositiveIntegerField(default=0, editable=False)),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="made")),
                ("set_by", models.CharField(blank=True, editable=False, max_length=150, verbose_name="by")),
                ("why", models.CharField(blank=True, editable=False, max_length=200, verbose_name="reason")),
            ],
            options={
                "verbose_name": "cost parameters",
                "verbose_name_plural": "cost parameters",
                "indexes": [
                    models.Index(
                        condition=models.Q(("status", "set")), fields=["effective_from", "id"], name="costs_in_effect"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("dc_hour_amount__gte", 0),
                            ("dc_parcel_amount__gte", 0),
                            ("dc_parcel_minutes__gte", 0),
                            ("dc_unit_minutes__gte", 0),
                            ("dropship_hour_amount__gte", 0),
                            ("dropship_parcel_amount__gte", 0),
                            ("dropship_parcel_minutes__gte", 0),
                            ("dropship_unit_minutes__gte", 0),
                            ("failure_amount__gte", 0),
                            ("late_amount__gte", 0),
                            ("most_unit_value_amount__gte", 0),
                            ("packaging_amount__gte", 0),
                            ("split_amount__gte", 0),
                            ("store_hour_amount__gte", 0),
                            ("store_parcel_amount__gte", 0),
                            ("store_parcel_minutes__gte", 0),
                            ("store_unit_minutes__gte", 0),
                            ("unserved_amount__gte", 0),
                            ("wait_amount__gte", 0),
                        ),
                        name="costs_not_negative",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("cover_days__lte", 90),
                            ("inches_per_pound__gte", 50),
                            ("inches_per_pound__lte", 1000),
                            ("lost_percent__lte", 100),
                            ("margin_percent__lte", 100),
                            ("markdown_percent__lte", 100),
                        ),
                        name="costs_within_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("status", "draft"),
                            ("status", "withdrawn"),
                            models.Q(("why", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="costs_set_say_why",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FulfillmentLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("quantity", models.PositiveIntegerField(verbose_name="wanted")),
                ("picked_quantity", models.PositiveIntegerField(default=0, verbose_name="picked")),
                ("short_quantity", models.PositiveIntegerField(default=0, verbose_name="short")),
                ("cancelled_quantity", models.PositiveIntegerField(default=0, verbose_name="cancelled")),
                (
                    "packed_quantity",
                    models.PositiveIntegerField(
                        default=0,
                        help_text="Units in parcels, gone or still here; of work that is shipped.",
                        verbose_name="in parcels",
                    ),
                ),
                ("issued_quantity", models.PositiveIntegerField(default=0, verbose_name="handed over or shipped")),
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
                "verbose_name": "fulfillment line",
                "verbose_name_plural": "fulfillment lines",
            },
        ),
        migrations.CreateModel(
            name="Confirmation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "quantity",
                    models.PositiveIntegerField(
                        help_text="Of those it shipped already, too; 0: taken back.", verbose_name="units"
                    ),
                ),
                ("ships_on", models.DateField(blank=True, null=True, verbose_name="leaves on")),
                ("confirmed_at", models.DateTimeField(verbose_name="confirmed")),
                ("confirmed_by", models.CharField(max_length=150, verbose_name="by")),
                (
                    "line",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="confirmation",
                        to="orders.fulfillmentline",
                        verbose_name="line",
                    ),
                ),
            ],
            options={
                "verbose_name": "confirmation",
                "verbose_name_plural": "confirmations",
            },
        ),
        migrations.CreateModel(
            name="FulfillmentOrder",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=40, unique=True, verbose_name="number")),
                (
                    "method",
                    models.CharField(
                        choices=[("pickup", "Pickup"), ("ship", "Ship"), ("carry_out", "Carry out")],
                        max_length=10,
                        verbose_name="method",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("awaiting", "On its way to the store"),
                            ("planned", "Planned"),
                            ("released", "Released"),
                            ("accepted", "Accepted"),
                            ("picking", "Picking"),
                            ("staged", "Staged"),
                            ("handed_over", "Handed over"),
                            ("shipped", "Shipped"),
                            ("declined", "Declined"),
                            ("short", "Nothing found"),
                            ("cancelled", "Cancelled"),
                            ("expired", "Not collected"),
                        ],
                        default="planned",
                        max_length=12,
                        verbose_name="status",
                    ),
                ),
                ("due_at", models.DateTimeField(help_text="Pickup: ready by. Ship: begun by.", verbose_name="due")),
                ("cutoff_at", models.DateTimeField(blank=True, null=True, verbose_name="carrier leaves")),
                ("release_at", models.DateTimeField(verbose_name="release at")),
                ("released_at", models.DateTimeField(blank=True, null=True, verbose_name="released")),
                (
                    "confirm_by",
                    models.DateTimeField(
                        blank=True,
                        help_text="Parcels are offered: who does not accept loses them.",
                        null=True,
                        verbose_name="accept by",
                    ),
                ),
                ("accepted_at", models.DateTimeField(blank=True, null=True, verbose_name="accepted")),
                ("timed_out_at", models.DateTimeField(blank=True, null=True, verbose_name="not accepted in time")),
                ("missed_at", models.DateTimeField(blank=True, null=True, verbose_name="missed the carrier")),
                ("capacity_day", models.DateField(blank=True, null=True, verbose_name="capacity day")),
                (
                    "tote_number",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="place on the cart"),
                ),
                ("tote_label", models.CharField(blank=True, max_length=20, verbose_name="label of the tote")),
                ("shelf_code", models.CharField(blank=True, max_length=20, verbose_name="staging shelf")),
                ("staged_at", models.DateTimeField(blank=True, null=True, verbose_name="staged")),
                ("collect_by", models.DateTimeField(blank=True, null=True, verbose_name="collect by")),
                ("reminded_at", models.DateTimeField(blank=True, null=True, verbose_name="reminded")),
                ("last_day_told_at", models.DateTimeField(blank=True, null=True, verbose_name="told of the last day")),
                ("delay_told_at", models.DateTimeField(blank=True, null=True, verbose_name="told of the delay")),
                ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="closed")),
                ("closed_reason", models.CharField(blank=True, max_length=200, verbose_name="why it closed")),
                (
                    "stop_notice",
                    models.CharField(
                        blank=True,
                        help_text="Shown to the picker at the next scan.",
                        max_length=300,
                        verbose_name="stop notice",
                    ),
                ),
                ("tracking_carrier", models.CharField(blank=True, max_length=60, verbose_name="carrier")),
                ("tracking_number", models.CharField(blank=True, max_length=100, verbose_name="tracking number")),
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
                    "transfer",
                    models.OneToOneField(
                        blank=True,
                        help_text="Brings the units of a pickup to its store.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inventory.transfer",
                        verbose_name="transfer",
                    ),
                ),
            ],
            options={
                "verbose_name": "fulfillment order",
                "verbose_name_plural": "fulfillment orders",
            },
        ),
        migrations.AddField(
            model_name="fulfillmentline",
            name="fulfillment_order",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="lines",
                to="orders.fulfillmentorder",
                verbose_name="fulfillment order",
            ),
        ),
        migrations.CreateModel(
            name="AgeRefusal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("over", models.PositiveSmallIntegerField(verbose_name="required age")),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("under_age", "Not old enough"),
                            ("no_id", "No valid ID"),
                            ("id_doubtful", "The ID is doubtful"),
                        ],
                        max_length=12,
                        verbose_name="reason",
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("keep", "Stays ready for somebody old enough"),
                            ("cancel", "Cancelled, to be put back"),
                        ],
                        max_length=8,
                        verbose_name="outcome",
                    ),
                ),
                ("lines", models.JSONField(help_text="Fulfillment line id -> units.", verbose_name="lines")),
                ("refused_at", models.DateTimeField(verbose_name="refused")),
                (
                    "refused_by",
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
                    "fulfillment_order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="age_refusals",
                        to="orders.fulfillmentorder",
                        verbose_name="fulfillment order",
                    ),
                ),
            ],
            options={
                "verbose_name": "age refusal",
                "verbose_name_plural": "age refusals",
            },
        ),
        migrations.CreateModel(
            name="HandOver",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "check_kind",
                    models.CharField(
                        choices=[
                            ("code", "Pickup code"),
                            ("photo_id", "Photo ID"),
                            ("override", "Lead's decision"),
                            ("at_counter", "Bought at the counter"),
                        ],
                        max_length=10,
                        verbose_name="checked by",
                    ),
                ),
                ("collector_name", models.CharField(blank=True, max_length=200, verbose_name="collector")),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="note")),
                ("lines", models.JSONField(help_text="Fulfillment line id -> units.", verbose_name="lines")),
                ("reservation_ids", models.JSONField(verbose_name="consumed reservations")),
                ("is_age_restricted", models.BooleanField(default=False, verbose_name="age-restricted")),
                (
                    "age_over",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="The age that was checked; nobody's date of birth is kept.",
                        null=True,
                        verbose_name="older than",
                    ),
                ),
                (
                    "age_check",
                    models.CharField(
                        blank=True,
                        choices=[("photo_id", "Photo ID seen"), ("other_id", "Another ID seen")],
                        max_length=10,
                        verbose_name="age checked by",
                    ),
                ),
                ("handed_over_at", models.DateTimeField(verbose_name="handed over")),
                ("undo_until", models.DateTimeField(verbose_name="undo until")),
                ("undone_at", models.DateTimeField(blank=True, null=True, verbose_name="undone")),
                ("finalized_at", models.DateTimeField(blank=True, null=True, verbose_name="final")),
                (
                    "fulfillment_order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="hand_overs",
                        to="orders.fulfillmentorder",
                        verbose_name="fulfillment order",
                    ),
                ),
                (
                    "handed_over_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
            ],
            options={
                "verbose_name": "hand-over",
                "verbose_name_plural": "hand-overs",
            },
        ),
        migrations.CreateModel(
            name="Arrival",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("on_my_way_at", models.DateTimeField(blank=True, null=True, verbose_name="on the way")),
                ("arrived_at", models.DateTimeField(blank=True, null=True, verbose_name="arrived")),
                ("bay", models.CharField(blank=True, max_length=20, verbose_name="bay")),
                ("car", models.CharField(blank=True, max_length=60, verbose_name="car")),
                ("car_color", models.CharField(blank=True, max_length=30, verbose_name="color of the car")),
                ("told_by", models.CharField(max_length=150, verbose_name="told by")),
                ("served_at", models.DateTimeField(blank=True, null=True, verbose_name="served")),
                (
                    "waited_seconds",
                    models.PositiveIntegerField(
                        blank=True,
                        help_text="From the later of arrived and ready, until served.",
                        null=True,
                        verbose_name="waited, in seconds",
                    ),
                ),
                ("cancelled_at", models.DateTimeField(blank=True, null=True, verbose_name="called off")),
                (
                    "fulfillment_order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="arrivals",
                        to="orders.fulfillmentorder",
                        verbose_name="fulfillment order",
                    ),
                ),
                (
                    "hand_over",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="arrivals",
                        to="orders.handover",
                        verbose_name="hand-over",
                    ),
                ),
            ],
            options={
                "verbose_name": "arrival",
                "verbose_name_plural": "arrivals",
            },
        ),
        migrations.CreateModel(
            name="Label",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=80, unique=True, verbose_name="key")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("asked", "Asked for"),
                            ("bought", "Bought"),
                            ("refused", "Refused"),
                            ("failed", "Not bought"),
                            ("voiding", "Being voided"),
                            ("voided", "Voided"),
                            ("kept", "Void refused"),
                        ],
                        default="asked",
                        max_length=8,
                        verbose_name="status",
                    ),
                ),
                (
                    "is_manual",
                    models.BooleanField(
                        default=False,
                        help_text="Bought elsewhere; only carrier and tracking number are known.",
                        verbose_name="typed",
                    ),
                ),
                ("carrier", models.CharField(max_length=60, verbose_name="carrier")),
                ("service", models.CharField(blank=True, max_length=60, verbose_name="service")),
                ("tracking_number", models.CharField(blank=True, max_length=100, verbose_name="tracking number")),
                (
                    "amount",
                    models.DecimalField(blank=True, decimal_places=4, max_digits=14, null=True, verbose_name="price"),
                ),
                ("currency", models.CharField(blank=True, max_length=3, verbose_name="currency")),
                ("reference", models.CharField(blank=True, max_length=200, verbose_name="carrier's reference")),
                ("deliver_by", models.DateTimeField(blank=True, null=True, verbose_name="should arrive by")),
                ("asked_at", models.DateTimeField(verbose_name="asked")),
                ("answered_at", models.DateTimeField(blank=True, null=True, verbose_name="answered")),
                ("refusal", models.CharField(blank=True, max_length=500, verbose_name="refusal")),
                ("refused_field", models.CharField(blank=True, max_length=60, verbose_name="refused field")),
                (
                    "asked_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
            ],
            options={
                "verbose_name": "label",
                "verbose_name_plural": "labels",
            },
        ),
        migrations.CreateModel(
            name="LabelDocument",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("pdf", models.BinaryField(verbose_name="PDF")),
                ("zpl", models.TextField(blank=True, verbose_name="ZPL")),
                (
                    "label",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="document",
                        to="orders.label",
                        verbose_name="label",
                    ),
                ),
            ],
            options={
                "verbose_name": "label document",
                "verbose_name_plural": "label documents",
            },
        ),
        migrations.CreateModel(
            name="LostSale",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sku", models.CharField(blank=True, max_length=64, verbose_name="SKU")),
                (
                    "wanted",
                    models.CharField(
                        help_text="The item, or the shopper's words.", max_length=400, verbose_name="what was wanted"
                    ),
                ),
                ("quantity", models.PositiveIntegerField(default=1, verbose_name="units")),
                (
                    "key",
                    models.CharField(
                        help_text="One press counts once.", max_length=64, unique=True, verbose_name="key"
                    ),
                ),
                ("recorded_at", models.DateTimeField(verbose_name="recorded")),
                ("undone_at", models.DateTimeField(blank=True, null=True, verbose_name="taken back")),
                (
                    "associate",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="recorded by",
                    ),
                ),
                (
                    "location",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inventory.location",
                        verbose_name="asked at",
                    ),
                ),
                (
                    "variant",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inventory.variant",
                        verbose_name="variant",
                    ),
                ),
            ],
            options={
                "verbose_name": "lost sale",
                "verbose_name_plural": "lost sales",
            },
        ),
        migrations.CreateModel(
            name="Manifest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "number",
                    models.BigIntegerField(
                        db_default=orders.models.manifest.NextManifest(), unique=True, verbose_name="number"
                    ),
                ),
                ("carrier", models.CharField(max_length=60, verbose_name="carrier")),
                (
                    "status",
                    models.CharField(
                        choices=[("open", "Open"), ("closing", "Being closed"), ("closed", "Closed")],
                        default="open",
                        max_length=8,
                        verbose_name="status",
                    ),
                ),
                ("opened_at", models.DateTimeField(verbose_name="opened")),
                ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="closed")),
                ("driver_name", models.CharField(blank=True, max_length=100, verbose_name="taken by")),
                (
                    "closed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="closed by",
                    ),
                ),
                (
                    "location",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inventory.location",
                        verbose_name="location",
                    ),
                ),
                (
                    "opened_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="opened by",
                    ),
                ),
            ],
            options={
                "verbose_name": "manifest",
                "verbose_name_plural": "manifests",
            },
        ),
        migrations.CreateModel(
            name="Order",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "number",
                    models.BigIntegerField(
                        db_default=orders.models.order.NextNumber(), unique=True, verbose_name="number"
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("web", "Web shop"),
                            ("pos", "Till"),
                            ("marketplace", "Marketplace"),
                            ("phone", "Phone"),
                            ("endless_aisle", "Endless aisle"),
                        ],
                        max_length=20,
                        verbose_name="channel",
                    ),
                ),
                ("channel_reference", models.CharField(max_length=100, verbose_name="reference in the channel")),
                ("currency", models.CharField(max_length=3, verbose_name="currency")),
                ("contact_name", models.CharField(blank=True, max_length=200, verbose_name="name")),
                ("contact_email", models.CharField(blank=True, max_length=254, verbose_name="e-mail")),
                ("contact_phone", models.CharField(blank=True, max_length=20, verbose_name="phone")),
                ("collector_name", models.CharField(blank=True, max_length=200, verbose_name="collected by")),
                ("shipping_address", models.JSONField(blank=True, null=True, verbose_name="shipping address")),
                (
                    "shipping_amount",
                    models.DecimalField(decimal_places=4, default=0, max_digits=14, verbose_name="shipping"),
                ),
                (
                    "shipping_tax_amount",
                    models.DecimalField(decimal_places=4, default=0, max_digits=14, verbose_name="tax on shipping"),
                ),
                ("shipping_taxes", models.JSONField(blank=True, default=list, verbose_name="taxes on shipping")),
                ("total_amount", models.DecimalField(decimal_places=4, max_digits=14, verbose_name="total")),
                (
                    "refunded_amount",
                    models.DecimalField(
                        decimal_places=4,
                        default=0,
                        help_text="What is being refunded counts at once.",
                        max_digits=14,
                        verbose_name="refunded",
                    ),
                ),
                ("prices_include_tax", models.BooleanField(default=False, verbose_name="prices include tax")),
                (
                    "on_shortage",
                    models.CharField(
                        choices=[
                            ("refuse", "Refuse"),
                            ("backorder", "Backorder"),
                            ("supply", "Only from stock or a supplier"),
                            ("accept", "Accept"),
                        ],
                        default="refuse",
                        max_length=10,
                        verbose_name="on shortage",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("partly_fulfilled", "Partly fulfilled"),
                            ("fulfilled", "Fulfilled"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="open",
                        max_length=20,
                        verbose_name="status",
                    ),
                ),
                (
                    "hold",
                    models.CharField(
                        blank=True,
                        choices=[("payment", "Payment"), ("fraud_review", "Fraud review"), ("address", "Address")],
                        max_length=20,
                        verbose_name="held for",
                    ),
                ),
                ("hold_note", models.CharField(blank=True, max_length=500, verbose_name="hold note")),
                (
                    "code_seed",
                    models.UUIDField(default=uuid.uuid4, editable=False, verbose_name="seed of the pickup code"),
                ),
                (
                    "pickup_code_digest",
                    models.CharField(blank=True, editable=False, max_length=64, verbose_name="pickup code"),
                ),
                ("fulfillment_count", models.PositiveIntegerField(default=0, verbose_name="fulfillment orders so far")),
                (
                    "promise_moves",
                    models.PositiveSmallIntegerField(
                        default=0,
                        help_text="How often its parcels were given to other locations before their release.",
                        verbose_name="promises moved",
                    ),
                ),
                ("tags", models.JSONField(blank=True, default=list, verbose_name="tags")),
                ("metadata", models.JSONField(blank=True, default=dict, verbose_name="metadata")),
                ("placed_at", models.DateTimeField(verbose_name="placed")),
                ("placed_by", models.CharField(max_length=150, verbose_name="placed by")),
                ("updated_at", models.DateTimeField(verbose_name="changed")),
                (
                    "customer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="orders",
                        to="customers.customer",
                        verbose_name="customer",
                    ),
                ),
            ],
            options={
                "verbose_name": "order",
                "verbose_name_plural": "orders",
            },
        ),
        migrations.CreateModel(
            name="Message",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("ready", "Ready for pickup"),
                            ("reminder", "Reminder"),
                            ("last_day", "Last day"),
                            ("delay", "Delay"),
                            ("later", "New day"),
                            ("supply", "Another day"),
                            ("supply_here", "It arrived"),
                            ("arrived", "Arrival noted"),
                            ("cancelled", "Cancelled"),
                            ("expired", "Not collected"),
                            ("choice", "Your choice"),
                            ("shipped", "Shipped"),
                            ("return_label", "Return label"),
                            ("returned", "Return received"),
                            ("refunded", "Refunded"),
                            ("return_refused", "Return refused"),
                        ],
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[("email", "E-mail"), ("sms", "Text message")],
                        default="email",
                        max_length=6,
                        verbose_name="channel",
                    ),
                ),
                (
                    "event_id",
                    models.BigIntegerField(
                        help_text="The event that it answers: once each, per channel.", verbose_name="event"
                    ),
                ),
                ("to", models.CharField(blank=True, max_length=254, verbose_name="to")),
                ("subject", models.CharField(max_length=200, verbose_name="subject")),
                ("body", models.TextField(help_text="Codes and links are masked here.", verbose_name="body")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("problem", models.CharField(blank=True, max_length=200, verbose_name="why it was not sent")),
                ("sent_at", models.DateTimeField(blank=True, null=True, verbose_name="sent")),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="messages",
                        to="orders.order",
                        verbose_name="order",
                    ),
                ),
            ],
            options={
                "verbose_name": "message",
                "verbose_name_plural": "messages",
            },
        ),
        migrations.AddField(
            model_name="fulfillmentorder",
            name="order",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="fulfillment_orders",
                to="orders.order",
                verbose_name="order",
            ),
        ),
        migrations.AddField(
            model_name="basket",
            name="order",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="basket",
                to="orders.order",
                verbose_name="order",
            ),
        ),
        migrations.CreateModel(
            name="OrderException",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting for stock"),
                            ("attempts", "No location could fill it"),
                            ("overdue", "Not confirmed in time"),
                            ("late", "Missed its carrier"),
                            ("payment", "Payment could not be captured"),
                            ("refund", "Refund was refused"),
                            ("parcel", "Parcel lost"),
                            ("address", "Address changed after release"),
                            ("routing", "Could not be decided about"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("detail", models.CharField(max_length=500, verbose_name="detail")),
                ("raised_at", models.DateTimeField(verbose_name="raised")),
                ("resolved_at", models.DateTimeField(blank=True, null=True, verbose_name="resolved")),
                ("resolution", models.CharField(blank=True, max_length=300, verbose_name="resolution")),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="exceptions",
                        to="orders.order",
                        verbose_name="order",
                    ),
                ),
                (
                    "resolved_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="resolved by",
                    ),
                ),
            ],
            options={
                "verbose_name": "exception",
                "verbose_name_plural": "exceptions",
            },
        ),
        migrations.CreateModel(
            name="OrderKit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveIntegerField(verbose_name="position")),
                ("reference", models.CharField(max_length=100, verbose_name="reference")),
                ("sku", models.CharField(max_length=64, verbose_name="SKU")),
                ("title", models.CharField(max_length=400, verbose_name="title")),
                ("quantity", models.PositiveIntegerField(verbose_name="ordered")),
                ("line_count", models.PositiveIntegerField(verbose_name="lines")),
                ("may_split", models.BooleanField(verbose_name="may be split")),
                ("unit_price_amount", models.DecimalField(decimal_places=4, max_digits=14, verbose_name="unit price")),
                (
                    "discount_amount",
                    models.DecimalField(decimal_places=4, default=0, max_digits=14, verbose_name="discount"),
                ),
                ("tax_amount", models.DecimalField(decimal_places=4, default=0, max_digits=14, verbose_name="tax")),
                (
                    "order",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="kits",
                        to="orders.order",
                        verbose_name="order",
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
                "verbose_name": "kit of an order",
                "verbose_name_plural": "kits of orders",
            },
        ),
        migrations.CreateModel(
            name="OrderLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveIntegerField(verbose_name="position")),
                ("reference", models.CharField(max_length=100, verbose_name="reference")),
                ("sku", models.CharField(max_length=64, verbose_name="SKU")),
                ("title", models.CharField(max_length=400, verbose_name="title")),
                ("quantity", models.PositiveIntegerField(verbose_name="ordered")),
                ("unit_price_amount", models.DecimalField(decimal_places=4, max_digits=14, verbose_name="unit price")),
                (
                    "discount_amount",
                    models.DecimalField(decimal_places=4, default=0, max_digits=14, verbose_name="discount"),
                ),
                ("tax_amount", models.DecimalField(decimal_places=4, default=0, max_digits=14, verbose_name="tax")),
                ("discounts", models.JSONField(blank=True, default=list, verbose_name="discounts")),
                ("taxes", models.JSONField(blank=True, default=list, verbose_name="taxes")),
                (
                    "method",
                    models.CharField(
                        choices=[("pickup", "Pickup"), ("ship", "Ship"), ("carry_out", "Carry out")],
                        max_length=10,
                        verbose_name="method",
                    ),
                ),
                ("service", models.CharField(blank=True, max_length=20, verbose_name="service")),
                ("deliver_by", models.DateTimeField(blank=True, null=True, verbose_name="deliver by")),
                ("gift_message", models.CharField(blank=True, max_length=500, verbose_name="gift message")),
                ("cancelled_quantity", models.PositiveIntegerField(default=0, verbose_name="cancelled")),
                ("allocated_quantity", models.PositiveIntegerField(default=0, verbose_name="allocated")),
                ("fulfilled_quantity", models.PositiveIntegerField(default=0, verbose_name="fulfilled")),
                ("returned_quantity", models.PositiveIntegerField(default=0, verbose_name="returned")),
                (
                    "settled_quantity",
                    models.PositiveIntegerField(
                        default=0,
                        help_text="Units that left for good and whose money was asked for.",
                        verbose_name="settled",
                    ),
                ),
                (
                    "waiting_quantity",
                    models.GeneratedField(
                        db_persist=True,
                        expression=django.db.models.expressions.CombinedExpression(
                            django.db.models.expressions.CombinedExpression(
                                django.db.models.expressions.CombinedExpression(
                                    models.F("quantity"), "-", models.F("cancelled_quantity")
                                ),
                                "-",
                                models.F("allocated_quantity"),
                            ),
                            "-",
                            models.F("fulfilled_quantity"),
                        ),
                        output_field=models.IntegerField(),
                        verbose_name="waiting",
                    ),
                ),
                ("expected_on", models.DateField(blank=True, null=True, verbose_name="expected from a supplier")),
                ("kit_units", models.PositiveIntegerField(blank=True, null=True, verbose_name="units in each kit")),
                ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="failed attempts")),
                (
                    "associate",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="sold by",
                    ),
                ),
                (
                    "kit",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="orders.orderkit",
                        verbose_name="kit",
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="orders.order",
                        verbose_name="order",
                    ),
                ),
                (
                    "pickup_location",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inventory.location",
                        verbose_name="pickup at",
                    ),
                ),
                (
                    "selling_location",
                    models.ForeignKey(
                        blank=True,
                        help_text="Where it was sold, whoever fulfills it.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inventory.location",
                        verbose_name="sold at",
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
                "verbose_name": "order line",
                "verbose_name_plural": "order lines",
            },
        ),
        migrations.AddField(
            model_name="fulfillmentline",
            name="order_line",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="fulfillment_lines",
                to="orders.orderline",
                verbose_name="order line",
            ),
        ),
        migrations.CreateModel(
            name="Exclusion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reason", models.CharField(max_length=200, verbose_name="reason")),
                ("created_at", models.DateTimeField(verbose_name="created")),
                (
                    "location",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inventory.location",
                        verbose_name="location",
                    ),
                ),
                (
                    "order_line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="exclusions",
                        to="orders.orderline",
                        verbose_name="order line",
                    ),
                ),
            ],
            options={
                "verbose_name": "exclusion",
                "verbose_name_plural": "exclusions",
            },
        ),
        migrations.CreateModel(
            name="Partner",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "way",
                    models.CharField(
                        choices=[("portal", "The partner page, by hand"), ("api", "The API, by its own system")],
                        default="portal",
                        max_length=10,
                        verbose_name="works with",
                    ),
                ),
                (
                    "confirm_minutes",
                    models.PositiveIntegerField(
                        default=240,
                        help_text="Of its working time; then HQ and the partner are told.",
                        verbose_name="minutes to confirm",
                    ),
                ),
                (
                    "ship_days",
                    models.PositiveSmallIntegerField(
                        default=1,
                        help_text="0: with the carrier of the day on which the order comes, where that is before the cut-off.",
                        verbose_name="working days to ship",
                    ),
                ),
                (
                    "packs_as_us",
                    models.BooleanField(
                        default=True,
                        help_text="The packing slip then does not name the partner.",
                        verbose_name="packs under our name",
                    ),
                ),
                ("contact_name", models.CharField(blank=True, max_length=120, verbose_name="contact")),
                ("contact_email", models.EmailField(blank=True, max_length=254, verbose_name="e-mail for alarms")),
                ("contact_phone", models.CharField(blank=True, max_length=40, verbose_name="phone")),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
                (
                    "feed",
                    models.OneToOneField(
                        blank=True,
                        help_text="Through which it tells its stock; its rhythm says when it counts as silent.",
                        limit_choices_to={"kind": "partner"},
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="partner",
                        to="inventory.feed",
                        verbose_name="stock feed",
                    ),
                ),
                (
                    "location",
                    models.OneToOneField(
                        help_text="Its opening hours are the partner's working days, its carrier time the cut-off.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="partner",
                        to="inventory.location",
                        validators=[orders.models.dropship.a_partners],
                        verbose_name="location",
                    ),
                ),
            ],
            options={
                "verbose_name": "dropship partner",
                "verbose_name_plural": "dropship partners",
                "ordering": ["location__name"],
            },
        ),
        migrations.CreateModel(
            name="PartnerAlarm",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("unconfirmed", "Not confirmed in time"),
                            ("unshipped", "Not shipped as promised"),
                            ("silent", "Stock feed is silent"),
                        ],
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
                ("since", models.DateTimeField(verbose_name="late since")),
                ("raised_at", models.DateTimeField(verbose_name="raised")),
                ("cleared_at", models.DateTimeField(blank=True, null=True, verbose_name="cleared")),
                ("mailed_at", models.DateTimeField(blank=True, null=True, verbose_name="contact told")),
                (
                    "fulfillment_order",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="orders.fulfillmentorder",
                        verbose_name="fulfillment order",
                    ),
                ),
                (
                    "partner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="alarms",
                        to="orders.partner",
                        verbose_name="partner",
                    ),
                ),
            ],
            options={
                "verbose_name": "partner alarm",
                "verbose_name_plural": "partner alarms",
            },
        ),
        migrations.CreateModel(
            name="PartnerOrder",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("acknowledged_at", models.DateTimeField(verbose_name="acknowledged")),
                ("acknowledged_by", models.CharField(max_length=150, verbose_name="by")),
                ("reference", models.CharField(blank=True, max_length=100, verbose_name="its number at the partner")),
                (
                    "fulfillment_order",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="partner_order",
                        to="orders.fulfillmentorder",
                        verbose_name="fulfillment order",
                    ),
                ),
            ],
            options={
                "verbose_name": "partner's order",
                "verbose_name_plural": "partners' orders",
            },
        ),
        migrations.CreateModel(
            name="Payment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("method", models.CharField(max_length=40, verbose_name="method")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("provider", "Payment provider"),
                            ("till", "The till"),
                            ("store_credit", "Store credit"),
                        ],
                        default="provider",
                        max_length=12,
                        verbose_name="moved by",
                    ),
                ),
                ("reference", models.CharField(max_length=200, verbose_name="provider's reference")),
                ("brand", models.CharField(blank=True, max_length=30, verbose_name="brand")),
                ("last4", models.CharField(blank=True, max_length=4, verbose_name="last four")),
                ("authorized_amount", models.DecimalField(decimal_places=4, max_digits=14, verbose_name="authorized")),
                (
                    "captured_amount",
                    models.DecimalField(decimal_places=4, default=0, max_digits=14, verbose_name="captured"),
                ),
                (
                    "refunded_amount",
                    models.DecimalField(
                        decimal_places=4,
                        default=0,
                        help_text="What is being refunded counts at once.",
                        max_digits=14,
                        verbose_name="refunded",
                    ),
                ),
                ("void_requested_at", models.DateTimeField(blank=True, null=True, verbose_name="release asked")),
                ("voided_at", models.DateTimeField(blank=True, null=True, verbose_name="voided")),
                ("hold_key", models.CharField(blank=True, max_length=120, verbose_name="key of the hold")),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="payments",
                        to="orders.order",
                        verbose_name="order",
                    ),
                ),
            ],
            options={
                "verbose_name": "payment",
                "verbose_name_plural": "payments",
            },
        ),
        migrations.CreateModel(
            name="Capture",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=100, verbose_name="key")),
                ("amount", models.DecimalField(decimal_places=4, max_digits=14, verbose_name="amount")),
                ("requested_at", models.DateTimeField(verbose_name="requested")),
                ("captured_at", models.DateTimeField(blank=True, null=True, verbose_name="captured")),
                ("failed_at", models.DateTimeField(blank=True, null=True, verbose_name="refused")),
                ("failure", models.CharField(blank=True, max_length=300, verbose_name="why refused")),
                (
                    "provider_reference",
                    models.CharField(blank=True, max_length=200, verbose_name="provider's reference"),
                ),
                (
                    "payment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="captures",
                        to="orders.payment",
                        verbose_name="payment",
                    ),
                ),
            ],
            options={
                "verbose_name": "capture",
                "verbose_name_plural": "captures",
            },
        ),
        migrations.CreateModel(
            name="PaymentIntent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=100, unique=True, verbose_name="key")),
                ("owner_key", models.CharField(help_text="Such as basket:17.", max_length=100, verbose_name="for")),
                (
                    "method",
                    models.CharField(
                        choices=[
                            ("card", "Card at the terminal"),
                            ("till_receipt", "Paid at the till"),
                            ("store_credit", "Store credit"),
                        ],
                        max_length=12,
                        verbose_name="method",
                    ),
                ),
                ("amount", models.DecimalField(decimal_places=4, max_digits=14, verbose_name="amount")),
                ("currency", models.CharField(max_length=3, verbose_name="currency")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("new", "Not asked yet"),
                            ("asked", "At the terminal"),
                            ("approved", "Approved"),
                            ("declined", "Declined"),
                            ("unknown", "No answer"),
                            ("used", "Paid an order"),
                            ("voiding", "Being voided"),
                            ("voided", "Voided"),
                        ],
                        default="new",
                        max_length=8,
                        verbose_name="status",
                    ),
                ),
                ("reference", models.CharField(blank=True, max_length=200, verbose_name="provider's reference")),
                ("brand", models.CharField(blank=True, max_length=30, verbose_name="brand")),
                ("last4", models.CharField(blank=True, max_length=4, verbose_name="last four")),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="why not")),
                ("tries", models.PositiveSmallIntegerField(default=0, verbose_name="declined so far")),
                ("started_at", models.DateTimeField(verbose_name="started")),
                ("started_by", models.CharField(max_length=150, verbose_name="started by")),
                ("asked_at", models.DateTimeField(blank=True, null=True, verbose_name="asked")),
                ("answered_at", models.DateTimeField(blank=True, null=True, verbose_name="answered")),
                (
                    "order",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="payment_intents",
                        to="orders.order",
                        verbose_name="order",
                    ),
                ),
            ],
            options={
                "verbose_name": "payment before an order",
                "verbose_name_plural": "payments before an order",
            },
        ),
        migrations.CreateModel(
            name="PickList",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "number",
                    models.BigIntegerField(
                        db_default=orders.models.pick_list.NextPickList(), unique=True, verbose_name="number"
                    ),
                ),
                ("started_at", models.DateTimeField(verbose_name="started")),
                ("finished_at", models.DateTimeField(blank=True, null=True, verbose_name="finished")),
                (
                    "location",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inventory.location",
                        verbose_name="location",
                    ),
                ),
                (
                    "picker",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="pick_lists",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="picker",
                    ),
                ),
            ],
            options={
                "verbose_name": "pick list",
                "verbose_name_plural": "pick lists",
            },
        ),
        migrations.CreateModel(
            name="PickHelper",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("joined_at", models.DateTimeField(verbose_name="joined")),
                ("left_at", models.DateTimeField(blank=True, null=True, verbose_name="left")),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="helped_pick_lists",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="helper",
                    ),
                ),
                (
                    "pick_list",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="helpers",
                        to="orders.picklist",
                        verbose_name="pick list",
                    ),
                ),
            ],
            options={
                "verbose_name": "helper",
                "verbose_name_plural": "helpers",
            },
        ),
        migrations.AddField(
            model_name="fulfillmentorder",
            name="pick_list",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="fulfillment_orders",
                to="orders.picklist",
                verbose_name="pick list",
            ),
        ),
        migrations.CreateModel(
            name="PickScan",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=64, verbose_name="key")),
                ("code", models.CharField(max_length=100, verbose_name="code")),
                ("quantity", models.IntegerField(verbose_name="units")),
                ("scanned_at", models.DateTimeField(verbose_name="scanned")),
                (
                    "line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="scans",
                        to="orders.fulfillmentline",
                        verbose_name="line",
                    ),
                ),
                (
                    "pick_list",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="scans",
                        to="orders.picklist",
                        verbose_name="pick list",
                    ),
                ),
                (
                    "scanned_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
            ],
            options={
                "verbose_name": "scan",
                "verbose_name_plural": "scans",
            },
        ),
        migrations.CreateModel(
            name="PickupChoice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("quantity", models.PositiveIntegerField(verbose_name="units")),
                (
                    "token",
                    models.CharField(
                        default=orders.models.choice.new_token,
                        editable=False,
                        max_length=64,
                        unique=True,
                        verbose_name="token",
                    ),
                ),
                (
                    "substitute_price_amount",
                    models.DecimalField(
                        blank=True,
                        decimal_places=4,
                        help_text="In the shop, when it was offered; the customer pays the lower of the two.",
                        max_digits=14,
                        null=True,
                        verbose_name="price of the substitute",
                    ),
                ),
                ("offered_at", models.DateTimeField(verbose_name="offered")),
                (
                    "answer",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("substitute", "Take the substitute"),
                            ("other_store", "Pick up at another store"),
                            ("ship", "Ship it"),
                            ("cancel", "Cancel these units"),
                        ],
                        max_length=12,
                        verbose_name="answer",
                    ),
                ),
                ("answered_at", models.DateTimeField(blank=True, null=True, verbose_name="answered")),
                ("answered_by", models.CharField(blank=True, max_length=150, verbose_name="answered by")),
                (
                    "location",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inventory.location",
                        verbose_name="store that was short",
                    ),
                ),
                (
                    "order_line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="choices",
                        to="orders.orderline",
                        verbose_name="order line",
                    ),
                ),
                (
                    "substitute",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inventory.variant",
                        verbose_name="substitute offered",
                    ),
                ),
                (
                    "substitute_line",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="orders.orderline",
                        verbose_name="line of the substitute",
                    ),
                ),
            ],
            options={
                "verbose_name": "customer's choice",
                "verbose_name_plural": "customers' choices",
            },
        ),
        migrations.CreateModel(
            name="PriceSet",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("solved_at", models.DateTimeField(verbose_name="solved")),
                ("good_until", models.DateTimeField(verbose_name="good until")),
                ("seed", models.BigIntegerField(verbose_name="seed")),
                ("futures", models.PositiveSmallIntegerField(verbose_name="simulated days")),
                ("past_orders", models.PositiveIntegerField(verbose_name="past orders drawn from")),
                (
                    "expected_orders",
                    models.FloatField(help_text="In the 24 hours that follow.", verbose_name="orders expected"),
                ),
                ("shelves", models.PositiveIntegerField(default=0, verbose_name="shelves with a price")),
                ("slots", models.PositiveIntegerField(default=0, verbose_name="locations with a price for room")),
                ("solve_seconds", models.FloatField(default=0, verbose_name="seconds to solve")),
                ("forecast", models.JSONField(default=dict, verbose_name="forecast")),
                ("prices", models.BinaryField(verbose_name="prices")),
                ("digest", models.CharField(max_length=64, verbose_name="checksum of the prices")),
                ("came", models.PositiveIntegerField(default=0, verbose_name="orders since")),
                ("drift", models.FloatField(default=0, help_text="From 0, as forecast, to 1.", verbose_name="drift")),
                (
                    "weight",
                    models.PositiveSmallIntegerField(default=1000, help_text="In thousandths.", verbose_name="weight"),
                ),
                ("measured_at", models.DateTimeField(blank=True, null=True, verbose_name="measured")),
                (
                    "broken_because",
                    models.CharField(
                        blank=True,
                        help_text="Orders are planned without prices meanwhile.",
                        max_length=200,
                        verbose_name="broken because",
                    ),
                ),
                ("is_failed", models.BooleanField(default=False, verbose_name="could not be worked out")),
                ("retired_at", models.DateTimeField(blank=True, null=True, verbose_name="retired")),
                ("retired_because", models.CharField(blank=True, max_length=200, verbose_name="retired because")),
                (
                    "retired_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="retired by",
                    ),
                ),
            ],
            options={
                "verbose_name": "price set",
                "verbose_name_plural": "price sets",
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="Promotion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "code",
                    models.CharField(
                        help_text="What receipts and orders call it.", max_length=60, unique=True, verbose_name="code"
                    ),
                ),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                (
                    "needs_code",
                    models.BooleanField(
                        default=False, help_text="Otherwise everybody gets it.", verbose_name="only with its code"
                    ),
                ),
                (
                    "percent",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=5, null=True, verbose_name="percent off"
                    ),
                ),
                (
                    "amount",
                    models.DecimalField(
                        blank=True, decimal_places=4, max_digits=14, null=True, verbose_name="amount off each unit"
                    ),
                ),
                (
                    "currency",
                    models.CharField(blank=True, help_text="Of the amount.", max_length=3, verbose_name="currency"),
                ),
                (
                    "category",
                    models.CharField(
                        blank=True,
                        help_text="A path such as Apparel > Shirts, and all below it.",
                        max_length=200,
                        verbose_name="category",
                    ),
                ),
                (
                    "skus",
                    models.TextField(
                        blank=True,
                        help_text="One a line. Without these and a category: everything.",
                        verbose_name="SKUs",
                    ),
                ),
                ("starts_at", models.DateTimeField(verbose_name="starts (UTC)")),
                ("ends_at", models.DateTimeField(blank=True, null=True, verbose_name="ends (UTC)")),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
            ],
            options={
                "verbose_name": "promotion",
                "verbose_name_plural": "promotions",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("amount", None), ("percent__gt", 0), ("percent__lte", 100)),
                            models.Q(("amount__gt", 0), ("percent", None), models.Q(("currency", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="promotion_percent_or_amount",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ends_at", None), ("ends_at__gt", models.F("starts_at")), _connector="OR"),
                        name="promotion_ends_after_start",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Refund",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "cause",
                    models.CharField(
                        choices=[("return", "Return"), ("cancellation", "Cancellation"), ("goodwill", "Goodwill")],
                        default="return",
                        max_length=12,
                        verbose_name="because of",
                    ),
                ),
                ("act_key", models.CharField(max_length=100, verbose_name="key of the act")),
                ("key", models.CharField(max_length=140, unique=True, verbose_name="key")),
                ("amount", models.DecimalField(decimal_places=4, max_digits=14, verbose_name="amount")),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="reason")),
                ("requested_at", models.DateTimeField(verbose_name="requested")),
                ("requested_by", models.CharField(max_length=150, verbose_name="requested by")),
                ("refunded_at", models.DateTimeField(blank=True, null=True, verbose_name="refunded")),
                ("failed_at", models.DateTimeField(blank=True, null=True, verbose_name="refused")),
                ("failure", models.CharField(blank=True, max_length=300, verbose_name="why refused")),
                (
                    "provider_reference",
                    models.CharField(blank=True, max_length=200, verbose_name="provider's reference"),
                ),
                (
                    "credit",
                    models.ForeignKey(
                        blank=True,
                        help_text="Empty: back to the tender itself.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="customers.storecredit",
                        verbose_name="to store credit",
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="refunds",
                        to="orders.order",
                        verbose_name="order",
                    ),
                ),
                (
                    "payment",
                    models.ForeignKey(
                        blank=True,
                        help_text="The tender whose captured money it is; empty where no tender covers it.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="refunds",
                        to="orders.payment",
                        verbose_name="from",
                    ),
                ),
                (
                    "settled_by",
                    models.ForeignKey(
                        blank=True,
                        help_text="A refused refund ends with the one that a person chose in its place.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replaces",
                        to="orders.refund",
                        verbose_name="done instead by",
                    ),
                ),
            ],
            options={
                "verbose_name": "refund",
                "verbose_name_plural": "refunds",
            },
        ),
        migrations.CreateModel(
            name="Reliability",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("path", models.CharField(blank=True, max_length=200, null=True, verbose_name="category")),
                ("asked", models.PositiveIntegerField(verbose_name="lines asked for")),
                ("declined", models.PositiveIntegerField(verbose_name="lines declined")),
                ("short", models.PositiveIntegerField(verbose_name="lines not found")),
                ("counted_at", models.DateTimeField(verbose_name="counted")),
                (
                    "location",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inventory.location",
                        verbose_name="location",
                    ),
                ),
            ],
            options={
                "verbose_name": "reliability",
                "verbose_name_plural": "reliability",
            },
        ),
        migrations.CreateModel(
            name="RoutingDecision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("placement", "Placed"),
                            ("replan", "Planned anew"),
                            ("move", "Moved before release"),
                            ("waiting", "Promised from new stock"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("decided_at", models.DateTimeField(verbose_name="decided")),
                ("rules", models.CharField(blank=True, max_length=120, verbose_name="rule set")),
                ("rule_set_id", models.BigIntegerField(default=0, verbose_name="rule set's key")),
                ("rule_set_version", models.PositiveIntegerField(default=0, verbose_name="version")),
                ("cost_parameters_id", models.BigIntegerField(default=0, verbose_name="cost parameters' key")),
                ("tariff_id", models.BigIntegerField(default=0, verbose_name="tariff's key")),
                (
                    "price_set_id",
                    models.BigIntegerField(
                        default=0,
                        help_text="Of the prices that moved the choice; 0 for none.",
                        verbose_name="price set's key",
                    ),
                ),
                ("engine", models.CharField(max_length=20, verbose_name="engine")),
                ("amount", models.BigIntegerField(blank=True, null=True, verbose_name="cost")),
                ("shipments", models.PositiveSmallIntegerField(verbose_name="shipments")),
                ("unserved_quantity", models.PositiveIntegerField(default=0, verbose_name="units without a place")),
                (
                    "degraded_because",
                    models.CharField(
                        blank=True,
                        help_text="Without a cost: the engine could not decide, the nearest locations were taken.",
                        max_length=200,
                        verbose_name="degraded because",
                    ),
                ),
                ("explanation", models.JSONField(default=dict, verbose_name="explanation")),
                ("inputs", models.BinaryField(default=bytes, verbose_name="what it was decided on")),
                (
                    "put_away_at",
                    models.DateTimeField(
                        blank=True,
                        editable=False,
                        help_text="Since then nothing explains it any more.",
                        null=True,
                        verbose_name="put away",
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="routing_decisions",
                        to="orders.order",
                        verbose_name="order",
                    ),
                ),
            ],
            options={
                "verbose_name": "routing decision",
                "verbose_name_plural": "routing decisions",
            },
        ),
        migrations.CreateModel(
            name="RoutingOutcome",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "ended",
                    models.CharField(
                        choices=[
                            ("shipped", "Shipped"),
                            ("declined", "Declined"),
                            ("short", "Not found"),
                            ("timed_out", "Not accepted in time"),
                            ("cancelled", "Cancelled"),
                        ],
                        max_length=10,
                        verbose_name="ended",
                    ),
                ),
                ("ended_at", models.DateTimeField(verbose_name="ended at")),
                ("predicted_amount", models.BigIntegerField(blank=True, null=True, verbose_name="predicted postage")),
                ("label_amount", models.BigIntegerField(blank=True, null=True, verbose_name="postage paid")),
                (
                    "decision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="outcomes",
                        to="orders.routingdecision",
                        verbose_name="decision",
                    ),
                ),
                (
                    "fulfillment_order",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="routing_outcome",
                        to="orders.fulfillmentorder",
                        verbose_name="fulfillment order",
                    ),
                ),
            ],
            options={
                "verbose_name": "routing outcome",
                "verbose_name_plural": "routing outcomes",
            },
        ),
        migrations.CreateModel(
            name="RoutingReplayOrder",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("places_before", models.JSONField(default=list, verbose_name="before, from")),
                ("places_after", models.JSONField(default=list, verbose_name="after, from")),
                ("amount_before", models.BigIntegerField(verbose_name="cost before")),
                ("amount_after", models.BigIntegerField(verbose_name="cost after")),
                (
                    "decision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="orders.routingdecision",
                        verbose_name="decision",
                    ),
                ),
                (
                    "replay",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rows",
                        to="orders.routingreplay",
                        verbose_name="replay",
                    ),
                ),
            ],
            options={
                "verbose_name": "order of a replay",
                "verbose_name_plural": "orders of replays",
            },
        ),
        migrations.CreateModel(
            name="RoutingRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("started_at", models.DateTimeField(verbose_name="started")),
                ("finished_at", models.DateTimeField(blank=True, null=True, verbose_name="finished")),
                (
                    "status",
                    models.CharField(
                        choices=[("running", "Running"), ("done", "Done"), ("degraded", "Degraded")],
                        default="running",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                (
                    "degraded_reason",
                    models.CharField(
                        blank=True,
                        help_text="All orders kept the plan that they had.",
                        max_length=300,
                        verbose_name="why it is degraded",
                    ),
                ),
                ("orders", models.PositiveIntegerField(default=0, verbose_name="orders looked at")),
                ("lines", models.PositiveIntegerField(default=0, verbose_name="lines")),
                (
                    "left_out",
                    models.PositiveIntegerField(
                        default=0,
                        help_text="Their rules look at something else than money, or there was no time for one of very many lines.",
                        verbose_name="orders left out",
                    ),
                ),
                ("moved", models.PositiveIntegerField(default=0, verbose_name="orders moved")),
                ("promised", models.PositiveIntegerField(default=0, verbose_name="waiting orders promised")),
                ("too_little", models.PositiveIntegerField(default=0, verbose_name="would save too little")),
                (
                    "conflicts",
                    models.PositiveIntegerField(
                        default=0,
                        help_text="After three tries; these orders kept the plan that they had.",
                        verbose_name="changed meanwhile",
                    ),
                ),
                ("saved_amount", models.DecimalField(decimal_places=4, default=0, max_digits=14, verbose_name="saved")),
                (
                    "planned_amount",
                    models.DecimalField(
                        decimal_places=4,
                        default=0,
                        help_text="Of all orders looked at.",
                        max_digits=14,
                        verbose_name="cost of the plan",
                    ),
                ),
                (
                    "gap",
                    models.FloatField(
                        blank=True,
                        help_text="A share of the cost; no plan can be cheaper by more. Empty: unknown.",
                        null=True,
                        verbose_name="gap",
                    ),
                ),
                (
                    "prices_trouble",
                    models.CharField(
                        blank=True,
                        help_text="Of what orders to come will need; all else was decided as usual.",
                        max_length=200,
                        verbose_name="decided without prices because",
                    ),
                ),
                ("read_seconds", models.FloatField(default=0, verbose_name="seconds to read")),
                ("decide_seconds", models.FloatField(default=0, verbose_name="seconds to decide")),
                ("commit_seconds", models.FloatField(default=0, verbose_name="seconds to commit")),
            ],
            options={
                "verbose_name": "routing run",
                "verbose_name_plural": "routing runs",
                "ordering": ["-pk"],
                "indexes": [models.Index(fields=["-started_at"], name="routing_run_started")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("degraded_reason__gt", ""), ("status", "degraded")),
                            models.Q(models.Q(("status", "degraded"), _negated=True), ("degraded_reason", "")),
                            _connector="OR",
                        ),
                        name="degraded_run_says_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("finished_at", None), ("finished_at__gte", models.F("started_at")), _connector="OR"
                        ),
                        name="run_ends_after_it_began",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RuleSet",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=80, verbose_name="name")),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="version")),
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
                    "objective",
                    models.CharField(
                        choices=[
                            ("cost", "Cheapest"),
                            ("nearest", "Nearest"),
                            ("fewest_splits", "Fewest splits, then nearest"),
                            ("sequential", "Sequential brokering"),
                        ],
                        default="cost",
                        help_text="Cheapest counts everything in dollars; the others imitate what routers without costs do.",
                        max_length=14,
                        verbose_name="looks for",
                    ),
                ),
                (
                    "priority",
                    models.PositiveSmallIntegerField(
                        default=100,
                        help_text="Of the active rule sets that match an order the smallest decides.",
                        verbose_name="priority",
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
                    "services",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40),
                        blank=True,
                        default=list,
                        help_text="Such as standard, two_day; none: every service.",
                        size=None,
                        verbose_name="services",
                    ),
                ),
                (
                    "tags",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40),
                        blank=True,
                        default=list,
                        help_text="An order that carries one of them; none: every order.",
                        size=None,
                        verbose_name="tags of the order",
                    ),
                ),
                (
                    "minimum_amount",
                    models.DecimalField(
                        blank=True,
                        decimal_places=4,
                        help_text="Value of the goods.",
                        max_digits=14,
                        null=True,
                        verbose_name="orders from",
                    ),
                ),
                (
                    "most_shipments",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="Of one order; empty: any number.",
                        null=True,
                        verbose_name="shipments at most",
                    ),
                ),
                (
                    "least_amount",
                    models.DecimalField(
                        blank=True,
                        decimal_places=4,
                        max_digits=14,
                        null=True,
                        verbose_name="a parcel of a split order is worth at least",
                    ),
                ),
                (
                    "split_amount",
                    models.DecimalField(
                        decimal_places=4,
                        default=0,
                        help_text="Beside what the parcel costs, and beside the split price of the cost parameters.",
                        max_digits=14,
                        verbose_name="for each parcel beyond the first",
                    ),
                ),
                (
                    "unit_value_percent",
                    models.PositiveSmallIntegerField(
                        default=100,
                        help_text="100: as learned from sales. More keeps units in stores, 0 takes them as if they were nobody's.",
                        verbose_name="value of stores' units, in percent",
                    ),
                ),
                ("edits", models.PositiveIntegerField(default=0, editable=False)),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="made")),
                ("activated_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="activated")),
                (
                    "activated_by",
                    models.CharField(blank=True, editable=False, max_length=150, verbose_name="activated by"),
                ),
                ("why", models.CharField(blank=True, editable=False, max_length=200, verbose_name="reason")),
                (
                    "based_on",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="orders.ruleset",
                    ),
                ),
            ],
            options={
                "verbose_name": "rule set",
                "verbose_name_plural": "rule sets",
            },
        ),
        migrations.CreateModel(
            name="RulePrice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField(verbose_name="position")),
                ("amount", models.DecimalField(decimal_places=4, max_digits=14, verbose_name="amount")),
                (
                    "group_ids",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="location groups",
                    ),
                ),
                (
                    "kinds",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("store", "Store"),
                                ("dc", "Distribution center"),
                                ("dropship", "Dropship vendor"),
                            ],
                            max_length=10,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="kinds of locations",
                    ),
                ),
                (
                    "services",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="only for services",
                    ),
                ),
                (
                    "rule_set",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="prices",
                        to="orders.ruleset",
                        verbose_name="rule set",
                    ),
                ),
            ],
            options={
                "verbose_name": "price",
                "verbose_name_plural": "prices",
                "ordering": ["position", "pk"],
            },
        ),
        migrations.AddField(
            model_name="routingreplay",
            name="rule_set",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="%(class)ss",
                to="orders.ruleset",
                verbose_name="rule set",
            ),
        ),
        migrations.CreateModel(
            name="RoutingFrontier",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("edits", models.PositiveIntegerField(default=0, editable=False)),
                ("since", models.DateTimeField(verbose_name="from")),
                ("until", models.DateTimeField(verbose_name="until")),
                ("asked_by", models.CharField(max_length=150, verbose_name="asked by")),
                ("asked_at", models.DateTimeField(verbose_name="asked")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("running", "Running"),
                            ("done", "Done"),
                            ("failed", "Failed"),
                        ],
                        default="waiting",
                        max_length=8,
                        verbose_name="status",
                    ),
                ),
                ("failed_because", models.CharField(blank=True, max_length=300, verbose_name="why it failed")),
                ("finished_at", models.DateTimeField(blank=True, null=True, verbose_name="finished")),
                ("total", models.PositiveIntegerField(verbose_name="to decide")),
                ("done", models.PositiveIntegerField(default=0, verbose_name="decided again")),
                ("orders", models.PositiveIntegerField(verbose_name="orders of the period")),
                (
                    "left_out",
                    models.PositiveIntegerField(
                        default=0,
                        help_text="Not asked by these rules, or kept in a form that is not read.",
                        verbose_name="left out",
                    ),
                ),
                (
                    "sample",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), editable=False, size=None
                    ),
                ),
                (
                    "split",
                    models.IntegerField(
                        help_text="In hundredths of a cent.", verbose_name="split price of the cost parameters"
                    ),
                ),
                (
                    "splits",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.IntegerField(), size=None, verbose_name="split prices"
                    ),
                ),
                (
                    "percents",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.IntegerField(), size=None, verbose_name="values of stores' units"
                    ),
                ),
                ("sums", models.JSONField(blank=True, default=dict, verbose_name="sums")),
                (
                    "rule_set",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="orders.ruleset",
                        verbose_name="rule set",
                    ),
                ),
            ],
            options={
                "verbose_name": "frontier",
                "verbose_name_plural": "splits and stock in dollars",
                "ordering": ["-pk"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="RuleStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField(verbose_name="position")),
                ("name", models.CharField(max_length=80, verbose_name="name")),
                (
                    "is_partial",
                    models.BooleanField(
                        default=False,
                        help_text="What can be served goes, the rest waits for the next step.",
                        verbose_name="partial",
                    ),
                ),
                (
                    "rule_set",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="orders.ruleset",
                        verbose_name="rule set",
                    ),
                ),
            ],
            options={
                "verbose_name": "step",
                "verbose_name_plural": "steps",
                "ordering": ["position", "pk"],
            },
        ),
        migrations.CreateModel(
            name="RuleFilter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField(verbose_name="position")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("only", "Only these locations"),
                            ("except", "Not these locations"),
                            ("distance", "Within so many miles"),
                            ("open", "Open today"),
                            ("daily", "At most so many orders a day"),
                            ("counted", "Counted within so many days"),
                            ("units", "So many units stay on the shelf"),
                        ],
                        max_length=8,
                        verbose_name="filter",
                    ),
                ),
                (
                    "group_ids",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="location groups",
                    ),
                ),
                (
                    "kinds",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("store", "Store"),
                                ("dc", "Distribution center"),
                                ("dropship", "Dropship vendor"),
                            ],
                            max_length=10,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="kinds of locations",
                    ),
                ),
                ("number", models.PositiveIntegerField(default=0, verbose_name="number")),
                (
                    "services",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="only for services",
                    ),
                ),
                ("category", models.CharField(blank=True, max_length=200, verbose_name="only for category")),
                ("path", models.CharField(blank=True, editable=False, max_length=200)),
                ("tag", models.CharField(blank=True, max_length=40, verbose_name="only for tag")),
                ("is_hazmat", models.BooleanField(default=False, verbose_name="only for hazmat")),
                (
                    "rule_set",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="filters",
                        to="orders.ruleset",
                        verbose_name="rule set",
                    ),
                ),
                (
                    "step",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="filters",
                        to="orders.rulestep",
                        verbose_name="step",
                    ),
                ),
            ],
            options={
                "verbose_name": "filter",
                "verbose_name_plural": "filters",
                "ordering": ["position", "pk"],
            },
        ),
        migrations.CreateModel(
            name="SerialNumber",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("serial", models.CharField(max_length=100, verbose_name="serial number")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("picked", "Picked"),
                            ("out", "With the customer"),
                            ("back", "Back on the shelf"),
                            ("returned", "Returned"),
                        ],
                        default="picked",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                ("key", models.CharField(max_length=64, verbose_name="key of the scan")),
                ("scanned_at", models.DateTimeField(verbose_name="scanned")),
                ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="back")),
                (
                    "fulfillment_line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="serials",
                        to="orders.fulfillmentline",
                        verbose_name="fulfillment line",
                    ),
                ),
                (
                    "hand_over",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="serials",
                        to="orders.handover",
                        verbose_name="hand-over",
                    ),
                ),
                (
                    "scanned_by",
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
                "verbose_name": "serial number",
                "verbose_name_plural": "serial numbers",
            },
        ),
        migrations.CreateModel(
            name="Shipment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=50, unique=True, verbose_name="number")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("packing", "Being packed"),
                            ("packed", "Packed"),
                            ("labelled", "Labelled"),
                            ("handed_over", "With the carrier"),
                            ("in_transit", "On its way"),
                            ("delivered", "Delivered"),
                            ("lost", "Lost"),
                            ("returned", "Returned to sender"),
                            ("unpacked", "Unpacked"),
                        ],
                        default="packing",
                        max_length=12,
                        verbose_name="status",
                    ),
                ),
                ("length_mm", models.PositiveIntegerField(blank=True, null=True, verbose_name="length in mm")),
                ("width_mm", models.PositiveIntegerField(blank=True, null=True, verbose_name="width in mm")),
                ("height_mm", models.PositiveIntegerField(blank=True, null=True, verbose_name="height in mm")),
                ("weight_g", models.PositiveIntegerField(blank=True, null=True, verbose_name="weight in grams")),
                ("packed_at", models.DateTimeField(blank=True, null=True, verbose_name="packed")),
                ("carrier", models.CharField(blank=True, max_length=60, verbose_name="carrier")),
                ("service", models.CharField(blank=True, max_length=60, verbose_name="service")),
                ("tracking_number", models.CharField(blank=True, max_length=100, verbose_name="tracking number")),
                (
                    "sender_reference",
                    models.CharField(
                        blank=True,
                        help_text="Told twice under it, it left once.",
                        max_length=150,
                        verbose_name="its number at the partner",
                    ),
                ),
                ("deliver_by", models.DateTimeField(blank=True, null=True, verbose_name="should arrive by")),
                (
                    "manifested_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="scanned into the manifest"),
                ),
                ("handed_over_at", models.DateTimeField(blank=True, null=True, verbose_name="left")),
                ("followed_at", models.DateTimeField(blank=True, null=True, verbose_name="carrier asked")),
                ("last_event_at", models.DateTimeField(blank=True, null=True, verbose_name="last news")),
                ("delivered_at", models.DateTimeField(blank=True, null=True, verbose_name="delivered")),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="note")),
                ("created_at", models.DateTimeField(verbose_name="begun")),
                (
                    "carton",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="orders.carton",
                        verbose_name="carton",
                    ),
                ),
                (
                    "fulfillment_order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="shipments",
                        to="orders.fulfillmentorder",
                        verbose_name="fulfillment order",
                    ),
                ),
                (
                    "manifest",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="shipments",
                        to="orders.manifest",
                        verbose_name="manifest",
                    ),
                ),
                (
                    "packed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="packed by",
                    ),
                ),
            ],
            options={
                "verbose_name": "parcel",
                "verbose_name_plural": "parcels",
            },
        ),
        migrations.CreateModel(
            name="PackScan",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=64, verbose_name="key")),
                ("code", models.CharField(max_length=100, verbose_name="code")),
                ("quantity", models.IntegerField(verbose_name="units")),
                ("scanned_at", models.DateTimeField(verbose_name="scanned")),
                (
                    "fulfillment_line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="orders.fulfillmentline",
                        verbose_name="line",
                    ),
                ),
                (
                    "scanned_by",
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
                    "shipment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="scans",
                        to="orders.shipment",
                        verbose_name="parcel",
                    ),
                ),
            ],
            options={
                "verbose_name": "packing scan",
                "verbose_name_plural": "packing scans",
            },
        ),
        migrations.AddField(
            model_name="label",
            name="shipment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="labels",
                to="orders.shipment",
                verbose_name="parcel",
            ),
        ),
        migrations.CreateModel(
            name="ShipmentLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("quantity", models.PositiveIntegerField(verbose_name="units")),
                (
                    "fulfillment_line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="shipment_lines",
                        to="orders.fulfillmentline",
                        verbose_name="line",
                    ),
                ),
                (
                    "shipment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="orders.shipment",
                        verbose_name="parcel",
                    ),
                ),
            ],
            options={
                "verbose_name": "parcel line",
                "verbose_name_plural": "parcel lines",
            },
        ),
        migrations.CreateModel(
            name="Tariff",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "service",
                    models.CharField(
                        help_text="As the carrier's labels call it, such as SimPost/Ground.",
                        max_length=60,
                        verbose_name="service",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[("set", "Set"), ("withdrawn", "Withdrawn")],
                        default="set",
                        max_length=9,
                        verbose_name="status",
                    ),
                ),
                ("effective_from", models.DateTimeField(verbose_name="from")),
                (
                    "rates",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=django.contrib.postgres.fields.ArrayField(
                            base_field=models.BigIntegerField(), size=None
                        ),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="rates",
                    ),
                ),
                (
                    "days",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.PositiveSmallIntegerField(),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="working days by zone",
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="loaded")),
                ("set_by", models.CharField(blank=True, max_length=150, verbose_name="by")),
                ("why", models.CharField(max_length=200, verbose_name="reason")),
            ],
            options={
                "verbose_name": "tariff",
                "verbose_name_plural": "tariffs",
                "indexes": [
                    models.Index(
                        condition=models.Q(("status", "set")), fields=["effective_from", "id"], name="tariff_in_effect"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("status", "set")),
                        fields=("service", "effective_from"),
                        name="one_tariff_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("days", []), ("rates", [])),
                            models.Q(("days__len", 8), ("rates__len", 8)),
                            _connector="OR",
                        ),
                        name="tariff_of_eight_zones",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TaxRate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "name",
                    models.CharField(
                        help_text="As receipts call it: MN, Hennepin, VAT.", max_length=60, verbose_name="tax"
                    ),
                ),
                ("country", models.CharField(default="US", max_length=2, verbose_name="country")),
                ("region", models.CharField(blank=True, max_length=50, verbose_name="state or region")),
                ("postal_prefix", models.CharField(blank=True, max_length=20, verbose_name="postal code begins with")),
                (
                    "tax_category",
                    models.CharField(
                        blank=True,
                        help_text="Of the item; empty: every item.",
                        max_length=40,
                        verbose_name="tax category",
                    ),
                ),
                (
                    "rate",
                    models.DecimalField(
                        decimal_places=6, help_text="A share: 0.06875 is 6.875%.", max_digits=8, verbose_name="rate"
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
            ],
            options={
                "verbose_name": "tax rate",
                "verbose_name_plural": "tax rates",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("rate__gte", 0), ("rate__lt", 1)), name="tax_rate_is_a_share"
                    ),
                    models.UniqueConstraint(
                        fields=("name", "country", "region", "postal_prefix", "tax_category"),
                        name="one_tax_rate_per_place",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TrackingEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("source", models.CharField(max_length=30, verbose_name="source")),
                ("event_id", models.CharField(max_length=150, verbose_name="id at the source")),
                ("carrier", models.CharField(blank=True, max_length=60, verbose_name="carrier")),
                ("tracking_number", models.CharField(max_length=100, verbose_name="tracking number")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("announced", "Announced"),
                            ("in_transit", "On its way"),
                            ("out_for_delivery", "Out for delivery"),
                            ("ready_for_pickup", "Waits at a pickup point"),
                            ("problem", "Delivery problem"),
                            ("delivered", "Delivered"),
                            ("lost", "Lost"),
                            ("returned", "Returned to sender"),
                        ],
                        max_length=16,
                        verbose_name="status",
                    ),
                ),
                ("message", models.CharField(blank=True, max_length=300, verbose_name="message")),
                ("place", models.CharField(blank=True, max_length=120, verbose_name="place")),
                ("occurred_at", models.DateTimeField(verbose_name="happened")),
                ("recorded_at", models.DateTimeField(verbose_name="recorded")),
                (
                    "shipment",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tracking_events",
                        to="orders.shipment",
                        verbose_name="parcel",
                    ),
                ),
            ],
            options={
                "verbose_name": "tracking event",
                "verbose_name_plural": "tracking events",
            },
        ),
        migrations.AddConstraint(
            model_name="basketline",
            constraint=models.UniqueConstraint(fields=("basket", "position"), name="one_basket_line_per_position"),
        ),
        migrations.AddConstraint(
            model_name="basketline",
            constraint=models.UniqueConstraint(
                fields=("basket", "variant", "method", "location", "is_later"),
                name="each_want_once_per_basket",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="basketline",
            constraint=models.CheckConstraint(condition=models.Q(("quantity__gt", 0)), name="basket_line_of_something"),
        ),
        migrations.AddConstraint(
            model_name="basketline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("is_later", False), models.Q(("method", "carry_out"), _negated=True), _connector="OR"
                ),
                name="nothing_is_carried_out_later",
            ),
        ),
        migrations.AddConstraint(
            model_name="basketline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("location__isnull", False), ("method__in", ["pickup", "carry_out"])),
                    models.Q(("location", None), ("method", "ship")),
                    _connector="OR",
                ),
                name="basket_line_has_its_place",
            ),
        ),
        migrations.AddConstraint(
            model_name="basketpiece",
            constraint=models.UniqueConstraint(fields=("variant", "serial"), name="piece_is_in_one_basket"),
        ),
        migrations.AddConstraint(
            model_name="confirmation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("quantity", 0), ("ships_on", None)),
                    models.Q(("quantity__gt", 0), ("ships_on__isnull", False)),
                    _connector="OR",
                ),
                name="confirmed_for_a_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="agerefusal",
            constraint=models.CheckConstraint(condition=models.Q(("over__gt", 0)), name="age_refusal_of_an_age"),
        ),
        migrations.AddIndex(
            model_name="handover",
            index=models.Index(
                condition=models.Q(("finalized_at", None), ("undone_at", None)),
                fields=["undo_until"],
                name="hand_over_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="handover",
            constraint=models.CheckConstraint(
                condition=models.Q(("undone_at", None), ("finalized_at", None), _connector="OR"), name="undone_or_final"
            ),
        ),
        migrations.AddConstraint(
            model_name="handover",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("is_age_restricted", False),
                    models.Q(
                        ("age_over__gt", 0), ("age_over__isnull", False), models.Q(("age_check", ""), _negated=True)
                    ),
                    _connector="OR",
                ),
                name="age_was_checked",
            ),
        ),
        migrations.AddIndex(
            model_name="arrival",
            index=models.Index(
                condition=models.Q(("served_at__isnull", False)), fields=["served_at"], name="arrival_served"
            ),
        ),
        migrations.AddConstraint(
            model_name="arrival",
            constraint=models.UniqueConstraint(
                condition=models.Q(("cancelled_at", None), ("served_at", None)),
                fields=("fulfillment_order",),
                name="one_open_arrival",
            ),
        ),
        migrations.AddConstraint(
            model_name="arrival",
            constraint=models.CheckConstraint(
                condition=models.Q(("on_my_way_at__isnull", False), ("arrived_at__isnull", False), _connector="OR"),
                name="arrival_announced_or_there",
            ),
        ),
        migrations.AddConstraint(
            model_name="arrival",
            constraint=models.CheckConstraint(
                condition=models.Q(("served_at", None), ("cancelled_at", None), _connector="OR"),
                name="arrival_ends_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="arrival",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("served_at", None),
                    ("arrived_at", None),
                    ("served_at__gte", models.F("arrived_at")),
                    _connector="OR",
                ),
                name="served_after_arrived",
            ),
        ),
        migrations.AddConstraint(
            model_name="arrival",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("waited_seconds", None),
                    models.Q(("arrived_at__isnull", False), ("served_at__isnull", False)),
                    _connector="OR",
                ),
                name="wait_of_somebody_served",
            ),
        ),
        migrations.AddIndex(
            model_name="lostsale",
            index=models.Index(
                condition=models.Q(("undone_at", None)), fields=["recorded_at"], name="lost_sale_recorded"
            ),
        ),
        migrations.AddConstraint(
            model_name="lostsale",
            constraint=models.CheckConstraint(condition=models.Q(("quantity__gt", 0)), name="lost_sale_of_something"),
        ),
        migrations.AddIndex(
            model_name="manifest",
            index=models.Index(fields=["location", "-opened_at"], name="manifest_of_location"),
        ),
        migrations.AddIndex(
            model_name="manifest",
            index=models.Index(
                condition=models.Q(("status", "closing")), fields=["closed_at"], name="manifest_closing"
            ),
        ),
        migrations.AddConstraint(
            model_name="manifest",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status", "open")),
                fields=("location", "carrier"),
                name="one_open_manifest_per_carrier",
            ),
        ),
        migrations.AddConstraint(
            model_name="manifest",
            constraint=models.CheckConstraint(
                condition=models.Q(("status", "open"), ("closed_at__isnull", False), _connector="OR"),
                name="closed_manifest_says_when",
            ),
        ),
        migrations.AddIndex(
            model_name="order",
            index=models.Index(fields=["updated_at", "id"], name="order_updated"),
        ),
        migrations.AddIndex(
            model_name="order",
            index=models.Index(fields=["-placed_at"], name="order_placed"),
        ),
        migrations.AddIndex(
            model_name="order",
            index=models.Index(
                condition=models.Q(("contact_email", ""), _negated=True), fields=["contact_email"], name="order_email"
            ),
        ),
        migrations.AddIndex(
            model_name="order",
            index=models.Index(
                condition=models.Q(("contact_phone", ""), _negated=True), fields=["contact_phone"], name="order_phone"
            ),
        ),
        migrations.AddIndex(
            model_name="order",
            index=models.Index(
                condition=models.Q(("pickup_code_digest", ""), _negated=True),
                fields=["pickup_code_digest"],
                name="order_pickup_code",
            ),
        ),
        migrations.AddIndex(
            model_name="order",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["contact_name"], name="order_name_trgm", opclasses=["gin_trgm_ops"]
            ),
        ),
        migrations.AddConstraint(
            model_name="order",
            constraint=models.UniqueConstraint(
                fields=("channel", "channel_reference"), name="one_order_per_channel_reference"
            ),
        ),
        migrations.AddConstraint(
            model_name="order",
            constraint=models.CheckConstraint(
                condition=models.Q(("refunded_amount__gte", 0), ("refunded_amount__lte", models.F("total_amount"))),
                name="never_refunded_beyond_total",
            ),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.UniqueConstraint(fields=("event_id", "channel"), name="told_once_per_channel"),
        ),
        migrations.AddIndex(
            model_name="basket",
            index=models.Index(
                condition=models.Q(("status__in", ["open", "parked"])),
                fields=["location", "updated_at"],
                name="basket_alive",
            ),
        ),
        migrations.AddConstraint(
            model_name="basket",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status", "open")),
                fields=("associate", "location"),
                name="one_open_basket_per_associate",
            ),
        ),
        migrations.AddConstraint(
            model_name="basket",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("order__isnull", False), ("status", "placed")),
                    models.Q(models.Q(("status", "placed"), _negated=True), ("order", None)),
                    _connector="OR",
                ),
                name="placed_basket_has_its_order",
            ),
        ),
        migrations.AddConstraint(
            model_name="basket",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("age_check", ""), ("age_over", None)),
                    models.Q(
                        ("age_over__gt", 0), ("age_over__isnull", False), models.Q(("age_check", ""), _negated=True)
                    ),
                    _connector="OR",
                ),
                name="basket_age_was_checked",
            ),
        ),
        migrations.AddIndex(
            model_name="orderexception",
            index=models.Index(condition=models.Q(("resolved_at", None)), fields=["raised_at"], name="exception_open"),
        ),
        migrations.AddConstraint(
            model_name="orderexception",
            constraint=models.UniqueConstraint(
                condition=models.Q(("resolved_at", None)), fields=("order", "kind"), name="one_open_exception_per_kind"
            ),
        ),
        migrations.AddConstraint(
            model_name="orderkit",
            constraint=models.UniqueConstraint(fields=("order", "reference"), name="one_kit_per_reference"),
        ),
        migrations.AddConstraint(
            model_name="orderkit",
            constraint=models.CheckConstraint(
                condition=models.Q(("line_count__gt", 0), ("quantity__gt", 0)), name="kit_of_something"
            ),
        ),
        migrations.AddIndex(
            model_name="orderline",
            index=models.Index(
                condition=models.Q(("waiting_quantity__gt", 0)), fields=["variant"], name="line_waiting"
            ),
        ),
        migrations.AddIndex(
            model_name="orderline",
            index=models.Index(
                condition=models.Q(("waiting_quantity__gt", 0)), fields=["pickup_location"], name="line_waiting_at"
            ),
        ),
        migrations.AddConstraint(
            model_name="orderline",
            constraint=models.UniqueConstraint(fields=("order", "reference"), name="one_line_per_reference"),
        ),
        migrations.AddConstraint(
            model_name="orderline",
            constraint=models.CheckConstraint(condition=models.Q(("quantity__gt", 0)), name="line_of_something"),
        ),
        migrations.AddConstraint(
            model_name="orderline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "quantity__gte",
                        django.db.models.expressions.CombinedExpression(
                            django.db.models.expressions.CombinedExpression(
                                models.F("cancelled_quantity"), "+", models.F("allocated_quantity")
                            ),
                            "+",
                            models.F("fulfilled_quantity"),
                        ),
                    )
                ),
                name="units_in_one_place",
            ),
        ),
        migrations.AddConstraint(
            model_name="orderline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kit", None), ("kit_units", None)),
                    models.Q(("kit__isnull", False), ("kit_units__gt", 0)),
                    _connector="OR",
                ),
                name="part_of_a_kit_says_how_many",
            ),
        ),
        migrations.AddConstraint(
            model_name="orderline",
            constraint=models.CheckConstraint(
                condition=models.Q(("returned_quantity__lte", models.F("fulfilled_quantity"))),
                name="returned_within_fulfilled",
            ),
        ),
        migrations.AddConstraint(
            model_name="orderline",
            constraint=models.CheckConstraint(
                condition=models.Q(("settled_quantity__lte", models.F("fulfilled_quantity"))),
                name="settled_within_fulfilled",
            ),
        ),
        migrations.AddConstraint(
            model_name="orderline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("method__in", ["pickup", "carry_out"]), ("pickup_location__isnull", False)),
                    models.Q(("method", "ship"), ("pickup_location", None)),
                    _connector="OR",
                ),
                name="pickup_has_a_place",
            ),
        ),
        migrations.AddConstraint(
            model_name="fulfillmentline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("quantity__gt", 0),
                    (
                        "quantity__gte",
                        django.db.models.expressions.CombinedExpression(
                            django.db.models.expressions.CombinedExpression(
                                models.F("picked_quantity"), "+", models.F("short_quantity")
                            ),
                            "+",
                            models.F("cancelled_quantity"),
                        ),
                    ),
                ),
                name="fulfillment_line_conserves_units",
            ),
        ),
        migrations.AddConstraint(
            model_name="fulfillmentline",
            constraint=models.CheckConstraint(
                condition=models.Q(("issued_quantity__lte", models.F("picked_quantity"))), name="issued_was_picked"
            ),
        ),
        migrations.AddConstraint(
            model_name="fulfillmentline",
            constraint=models.CheckConstraint(
                condition=models.Q(("packed_quantity__lte", models.F("picked_quantity"))), name="packed_was_picked"
            ),
        ),
        migrations.AddIndex(
            model_name="exclusion",
            index=models.Index(fields=["created_at"], name="exclusion_of_a_time"),
        ),
        migrations.AddConstraint(
            model_name="exclusion",
            constraint=models.UniqueConstraint(fields=("order_line", "location"), name="excluded_once"),
        ),
        migrations.AddConstraint(
            model_name="partner",
            constraint=models.CheckConstraint(
                condition=models.Q(("confirm_minutes__gt", 0), ("ship_days__lte", 30)), name="partner_agreement"
            ),
        ),
        migrations.AddIndex(
            model_name="partneralarm",
            index=models.Index(
                condition=models.Q(("cleared_at", None)), fields=["raised_at"], name="partner_alarm_open"
            ),
        ),
        migrations.AddConstraint(
            model_name="partneralarm",
            constraint=models.UniqueConstraint(
                condition=models.Q(("cleared_at", None)),
                fields=("partner", "kind", "fulfillment_order"),
                name="one_open_alarm_per_cause",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="partneralarm",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("fulfillment_order", None), ("kind", "silent")),
                    models.Q(models.Q(("kind", "silent"), _negated=True), ("fulfillment_order__isnull", False)),
                    _connector="OR",
                ),
                name="alarm_of_work_or_feed",
            ),
        ),
        migrations.AddIndex(
            model_name="payment",
            index=models.Index(
                condition=models.Q(("last4", ""), _negated=True), fields=["last4"], name="payment_last4"
            ),
        ),
        migrations.AddIndex(
            model_name="payment",
            index=models.Index(fields=["reference"], name="payment_reference"),
        ),
        migrations.AddIndex(
            model_name="payment",
            index=models.Index(
                condition=models.Q(("void_requested_at__isnull", False), ("voided_at", None)),
                fields=["void_requested_at"],
                name="payment_to_void",
            ),
        ),
        migrations.AddConstraint(
            model_name="payment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("captured_amount__lte", models.F("authorized_amount")),
                    ("refunded_amount__gte", 0),
                    ("refunded_amount__lte", models.F("captured_amount")),
                ),
                name="refunded_within_captured_within_authorized",
            ),
        ),
        migrations.AddConstraint(
            model_name="payment",
            constraint=models.CheckConstraint(
                condition=models.Q(("last4", ""), ("last4__regex", "^[0-9]{4}$"), _connector="OR"),
                name="only_the_last_four_digits",
            ),
        ),
        migrations.AddIndex(
            model_name="capture",
            index=models.Index(
                condition=models.Q(("captured_at", None), ("failed_at", None)),
                fields=["requested_at"],
                name="capture_pending",
            ),
        ),
        migrations.AddConstraint(
            model_name="capture",
            constraint=models.UniqueConstraint(fields=("payment", "key"), name="one_capture_per_key"),
        ),
        migrations.AddConstraint(
            model_name="capture",
            constraint=models.CheckConstraint(condition=models.Q(("amount__gt", 0)), name="capture_of_something"),
        ),
        migrations.AddConstraint(
            model_name="capture",
            constraint=models.CheckConstraint(
                condition=models.Q(("captured_at", None), ("failed_at", None), _connector="OR"),
                name="captured_or_refused",
            ),
        ),
        migrations.AddIndex(
            model_name="paymentintent",
            index=models.Index(fields=["owner_key"], name="intent_owner"),
        ),
        migrations.AddIndex(
            model_name="paymentintent",
            index=models.Index(
                condition=models.Q(("status__in", ["declined", "used", "voided"]), _negated=True),
                fields=["asked_at"],
                name="intent_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="paymentintent",
            constraint=models.CheckConstraint(condition=models.Q(("amount__gt", 0)), name="intent_of_something"),
        ),
        migrations.AddConstraint(
            model_name="paymentintent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("order__isnull", False), ("status", "used")),
                    models.Q(models.Q(("status", "used"), _negated=True), ("order", None)),
                    _connector="OR",
                ),
                name="used_intent_has_its_order",
            ),
        ),
        migrations.AddConstraint(
            model_name="pickhelper",
            constraint=models.UniqueConstraint(
                condition=models.Q(("left_at", None)), fields=("pick_list", "user"), name="helps_once"
            ),
        ),
        migrations.AddIndex(
            model_name="fulfillmentorder",
            index=models.Index(
                condition=models.Q(("status__in", ["released", "accepted", "picking"])),
                fields=["location", "due_at", "id"],
                name="fulfillment_queue",
            ),
        ),
        migrations.AddIndex(
            model_name="fulfillmentorder",
            index=models.Index(
                condition=models.Q(("status", "planned")), fields=["release_at"], name="fulfillment_to_release"
            ),
        ),
        migrations.AddIndex(
            model_name="fulfillmentorder",
            index=models.Index(
                condition=models.Q(("status", "staged")), fields=["location", "staged_at"], name="fulfillment_staged"
            ),
        ),
        migrations.AddIndex(
            model_name="fulfillmentorder",
            index=models.Index(
                condition=models.Q(("status", "staged")), fields=["collect_by"], name="fulfillment_collect_by"
            ),
        ),
        migrations.AddIndex(
            model_name="fulfillmentorder",
            index=models.Index(
                condition=models.Q(("status", "released")), fields=["confirm_by"], name="fulfillment_confirm_by"
            ),
        ),
        migrations.AddIndex(
            model_name="fulfillmentorder",
            index=models.Index(fields=["location", "status"], name="fulfillment_location_status"),
        ),
        migrations.AddIndex(
            model_name="fulfillmentorder",
            index=models.Index(fields=["location", "due_at"], name="fulfillment_day"),
        ),
        migrations.AddIndex(
            model_name="fulfillmentorder",
            index=models.Index(
                condition=models.Q(
                    ("delay_told_at", None),
                    ("method", "pickup"),
                    ("status__in", ["awaiting", "released", "accepted", "picking"]),
                ),
                fields=["due_at"],
                name="fulfillment_delayed",
            ),
        ),
        migrations.AddIndex(
            model_name="fulfillmentorder",
            index=models.Index(
                condition=models.Q(("closed_at__isnull", False)),
                fields=["location", "closed_at"],
                name="fulfillment_closed",
            ),
        ),
        migrations.AddIndex(
            model_name="fulfillmentorder",
            index=models.Index(
                condition=models.Q(
                    ("missed_at", None), ("status__in", ["planned", "released", "accepted", "picking", "staged"])
                ),
                fields=["cutoff_at"],
                name="fulfillment_to_miss",
            ),
        ),
        migrations.AddConstraint(
            model_name="fulfillmentorder",
            constraint=models.UniqueConstraint(
                fields=("pick_list", "tote_number"), name="one_place_on_the_cart_per_order"
            ),
        ),
        migrations.AddConstraint(
            model_name="fulfillmentorder",
            constraint=models.UniqueConstraint(
                condition=models.Q(models.Q(("tote_label", ""), _negated=True), ("status__in", ["picking", "staged"])),
                fields=("location", "tote_label"),
                name="one_order_per_tote",
            ),
        ),
        migrations.AddConstraint(
            model_name="pickscan",
            constraint=models.UniqueConstraint(fields=("pick_list", "key"), name="each_scan_counts_once"),
        ),
        migrations.AddConstraint(
            model_name="pickupchoice",
            constraint=models.UniqueConstraint(
                condition=models.Q(("answer", "")), fields=("order_line",), name="one_open_choice_per_line"
            ),
        ),
        migrations.AddConstraint(
            model_name="pickupchoice",
            constraint=models.CheckConstraint(condition=models.Q(("quantity__gt", 0)), name="choice_of_something"),
        ),
        migrations.AddConstraint(
            model_name="pickupchoice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("answer", "substitute"), _negated=True),
                    models.Q(("substitute__isnull", False), ("substitute_line__isnull", False)),
                    _connector="OR",
                ),
                name="substitute_has_its_line",
            ),
        ),
        migrations.AddIndex(
            model_name="priceset",
            index=models.Index(fields=["-solved_at"], name="price_set_solved"),
        ),
        migrations.AddConstraint(
            model_name="priceset",
            constraint=models.CheckConstraint(
                condition=models.Q(("good_until__gt", models.F("solved_at"))), name="price_set_ends"
            ),
        ),
        migrations.AddConstraint(
            model_name="priceset",
            constraint=models.CheckConstraint(condition=models.Q(("weight__lte", 1000)), name="price_set_weighs"),
        ),
        migrations.AddConstraint(
            model_name="priceset",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("is_failed", False), models.Q(("broken_because", ""), _negated=True), _connector="OR"
                ),
                name="failed_price_set_says_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="priceset",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("retired_at", None), ("retired_because", "")),
                    models.Q(
                        ("retired_at__isnull", False), ("weight", 0), models.Q(("retired_because", ""), _negated=True)
                    ),
                    _connector="OR",
                ),
                name="retired_price_set_weighs_nothing",
            ),
        ),
        migrations.AddConstraint(
            model_name="priceset",
            constraint=models.CheckConstraint(
                condition=models.Q(("drift__gte", 0), ("drift__lte", 1)), name="price_set_drifts"
            ),
        ),
        migrations.AddIndex(
            model_name="refund",
            index=models.Index(fields=["order", "act_key"], name="refund_of_act"),
        ),
        migrations.AddIndex(
            model_name="refund",
            index=models.Index(
                condition=models.Q(("failed_at", None), ("refunded_at", None)),
                fields=["requested_at"],
                name="refund_pending",
            ),
        ),
        migrations.AddConstraint(
            model_name="refund",
            constraint=models.CheckConstraint(condition=models.Q(("amount__gt", 0)), name="refund_of_something"),
        ),
        migrations.AddConstraint(
            model_name="refund",
            constraint=models.CheckConstraint(
                condition=models.Q(("refunded_at", None), ("failed_at", None), _connector="OR"),
                name="refunded_or_refused",
            ),
        ),
        migrations.AddConstraint(
            model_name="refund",
            constraint=models.CheckConstraint(
                condition=models.Q(("payment__isnull", False), ("credit__isnull", False), _connector="OR"),
                name="refund_goes_somewhere",
            ),
        ),
        migrations.AddConstraint(
            model_name="reliability",
            constraint=models.UniqueConstraint(
                fields=("location", "path"), name="one_reliability_per_category", nulls_distinct=False
            ),
        ),
        migrations.AddConstraint(
            model_name="reliability",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("asked__gt", 0),
                    (
                        "asked__gte",
                        django.db.models.expressions.CombinedExpression(models.F("declined"), "+", models.F("short")),
                    ),
                ),
                name="reliability_of_something",
            ),
        ),
        migrations.AddIndex(
            model_name="routingdecision",
            index=models.Index(fields=["decided_at"], name="decision_by_time"),
        ),
        migrations.AddIndex(
            model_name="routingdecision",
            index=models.Index(
                condition=models.Q(("put_away_at", None)), fields=["decided_at"], name="decision_not_put_away"
            ),
        ),
        migrations.AddIndex(
            model_name="routingdecision",
            index=models.Index(
                condition=models.Q(("degraded_because", ""), _negated=True),
                fields=["decided_at"],
                name="decision_degraded",
            ),
        ),
        migrations.AddConstraint(
            model_name="routingdecision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("amount__isnull", False), models.Q(("degraded_because", ""), _negated=True), _connector="OR"
                ),
                name="decision_has_a_cost_or_a_reason",
            ),
        ),
        migrations.AddIndex(
            model_name="routingoutcome",
            index=models.Index(fields=["ended_at"], name="outcome_by_time"),
        ),
        migrations.AddConstraint(
            model_name="routingreplayorder",
            constraint=models.UniqueConstraint(fields=("replay", "decision"), name="each_decision_once_in_a_replay"),
        ),
        migrations.AddIndex(
            model_name="ruleset",
            index=models.Index(condition=models.Q(("status", "active")), fields=["id"], name="rule_set_active"),
        ),
        migrations.AddConstraint(
            model_name="ruleset",
            constraint=models.UniqueConstraint(fields=("name", "version"), name="one_rule_set_per_version"),
        ),
        migrations.AddConstraint(
            model_name="ruleset",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status", "active")), fields=("name",), name="one_active_version"
            ),
        ),
        migrations.AddConstraint(
            model_name="ruleset",
            constraint=models.CheckConstraint(
                condition=models.Q(("unit_value_percent__lte", 1000)), name="rule_set_scales_value"
            ),
        ),
        migrations.AddConstraint(
            model_name="ruleset",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("activated_at", None), ("activated_by", ""), ("status__in", ["draft", "retired"]), ("why", "")
                    ),
                    models.Q(
                        ("activated_at__isnull", False),
                        ("status__in", ["active", "retired"]),
                        models.Q(("activated_by", ""), _negated=True),
                        models.Q(("why", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="active_rules_say_who_and_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="ruleset",
            constraint=models.CheckConstraint(
                condition=models.Q(("most_shipments", 0), _negated=True), name="rule_set_allows_a_shipment"
            ),
        ),
        migrations.AddConstraint(
            model_name="ruleprice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("amount", 0), _negated=True), ("amount__gte", -1000), ("amount__lte", 1000)
                ),
                name="price_of_something",
            ),
        ),
        migrations.AddIndex(
            model_name="routingreplay",
            index=models.Index(
                condition=models.Q(("status__in", ["waiting", "running"])), fields=["id"], name="routingreplay_at_work"
            ),
        ),
        migrations.AddConstraint(
            model_name="routingreplay",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status__in", ["waiting", "running"])),
                fields=("rule_set",),
                name="one_routingreplay_at_work",
            ),
        ),
        migrations.AddConstraint(
            model_name="routingreplay",
            constraint=models.CheckConstraint(
                condition=models.Q(("until__gt", models.F("since"))), name="routingreplay_of_a_period"
            ),
        ),
        migrations.AddConstraint(
            model_name="routingreplay",
            constraint=models.CheckConstraint(
                condition=models.Q(("done__lte", models.F("total"))), name="routingreplay_within_its_total"
            ),
        ),
        migrations.AddConstraint(
            model_name="routingreplay",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("failed_because__gt", ""), ("status", "failed")),
                    models.Q(models.Q(("status", "failed"), _negated=True), ("failed_because", "")),
                    _connector="OR",
                ),
                name="failed_routingreplay_says_why",
            ),
        ),
        migrations.AddIndex(
            model_name="routingfrontier",
            index=models.Index(
                condition=models.Q(("status__in", ["waiting", "running"])),
                fields=["id"],
                name="routingfrontier_at_work",
            ),
        ),
        migrations.AddConstraint(
            model_name="routingfrontier",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status__in", ["waiting", "running"])),
                fields=("rule_set",),
                name="one_routingfrontier_at_work",
            ),
        ),
        migrations.AddConstraint(
            model_name="routingfrontier",
            constraint=models.CheckConstraint(
                condition=models.Q(("until__gt", models.F("since"))), name="routingfrontier_of_a_period"
            ),
        ),
        migrations.AddConstraint(
            model_name="routingfrontier",
            constraint=models.CheckConstraint(
                condition=models.Q(("done__lte", models.F("total"))), name="routingfrontier_within_its_total"
            ),
        ),
        migrations.AddConstraint(
            model_name="routingfrontier",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("failed_because__gt", ""), ("status", "failed")),
                    models.Q(models.Q(("status", "failed"), _negated=True), ("failed_because", "")),
                    _connector="OR",
                ),
                name="failed_routingfrontier_says_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="rulestep",
            constraint=models.UniqueConstraint(
                deferrable=django.db.models.constraints.Deferrable["DEFERRED"],
                fields=("rule_set", "position"),
                name="one_step_per_position",
            ),
        ),
        migrations.AddConstraint(
            model_name="rulefilter",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind__in", ["only", "except"]), _negated=True),
                    models.Q(("group_ids", []), ("kinds", []), _negated=True),
                    _connector="OR",
                ),
                name="filter_says_which",
            ),
        ),
        migrations.AddConstraint(
            model_name="rulefilter",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind__in", ["only", "except", "open"]), ("number", 0)),
                    models.Q(("kind", "distance"), ("number__gte", 1), ("number__lte", 13000)),
                    models.Q(("kind", "counted"), ("number__gte", 1), ("number__lte", 3650)),
                    models.Q(("kind__in", ["daily", "units"]), ("number__gte", 1), ("number__lte", 1000000)),
                    _connector="OR",
                ),
                name="filter_says_how_much",
            ),
        ),
        migrations.AddConstraint(
            model_name="serialnumber",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status__in", ["picked", "out"])),
                fields=("variant", "serial"),
                name="serial_is_out_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="serialnumber",
            constraint=models.UniqueConstraint(fields=("fulfillment_line", "key"), name="each_serial_scan_counts_once"),
        ),
        migrations.AddIndex(
            model_name="shipment",
            index=models.Index(
                condition=models.Q(("tracking_number", ""), _negated=True),
                fields=["tracking_number"],
                name="parcel_tracking",
            ),
        ),
        migrations.AddIndex(
            model_name="shipment",
            index=models.Index(fields=["fulfillment_order", "status"], name="parcel_of_work"),
        ),
        migrations.AddIndex(
            model_name="shipment",
            index=models.Index(
                condition=models.Q(("status__in", ["handed_over", "in_transit"])),
                fields=["deliver_by"],
                name="parcel_on_the_way",
            ),
        ),
        migrations.AddIndex(
            model_name="shipment",
            index=models.Index(
                condition=models.Q(("status__in", ["packing", "packed", "labelled"])),
                fields=["fulfillment_order"],
                name="parcel_in_house",
            ),
        ),
        migrations.AddConstraint(
            model_name="shipment",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status", "packing")),
                fields=("fulfillment_order",),
                name="one_open_parcel_per_work",
            ),
        ),
        migrations.AddConstraint(
            model_name="shipment",
            constraint=models.UniqueConstraint(
                condition=models.Q(("sender_reference", ""), _negated=True),
                fields=("fulfillment_order", "sender_reference"),
                name="partners_parcel_left_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="shipment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("status__in", ["packing", "packed", "unpacked"]),
                    models.Q(
                        models.Q(("carrier", ""), _negated=True),
                        models.Q(("status", "labelled"), ("handed_over_at__isnull", False), _connector="OR"),
                    ),
                    _connector="OR",
                ),
                name="parcel_left_with_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="packscan",
            constraint=models.UniqueConstraint(fields=("shipment", "key"), name="each_packing_scan_counts_once"),
        ),
        migrations.AddIndex(
            model_name="label",
            index=models.Index(condition=models.Q(("status", "asked")), fields=["asked_at"], name="label_unresolved"),
        ),
        migrations.AddIndex(
            model_name="label",
            index=models.Index(condition=models.Q(("status", "failed")), fields=["asked_at"], name="label_failed"),
        ),
        migrations.AddIndex(
            model_name="label",
            index=models.Index(condition=models.Q(("status", "voiding")), fields=["answered_at"], name="label_voiding"),
        ),
        migrations.AddConstraint(
            model_name="label",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status__in", ["asked", "bought"])),
                fields=("shipment",),
                name="one_live_label_per_parcel",
            ),
        ),
        migrations.AddConstraint(
            model_name="label",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_manual", False), models.Q(("tracking_number", ""), _negated=True)),
                fields=("carrier", "tracking_number"),
                name="one_bought_label_per_tracking_number",
            ),
        ),
        migrations.AddConstraint(
            model_name="shipmentline",
            constraint=models.UniqueConstraint(
                fields=("shipment", "fulfillment_line"), name="one_parcel_line_per_line"
            ),
        ),
        migrations.AddIndex(
            model_name="trackingevent",
            index=models.Index(fields=["shipment", "occurred_at"], name="tracking_of_parcel"),
        ),
        migrations.AddConstraint(
            model_name="trackingevent",
            constraint=models.UniqueConstraint(fields=("source", "event_id"), name="each_tracking_event_once"),
        ),
    ]
