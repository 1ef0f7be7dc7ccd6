"""HQ agrees with a partner on one page, and sees on its first one what is late."""

import pytest

from orders.models import FulfillmentOrder, Partner
from orders.operations.partner_alarms import watch_partners
from tests.factories import LocationFactory, person
from tests.factories.feeds import feed_of
from tests.factories.partners import out, vendor
from tests.shop import now

pytestmark = pytest.mark.django_db
ADD = "/hq/orders/partner/add/"


@pytest.fixture
def hq(client):
    client.force_login(person("hq"))
    return client


def agreed(place, **more) -> dict:
    return {"location": place.pk, "way": "portal", "confirm_minutes": 90, "ship_days": 2, "is_active": "on",
            "contact_email": "desk@windmill.example"} | more  # fmt: skip


def test_an_agreement_is_made_and_its_feed_speaks_of_that_place_only(hq):
    place, feed = LocationFactory(kind="dropship"), feed_of("mugs", kind="partner")
    assert hq.post(ADD, agreed(place, feed=feed.pk)).status_code == 302
    made = Partner.objects.get()
    assert (made.location, made.confirm_minutes, made.ship_days, made.packs_as_us) == (place, 90, 2, False)
    feed.refresh_from_db()
    assert list(feed.locations) == [place]


@pytest.mark.parametrize("wrong", [{"confirm_minutes": 0}, {"ship_days": 31}, {"contact_email": "nobody"}])
def test_what_cannot_be_agreed_is_refused_beside_its_field(hq, wrong):
    place = LocationFactory(kind="dropship")
    answer = hq.post(ADD, agreed(place, **wrong))
    assert (answer.status_code, Partner.objects.count()) == (200, 0)


def test_a_store_is_no_partner_and_a_vendor_has_one_agreement(hq):
    hq.post(ADD, agreed(LocationFactory()))
    assert Partner.objects.count() == 0
    first = vendor()
    hq.post(ADD, agreed(first.location))
    assert Partner.objects.count() == 1


def test_the_first_page_counts_what_is_late_at_partners_and_leads_to_it(hq):
    assert "things are late at dropship partners" in hq.get("/hq/").content.decode()
    work = out(vendor())
    FulfillmentOrder.objects.update(confirm_by=now())
    watch_partners(now=now())
    assert "thing is late at a dropship partner" in hq.get("/hq/").content.decode()
    listed = hq.get("/hq/orders/partneralarm/").content.decode()
    assert work.number in listed and "no e-mail known" in listed
