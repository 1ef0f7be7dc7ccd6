"""Rule sets, costs and tariffs in HQ: drafted, looked at, activated with a reason, followed; files line by line."""

import csv
import re
from datetime import timedelta
from io import StringIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from inventory.models import Location, LocationSet
from omni.core.hq.show import list_url
from orders.models import CostParameters, RuleFilter, RulePrice, RuleSet, Tariff
from orders.operations.draft_rule_set import copy_rule_set
from orders.operations.routing_policy import policy_for
from orders.operations.set_costs import draft_costs
from orders.routing.cost import MOST_POUNDS, NOT_OFFERED
from tests.factories import GroupFactory, LocationFactory, line, placed, stocked
from tests.factories.routing import BY, activated, costs_set, rule_set, tariff_set

pytestmark = pytest.mark.django_db
RULES, COSTS, TARIFFS = (list_url(f"orders.{each}") for each in ("ruleset", "costparameters", "tariff"))


def text(response) -> str:
    return response.content.decode()


def page_of(rules) -> str:
    return f"{RULES}{rules.pk}/change/"


def key():
    return policy_for(channel="web", services=["standard"], value=10, tags=[], now=timezone.now()).rules.key


def test_a_rule_set_is_drafted_written_looked_at_activated_and_retired(hq, store, other_store):
    LocationFactory(kind=Location.Kind.DC, latitude=44.9, longitude=-93.2)
    Location.objects.filter(pk=store.pk).update(latitude=None, longitude=None)
    response = hq.post(f"{RULES}add/", {"name": "Web", "preset": "ladder"})
    draft = RuleSet.objects.get()
    assert response["Location"] == page_of(draft)
    page = text(hq.get(page_of(draft)))
    for words in ("Only distribution centers", "Only stores", "Within 300 miles", "Park for a person",
                  "A draft decides nothing."):  # fmt: skip
        assert words in page, words
    add = f"{RULES}{draft.pk}/filter/add/"
    assert hq.post(add, {"kind": "except", "number": 0}).status_code == 422
    assert hq.post(add, {"kind": "except", "number": 7, "group_ids": [store.group_id]}).status_code == 302
    price = {"amount": "3", "group_ids": [other_store.group_id]}
    assert hq.post(f"{RULES}{draft.pk}/price/add/", price).status_code == 302
    fields = {"objective": "cost", "channels": ["web"], "services": "", "tags": "", "minimum_amount": "",
              "priority": "10", "most_shipments": "2", "least_amount": "", "split_amount": "1.50",
              "unit_value_percent": "100"}  # fmt: skip
    assert hq.post(f"{RULES}{draft.pk}/orders/", fields).status_code == 302
    page = text(hq.get(f"{page_of(draft)}?zip=90001&service="))
    for words in ("Not North", "+$3.00 for each shipment from South", "At most 2 shipments",
                  "+$1.50 for each parcel", "Orders from Web shop", "1 of 3 locations shut by: Not North",
                  "1 location has no coordinates"):  # fmt: skip
        assert words in page, words
    assert key() == (0, 0)
    draft.refresh_from_db()
    assert "Nobody has replayed this draft" in text(hq.get(page_of(draft)))
    said = {"activate": "1", "edits": draft.edits, "replaces": ""}
    response = hq.post(page_of(draft), said | {"reason": "kiosks are slow"})
    assert response.status_code == 409
    assert "Replay this draft as it stands first" in text(response)
    assert key() == (0, 0)
    said["without_replay"] = "on"
    assert hq.post(page_of(draft), said | {"reason": ""}).status_code == 422
    assert hq.post(page_of(draft), said | {"reason": "kiosks are slow"}).status_code == 302
    assert key() == (draft.pk, 1)
    page = text(hq.get(page_of(draft)))
    for words in ("kiosks are slow", hq.user.shown_name, "Draft the next version", "Draft → Active"):
        assert words in page, words
    assert "Add a filter" not in page
    page = text(hq.get(RULES))
    assert "kiosks are slow" in page
    assert hq.post(page_of(draft), {"retire": "1", "reason": ""}).status_code == 422
    assert hq.post(page_of(draft), {"retire": "1", "reason": "over"}).status_code == 302
    assert key() == (0, 0)


