"""The addresses of customers' pages."""

from django.urls import path

from customers.views import acts, page, search

app_name = "customers"
ONE = "customers/<uuid:uid>/"

urlpatterns = [
    path("customers/", search.search, name="search"),
    path("customers/new/", search.new, name="new"),
    path(ONE, page.customer, name="customer"),
    path(f"{ONE}open/", search.open_page, name="open"),
    path(f"{ONE}contact/", page.show_contact, name="contact"),
    path(f"{ONE}edit/", page.edit, name="edit"),
    path(f"{ONE}export/", page.export, name="export"),
    path(f"{ONE}consent/", acts.say_consent, name="consent"),
    path(f"{ONE}notes/", acts.add_note, name="add_note"),
    path(f"{ONE}notes/<int:note_id>/<slug:act>/", acts.change_note, name="change_note"),
    path(f"{ONE}wishes/", acts.wish, name="wish"),
    path(f"{ONE}wishes/<int:wish_id>/remove/", acts.unwish, name="unwish"),
    path(f"{ONE}loyalty/", acts.give_code, name="give_code"),
    path(f"{ONE}merge/", acts.merge, name="merge"),
    path(f"{ONE}merge/<int:merge_id>/undo/", acts.take_apart, name="take_apart"),
]
