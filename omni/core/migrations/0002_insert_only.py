from django.db import migrations

# History is written once. The database refuses to change it, whoever asks.
INSERT_ONLY = """
CREATE FUNCTION core_history_is_insert_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'history is written once: % on % is refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER core_statechange_insert_only BEFORE UPDATE OR DELETE ON core_statechange
    FOR EACH ROW EXECUTE FUNCTION core_history_is_insert_only();
"""
CHANGEABLE = """
DROP TRIGGER core_statechange_insert_only ON core_statechange;
DROP FUNCTION core_history_is_insert_only();
"""


class Migration(migrations.Migration):
    """Written by hand, so that the tables before it can be made anew."""

    dependencies = [("core", "0001_initial")]
    operations = [migrations.RunSQL(INSERT_ONLY, CHANGEABLE)]
