from django.db import migrations


class Migration(migrations.Migration):
    """Numbers that people read come from sequences: gaps are fine, a lock is not."""

    initial = True
    dependencies = [("customers", "0001_extensions")]
    operations = [
        migrations.RunSQL(
            "CREATE SEQUENCE orders_order_number_seq START 10000001", "DROP SEQUENCE orders_order_number_seq"
        ),
        migrations.RunSQL(
            "CREATE SEQUENCE orders_pick_list_number_seq START 1001", "DROP SEQUENCE orders_pick_list_number_seq"
        ),
        migrations.RunSQL(
            "CREATE SEQUENCE orders_manifest_number_seq START 101", "DROP SEQUENCE orders_manifest_number_seq"
        ),
    ]
