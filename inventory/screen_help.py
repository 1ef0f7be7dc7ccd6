"""What the rooms of inventory are for."""

from django.utils.translation import gettext_lazy as _

from omni.core.screen_help import explain

explain(
    inventory__choose_store=_("Choose the store in which you work now."),
    inventory__switch=_("Choose your name and type your PIN; whoever worked here before is signed out."),
    inventory__lock=_("Locked: its person goes on with the PIN where it was left, anybody else begins anew."),
    inventory__devices=_("The store’s shared tills and handhelds: add one, or revoke one that is gone."),
    inventory__enroll=_("Type the code that a lead’s screen shows, and this device belongs to the store."),
    inventory__team=_("Who works at this store, and a temporary PIN for whoever forgot theirs."),
    inventory__own_pin=_("Choose the PIN with which you switch on shared devices and approve for colleagues."),
    inventory__pause=_("Take no new orders for a while, with a reason; what you have stays yours."),
    inventory__put_backs=_("Scan each unit back onto its shelf, so that it sells again."),
    inventory__counts=_("Items whose number looks wrong or whose turn it is: count what lies there."),
    inventory__receiving=_("What should come today, and what is being received: choose one, or begin without a paper."),
    inventory__delivery=_("Scan cartons or items; each counts at once and once, also when colleagues scan with you."),
    inventory__received_item=_("Correct how many came of this item, mark damaged ones, and give it its place."),
    inventory__receiving_summary=_("What came, what differs, and what is done about it; then finish the delivery."),
    inventory__receiving_print=_("What came of a delivery and where it belongs, on paper."),
    inventory__transfers=_("What other stores want from you and what comes to you: scan the slip in a box to open it."),
    inventory__ask_transfer=_("Choose a location, scan what you need from it, and its lead decides."),
    inventory__transfer=_("Scan each unit into the box, or out of it when it arrives; every scan counts once."),
    inventory__transfer_slip=_("Print it and put it into the box."),
    inventory__adjustments=_("Scan an item to correct its number or set units aside; what was done today is below."),
    inventory__adjust_item=_("Say what happened to its units: found, missing, set aside, back, or written off."),
    inventory__count_sessions=_("What is being counted together: choose one and walk an area of it."),
    inventory__start_count=_("Choose a department, aisles or the whole store, and what else is an area."),
    inventory__count_session=_("Choose the area that you walk; what has to be looked at again stands below."),
    inventory__count_area=_("Scan every unit that lies here; picking and selling go on meanwhile."),
    inventory__count_again=_("Count all units of this one item anew, without looking at any number."),
    inventory__count_download=_("Every item of a count, for a spreadsheet."),
    inventory__count_review=_("What differs, what it is worth, and what nobody counted: decide, then book."),
    inventory__count_list_print=_("The list of counts on paper: write each number into its box, then type it in."),
    inventory__count_sheets=_("A sheet for each aisle to count on paper; type its numbers into the area afterwards."),
    inventory__count_result_print=_("What a count found and what was decided, on paper and to be signed."),
    inventory__count=_("Count without looking at the expected number, then save."),
)
