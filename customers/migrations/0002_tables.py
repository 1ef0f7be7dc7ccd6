import django.contrib.postgres.indexes
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("customers", "0001_extensions"),
    ]

    operations = [
        migrations.CreateModel(
            name="Customer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
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
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
            ],
            options={
                "verbose_name": "customer",
                "verbose_name_plural": "customers",
                "indexes": [
                    models.Index(
                        condition=models.Q(("email", ""), _negated=True), fields=["email"], name="customer_email"
                    ),
                    models.Index(
                        condition=models.Q(("phone", ""), _negated=True), fields=["phone"], name="customer_phone"
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["name"], name="customer_name_trgm", opclasses=["gin_trgm_ops"]
                    ),
                ],
            },
        ),
    ]
