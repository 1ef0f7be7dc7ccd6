from django.db import migrations

# What was booked on a store credit stays booked: the database refuses to change it, whoever asks.
INSERT_ONLY = """
CREATE TRIGGER customers_storecreditentry_insert_only BEFORE UPDATE OR DELETE ON customers_storecreditentry
    FOR EACH ROW EXECUTE FUNCTION core_history_is_insert_only();
"""
CHANGEABLE = "DROP TRIGGER customers_storecreditentry_insert_only ON customers_storecreditentry;"


class Migration(migrations.Migration):
    """Written by hand, so that the tables before it can be made anew."""

    dependencies = [("customers", "0002_tables"), ("core", "0002_insert_only")]
    operations = [migrations.RunSQL(INSERT_ONLY, CHANGEABLE)]