def test_parts_are_moved_changed_and_removed(hq, store):
    draft = rule_set("Web", filters=[{"kind": "open"}, {"kind": "distance", "number": 9}], prices=[{"amount": 2}])
    first, second = RuleFilter.objects.filter(rule_set=draft)
    hq.post(page_of(draft), {"act": "up", "part": f"filter:{second.pk}"})
    assert list(RuleFilter.objects.filter(rule_set=draft)) == [second, first]
    hq.post(f"{RULES}{draft.pk}/filter/{second.pk}/", {"kind": "distance", "number": 50, "kinds": ["store"]})
    assert "Within 50 miles, for stores" in text(hq.get(page_of(draft)))
    hq.post(page_of(draft), {"act": "remove", "part": f"filter:{first.pk}"})
    assert RuleFilter.objects.filter(rule_set=draft).count() == 1
    step = draft.steps.first()
    hq.post(f"{RULES}{draft.pk}/filter/add/?step={step.pk}", {"kind": "daily", "number": 5})
    assert step.filters.get().number == 5
    hq.post(page_of(draft), {"act": "remove", "part": f"step:{step.pk}"})
    assert draft.steps.count() == 1
    gone = hq.post(page_of(draft), {"act": "remove", "part": "filter:999999"}, follow=True)
    assert "Somebody removed this sentence meanwhile." in text(gone)
    other = rule_set("Other", filters=[{"kind": "open"}])
    foreign = other.filters.get()
    assert hq.post(page_of(draft), {"act": "remove", "part": f"filter:{foreign.pk}"}).status_code == 404
    assert hq.get(f"{RULES}{draft.pk}/filter/{foreign.pk}/").status_code == 404
    assert hq.post(f"{RULES}{draft.pk}/price/{draft.prices.get().pk}/", {"amount": "0"}).status_code == 422
    assert RulePrice.objects.get().amount == 2


def test_of_two_people_in_one_draft_nobody_takes_back_what_the_other_wrote(hq):
    draft = rule_set("Web", filters=[{"kind": "distance", "number": 300}, {"kind": "open"}])
    far, is_open = draft.filters.order_by("position")
    urls = {"orders": f"{RULES}{draft.pk}/orders/", "far": f"{RULES}{draft.pk}/filter/{far.pk}/"}
    drawn = {name: re.search(r'name="edits" value="(\d+)"', text(hq.get(url)))[1] for name, url in urls.items()}
    fields = {"objective": "cost", "priority": "50", "split_amount": "0", "unit_value_percent": "100"}
    assert hq.post(urls["orders"], fields | {"edits": drawn["orders"]}).status_code == 302
    stale = hq.post(urls["orders"], fields | {"edits": drawn["orders"], "priority": "70", "most_shipments": "3"})
    assert stale.status_code == 409
    assert "Somebody changed this draft meanwhile." in text(stale)
    assert 'value="3"' in text(stale), "what was typed is kept"
    assert hq.post(urls["far"], {"kind": "distance", "number": 9, "edits": drawn["far"]}).status_code == 409
    draft.refresh_from_db()
    far.refresh_from_db()
    assert (draft.priority, draft.most_shipments, far.number) == (50, None, 300)
    hq.post(page_of(draft), {"act": "remove", "part": f"filter:{is_open.pk}"})
    late = hq.post(f"{RULES}{draft.pk}/filter/{is_open.pk}/", {"kind": "open", "number": 0}, follow=True)
    assert "Somebody removed this sentence meanwhile." in text(late)
    assert draft.filters.get() == far
    assert hq.post(f"{RULES}{draft.pk}/filter/add/", {"kind": "open", "number": 0}).status_code == 302


def test_each_button_of_a_draft_carries_the_token_that_a_browser_needs(hq):
    draft = rule_set("Web", filters=[{"kind": "open"}], prices=[{"amount": 2}])
    page = hq.get(page_of(draft)).content.decode()
    forms = re.findall(r"<form method=.post.*?</form>", page, re.S)
    assert sum('value="remove"' in form for form in forms) == 2 + draft.steps.count()
    assert all("csrfmiddlewaretoken" in form for form in forms)


