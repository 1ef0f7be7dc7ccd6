"""What the rooms of inventory are for."""

from django.utils.translation import gettext_lazy as _

from omni.core.screen_help import explain

explain(
    inventory__choose_store=_("Choose the store in which you work now."),
    inventory__pause=_("Take no new orders for a while, with a reason; what you have stays yours."),
    inventory__put_backs=_("Scan each unit back onto its shelf, so that it sells again."),
    inventory__counts=_("Items whose number looks wrong: count what lies there."),
    inventory__count=_("Count without looking at the expected number, then save."),
)
