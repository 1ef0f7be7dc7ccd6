from django.db import migrations

# What decides about orders is followed by another version, never changed: a stored decision must stay computable. Who
# writes a part of a draft holds the draft, so that nobody activates it half written.
HOLD_STILL = """
CREATE FUNCTION orders_rule_parts_hold_still() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    whose bigint;
    status_now text;
BEGIN
    FOREACH whose IN ARRAY ARRAY[
        CASE WHEN TG_OP <> 'DELETE' THEN NEW.rule_set_id END, CASE WHEN TG_OP <> 'INSERT' THEN OLD.rule_set_id END
    ] LOOP
        CONTINUE WHEN whose IS NULL;
        SELECT status INTO status_now FROM public.orders_ruleset WHERE id = whose FOR SHARE;
        IF status_now <> 'draft' THEN
            RAISE EXCEPTION 'rule set % is % and holds still', whose, status_now
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    END LOOP;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER rule_steps_hold_still BEFORE INSERT OR UPDATE OR DELETE ON orders_rulestep
    FOR EACH ROW EXECUTE FUNCTION orders_rule_parts_hold_still();
CREATE TRIGGER rule_filters_hold_still BEFORE INSERT OR UPDATE OR DELETE ON orders_rulefilter
    FOR EACH ROW EXECUTE FUNCTION orders_rule_parts_hold_still();
CREATE TRIGGER rule_prices_hold_still BEFORE INSERT OR UPDATE OR DELETE ON orders_ruleprice
    FOR EACH ROW EXECUTE FUNCTION orders_rule_parts_hold_still();

-- Once it is no draft only its status goes on.
CREATE FUNCTION orders_what_was_set_holds_still() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status = 'draft' AND TG_OP = 'UPDATE' THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'UPDATE' AND NEW.status <> 'draft' AND to_jsonb(NEW) - 'status' = to_jsonb(OLD) - 'status' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% % holds still', TG_TABLE_NAME, OLD.id USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER rule_set_holds_still BEFORE UPDATE OR DELETE ON orders_ruleset
    FOR EACH ROW EXECUTE FUNCTION orders_what_was_set_holds_still();
CREATE TRIGGER costs_hold_still BEFORE UPDATE OR DELETE ON orders_costparameters
    FOR EACH ROW EXECUTE FUNCTION orders_what_was_set_holds_still();
CREATE TRIGGER tariff_holds_still BEFORE UPDATE OR DELETE ON orders_tariff
    FOR EACH ROW EXECUTE FUNCTION orders_what_was_set_holds_still();
"""


class Migration(migrations.Migration):
    """Written by hand, so that the tables before it can be made anew."""

    dependencies = [("orders", "0002_tables")]
    operations = [migrations.RunSQL(HOLD_STILL, migrations.RunSQL.noop)]