@pytest.mark.parametrize("amount", ["-3", "1000.01", "1e9"])
def test_a_split_costs_neither_less_than_nothing_nor_a_fortune(hq, amount):
    draft = rule_set("Web")
    fields = {"objective": "cost", "priority": "10", "split_amount": amount, "unit_value_percent": "100"}
    response = hq.post(f"{RULES}{draft.pk}/orders/", fields)
    assert response.status_code == 422
    assert "Between 0 and 1,000 dollars." in text(response)
    draft.refresh_from_db()
    assert draft.split_amount == 0


def test_two_steps_have_two_names(hq):
    draft = rule_set("Web")
    first = draft.steps.first()
    response = hq.post(f"{RULES}{draft.pk}/step/add/", {"name": f" {first.name.upper()} "})
    assert response.status_code == 422
    assert "Another step has this name." in text(response)
    assert hq.post(f"{RULES}{draft.pk}/step/{first.pk}/", {"name": first.name, "is_partial": "on"}).status_code == 302


def test_what_is_active_cannot_be_written_but_followed(hq):
    rules = activated(rule_set("Web", filters=[{"kind": "open"}]))
    part = rules.filters.get()
    assert hq.post(page_of(rules), {"act": "remove", "part": f"filter:{part.pk}"}).status_code == 302
    assert hq.get(f"{RULES}{rules.pk}/filter/{part.pk}/").status_code == 403
    assert hq.post(f"{RULES}{rules.pk}/filter/add/", {"kind": "open", "number": 0}).status_code == 403
    assert rules.filters.count() == 1
    hq.post(f"{RULES}act/copy/", {"pk": rules.pk})
    draft = RuleSet.objects.get(status="draft")
    page = text(hq.get(page_of(draft)))
    assert "It follows Web v1" in page
    hq.post(page_of(draft), {"activate": "1", "edits": draft.edits, "replaces": rules.pk, "reason": "better",
                           "without_replay": "on"})  # fmt: skip
    assert key() == (draft.pk, 2)


def test_a_draft_that_was_changed_since_it_was_looked_at_is_not_activated(hq):
    draft = rule_set("Web")
    hq.post(f"{RULES}{draft.pk}/filter/add/", {"kind": "open", "number": 0})
    said = {"activate": "1", "edits": draft.edits, "replaces": "", "reason": "as seen"}
    response = hq.post(page_of(draft), said)
    assert response.status_code == 409
    assert "Somebody changed this draft" in text(response)
    assert 'value="as seen"' in text(response)
    assert key() == (0, 0)
    assert hq.post(page_of(draft), {"discard": "1"}).status_code == 302
    assert RuleSet.objects.get().status == "retired"


def test_versions_are_compared_sentence_by_sentence(hq):
    old = activated(rule_set("Web", filters=[{"kind": "open"}], prices=[{"amount": 2}]))
    new = copy_rule_set(rule_set_id=old.pk, by=BY)
    hq.post(page_of(new), {"act": "remove", "part": f"filter:{new.filters.get().pk}"})
    hq.post(f"{RULES}{new.pk}/filter/add/", {"kind": "distance", "number": 40})
    page = text(hq.get(f"{RULES}{new.pk}/compare/?with={old.pk}"))
    for words, mark in (("Within 40 miles", "new"), ("Open today", "gone"), ("+$2.00", "in both")):
        assert mark in page[page.index(words) : page.index(words) + 300], words
    other = rule_set("Other")
    assert hq.get(f"{RULES}{new.pk}/compare/?with={other.pk}").status_code == 404
    assert hq.get(f"{RULES}{new.pk}/compare/").status_code == 404


def test_the_page_asks_the_same_number_of_queries_for_many_places(hq, store):
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert hq.get(page_of(draft)).status_code == 200
        return len(asked)

    draft = rule_set("Web", filters=[{"kind": "open"}])
    few = queries()
    for _ in range(15):
        LocationFactory(group=GroupFactory(parent=store.group))
    assert queries() == few <= 25


