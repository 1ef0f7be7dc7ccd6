from django.db import migrations

# Why an order's parcels come from where they come from is written once. Of an order that is done the explanation, and
# what was decided on, may be put away; nothing else of it ever changes, and nothing comes back.
WRITTEN_ONCE = """
CREATE FUNCTION orders_decision_is_put_away() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE kept orders_routingdecision%ROWTYPE;
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.put_away_at IS NULL AND NEW.put_away_at IS NOT NULL
       AND NEW.explanation = '{}' AND NEW.inputs = '' THEN
        kept := NEW;
        kept.explanation := OLD.explanation;
        kept.inputs := OLD.inputs;
        kept.put_away_at := NULL;
        IF kept IS NOT DISTINCT FROM OLD AND EXISTS (
            SELECT FROM orders_order WHERE id = OLD.order_id AND status IN ('fulfilled', 'cancelled')
        ) THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'history is written once: % on % is refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER orders_routingdecision_insert_only BEFORE UPDATE OR DELETE ON orders_routingdecision
    FOR EACH ROW EXECUTE FUNCTION orders_decision_is_put_away();
"""
CHANGEABLE = """
DROP TRIGGER orders_routingdecision_insert_only ON orders_routingdecision;
DROP FUNCTION orders_decision_is_put_away();
"""


class Migration(migrations.Migration):
    """Written by hand, so that the tables before it can be made anew."""

    dependencies = [("orders", "0003_rules_hold_still"), ("core", "0002_insert_only")]
    operations = [migrations.RunSQL(WRITTEN_ONCE, CHANGEABLE)]
