"""What the rooms of orders are for."""

from django.utils.translation import gettext_lazy as _

from omni.core.screen_help import explain

explain(
    orders__today=_("Your store’s day at a glance: what is late, what is due, and one button to begin."),
    orders__partner=_("What you have to answer and to ship, the first to leave on top; open an order for more."),
    orders__partner_order=_("One order: confirm it, refuse what you cannot ship, and tell us when it has left."),
    orders__partner_confirm=_("Say how many of each item will leave, and on which day."),
    orders__partner_refuse=_("Say what you cannot ship and why: somebody else is asked for it at once."),
    orders__partner_ship=_("Say with which carrier a parcel left and under which number; then the customer is told."),
    orders__partner_slip=_("The paper for the box: what belongs into it, without prices."),
    orders__partner_history=_("Orders that left, were refused or cancelled; look for one by its number."),
    orders__partner_stock=_("Send a file of what you could ship now, so that we promise no more than that."),
    orders__partner_snapshot=_(
        "What became of your stock file: where you and we differed, and what could not be read."
    ),
    orders__waiting=_("Who waits for what comes to this store, and who gets it first."),
    orders__queue=_("Orders to pick, the most urgent first: start with the big button, or tick the ones you want."),
    orders__pick_list=_("Walk from bin to bin and scan each item; what you cannot find you report, and go on."),
    orders__short_pick=_("Say what is wrong with the item: the customer is asked, or another store ships it."),
    orders__pick_list_print=_("The same walk on paper: tick each box, then scan or type the items in."),
    orders__shift=_("Your shift at a glance: what is late, who is on what, what was declined, and what needs you."),
    orders__shift_rows=_("The orders behind one figure of the shift."),
    orders__district=_("Your stores side by side, what hurts most on top; press a store to see its shift."),
    orders__totes=_("One tote per order: scan the label of each, or keep the places on the cart."),
    orders__to_ship=_("What leaves with the carriers: pack it, label it, hand it over; the first to leave on top."),
    orders__ship=_("Say which carrier took the parcel and under which number."),
    orders__pack=_("Scan each item from the tote into its box, then close and weigh the box."),
    orders__parcel=_("One parcel: buy and print its label, and see how far it has come."),
    orders__parcel_rates=_(
        "What each carrier asks, the cheapest first; the marked one keeps the promise for the least."
    ),
    orders__parcel_address=_("Correct the address the way the carrier wants it."),
    orders__manifests=_("Say who is at the door, then scan each parcel as it goes to the truck."),
    orders__manifest=_("Scan the parcels this carrier takes; when it has them all, press the button once."),
    orders__manifest_print=_("The list for the driver to sign."),
    orders__desk=_("Find a customer’s order by what they show or say; ready ones wait below."),
    orders__hand_over=_("Check that it is theirs, give the items, and press once; for a minute you can undo it."),
    orders__sell=_("Scan an item or type a few words; what this store lacks is sold from a store nearby or shipped."),
    orders__sell_product=_("Tap a size, then the way the shopper gets it: it is kept for them at once."),
    orders__basket=_("One shopper’s items, each with its own promise; they are kept while the time runs."),
    orders__baskets=_("Baskets that wait for their shopper: take one and go on where a colleague stopped."),
    orders__basket_customer=_("Find the shopper by phone or e-mail, or write down what they say."),
    orders__pay=_("Take the money: at the terminal, at the till, or from store credit."),
    orders__sold=_("It is sold: give what is carried out, print the receipt, and serve the next customer."),
    orders__receipt=_("The shopper’s receipt; the return desk scans its code."),
    orders__order=_("Everything about one order: each item, where it is, the money, and what happened when."),
    orders__cancel_lines=_("Cancel on the customer’s word what was not handed over or shipped yet."),
    orders__answer_choice=_("Answer for a customer whose store was short: another store, shipping, or cancel."),
    orders__mark_arrival=_("Note that a customer is outside or on the way, and in which bay, on their word."),
    orders__practice=_("Try every kind of work in a store of your own, where nothing is real."),
)