def test_a_set_is_made_of_codes_and_named_by_rules(hq, store, other_store):
    sets = list_url("inventory.locationset")
    said = {"name": "Kiosks", "code": "kiosks", "codes": f"{store.code}, {other_store.code}\nnope"}
    assert "There is no location nope." in text(hq.post(f"{sets}add/", said))
    hq.post(f"{sets}add/", said | {"codes": f"{store.code}\n{other_store.code}"})
    kiosks = LocationSet.objects.get()
    assert kiosks.locations.count() == 2
    hq.post(f"{sets}{kiosks.pk}/change/", said | {"codes": store.code})
    assert kiosks.locations.get() == store
    assert f"sets__id__exact={kiosks.pk}" in text(hq.get(sets))
    page = text(hq.get(list_url("inventory.location", sets__id__exact=kiosks.pk)))
    assert "Oak Street" in page
    assert "Elm Street" not in page
    draft = rule_set("Web")
    hq.post(f"{RULES}{draft.pk}/filter/add/", {"kind": "except", "number": 0, "group_ids": [-kiosks.pk]})
    assert "1 of 2 locations shut by: Not Kiosks" in text(hq.get(page_of(draft)))


def test_a_service_that_no_order_asks_for_is_told_on_the_page_of_its_rules(hq, store):
    draft = rule_set("Web")
    for part in ("filter/add/", "price/add/"):
        said = {"kind": "except", "number": 0, "kinds": ["store"], "amount": "3", "services": "two_day, tow_day"}
        assert hq.post(f"{RULES}{draft.pk}/{part}", said).status_code == 302
    page = text(hq.get(page_of(draft)))
    assert "What is said of tow_day never holds" in page
    hq.post(
        f"{RULES}{draft.pk}/filter/add/", {"kind": "except", "number": 0, "kinds": ["dc"], "services": "white_glove"}
    )
    assert "What is said of tow_day, white_glove never holds" in text(hq.get(page_of(draft)))
    placed(line(stocked(store, 3), service="white_glove"), line(stocked(store, 3), service="tow_day"))
    assert "never holds" not in text(hq.get(page_of(draft))), "a channel may have services of its own"


def test_costs_are_drafted_from_what_holds_and_set_with_a_reason(hq):
    held = costs_set(now=timezone.now() - timedelta(hours=2), split_amount=4)
    page = hq.get(f"{COSTS}add/")
    form = page.context["adminform"].form
    assert form.get_initial_for_field(form.fields["split_amount"], "split_amount") == held.split_amount
    fields = {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}
    del fields["on_saturdays"]
    fields |= {"effective_from": "2099-01-01T00:00", "holidays": "2099-12-25", "split_amount": "5"}
    fields = {name: value for name, value in fields.items() if value not in (None, [])}
    response = hq.post(f"{COSTS}add/", fields)
    assert response.status_code == 302, response.context["adminform"].form.errors
    draft = CostParameters.objects.get(status="draft")
    assert draft.split_amount == 5
    hq.post(f"{COSTS}act/set/", {"pk": draft.pk, "reason": "new year"})
    draft.refresh_from_db()
    assert (draft.status, draft.why, draft.set_by) == ("set", "new year", hq.user.shown_name)
    assert hq.post(f"{COSTS}{draft.pk}/change/", fields | {"split_amount": "9"}).status_code == 403
    page = text(hq.get(COSTS))
    for words in ("In effect", "To come", "new year"):
        assert words in page
    hq.post(f"{COSTS}act/withdraw/", {"pk": draft.pk, "reason": "not yet"})
    draft.refresh_from_db()
    assert draft.status == "withdrawn"


def written(hq, url: str) -> dict:
    """What a form of cost parameters says as it is drawn."""
    form = hq.get(url).context["adminform"].form
    said = {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}
    return {name: value for name, value in said.items() if value is not None and value is not False and value != []}


def test_of_two_people_in_one_draft_of_costs_the_second_is_told(hq):
    later = {"effective_from": "2099-01-01T00:00"}
    made = hq.post(f"{COSTS}add/", written(hq, f"{COSTS}add/") | later)
    assert made.status_code == 302, made.context["adminform"].form.errors
    draft = CostParameters.objects.get()
    url = f"{COSTS}{draft.pk}/change/"
    drawn = written(hq, url) | later
    assert hq.post(url, drawn | {"late_amount": "7"}).status_code == 302
    stale = hq.post(url, drawn | {"wait_amount": "2"})
    assert stale.status_code == 200
    assert "Somebody changed these parameters meanwhile." in text(stale)
    draft.refresh_from_db()
    assert (draft.late_amount, draft.wait_amount, draft.edits) == (7, 1, 1)
    assert hq.post(url, written(hq, url) | later | {"wait_amount": "2"}).status_code == 302


