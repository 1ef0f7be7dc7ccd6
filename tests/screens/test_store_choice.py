"""Where somebody works: one store chooses itself, of many the last one comes first."""

import pytest

from tests.factories import GroupFactory, LocationFactory, person

pytestmark = pytest.mark.django_db
CHOOSE = "/stores/"


def chosen(client):
    return client.session.get("location_id")


def test_one_store_is_chosen_by_itself(client, store):
    client.force_login(person("associate", at=store))
    assert client.get(f"{CHOOSE}?next=/pick/").url == "/pick/"
    assert chosen(client) == str(store.pk)


def test_of_two_stores_one_is_chosen_and_remembered_on_the_device(client, store):
    other = LocationFactory(name="Elm Street")
    user = person("hq")
    client.force_login(user)
    page = client.get(CHOOSE)
    assert [row["name"] for row in page.context["stores"]] == ["Elm Street", "Oak Street"]

    assert client.post(CHOOSE, {"store": other.pk, "next": "/today/"}).url == "/today/"
    assert client.get("/today/").context["location"] == other
    client.post("/sign-out/")
    client.force_login(user)
    assert client.get(CHOOSE).context["last"]["name"] == "Elm Street"


def test_a_remembered_store_that_is_no_longer_theirs_is_not_offered(client, store):
    client.cookies["last_store"] = str(LocationFactory().pk)
    lead = person("lead", at=store)
    client.force_login(lead)
    assert client.get(CHOOSE).url == "/"
    assert chosen(client) == str(store.pk)


def test_only_own_stores_are_shown_and_taken(client, store):
    district = GroupFactory()
    mine = [LocationFactory(group=district, name=f"Mine {n}") for n in range(2)]
    client.force_login(person("district", at=district))
    assert [row["name"] for row in client.get(CHOOSE).context["stores"]] == ["Mine 0", "Mine 1"]
    assert client.post(CHOOSE, {"store": store.pk}).status_code == 404
    assert chosen(client) is None
    client.post(CHOOSE, {"store": mine[1].pk})
    assert chosen(client) == str(mine[1].pk)


@pytest.mark.parametrize("store_id", ["", "x", "-1", "9" * 30, "\x00"])
def test_a_made_up_store_is_no_store(client, store, store_id):
    client.force_login(person("hq"))
    assert client.post(CHOOSE, {"store": store_id}).status_code == 404


def test_closed_stores_and_warehouses_are_no_place_to_pick(client, store):
    LocationFactory(is_active=False)
    LocationFactory(kind="dc")
    client.force_login(person("hq"))
    assert client.get(CHOOSE).url == "/"


def test_many_stores_are_found_by_name_city_code_or_zip(client, store):
    for n in range(60):
        LocationFactory(name=f"Store {n:03}", city="Duluth" if n == 7 else "", postal_code="55802" if n == 9 else "")
    client.force_login(person("hq"))
    page = client.get(CHOOSE)
    assert len(page.context["stores"]) == 50
    assert "There are more" in page.content.decode()

    def found(query):
        return [row["name"] for row in client.get(CHOOSE, {"q": query}).context["stores"]]

    assert found("dulu") == ["Store 007"]
    assert found("55802") == ["Store 009"]
    assert found("ore 012") == ["Store 012"]
    assert found("nowhere") == []
    fragment = client.get(CHOOSE, {"q": "dulu"}, headers={"HX-Request": "true"}).content.decode()
    assert "Store 007" in fragment
    assert "<html" not in fragment


def test_somebody_without_any_store_reads_whom_to_ask(client, db):
    client.force_login(person("associate", at=LocationFactory(is_active=False)))
    assert "Your manager gives you a role" in client.get(CHOOSE).content.decode()


@pytest.mark.parametrize("wanted", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_the_way_on_stays_in_the_house(client, store, wanted):
    client.force_login(person("associate", at=store))
    assert client.get(CHOOSE, {"next": wanted}).url == "/"


def test_queries_do_not_grow_with_the_stores(client, store, django_assert_max_num_queries):
    for _ in range(30):
        LocationFactory()
    client.force_login(person("hq"))
    with django_assert_max_num_queries(5):
        client.get(CHOOSE)
