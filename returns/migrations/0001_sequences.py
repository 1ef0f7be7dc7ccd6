from django.db import migrations


class Migration(migrations.Migration):
    """Return numbers come from a sequence: gaps are fine, a lock is not."""

    initial = True
    dependencies = []
    operations = [
        migrations.RunSQL(
            "CREATE SEQUENCE returns_rma_number_seq START 50000001", "DROP SEQUENCE returns_rma_number_seq"
        ),
    ]