def test_costs_begin_at_a_moment_to_come_that_no_others_have(hq):
    held = costs_set(now=timezone.now(), after=timedelta(days=9))
    past = hq.post(f"{COSTS}add/", written(hq, f"{COSTS}add/") | {"effective_from": "2020-01-01T00:00"})
    assert "Choose a moment to come" in text(past)
    assert CostParameters.objects.get() == held
    draft = draft_costs(effective_from=held.effective_from, by=BY, now=timezone.now())
    refused = hq.post(f"{COSTS}act/set/", {"pk": draft.pk, "reason": "twice"})
    assert "There are parameters from that moment already" in text(refused)
    draft.refresh_from_db()
    assert draft.status == "draft"
    shown = text(hq.get(f"{COSTS}{held.pk}/change/"))
    assert "$19.00" in shown
    assert "19.0000" not in shown


def handed_in(hq, body: str, **more):
    file = SimpleUploadedFile("rates.csv", body.encode(), "text/csv")
    return hq.post(f"{TARIFFS}add/", {"service": "UPS/Ground", "effective_from": "2099-01-01T00:00", "reason": "2099",
                                      "file": file, "is_new": "on"} | more)  # fmt: skip


HEAD = "pounds,zone 1,zone 2,zone 3,zone 4,zone 5,zone 6,zone 7,zone 8\n"


def test_a_tariff_is_handed_in_shown_and_taken_away(hq):
    body = HEAD + "days,1,2,3,3,4,5,5,6\n1,6.10,7,7,7,7,7,7,$8.25\n5,9,9,9,9,9,9,9,\n"
    response = handed_in(hq, body)
    tariff = Tariff.objects.get()
    assert response["Location"] == f"{TARIFFS}{tariff.pk}/change/"
    assert tariff.days == [1, 2, 3, 3, 4, 5, 5, 6]
    assert (tariff.rates[0][:7], tariff.rates[7][1:3]) == (
        [61_000, 61_000, 90_000, 90_000, 90_000, 90_000, NOT_OFFERED], [82_500, NOT_OFFERED],
    )  # fmt: skip
    assert len(tariff.rates[0]) == MOST_POUNDS + 1
    page = text(hq.get(response["Location"]))
    for words in ("2099", "8.25", "Zone 8", "Withdraw"):
        assert words in page
    file = b"".join(hq.get(f"{TARIFFS}{tariff.pk}/rates.csv").streaming_content).decode()
    again = handed_in(hq, file, service="UPS/Copy")
    assert again.status_code == 302
    assert Tariff.objects.get(service="UPS/Copy").rates == tariff.rates
    assert handed_in(hq, body).status_code == 409


def test_each_line_of_a_broken_tariff_is_told(hq):
    rows = ("days,1,2,3,3,4,5,5,x", "1,6,6,6,6,6,6,6", "2,6,6,6,6,6,6,6,-1", "151,6,6,6,6,6,6,6,6",
            "3,6,6,6,6,6,6,6,6", "3,7,7,7,7,7,7,7,7", "1,6,6,6,6,6,6,6,6")  # fmt: skip
    body = HEAD + "\n".join(rows)
    response = handed_in(hq, body)
    assert response.status_code == 422
    page = text(response)
    for words in ("Line 2: Working days are whole numbers", "Line 3: 8 cells, expected 9", "Line 4: “-1” in zone 8",
                  "Line 5: “151” is no weight", "Line 7: A second row for 3 pounds",
                  "Line 8: Lighter than"):  # fmt: skip
        assert words in page, words
    assert "Line 6" not in page
    assert 'value="UPS/Ground"' in page
    for broken, words in (("zone,pounds\n", "Line 1: The header is"), (HEAD, "There is no row “days”"),
                          (HEAD + "days,1,1,1,1,1,1,1,1\n", "There is no row with rates")):  # fmt: skip
        assert words in text(handed_in(hq, broken))
    assert not Tariff.objects.exists()


