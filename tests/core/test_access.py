"""Who may do what where is one written table."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from omni.core.access import CAPABILITIES, can, scopes
from omni.core.models import Grant, Role, User

TABLE = {
    "associate": "work receive",
    "lead": "work receive settle approve pause override staff",
    "manager": "work receive settle approve pause override staff count adjust hours",
    "district": "work receive settle approve pause override staff count adjust hours oversee",
    "partner": "partner",
    "hq": "work receive settle approve pause override staff count adjust hours configure oversee",
}


@pytest.mark.django_db
@pytest.mark.parametrize("role", Role.values)
def test_each_role_may_do_what_the_table_says_and_no_more(user, role):
    Grant.objects.create(user=user, role=role, scope="location:1")
    allowed = {capability for capability in CAPABILITIES if can(user, capability)}
    assert allowed == set(TABLE[role].split())
    for capability in CAPABILITIES:
        assert scopes(user, capability) == (frozenset({"location:1"}) if capability in allowed else frozenset())


@pytest.mark.django_db
def test_places_add_up_over_the_roles_that_allow_it(user):
    Grant.objects.create(user=user, role=Role.ASSOCIATE, scope="location:1")
    Grant.objects.create(user=user, role=Role.LEAD, scope="location:2")
    Grant.objects.create(user=user, role=Role.DISTRICT, scope="group:9")
    assert scopes(user, "work") == {"location:1", "location:2", "group:9"}
    assert scopes(user, "pause") == {"location:2", "group:9"}
    assert scopes(user, "count") == {"group:9"}
    assert scopes(user, "configure") == frozenset()


@pytest.mark.django_db
def test_one_grant_everywhere_is_everywhere(user):
    Grant.objects.create(user=user, role=Role.HQ, scope=None)
    Grant.objects.create(user=user, role=Role.ASSOCIATE, scope="location:1")
    assert scopes(user, "configure") is None
    assert scopes(user, "work") is None


@pytest.mark.django_db
def test_one_query_answers_all_questions_about_a_person(user):
    Grant.objects.create(user=user, role=Role.LEAD, scope="location:1")
    person = User.objects.get(pk=user.pk)
    with CaptureQueriesContext(connection) as asked:
        for capability in CAPABILITIES:
            can(person, capability)
    assert len(asked) == 1


@pytest.mark.django_db
def test_nobody_and_people_who_left_may_do_nothing_and_the_superuser_everything(user):
    Grant.objects.create(user=user, role=Role.HQ, scope=None)
    user.is_active = False
    assert scopes(user, "work") == frozenset()
    assert scopes(AnonymousUser(), "work") == frozenset()
    assert scopes(User(is_superuser=True, is_active=True), "configure") is None
    assert scopes(User(is_superuser=True, is_active=False), "configure") == frozenset()


@pytest.mark.django_db
def test_a_capability_that_is_not_in_the_table_is_a_bug(user):
    with pytest.raises(KeyError):
        can(user, "wrok")


@pytest.mark.django_db
@pytest.mark.parametrize("scope", ["store:1", "location:", "location:1:2", "1", "location:1 "])
def test_a_scope_of_another_shape_is_refused_by_the_database(user, scope):
    with pytest.raises(IntegrityError), transaction.atomic():
        Grant.objects.create(user=user, role=Role.LEAD, scope=scope)


@pytest.mark.django_db
@pytest.mark.parametrize("scope", [None, "location:1"])
def test_the_same_grant_is_given_once(user, scope):
    Grant.objects.create(user=user, role=Role.LEAD, scope=scope)
    with pytest.raises(IntegrityError), transaction.atomic():
        Grant.objects.create(user=user, role=Role.LEAD, scope=scope)
