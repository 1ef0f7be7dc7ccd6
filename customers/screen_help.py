"""What the rooms of customers are for."""

from django.utils.translation import gettext_lazy as _

from omni.core.screen_help import explain

explain(
    customers__search=_("Find a customer by phone, e-mail, name or loyalty code; say what for, and their page opens."),
    customers__new=_("Write down somebody nobody knows yet: a phone or an e-mail is enough."),
    customers__open=_("Say what you open this customer’s page for; your name and the purpose are kept."),
    customers__customer=_("Everything about one customer: orders, returns, wishes, notes, consent."),
    customers__edit=_("Put name, phone or e-mail right."),
    customers__merge=_("Join two records of one person; it can be undone."),
)