@pytest.mark.parametrize("wrong_head", ["weight" + HEAD.removeprefix("pounds"), ""])
def test_a_wrong_or_missing_header_hides_nothing_that_is_wrong_below_it(hq, wrong_head):
    response = handed_in(hq, wrong_head + "days,1,2,3,3,4,5,5,6\n1,6,x,6,6,y,6,6,6\nfour,6,6,6,6,6,6,6,6\n")
    page, first = text(response), 2 if wrong_head else 1
    assert response.status_code == 422
    for words in ("Line 1: The header is: pounds", f"Line {first + 1}: “x” in zone 2",
                  f"Line {first + 1}: “y” in zone 5", f"Line {first + 2}: “four” is no weight"):  # fmt: skip
        assert words in page, words
    assert "There is no row" not in page
    assert not Tariff.objects.exists()


def test_a_header_of_too_few_zones_is_told_once(hq):
    page = text(handed_in(hq, "pounds,zone 1,zone 2\ndays,1,2\n1,6,x\n2,6\n"))
    assert "Line 1: The header is" in page
    assert "Line 2" not in page
    assert "Line 3: “x” in zone 2" in page
    assert "Line 4: 2 cells, expected 9" in page


def test_a_file_that_is_no_table_is_refused_where_it_ends_to_be_one(hq):
    page = text(handed_in(hq, HEAD + "1," + "6" * 200_000 + "\n"))
    assert "It cannot be read on from here: field larger than field limit" in page
    assert not Tariff.objects.exists()


def test_a_service_that_nobody_knows_is_refused_until_it_is_said_to_be_new(hq):
    body = HEAD + "days,1,2,3,3,4,5,5,6\n1,6,6,6,6,6,6,6,6\n"
    response = handed_in(hq, body, service="SimPost/Gruond", is_new="")
    assert response.status_code == 422
    page = text(response)
    assert "No table and no label has this name. Known are" in page
    assert "SimPost/Ground" in page
    assert not Tariff.objects.exists()
    assert handed_in(hq, body, service="SimPost/Ground", is_new="").status_code == 302, "the built-in tables are known"
    assert handed_in(hq, body, service="UPS/Ground").status_code == 302
    later = {"effective_from": "2099-02-01T00:00", "is_new": ""}
    assert handed_in(hq, body, service="UPS/Ground", **later).status_code == 302, "so is what was set before"


def test_a_service_ends_without_a_file(hq):
    response = hq.post(f"{TARIFFS}add/", {"service": "UPS/Ground", "effective_from": "2099-01-01T00:00",
                                          "reason": "left them", "is_over": "on", "is_new": "on"})  # fmt: skip
    assert "Not offered from then on" in text(hq.get(response["Location"]))
    missing = hq.post(f"{TARIFFS}add/", {"service": "UPS/Air", "effective_from": "2099-01-01T00:00", "reason": "x"})
    assert (missing.status_code, Tariff.objects.count()) == (422, 1)


def test_the_built_in_tables_can_be_taken_to_begin_with(hq):
    assert "SimPost/Ground as CSV" in text(hq.get(TARIFFS))
    rows = list(csv.reader(StringIO(b"".join(hq.get(f"{TARIFFS}built-in/0/rates.csv").streaming_content).decode())))
    assert (len(rows), rows[1][0], rows[-1][0]) == (MOST_POUNDS + 2, "days", str(MOST_POUNDS))
    assert hq.get(f"{TARIFFS}built-in/9/rates.csv").status_code == 404


def test_routing_is_for_hq_alone(manager):
    draft, tariff = rule_set("Web"), tariff_set("A", 1)
    for path in (RULES, page_of(draft), f"{RULES}add/", f"{RULES}{draft.pk}/orders/", f"{RULES}{draft.pk}/step/add/",
                 f"{RULES}{draft.pk}/compare/?with={draft.pk}", COSTS, TARIFFS, f"{TARIFFS}{tariff.pk}/rates.csv",
                 f"{TARIFFS}built-in/0/rates.csv", f"{TARIFFS}add/"):  # fmt: skip
        assert manager.get(path).status_code == 403, path
    assert manager.post(page_of(draft), {"activate": "1", "edits": 0, "reason": "mine"}).status_code == 403
    assert key() == (0, 0)
