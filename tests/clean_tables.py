"""After a test that commits, the tables are as they were after the migrations, much sooner than by a flush.

Django empties every table and then lets all apps make their first rows again: most of a second for each such test. Here
the first rows are put aside once, only tables that hold something are emptied, and the first rows come back under their
own ids. Our foreign keys are looked at when the transaction ends, so that tables can be emptied in any order.
"""

from typing import Any

from django.db import connection
from django.test import TransactionTestCase

ASIDE = "first_rows"

TABLES = """
SELECT c.relname, EXISTS (SELECT FROM pg_trigger t WHERE t.tgrelid = c.oid AND NOT t.tgisinternal) AS is_guarded
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relname <> 'django_migrations'
"""
# Triggers of insert-only tables let nothing be deleted, but do not mind TRUNCATE; what refers to them is emptied too.
MAKE = f"""
CREATE FUNCTION {ASIDE}.restore() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    name text;
    is_guarded boolean;
    filled boolean;
BEGIN
    FOR name, is_guarded IN {TABLES} ORDER BY is_guarded DESC LOOP
        EXECUTE format('SELECT EXISTS (SELECT FROM public.%I)', name) INTO filled;
        IF filled THEN
            EXECUTE format(
                CASE WHEN is_guarded THEN 'TRUNCATE public.%I CASCADE' ELSE 'DELETE FROM public.%I' END, name);
        END IF;
    END LOOP;
    FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = '{ASIDE}' LOOP
        EXECUTE format('INSERT INTO public.%1$I OVERRIDING SYSTEM VALUE SELECT * FROM {ASIDE}.%1$I', name);
    END LOOP;
END $$
"""


def put_first_rows_aside() -> None:
    """Once, right after the migrations."""
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE SCHEMA {ASIDE}")
        cursor.execute(TABLES)
        for name, _is_guarded in cursor.fetchall():
            cursor.execute(f'SELECT EXISTS (SELECT FROM public."{name}")')
            if cursor.fetchone() == (True,):
                cursor.execute(f'CREATE TABLE {ASIDE}."{name}" AS TABLE public."{name}"')
        cursor.execute(MAKE)


def restore_first_rows(_case: TransactionTestCase | None = None, *_args: Any) -> None:
    """In the place of Django's flush."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {ASIDE}.restore()")
