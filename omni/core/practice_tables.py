"""The twins: an empty copy of every table that the shop's work writes, in a schema of its own.

They are copied from the real tables whenever those changed, so that they cannot differ; what was practiced then begins
anew. There are no foreign keys and no insert-only triggers among them: practice rows are thrown away.
"""

import functools
import logging

from django.apps import apps
from django.db import ProgrammingError, connection, transaction

logger = logging.getLogger(__name__)

SCHEMA = "practice"
FIRST_ID = 4_000_000_000_000  # twins count from here, so that no id of a practice row is ever one of a real row

# Of the kernel: what the shop's work writes. Of the shop: what only HQ writes, which practice reads as it is.
OF_KERNEL = {"core.event", "core.eventdelivery", "core.statechange", "core.webhookendpoint", "core.webhookdelivery"}
SHARED = {
    "inventory.reasoncode", "orders.carton", "orders.promotion", "orders.taxrate", "returns.returnpolicy",
    "returns.returnreason",
}  # fmt: skip
SHOP = ("inventory", "customers", "orders", "returns")

# Constraints and indexes keep their names, because refusals are told apart by them.
TWINS = """
DO $$
DECLARE
    name text; part record; old_path text := current_setting('search_path');
BEGIN
    PERFORM set_config('search_path', 'public', true);
    FOREACH name IN ARRAY string_to_array(current_setting('omni.twins'), ',') LOOP
        EXECUTE format('CREATE TABLE practice.%I (LIKE public.%I INCLUDING DEFAULTS INCLUDING CONSTRAINTS '
                       'INCLUDING GENERATED INCLUDING IDENTITY INCLUDING STORAGE)', name, name);
        FOR part IN SELECT conname, pg_get_constraintdef(oid) AS def FROM pg_constraint
                     WHERE conrelid = format('public.%I', name)::regclass AND contype IN ('p', 'u', 'x') LOOP
            EXECUTE format('ALTER TABLE practice.%I ADD CONSTRAINT %I %s', name, part.conname, part.def);
        END LOOP;
        FOR part IN SELECT pg_get_indexdef(indexrelid) AS def FROM pg_index i
                     WHERE indrelid = format('public.%I', name)::regclass
                       AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conindid = i.indexrelid) LOOP
            EXECUTE regexp_replace(part.def, ' ON (ONLY )?public\\.', ' ON practice.');
        END LOOP;
        FOR part IN SELECT attname FROM pg_attribute
                     WHERE attrelid = format('practice.%I', name)::regclass AND attidentity <> '' LOOP
            EXECUTE format('ALTER TABLE practice.%I ALTER COLUMN %I RESTART WITH %s', name, part.attname,
                           current_setting('omni.first_practice_id'));
        END LOOP;
    END LOOP;
    PERFORM set_config('search_path', old_path, true);
END $$
"""

SAME_COLUMNS = """
SELECT NOT EXISTS (
    SELECT 1 FROM (
        SELECT table_schema AS s, table_name, column_name, data_type, is_nullable, column_default
          FROM information_schema.columns WHERE table_schema IN (%s, 'public') AND table_name = ANY(%s)) c
     GROUP BY table_name, column_name, data_type, is_nullable, column_default HAVING count(*) <> 2)
"""


@functools.cache
def twins() -> frozenset[str]:
    """The tables of which practice has its own."""
    return frozenset(
        model._meta.db_table
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and _has_twin(model._meta.app_label, model._meta.label_lower)
    )


def _has_twin(app: str, label: str) -> bool:
    return label in OF_KERNEL or (app in SHOP and label not in SHARED)


@transaction.atomic
def make() -> None:
    """Make all twins anew from the real tables."""
    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA IF EXISTS practice CASCADE")
        cursor.execute("CREATE SCHEMA practice")
        cursor.execute(
            "SELECT set_config('omni.twins', %s, true), set_config('omni.first_practice_id', %s, true)",
            [",".join(sorted(twins())), str(FIRST_ID)],
        )
        cursor.execute(TWINS)
        cursor.execute("UPDATE core_practicestore SET location_id = NULL")


def are_up_to_date() -> bool:
    """True where each real table has a twin of the same columns."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_tables WHERE schemaname = %s AND tablename = ANY(%s)", [SCHEMA, sorted(twins())]
        )
        if cursor.fetchone()[0] != len(twins()):
            return False
        cursor.execute(SAME_COLUMNS, [SCHEMA, sorted(twins())])
        return bool(cursor.fetchone()[0])


@transaction.atomic
def empty() -> None:
    """Throw away everything that anybody practiced."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE " + ", ".join(f'practice."{table}"' for table in sorted(twins())))
        cursor.execute("UPDATE core_practicestore SET location_id = NULL")


def make_after_migration(*, plan: object = None, **_: object) -> None:
    """After a migration the twins follow; a database whose owner may make no schema goes without practice."""
    if not plan and are_up_to_date():
        return
    try:
        make()
    except ProgrammingError as error:
        logger.warning("no practice store: %s", error)
