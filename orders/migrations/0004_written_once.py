from django.db import migrations

# Why an order's parcels come from where they come from is written once (core_history_is_insert_only).
WRITTEN_ONCE = """
CREATE TRIGGER orders_routingdecision_insert_only BEFORE UPDATE OR DELETE ON orders_routingdecision
    FOR EACH ROW EXECUTE FUNCTION core_history_is_insert_only();
"""
CHANGEABLE = "DROP TRIGGER orders_routingdecision_insert_only ON orders_routingdecision;"


class Migration(migrations.Migration):
    """Written by hand, so that the tables before it can be made anew."""

    dependencies = [("orders", "0003_rules_hold_still"), ("core", "0002_insert_only")]
    operations = [migrations.RunSQL(WRITTEN_ONCE, CHANGEABLE)]
