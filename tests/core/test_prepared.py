"""A prepared statement is planned once for a connection, and else like every other."""

import pytest
from django.db import connection, utils
from django.test.utils import CaptureQueriesContext

from omni.core.models import ApiKey
from omni.core.models.api_key import BY_DIGEST
from omni.core.prepared import prepared

pytestmark = pytest.mark.django_db

PLANNED = "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE %s"


def asked(text, values):
    with prepared() as cursor:
        cursor.execute(text, values)
        return cursor.fetchall()


def planned(text):
    with connection.cursor() as cursor:
        cursor.execute(PLANNED, [text])
        return cursor.fetchone()[0]


def test_one_plan_serves_all_values():
    text = "SELECT n * 2 FROM unnest(%s::bigint[]) AS once_planned(n) ORDER BY n"
    assert asked(text, [[1, 2]]) == [(2,), (4,)]
    assert asked(text, [[30]]) == [(60,)]
    assert asked(text, [[]]) == []
    assert planned("%once_planned%") <= 2  # one for each type of the lists: small numbers, and of no numbers
    assert planned("%once_planned%") >= 1


def test_it_is_seen_by_who_counts_statements():
    with CaptureQueriesContext(connection) as seen:
        assert asked("SELECT %s::int + 1 AS seen_too", [1]) == [(2,)]
    assert [each["sql"] for each in seen] == ["SELECT 1::int + 1 AS seen_too"]


def test_its_errors_are_those_of_the_house():
    with pytest.raises(utils.DataError):
        asked("SELECT 1 / %s::int", [0])


def test_a_key_is_found_with_all_that_its_table_holds():
    key, token = ApiKey.issue(name="till", scopes=["orders:read"], channels=["pos"])
    found = ApiKey.objects.for_token(token)
    assert found == key
    assert found.get_deferred_fields() == set()
    assert {field.column for field in ApiKey._meta.fields} == {
        name.strip() for name in BY_DIGEST.partition("FROM")[0].removeprefix("\nSELECT").split(",")
    }
