from django.db import migrations

# Django knows the events as a plain table with an id; the database keeps them in months, each with small indexes of
# its own. Positions and sequences are given by one stamper under a lock, after the largest of all months: within a
# month an index refuses a second one, across months `manage.py audit` looks.
MONTHS = """
ALTER TABLE core_event RENAME TO core_event_plain;
CREATE TABLE core_event (
    LIKE core_event_plain INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING IDENTITY
) PARTITION BY RANGE (recorded_at);
DROP TABLE core_event_plain;
ALTER TABLE core_event ADD PRIMARY KEY (id, recorded_at);
CREATE INDEX core_event_unstamped ON core_event (id) WHERE position IS NULL;
CREATE INDEX core_event_topic ON core_event (topic, position);

CREATE FUNCTION core_index_events(month_name text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('CREATE UNIQUE INDEX IF NOT EXISTS %I ON %I (uid)', month_name || '_uid', month_name);
    EXECUTE format('CREATE UNIQUE INDEX IF NOT EXISTS %I ON %I (position)', month_name || '_position', month_name);
    EXECUTE format('CREATE UNIQUE INDEX IF NOT EXISTS %I ON %I (aggregate_type, aggregate_id, sequence)',
                   month_name || '_sequence', month_name);
END $$;
CREATE TABLE core_event_default PARTITION OF core_event DEFAULT;
SELECT core_index_events('core_event_default');

CREATE FUNCTION core_make_event_months(first date, ahead integer) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    month date;
    month_name text;
BEGIN
    FOR n IN 0..ahead LOOP
        month := (date_trunc('month', first) + make_interval(months => n))::date;
        month_name := 'core_event_' || to_char(month, 'YYYYMM');
        IF to_regclass(month_name) IS NULL THEN
            EXECUTE format(
                'CREATE TABLE %I PARTITION OF core_event FOR VALUES FROM (%L) TO (%L)', month_name,
                month::timestamp AT TIME ZONE 'UTC', (month + interval '1 month')::timestamp AT TIME ZONE 'UTC');
            PERFORM core_index_events(month_name);
        END IF;
    END LOOP;
END $$;
SELECT core_make_event_months(current_date, 6);
"""


class Migration(migrations.Migration):
    """Written by hand, so that the tables before it can be made anew."""

    dependencies = [("core", "0002_insert_only")]
    operations = [migrations.RunSQL(MONTHS, migrations.RunSQL.noop)]
