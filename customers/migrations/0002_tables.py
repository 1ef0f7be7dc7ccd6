import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.datetime
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models

import customers.credit_code
import omni.core.models.fields


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("customers", "0001_extensions"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Customer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "uid",
                    models.UUIDField(
                        db_default=omni.core.models.fields.UuidV7(), editable=False, unique=True, verbose_name="id"
                    ),
                ),
                (
                    "external_id",
                    models.CharField(blank=True, max_length=100, null=True, unique=True, verbose_name="external id"),
                ),
                ("name", models.CharField(blank=True, max_length=200, verbose_name="name")),
                ("email", models.CharField(blank=True, help_text="Lower case.", max_length=254, verbose_name="e-mail")),
                (
                    "phone",
                    models.CharField(
                        blank=True, help_text="E.164, such as +16125550100", max_length=20, verbose_name="phone"
                    ),
                ),
                (
                    "loyalty_code",
                    models.CharField(blank=True, max_length=20, null=True, unique=True, verbose_name="loyalty code"),
                ),
                (
                    "tier",
                    models.CharField(
                        blank=True,
                        choices=[("", "No tier"), ("silver", "Silver"), ("gold", "Gold")],
                        db_default="",
                        max_length=20,
                        verbose_name="tier",
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("erased_at", models.DateTimeField(blank=True, null=True, verbose_name="erased")),
                (
                    "merged_into",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merged",
                        to="customers.customer",
                        verbose_name="merged into",
                    ),
                ),
            ],
            options={
                "verbose_name": "customer",
                "verbose_name_plural": "customers",
            },
        ),
        migrations.CreateModel(
            name="Consent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "channel",
                    models.CharField(
                        choices=[("email", "E-mail"), ("sms", "Text message")], max_length=10, verbose_name="channel"
                    ),
                ),
                (
                    "purpose",
                    models.CharField(
                        choices=[("marketing", "Offers and news"), ("service", "Messages about orders")],
                        max_length=10,
                        verbose_name="purpose",
                    ),
                ),
                ("is_given", models.BooleanField(verbose_name="given")),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("store", "Said in the store"),
                            ("site", "Given on the site"),
                            ("phone", "Said on the phone"),
                            ("link", "Unsubscribed by link"),
                            ("hq", "Written to headquarters"),
                            ("merge", "Taken over at a merge"),
                        ],
                        max_length=10,
                        verbose_name="how",
                    ),
                ),
                ("said_at", models.DateTimeField(verbose_name="when")),
                (
                    "recorded_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name="recorded"
                    ),
                ),
                ("actor", models.CharField(max_length=200, verbose_name="recorded by")),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="consents",
                        to="customers.customer",
                        verbose_name="customer",
                    ),
                ),
            ],
            options={
                "verbose_name": "consent",
                "verbose_name_plural": "consents",
            },
        ),
        migrations.CreateModel(
            name="CustomerMerge",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reason", models.CharField(max_length=200, verbose_name="reason")),
                (
                    "filled",
                    models.JSONField(
                        default=dict, help_text="What the one that stays got from the other.", verbose_name="taken over"
                    ),
                ),
                ("merged_at", models.DateTimeField(verbose_name="merged")),
                ("merged_by", models.CharField(max_length=200, verbose_name="by")),
                ("undone_at", models.DateTimeField(blank=True, null=True, verbose_name="undone")),
                ("undone_by", models.CharField(blank=True, max_length=200, verbose_name="undone by")),
                (
                    "gone",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merged_by",
                        to="customers.customer",
                        verbose_name="merged away",
                    ),
                ),
                (
                    "kept",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merges",
                        to="customers.customer",
                        verbose_name="stays",
                    ),
                ),
            ],
            options={
                "verbose_name": "merge of customers",
                "verbose_name_plural": "merges of customers",
            },
        ),
        migrations.CreateModel(
            name="CustomerNote",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.CharField(max_length=500, verbose_name="note")),
                ("written_at", models.DateTimeField(verbose_name="written")),
                ("actor", models.CharField(max_length=200, verbose_name="by")),
                ("is_pinned", models.BooleanField(default=False, verbose_name="pinned")),
                ("hidden_at", models.DateTimeField(blank=True, null=True, verbose_name="hidden")),
                ("hidden_by", models.CharField(blank=True, max_length=200, verbose_name="hidden by")),
                ("hidden_reason", models.CharField(blank=True, max_length=200, verbose_name="why hidden")),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notes",
                        to="customers.customer",
                        verbose_name="customer",
                    ),
                ),
                (
                    "written_by",
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
                "verbose_name": "customer note",
                "verbose_name_plural": "customer notes",
            },
        ),
        migrations.CreateModel(
            name="LoyaltyEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("points", models.IntegerField(verbose_name="points")),
                ("reason", models.CharField(max_length=200, verbose_name="reason")),
                ("reference", models.CharField(blank=True, max_length=100, verbose_name="reference")),
                ("at", models.DateTimeField(verbose_name="at")),
                ("actor", models.CharField(max_length=200, verbose_name="by")),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="loyalty_entries",
                        to="customers.customer",
                        verbose_name="customer",
                    ),
                ),
            ],
            options={
                "verbose_name": "loyalty entry",
                "verbose_name_plural": "loyalty entries",
            },
        ),
        migrations.CreateModel(
            name="StoreCredit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "code",
                    models.CharField(
                        default=customers.credit_code.new_code, max_length=20, unique=True, verbose_name="code"
                    ),
                ),
                ("currency", models.CharField(max_length=3, verbose_name="currency")),
                (
                    "balance_amount",
                    models.DecimalField(decimal_places=4, default=0, max_digits=14, verbose_name="balance"),
                ),
                (
                    "held_amount",
                    models.DecimalField(
                        decimal_places=4,
                        default=0,
                        help_text="Promised to orders, not yet taken.",
                        max_digits=14,
                        verbose_name="held",
                    ),
                ),
                ("expires_at", models.DateTimeField(blank=True, null=True, verbose_name="expires")),
                ("created_at", models.DateTimeField(verbose_name="created")),
                (
                    "customer",
                    models.ForeignKey(
                        blank=True,
                        help_text="Empty: whoever shows the code.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="store_credits",
                        to="customers.customer",
                        verbose_name="customer",
                    ),
                ),
            ],
            options={
                "verbose_name": "store credit",
                "verbose_name_plural": "store credits",
            },
        ),
        migrations.CreateModel(
            name="StoreCreditEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("issue", "Issued"),
                            ("hold", "Held for an order"),
                            ("capture", "Spent"),
                            ("release", "Released"),
                            ("refund", "Given back"),
                            ("expire", "Expired"),
                        ],
                        max_length=8,
                        verbose_name="kind",
                    ),
                ),
                ("key", models.CharField(max_length=120, verbose_name="key")),
                ("amount", models.DecimalField(decimal_places=4, max_digits=14, verbose_name="amount")),
                (
                    "balance_change",
                    models.DecimalField(decimal_places=4, max_digits=14, verbose_name="change of balance"),
                ),
                (
                    "held_change",
                    models.DecimalField(decimal_places=4, max_digits=14, verbose_name="change of what is held"),
                ),
                ("balance_after", models.DecimalField(decimal_places=4, max_digits=14, verbose_name="balance after")),
                (
                    "cause",
                    models.CharField(
                        blank=True, help_text="Such as order:10000001.", max_length=100, verbose_name="for"
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="reason")),
                ("actor", models.CharField(max_length=150, verbose_name="by")),
                ("approved_by", models.CharField(blank=True, max_length=150, verbose_name="approved by")),
                ("at", models.DateTimeField(verbose_name="at")),
                (
                    "actor_user",
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
                    "credit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="customers.storecredit",
                        verbose_name="store credit",
                    ),
                ),
            ],
            options={
                "verbose_name": "entry of store credit",
                "verbose_name_plural": "entries of store credit",
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="StoreCreditHold",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=120, unique=True, verbose_name="key")),
                ("amount", models.DecimalField(decimal_places=4, max_digits=14, verbose_name="amount")),
                (
                    "captured_amount",
                    models.DecimalField(decimal_places=4, default=0, max_digits=14, verbose_name="taken"),
                ),
                (
                    "released_amount",
                    models.DecimalField(decimal_places=4, default=0, max_digits=14, verbose_name="released"),
                ),
                ("held_at", models.DateTimeField(verbose_name="held")),
                (
                    "credit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="holds",
                        to="customers.storecredit",
                        verbose_name="store credit",
                    ),
                ),
            ],
            options={
                "verbose_name": "hold on store credit",
                "verbose_name_plural": "holds on store credit",
            },
        ),
        migrations.CreateModel(
            name="Wish",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sku", models.CharField(max_length=64, verbose_name="SKU")),
                ("added_at", models.DateTimeField(verbose_name="added")),
                ("added_by", models.CharField(max_length=200, verbose_name="added by")),
                ("removed_at", models.DateTimeField(blank=True, null=True, verbose_name="removed")),
                ("removed_by", models.CharField(blank=True, max_length=200, verbose_name="removed by")),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="wishes",
                        to="customers.customer",
                        verbose_name="customer",
                    ),
                ),
            ],
            options={
                "verbose_name": "wish",
                "verbose_name_plural": "wishes",
            },
        ),
        migrations.AddIndex(
            model_name="customer",
            index=models.Index(
                condition=models.Q(("email", ""), _negated=True),
                fields=["email"],
                name="customer_email",
                opclasses=["varchar_pattern_ops"],
            ),
        ),
        migrations.AddIndex(
            model_name="customer",
            index=models.Index(
                condition=models.Q(("erased_at__isnull", False)), fields=["erased_at"], name="customer_erased"
            ),
        ),
        migrations.AddIndex(
            model_name="customer",
            index=models.Index(
                condition=models.Q(("phone", ""), _negated=True), fields=["phone"], name="customer_phone"
            ),
        ),
        migrations.AddIndex(
            model_name="customer",
            index=models.Index(
                django.contrib.postgres.indexes.OpClass(
                    django.db.models.functions.text.Reverse("phone"), name="text_pattern_ops"
                ),
                condition=models.Q(("phone", ""), _negated=True),
                name="customer_phone_end",
            ),
        ),
        migrations.AddIndex(
            model_name="customer",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["name"], name="customer_name_trgm", opclasses=["gin_trgm_ops"]
            ),
        ),
        migrations.AddIndex(
            model_name="customer",
            index=django.contrib.postgres.indexes.GinIndex(
                models.Func(models.F("name"), function="customers_name_keys"), name="customer_name_keys"
            ),
        ),
        migrations.AddConstraint(
            model_name="customer",
            constraint=models.CheckConstraint(
                condition=models.Q(("merged_into", None), ("is_active", False), _connector="OR"),
                name="customer_merged_is_not_active",
            ),
        ),
        migrations.AddConstraint(
            model_name="customer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("erased_at", None),
                    models.Q(
                        ("email", ""),
                        ("external_id", None),
                        ("is_active", False),
                        ("loyalty_code", None),
                        ("name", ""),
                        ("phone", ""),
                    ),
                    _connector="OR",
                ),
                name="customer_erased_is_nobody",
            ),
        ),
        migrations.AddIndex(
            model_name="consent",
            index=models.Index(fields=["customer", "channel", "purpose", "-said_at"], name="consent_story"),
        ),
        migrations.AddConstraint(
            model_name="customermerge",
            constraint=models.CheckConstraint(
                condition=models.Q(("kept", models.F("gone")), _negated=True), name="merge_of_two"
            ),
        ),
        migrations.AddConstraint(
            model_name="customermerge",
            constraint=models.UniqueConstraint(
                condition=models.Q(("undone_at", None)), fields=("gone",), name="merged_away_once"
            ),
        ),
        migrations.AddIndex(
            model_name="customernote",
            index=models.Index(fields=["customer", "-written_at"], name="customer_note_newest"),
        ),
        migrations.AddConstraint(
            model_name="customernote",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("hidden_at", None), ("hidden_reason", "")),
                    models.Q(("hidden_at__isnull", False), models.Q(("hidden_reason", ""), _negated=True)),
                    _connector="OR",
                ),
                name="customer_note_hidden_with_reason",
            ),
        ),
        migrations.AddIndex(
            model_name="loyaltyentry",
            index=models.Index(fields=["customer", "-at"], name="loyalty_newest"),
        ),
        migrations.AddConstraint(
            model_name="loyaltyentry",
            constraint=models.CheckConstraint(
                condition=models.Q(("points", 0), _negated=True), name="loyalty_of_something"
            ),
        ),
        migrations.AddConstraint(
            model_name="loyaltyentry",
            constraint=models.UniqueConstraint(
                condition=models.Q(("reference", ""), _negated=True),
                fields=("customer", "reference"),
                name="loyalty_reference_once",
            ),
        ),
        migrations.AddIndex(
            model_name="storecredit",
            index=models.Index(
                condition=models.Q(("expires_at__isnull", False)), fields=["expires_at"], name="credit_expires"
            ),
        ),
        migrations.AddConstraint(
            model_name="storecredit",
            constraint=models.CheckConstraint(
                condition=models.Q(("held_amount__gte", 0), ("held_amount__lte", models.F("balance_amount"))),
                name="credit_held_within_balance",
            ),
        ),
        migrations.AddConstraint(
            model_name="storecreditentry",
            constraint=models.UniqueConstraint(fields=("kind", "key"), name="credit_entry_once_per_key"),
        ),
        migrations.AddConstraint(
            model_name="storecreditentry",
            constraint=models.CheckConstraint(condition=models.Q(("amount__gt", 0)), name="credit_entry_of_something"),
        ),
        migrations.AddConstraint(
            model_name="storecreditentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("balance_change", models.F("amount")), ("held_change", 0), ("kind__in", ["issue", "refund"])
                    ),
                    models.Q(("balance_change", 0), ("held_change", models.F("amount")), ("kind", "hold")),
                    models.Q(
                        (
                            "balance_change",
                            django.db.models.expressions.CombinedExpression(models.F("amount"), "*", models.Value(-1)),
                        ),
                        (
                            "held_change",
                            django.db.models.expressions.CombinedExpression(models.F("amount"), "*", models.Value(-1)),
                        ),
                        ("kind", "capture"),
                    ),
                    models.Q(
                        ("balance_change", 0),
                        (
                            "held_change",
                            django.db.models.expressions.CombinedExpression(models.F("amount"), "*", models.Value(-1)),
                        ),
                        ("kind", "release"),
                    ),
                    models.Q(
                        (
                            "balance_change",
                            django.db.models.expressions.CombinedExpression(models.F("amount"), "*", models.Value(-1)),
                        ),
                        ("held_change", 0),
                        ("kind", "expire"),
                    ),
                    _connector="OR",
                ),
                name="credit_entry_says_what_it_does",
            ),
        ),
        migrations.AddConstraint(
            model_name="storecredithold",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("amount__gt", 0),
                    (
                        "amount__gte",
                        django.db.models.expressions.CombinedExpression(
                            models.F("captured_amount"), "+", models.F("released_amount")
                        ),
                    ),
                    ("captured_amount__gte", 0),
                    ("released_amount__gte", 0),
                ),
                name="credit_hold_ends_once",
            ),
        ),
        migrations.AddIndex(
            model_name="wish",
            index=models.Index(fields=["customer", "-added_at"], name="wish_newest"),
        ),
        migrations.AddConstraint(
            model_name="wish",
            constraint=models.UniqueConstraint(
                condition=models.Q(("removed_at", None)), fields=("customer", "sku"), name="wish_once_per_customer"
            ),
        ),
    ]
