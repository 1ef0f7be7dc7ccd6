"""A customer's page: found by search, opened for a purpose, masked until asked for, every look written down."""

from decimal import Decimal

import pytest
import time_machine
from django.utils import timezone

from customers.models import Consent, Customer, CustomerNote, Wish
from customers.operations.merge import merge_customers
from customers.operations.store_credit import hold_credit, issue_credit
from omni.core.actors import Actor
from omni.core.models import Event
from tests.factories import line, placed, stocked

pytestmark = pytest.mark.django_db
SITE = Actor.system("site")


def looks() -> list[tuple[str, str, str]]:
    told = Event.objects.filter(topic="customers.viewed").order_by("pk")
    return [(event.actor, event.payload["purpose"], event.payload["shown"]) for event in told]


def test_a_search_shows_just_enough_to_recognize_them(ana, ada):
    page = ana.post("/customers/", {"code": "612 555 0100"}).content.decode()
    assert "Ada B." in page
    assert "••• 0100" in page
    assert "a•••@example.org" in page
    assert "Ada Byron" not in page
    assert looks() == []


def test_what_is_searched_never_stands_in_an_address(ana, ada):
    page = ana.get("/customers/").content.decode()
    assert 'method="post" action="/customers/"' in page
    assert "Ada" not in ana.get("/customers/?code=ada").content.decode()


def test_the_page_opens_for_a_purpose_and_the_look_is_written_down(ana, ada):
    url = f"/customers/{ada.uid}/"
    assert ana.get(url)["Location"] == f"{url}open/"
    assert ana.post(f"{url}open/", {"purpose": "curiosity"}).status_code == 422
    assert ana.post(f"{url}open/", {"purpose": "order"})["Location"] == url
    page = ana.get(url).content.decode()
    assert "Ada Byron" in page
    assert "ada@example.org" not in page
    assert looks() == [(ana.user.shown_name, "order", "page")]


def test_contact_is_shown_on_a_second_look(ana, ada, opened):
    url = opened(ana)
    page = ana.post(f"{url}contact/").content.decode()
    assert "ada@example.org" in page
    assert "+16125550100" in page
    piece = ana.post(f"{url}contact/", headers={"HX-Request": "true"}).content.decode()
    assert "+16125550100" in piece
    assert "<html" not in piece
    assert looks()[1:] == [(ana.user.shown_name, "serve", "contact")] * 2


def test_after_a_quarter_of_an_hour_one_says_again_what_for(ana, opened):
    url = opened(ana)
    with time_machine.travel(timezone.now() + timezone.timedelta(minutes=16)):
        assert ana.get(url)["Location"] == f"{url}open/"


def test_a_look_stays_in_the_house(ana, ada, opened):
    from omni.core.events import kept_inside

    opened(ana)
    assert "customers.viewed" in kept_inside()


def test_the_page_gathers_what_other_apps_draw(ana, ada, opened):
    page = ana.get(opened(ana)).content.decode()
    assert f'hx-get="/orders/of-customer/{ada.pk}/"' in page


def test_orders_of_every_channel_and_of_merged_records_are_listed(ana, ada, store, now):
    other = Customer.objects.create(name="A. Byron", email="old@example.org")
    mine = placed(line(stocked(store, 1), at=store), channel="marketplace")
    theirs = placed(line(stocked(store, 1)), channel="web")
    type(mine).objects.filter(pk=mine.pk).update(customer=ada)
    type(mine).objects.filter(pk=theirs.pk).update(customer=other)
    merge_customers(kept_id=ada.pk, gone_id=other.pk, reason="same phone", by=SITE, now=now)
    page = ana.get(f"/orders/of-customer/{ada.pk}/").content.decode()
    assert f"/orders/{mine.number}/" in page
    assert f"Order {theirs.number}" in page


def test_consent_is_said_with_time_source_and_name_and_the_newest_holds(ana, ada, opened):
    url = opened(ana)
    word = {"channel": "email", "purpose": "marketing", "source": "store"}
    ana.post(f"{url}consent/", {**word, "is_given": "1"})
    ana.post(f"{url}consent/", {**word, "is_given": ""})
    assert [each.is_given for each in Consent.objects.order_by("pk")] == [True, False]
    assert Consent.objects.first().actor == ana.user.shown_name
    page = ana.get(url).content.decode()
    assert "Declined Offers and news by E-mail" in page
    assert Event.objects.filter(topic="customers.consent_changed").count() == 2
    assert ana.post(f"{url}consent/", {**word, "channel": "pigeon"}, follow=True).status_code == 200
    assert Consent.objects.count() == 2


def test_a_note_is_signed_pinned_and_hidden_with_a_reason(ana, ada, opened):
    url = opened(ana)
    ana.post(f"{url}notes/", {"text": "Prefers the back door", "pin": "1"})
    note = CustomerNote.objects.get()
    assert (note.actor, note.written_by, note.is_pinned) == (ana.user.shown_name, ana.user, True)
    ana.post(f"{url}notes/{note.pk}/hide/", {"reason": ""})
    note.refresh_from_db()
    assert note.hidden_at is None
    ana.post(f"{url}notes/{note.pk}/hide/", {"reason": "wrong person"})
    page = ana.get(url).content.decode()
    assert "Prefers the back door" not in page
    assert "Hidden: wrong person" in page


