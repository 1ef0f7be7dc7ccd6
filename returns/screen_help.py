"""What the rooms of returns are for."""

from django.utils.translation import gettext_lazy as _

from omni.core.screen_help import explain

explain(
    returns__desk=_("Find the purchase by receipt, number, item, phone, e-mail or card, whichever store sold it."),
    returns__blind=_("Take something back without a receipt: store credit at its lowest recent price, within limits."),
    returns__intake=_("Open a parcel that came back: find whose it is, or keep it apart until somebody knows."),
    returns__held=_("Returned units that are not on sale; look at one again to decide anew."),
    returns__regrade=_("Say what it is worth now and what becomes of it: stock and value move along."),
    returns__purchase=_("What was bought, and line by line what can come back, what cannot, and why."),
    returns__one=_("Scan each item that comes back, say in which condition, and give the money back once."),
    returns__exchange=_("Choose what the customer takes instead; the difference is paid or given back."),
)
