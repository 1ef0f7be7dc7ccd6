import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models

import omni.core.private_files
import returns.models.return_order


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("customers", "0002_tables"),
        ("inventory", "0002_tables"),
        ("orders", "0002_tables"),
        ("returns", "0001_sequences"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ReturnReason",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.SlugField(max_length=40, unique=True, verbose_name="code")),
                ("label", models.CharField(max_length=100, verbose_name="label")),
                (
                    "is_our_fault",
                    models.BooleanField(
                        default=False,
                        help_text="Then no fee is taken, and condition and final sale do not count.",
                        verbose_name="our fault",
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="position")),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
            ],
            options={
                "verbose_name": "return reason",
                "verbose_name_plural": "return reasons",
                "ordering": ["position", "label"],
            },
        ),
        migrations.CreateModel(
            name="ReturnOrder",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "rma_number",
                    models.BigIntegerField(
                        db_default=returns.models.return_order.NextRma(), unique=True, verbose_name="number"
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("store", "At the desk"),
                            ("mail", "By mail"),
                            ("sent_back", "Parcel sent back"),
                            ("unannounced", "Unannounced parcel"),
                        ],
                        default="store",
                        max_length=12,
                        verbose_name="came",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("waiting", "Waits for approval"),
                            ("authorized", "Announced"),
                            ("received", "Received"),
                            ("completed", "Completed"),
                            ("refused", "Refused"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="authorized",
                        max_length=12,
                        verbose_name="status",
                    ),
                ),
                ("currency", models.CharField(max_length=3, verbose_name="currency")),
                ("id_digest", models.CharField(blank=True, editable=False, max_length=64, verbose_name="ID")),
                ("id_note", models.CharField(blank=True, max_length=60, verbose_name="kind of ID")),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="note")),
                ("approval", models.JSONField(blank=True, default=list, verbose_name="needs a second person for")),
                ("approved_at", models.DateTimeField(blank=True, null=True, verbose_name="approved")),
                ("tracking_carrier", models.CharField(blank=True, max_length=60, verbose_name="carrier")),
                ("tracking_number", models.CharField(blank=True, max_length=100, verbose_name="tracking number")),
                (
                    "source_key",
                    models.CharField(
                        blank=True,
                        help_text="What opened it, such as a parcel: it opens one return only.",
                        max_length=100,
                        null=True,
                        unique=True,
                        verbose_name="opened by",
                    ),
                ),
                ("opened_at", models.DateTimeField(verbose_name="opened")),
                ("opened_by", models.CharField(max_length=150, verbose_name="opened by")),
                ("received_at", models.DateTimeField(blank=True, null=True, verbose_name="received")),
                ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="closed")),
                (
                    "approved_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="approved by",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="returns",
                        to="customers.customer",
                        verbose_name="customer",
                    ),
                ),
                (
                    "location",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inventory.location",
                        verbose_name="location",
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        blank=True,
                        help_text="Empty: without receipt.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="returns",
                        to="orders.order",
                        verbose_name="order",
                    ),
                ),
            ],
            options={
                "verbose_name": "return",
                "verbose_name_plural": "returns",
            },
        ),
        migrations.CreateModel(
            name="ReturnLabel",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=80, unique=True, verbose_name="key")),
                (
                    "status",
                    models.CharField(
                        choices=[("asked", "Being made"), ("bought", "Made"), ("refused", "Refused by the carrier")],
                        default="asked",
                        max_length=8,
                        verbose_name="status",
                    ),
                ),
                ("carrier", models.CharField(blank=True, max_length=60, verbose_name="carrier")),
                ("service", models.CharField(blank=True, max_length=60, verbose_name="service")),
                ("tracking_number", models.CharField(blank=True, max_length=100, verbose_name="tracking number")),
                (
                    "amount",
                    models.DecimalField(blank=True, decimal_places=4, max_digits=14, null=True, verbose_name="price"),
                ),
                ("currency", models.CharField(blank=True, max_length=3, verbose_name="currency")),
                ("reference", models.CharField(blank=True, max_length=200, verbose_name="carrier's reference")),
                ("refusal", models.CharField(blank=True, max_length=500, verbose_name="refusal")),
                ("pdf", models.BinaryField(blank=True, null=True, verbose_name="PDF")),
                ("zpl", models.TextField(blank=True, verbose_name="ZPL")),
                ("asked_at", models.DateTimeField(verbose_name="asked")),
                ("answered_at", models.DateTimeField(blank=True, null=True, verbose_name="answered")),
                (
                    "return_order",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="label",
                        to="returns.returnorder",
                        verbose_name="return",
                    ),
                ),
            ],
            options={
                "verbose_name": "return label",
                "verbose_name_plural": "return labels",
            },
        ),
        migrations.CreateModel(
            name="Payout",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=64, unique=True, verbose_name="key")),
                ("amount", models.DecimalField(decimal_places=4, max_digits=14, verbose_name="amount")),
                (
                    "tender_amount",
                    models.DecimalField(decimal_places=4, default=0, max_digits=14, verbose_name="as it was paid"),
                ),
                (
                    "credit_amount",
                    models.DecimalField(decimal_places=4, default=0, max_digits=14, verbose_name="store credit"),
                ),
                (
                    "exchange_amount",
                    models.DecimalField(
                        decimal_places=4, default=0, max_digits=14, verbose_name="paid for the replacement"
                    ),
                ),
                ("credit_code", models.CharField(blank=True, max_length=40, verbose_name="store credit")),
                ("till_reference", models.CharField(blank=True, max_length=100, verbose_name="till receipt")),
                ("made_at", models.DateTimeField(verbose_name="made")),
                (
                    "made_by",
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
                    "replacement",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replaces",
                        to="orders.order",
                        verbose_name="replacement",
                    ),
                ),
                (
                    "return_order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="payouts",
                        to="returns.returnorder",
                        verbose_name="return",
                    ),
                ),
            ],
            options={
                "verbose_name": "payout",
                "verbose_name_plural": "payouts",
            },
        ),
        migrations.CreateModel(
            name="Exchange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "status",
                    models.CharField(
                        choices=[("open", "Chosen"), ("done", "Exchanged"), ("ended", "Given up")],
                        default="open",
                        max_length=8,
                        verbose_name="status",
                    ),
                ),
                ("lines", models.JSONField(default=list, verbose_name="replacement")),
                ("total_amount", models.DecimalField(decimal_places=4, default=0, max_digits=14, verbose_name="costs")),
                ("hold_id", models.UUIDField(blank=True, null=True, verbose_name="hold")),
                ("held_until", models.DateTimeField(blank=True, null=True, verbose_name="held until")),
                ("begun_at", models.DateTimeField(verbose_name="begun")),
                (
                    "replacement",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="exchange",
                        to="orders.order",
                        verbose_name="replacement",
                    ),
                ),
                (
                    "return_order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="exchanges",
                        to="returns.returnorder",
                        verbose_name="return",
                    ),
                ),
            ],
            options={
                "verbose_name": "exchange",
                "verbose_name_plural": "exchanges",
            },
        ),
        migrations.CreateModel(
            name="ReturnPolicy",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "name",
                    models.CharField(help_text="People at the desk read it.", max_length=100, verbose_name="name"),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("receipt", "With the purchase found"), ("blind", "Without receipt")],
                        default="receipt",
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                (
                    "category",
                    models.CharField(
                        blank=True,
                        help_text="A path, such as Apparel > Shirts; empty: everything.",
                        max_length=200,
                        verbose_name="category",
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("web", "Web shop"),
                            ("pos", "Till"),
                            ("marketplace", "Marketplace"),
                            ("phone", "Phone"),
                            ("endless_aisle", "Endless aisle"),
                        ],
                        help_text="Empty: every channel.",
                        max_length=20,
                        verbose_name="sold by",
                    ),
                ),
                (
                    "window_days",
                    models.PositiveIntegerField(
                        blank=True, default=30, help_text="Empty: for ever.", null=True, verbose_name="days to return"
                    ),
                ),
                ("is_final_sale", models.BooleanField(default=False, verbose_name="final sale")),
                (
                    "lowest_grade",
                    models.CharField(
                        choices=[("A", "A · like new"), ("B", "B · opened"), ("C", "C · used"), ("D", "D · damaged")],
                        default="D",
                        help_text="A worse condition needs the one who may decide otherwise.",
                        max_length=1,
                        verbose_name="accepted down to grade",
                    ),
                ),
                (
                    "fee_percent",
                    models.DecimalField(decimal_places=2, default=0, max_digits=5, verbose_name="restocking fee in %"),
                ),
                (
                    "fee_amount",
                    models.DecimalField(
                        decimal_places=4, default=0, max_digits=14, verbose_name="restocking fee per unit"
                    ),
                ),
                ("fee_currency", models.CharField(blank=True, max_length=3, verbose_name="currency of the fee")),
                (
                    "refund_to",
                    models.CharField(
                        choices=[("original", "As it was paid"), ("store_credit", "Store credit only")],
                        default="original",
                        max_length=12,
                        verbose_name="refund",
                    ),
                ),
                (
                    "override",
                    models.CharField(
                        blank=True,
                        choices=[("", "Nobody"), ("approve", "A lead"), ("adjust", "A manager"), ("configure", "HQ")],
                        default="approve",
                        max_length=12,
                        verbose_name="who may decide otherwise",
                    ),
                ),
                (
                    "disposition_a",
                    models.CharField(
                        choices=[
                            ("restock", "Restock"),
                            ("open_box", "Open box"),
                            ("refurbish", "Refurbish"),
                            ("quarantine", "Quarantine"),
                            ("return_to_vendor", "Return to vendor"),
                            ("dispose", "Dispose of"),
                        ],
                        default="restock",
                        max_length=16,
                        verbose_name="grade A",
                    ),
                ),
                (
                    "disposition_b",
                    models.CharField(
                        choices=[
                            ("restock", "Restock"),
                            ("open_box", "Open box"),
                            ("refurbish", "Refurbish"),
                            ("quarantine", "Quarantine"),
                            ("return_to_vendor", "Return to vendor"),
                            ("dispose", "Dispose of"),
                        ],
                        default="open_box",
                        max_length=16,
                        verbose_name="grade B",
                    ),
                ),
                (
                    "disposition_c",
                    models.CharField(
                        choices=[
                            ("restock", "Restock"),
                            ("open_box", "Open box"),
                            ("refurbish", "Refurbish"),
                            ("quarantine", "Quarantine"),
                            ("return_to_vendor", "Return to vendor"),
                            ("dispose", "Dispose of"),
                        ],
                        default="refurbish",
                        max_length=16,
                        verbose_name="grade C",
                    ),
                ),
                (
                    "disposition_d",
                    models.CharField(
                        choices=[
                            ("restock", "Restock"),
                            ("open_box", "Open box"),
                            ("refurbish", "Refurbish"),
                            ("quarantine", "Quarantine"),
                            ("return_to_vendor", "Return to vendor"),
                            ("dispose", "Dispose of"),
                        ],
                        default="quarantine",
                        max_length=16,
                        verbose_name="grade D",
                    ),
                ),
                (
                    "price_days",
                    models.PositiveIntegerField(
                        default=60,
                        help_text="Without receipt: a unit is worth the lowest price it had.",
                        verbose_name="lowest price of so many days",
                    ),
                ),
                (
                    "most_amount",
                    models.DecimalField(
                        blank=True,
                        decimal_places=4,
                        help_text="Without receipt: more is not given.",
                        max_digits=14,
                        null=True,
                        verbose_name="most per return",
                    ),
                ),
                (
                    "most_returns",
                    models.PositiveIntegerField(
                        default=3,
                        help_text="Without receipt, in 90 days, by the same ID.",
                        verbose_name="most returns per person",
                    ),
                ),
                ("starts_on", models.DateField(blank=True, null=True, verbose_name="from")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="until")),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
            ],
            options={
                "verbose_name": "return policy",
                "verbose_name_plural": "return policies",
                "ordering": ["kind", "category", "channel", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("fee_amount__gte", 0), ("fee_percent__gte", 0), ("fee_percent__lte", 100)),
                        name="return_fee_within_price",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("starts_on", None),
                            ("ends_on", None),
                            ("ends_on__gte", models.F("starts_on")),
                            _connector="OR",
                        ),
                        name="return_policy_ends_after_it_starts",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "blind"), _negated=True), ("refund_to", "store_credit"), _connector="OR"
                        ),
                        name="blind_returns_give_store_credit",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReturnUnit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("unit_index", models.PositiveIntegerField(blank=True, null=True, verbose_name="unit of the line")),
                ("title", models.CharField(max_length=400, verbose_name="title")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("authorized", "Expected"),
                            ("received", "Received"),
                            ("refunded", "Refunded"),
                            ("refused", "Given back"),
                            ("cancelled", "Not returned"),
                        ],
                        default="authorized",
                        max_length=12,
                        verbose_name="status",
                    ),
                ),
                (
                    "grade",
                    models.CharField(
                        blank=True,
                        choices=[("A", "A · like new"), ("B", "B · opened"), ("C", "C · used"), ("D", "D · damaged")],
                        max_length=1,
                        verbose_name="grade",
                    ),
                ),
                (
                    "disposition",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("restock", "Restock"),
                            ("open_box", "Open box"),
                            ("refurbish", "Refurbish"),
                            ("quarantine", "Quarantine"),
                            ("return_to_vendor", "Return to vendor"),
                            ("dispose", "Dispose of"),
                        ],
                        max_length=16,
                        verbose_name="disposition",
                    ),
                ),
                ("serial", models.CharField(blank=True, max_length=100, verbose_name="serial number")),
                (
                    "photo",
                    models.FileField(
                        blank=True,
                        storage=omni.core.private_files.private_files,
                        upload_to="returns/%Y/%m",
                        verbose_name="photo",
                    ),
                ),
                ("exceptions", models.JSONField(blank=True, default=list, verbose_name="against the policy")),
                ("value_amount", models.DecimalField(decimal_places=4, max_digits=14, verbose_name="paid for it")),
                (
                    "fee_amount",
                    models.DecimalField(decimal_places=4, default=0, max_digits=14, verbose_name="restocking fee"),
                ),
                ("refund_amount", models.DecimalField(decimal_places=4, max_digits=14, verbose_name="refund")),
                (
                    "refund_to",
                    models.CharField(
                        choices=[("original", "As it was paid"), ("store_credit", "Store credit only")],
                        default="original",
                        max_length=12,
                        verbose_name="refund",
                    ),
                ),
                (
                    "cost_amount",
                    models.DecimalField(
                        decimal_places=4,
                        default=0,
                        help_text="Of its cost, by its disposition.",
                        max_digits=14,
                        verbose_name="worth to us",
                    ),
                ),
                ("received_at", models.DateTimeField(blank=True, null=True, verbose_name="received")),
                (
                    "location",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inventory.location",
                        verbose_name="where it is",
                    ),
                ),
                (
                    "order_line",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="return_units",
                        to="orders.orderline",
                        verbose_name="order line",
                    ),
                ),
                (
                    "payout",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="units",
                        to="returns.payout",
                        verbose_name="payout",
                    ),
                ),
                (
                    "policy",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="returns.returnpolicy",
                        verbose_name="policy",
                    ),
                ),
                (
                    "reason",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="returns.returnreason",
                        verbose_name="reason",
                    ),
                ),
                (
                    "return_order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="units",
                        to="returns.returnorder",
                        verbose_name="return",
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
                "verbose_name": "returned unit",
                "verbose_name_plural": "returned units",
            },
        ),
        migrations.CreateModel(
            name="Regrade",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "from_grade",
                    models.CharField(
                        choices=[("A", "A · like new"), ("B", "B · opened"), ("C", "C · used"), ("D", "D · damaged")],
                        max_length=1,
                        verbose_name="grade before",
                    ),
                ),
                (
                    "to_grade",
                    models.CharField(
                        choices=[("A", "A · like new"), ("B", "B · opened"), ("C", "C · used"), ("D", "D · damaged")],
                        max_length=1,
                        verbose_name="grade",
                    ),
                ),
                (
                    "from_disposition",
                    models.CharField(
                        choices=[
                            ("restock", "Restock"),
                            ("open_box", "Open box"),
                            ("refurbish", "Refurbish"),
                            ("quarantine", "Quarantine"),
                            ("return_to_vendor", "Return to vendor"),
                            ("dispose", "Dispose of"),
                        ],
                        max_length=16,
                        verbose_name="disposition before",
                    ),
                ),
                (
                    "to_disposition",
                    models.CharField(
                        choices=[
                            ("restock", "Restock"),
                            ("open_box", "Open box"),
                            ("refurbish", "Refurbish"),
                            ("quarantine", "Quarantine"),
                            ("return_to_vendor", "Return to vendor"),
                            ("dispose", "Dispose of"),
                        ],
                        max_length=16,
                        verbose_name="disposition",
                    ),
                ),
                ("from_amount", models.DecimalField(decimal_places=4, max_digits=14, verbose_name="worth before")),
                ("to_amount", models.DecimalField(decimal_places=4, max_digits=14, verbose_name="worth")),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="note")),
                ("at", models.DateTimeField(verbose_name="at")),
                (
                    "by",
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
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="regrades",
                        to="returns.returnunit",
                        verbose_name="unit",
                    ),
                ),
            ],
            options={
                "verbose_name": "regrading",
                "verbose_name_plural": "regradings",
            },
        ),
        migrations.AddIndex(
            model_name="returnorder",
            index=models.Index(
                condition=models.Q(("status__in", ["waiting", "authorized", "received"])),
                fields=["location", "opened_at"],
                name="return_open",
            ),
        ),
        migrations.AddIndex(
            model_name="returnorder",
            index=models.Index(
                condition=models.Q(("id_digest", ""), _negated=True),
                fields=["id_digest", "opened_at"],
                name="return_by_id",
            ),
        ),
        migrations.AddIndex(
            model_name="returnorder",
            index=models.Index(
                condition=models.Q(("tracking_number", ""), _negated=True),
                fields=["tracking_number"],
                name="return_tracking",
            ),
        ),
        migrations.AddConstraint(
            model_name="payout",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "amount",
                        django.db.models.expressions.CombinedExpression(
                            django.db.models.expressions.CombinedExpression(
                                models.F("tender_amount"), "+", models.F("credit_amount")
                            ),
                            "+",
                            models.F("exchange_amount"),
                        ),
                    ),
                    ("amount__gte", 0),
                    ("credit_amount__gte", 0),
                    ("exchange_amount__gte", 0),
                    ("tender_amount__gte", 0),
                ),
                name="payout_adds_up",
            ),
        ),
        migrations.AddConstraint(
            model_name="exchange",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status", "open")), fields=("return_order",), name="one_open_exchange_per_return"
            ),
        ),
        migrations.AddConstraint(
            model_name="exchange",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("replacement__isnull", False), ("status", "done")),
                    models.Q(models.Q(("status", "done"), _negated=True), ("replacement", None)),
                    _connector="OR",
                ),
                name="exchanged_for_an_order",
            ),
        ),
        migrations.AddIndex(
            model_name="returnunit",
            index=models.Index(
                condition=models.Q(("disposition__in", ["open_box", "refurbish", "quarantine", "return_to_vendor"])),
                fields=["location", "received_at"],
                name="return_unit_held",
            ),
        ),
        migrations.AddConstraint(
            model_name="returnunit",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status__in", ["authorized", "received", "refunded"])),
                fields=("order_line", "unit_index"),
                name="each_unit_returns_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="returnunit",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    ("status__in", ["authorized", "received", "refunded"]), models.Q(("serial", ""), _negated=True)
                ),
                fields=("order_line", "serial"),
                name="each_serial_returns_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="returnunit",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("order_line", None), ("unit_index", None)),
                    models.Q(("order_line__isnull", False), ("unit_index__gte", 1)),
                    _connector="OR",
                ),
                name="return_unit_of_a_line",
            ),
        ),
        migrations.AddConstraint(
            model_name="returnunit",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("fee_amount__gte", 0),
                    (
                        "refund_amount",
                        django.db.models.expressions.CombinedExpression(
                            models.F("value_amount"), "-", models.F("fee_amount")
                        ),
                    ),
                    ("refund_amount__gte", 0),
                ),
                name="refund_is_value_less_fee",
            ),
        ),
        migrations.AddConstraint(
            model_name="returnunit",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("payout__isnull", False), ("status", "refunded")),
                    models.Q(models.Q(("status", "refunded"), _negated=True), ("payout", None)),
                    _connector="OR",
                ),
                name="refunded_by_one_payout",
            ),
        ),
        migrations.AddConstraint(
            model_name="returnunit",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status__in", ["received", "refunded"]), _negated=True),
                    models.Q(
                        ("location__isnull", False),
                        ("received_at__isnull", False),
                        models.Q(("disposition", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="received_somewhere",
            ),
        ),
        migrations.AddIndex(
            model_name="regrade",
            index=models.Index(fields=["at"], name="regrade_at"),
        ),
    ]
