"""The pattern page: every component once, with words from a day in a store (DEBUG only)."""

from datetime import timedelta
from types import SimpleNamespace

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

REASONS = [("", "Choose a reason"), ("empty", "The bin is empty"), ("damaged", "It is damaged")]
PROOFS = [("code", "The customer’s code"), ("id", "A photo ID with the name")]
COUNTS = {"Today": 0, "Pick": 12, "Pack": 5, "Pickup": 9, "Sell": 0, "Returns": 0, "Count": 3}
STORE = SimpleNamespace(name="Oak Street", code="OAK", timezone="America/Los_Angeles")
SHIRT = {"title": "Linen shirt", "color": "sand", "category": "Shirts", "size": "M"}
SNEAKER = {"title": "Canvas sneaker", "color": "white", "category": "Shoes", "size": "42"}
BEANIE = {"title": "Wool beanie", "color": "gray", "category": "Hats", "size": ""}
HEADPHONES = {"title": "Over-ear headphones", "color": "midnight blue", "category": "Audio", "size": ""}
KINDS = (
    "T-shirt sage M|Oxford shirt sky L|Hoodie burgundy XL|Rain jacket mustard S|Jeans denim 32|"
    "Chino shorts khaki 30|Wrap dress coral M|Pleated skirt forest S|Sneaker white 42|"
    "Chelsea boot cognac 43|Sandal tan 38|Beanie gray |Baseball cap navy |Wool sock charcoal L|"
    "Scarf plum |Glove black M|Belt brown 95|Tote bag natural |Backpack olive |Wallet cognac |"
    "Watch silver |Sunglasses black |Headphones midnight |Phone graphite |Laptop silver |Tablet gray |"
    "Monitor black |Camera black |Speaker teal |Charger white |Controller violet |Keyboard white |"
    "Table lamp brass |Mug terracotta |Tumbler clear |Bottle mint |Bowl stone |Saucepan steel |"
    "Pillow blush |Duvet sky |Towel aqua |Throw blanket oat |Chair oak |Desk table walnut |"
    "Candle cream |Plant sage |Vase cobalt |Rug rust |Picture frame oak |Basket sand |"
    "Puzzle game red |Journal book emerald |Something else  "
)


def patterns(request: HttpRequest) -> HttpResponse:
    """Show every component, so that a screen is built from what is there."""
    if request.GET.get("message"):
        messages.success(request, "Order 7731 is on shelf S-12.")
    return render(request, "ui.html", {**_frame(), **_work(), **_figures(), "form": _form()})


def paper(request: HttpRequest, paper: str) -> HttpResponse:
    """Show a printed paper: a pick list by aisle, or the 4 x 6 inch label of a parcel."""
    return render(request, f"ui_{'label' if paper == 'label' else 'pick_list'}.html", _work())


class PatternForm(forms.Form):
    """Fields of every kind, with an error each."""

    name = forms.CharField(label="Name on the order", help_text="As the customer says it.", max_length=80)
    phone = forms.CharField(label="Phone", required=False, widget=forms.TextInput(attrs={"type": "tel"}))
    reason = forms.ChoiceField(label="Why is it not there?", choices=REASONS)
    proof = forms.ChoiceField(label="What did you check?", widget=forms.RadioSelect, choices=PROOFS)
    told = forms.BooleanField(label="The customer knows", required=False)
    note = forms.CharField(label="Note for the next person", required=False, widget=forms.Textarea)


def _form() -> PatternForm:
    return PatternForm({"name": "", "phone": "503 555 0142", "reason": "", "proof": "id"})


def _frame() -> dict:
    return {
        "place": {"status": "Open until 21:00", "tone": "done"},
        "tabs": [
            {"label": label, "url": "#", "count": count, "current": label == "Today"} for label, count in COUNTS.items()
        ],
    }


def _work() -> dict:
    now = timezone.now()
    return {
        "store": STORE,
        "now": now,
        "late": now - timedelta(minutes=14, seconds=30),
        "soon": now + timedelta(minutes=24, seconds=30),
        "later": now + timedelta(minutes=70, seconds=30),
        "next_week": now + timedelta(days=2),
        "pictures": [SHIRT, SNEAKER, BEANIE, HEADPHONES],
        "kinds": [_kind(line) for line in KINDS.split("|")],
        "chips": [
            {"label": "All", "url": "#", "count": 12, "current": True},
            {"label": "Pickup", "url": "#", "count": 7},
            {"label": "Ship", "url": "#", "count": 5},
            {"label": "Mine", "url": "#", "count": 0},
        ],
        "menu": [
            {"label": "Print pick list", "url": "#", "icon": "print"},
            {"label": "Give it back to the queue", "url": "#", "icon": "undo"},
        ],
        "entries": [
            {"title": "Ready on shelf S-12", "at": now - timedelta(minutes=3), "by": "Ana", "tone": "done"},
            {
                "title": "One unit not found",
                "at": now - timedelta(minutes=9),
                "by": "Ana",
                "tone": "stop",
                "note": "Bin B-11-1 was empty; a count task was raised.",
            },
            {"title": "Picking began", "at": now - timedelta(minutes=21), "by": "Ana", "tone": "info"},
            {"title": "Order placed", "at": now - timedelta(days=1, hours=2), "by": "Web shop"},
        ],
    }


def _kind(line: str) -> dict:
    words = line.split(" ")
    return {"title": " ".join(words[:-2]), "color": words[-2], "size": words[-1]}


def _figures() -> dict:
    return {
        "trend": [92, 93, 92.5, 94, 93, 94.4, 95, 94.8, 96, 95.2, 96.1, 96.8, 97, 96.4],
        "rising": [31, 32, 33, 34, 35.5, 38.1],
        "waits": [2, 9, 24, 31, 22, 12, 6, 3, 1],
        "wait_ticks": ["0 min", "10", "20", "30", "40 min"],
        "funnel": [
            {"label": "Placed", "value": 1249, "shown": "1,249"},
            {"label": "Picked", "value": 1204, "shown": "1,204 · 96 %"},
            {"label": "Ready", "value": 1130, "shown": "1,130 · 90 %"},
            {"label": "Collected", "value": 918, "shown": "918 · 73 %", "tone": "done"},
        ],
        "reasons": [
            {"label": "Not found", "value": 41, "shown": "41", "tone": "stop", "url": "#"},
            {"label": "Damaged", "value": 12, "shown": "12", "url": "#"},
            {"label": "Closing soon", "value": 7, "shown": "7", "url": "#"},
        ],
        "columns": [
            {"label": "Store"},
            {"label": "Late", "number": True},
            {"label": "Due this hour", "number": True},
            {"label": "Declined", "number": True},
            {"label": "Capacity used", "number": True},
        ],
        "rows": [
            [
                {"text": "Elm Street", "url": "#", "tag": "Paused until 15:00", "tone": "stop"},
                6,
                11,
                "7.1 %",
                {"text": "98 %", "share": 98, "tone": "stop"},
            ],
            [{"text": "Harbor Mall", "url": "#"}, 3, 8, "2.0 %", {"text": "81 %", "share": 81}],
            [{"text": "Oak Street", "url": "#"}, 0, 4, "1.2 %", {"text": "44 %", "share": 44}],
        ],
    }