def test_a_note_of_somebody_else_is_not_reached_from_here(ana, ada, opened, now):
    other = Customer.objects.create(name="Bea")
    note = CustomerNote.objects.create(customer=other, text="x", written_at=now, actor="x")
    assert ana.post(f"{opened(ana)}notes/{note.pk}/pin/").status_code == 404


def test_a_wish_is_remembered_once_and_removed(ana, ada, opened):
    url = opened(ana)
    ana.post(f"{url}wishes/", {"code": "TEE-RED-M"})
    ana.post(f"{url}wishes/", {"code": "TEE-RED-M"})
    wish = Wish.objects.get()
    page = ana.get(url).content.decode()
    assert "/items/TEE-RED-M/words/" in page
    ana.post(f"{url}wishes/{wish.pk}/remove/")
    assert not Wish.objects.open().exists()
    ana.post(f"{url}wishes/", {"code": "TEE-RED-M"})
    assert Wish.objects.open().count() == 1


def test_a_loyalty_code_is_given_once_and_found_by(ana, ada, opened):
    url = opened(ana)
    ana.post(f"{url}loyalty/")
    ada.refresh_from_db()
    code = ada.loyalty_code
    ana.post(f"{url}loyalty/")
    ada.refresh_from_db()
    assert ada.loyalty_code == code
    assert "Ada B." in ana.post("/customers/", {"code": code.lower()}).content.decode()


def test_a_new_customer_is_written_down_and_a_known_contact_leads_to_theirs(ana, ada):
    answer = ana.post("/customers/new/", {"name": "Bea", "phone": "(612) 555-0199"})
    bea = Customer.objects.get(name="Bea")
    assert (answer["Location"], bea.phone) == (f"/customers/{bea.uid}/", "+16125550199")
    again = ana.post("/customers/new/", {"name": "Ada", "email": "ADA@example.org"})
    assert again.status_code == 409
    assert f"/customers/{ada.uid}/open/" in again.content.decode()
    for wrong in ({"name": "Cy"}, {"email": "no"}, {"phone": "12"}):
        assert ana.post("/customers/new/", wrong).status_code == 422
    assert Customer.objects.count() == 2


def test_data_is_put_right_and_who_did_it_is_told(ana, ada, opened):
    url = opened(ana)
    assert "ada@example.org" in ana.get(f"{url}edit/").content.decode()
    ana.post(f"{url}edit/", {"name": "Ada King", "email": "ada@example.org", "phone": "+16125550100"})
    ada.refresh_from_db()
    assert ada.name == "Ada King"
    assert Event.objects.get(topic="customers.updated").payload["changed"] == ["name"]
    assert "Put right: name" in ana.get(url).content.decode()


def test_a_lead_merges_two_records_and_undoes_it(at, ana, ada, opened):
    gone = Customer.objects.create(name="A. Byron", phone="+16125550177", tier="gold")
    gone.refresh_from_db()
    Wish.objects.create(customer=gone, sku="MUG-01", added_at=timezone.now(), added_by="x")
    assert ana.get(f"{opened(ana)}merge/").status_code == 403
    lead = at("lead")
    url = opened(lead)
    assert "A. B." in lead.post(f"{url}merge/", {"code": "612 555 0177"}).content.decode()
    assert lead.post(f"{url}merge/", {"gone": gone.uid, "reason": ""}).status_code == 422
    assert lead.post(f"{url}merge/", {"gone": gone.uid, "reason": "same card"})["Location"] == url
    page = lead.get(url).content.decode()
    assert "MUG-01" in page
    ada.refresh_from_db()
    assert (ada.tier, ada.phone) == ("gold", "+16125550100")
    assert lead.get(f"/customers/{gone.uid}/")["Location"].startswith("/customers/"), "the old id leads on"
    lead.post(f"{url}merge/{ada.merges.get().pk}/undo/")
    ada.refresh_from_db()
    gone.refresh_from_db()
    assert (ada.tier, gone.is_active, gone.merged_into) == ("", True, None)
    assert "MUG-01" not in lead.get(url).content.decode().partition("What happened")[0]


def test_only_hq_takes_an_export_along(at, ada, opened):
    lead, hq = at("lead"), at("hq")
    assert lead.get(f"{opened(lead)}export/").status_code == 403
    answer = hq.get(f"{opened(hq)}export/")
    assert answer.json()["records"][0]["email"] == "ada@example.org"
    assert "attachment" in answer["Content-Disposition"]
    assert looks()[-1][2] == "export"


def test_the_page_shows_the_money_and_how_it_came_to_that(ada, at, opened, now):
    by = Actor.system("test")
    how = {"currency": "USD", "reason": "Return", "by": by, "now": now}
    bea = Customer.objects.create(name="Ada B", phone="+16125550101")
    issue_credit(amount=Decimal(5), key="b", customer_id=bea.pk, **how)
    held = issue_credit(amount=Decimal(20), key="a", customer_id=ada.pk, **how)
    hold_credit(code=held.code, amount=Decimal(4), currency="USD", key="h", cause="order:7", by=by, now=now)
    merge_customers(kept_id=ada.pk, gone_id=bea.pk, reason="same card", by=by, now=now)
    client = at()
    page = client.get(opened(client)).content.decode()
    for words in ("$16.00", "$5.00", "Held for an order", "Issued", "order:7", str(held)):
        assert words in page, words
    assert held.code not in page and held.printed_code not in page
