"""The rooms of orders."""

from django.urls import path

from orders.views import (
    arrivals,
    choice,
    desk,
    hand_over,
    my_order,
    order,
    pick_list,
    pick_print,
    practice,
    queue,
    ship,
    short_pick,
    today,
)

app_name = "orders"
urlpatterns = [
    # Today's work, the queue, the pick list and what follows from it.
    path("", today.home, name="home"),
    path("today/", today.today, name="today"),
    path("pick/", queue.queue, name="queue"),
    path("pick/claim/", queue.claim_ticked, name="claim"),
    path("pick/start/", queue.start, name="start"),
    path("pick/decline/", queue.decline_ticked, name="decline"),
    path("pick/<int:number>/", pick_list.pick_list, name="pick_list"),
    path("pick/<int:number>/scan/", pick_list.scan, name="scan"),
    path("pick/<int:number>/undo/", pick_list.undo, name="undo_scan"),
    path("pick/<int:number>/acknowledge/", pick_list.acknowledge, name="acknowledge"),
    path("pick/<int:number>/stage/", pick_list.put_on_shelf, name="stage"),
    path("pick/<int:number>/give-back/", pick_list.put_down, name="give_back"),
    path("pick/<int:number>/take-over/", pick_list.take, name="take_over"),
    path("pick/<int:number>/short/<int:line_id>/", short_pick.report_short, name="short_pick"),
    path("pick/<int:number>/print/", pick_print.pick_list_print, name="pick_list_print"),
    path("labels/<str:number>/", pick_print.pickup_label, name="pickup_label"),
    path("ship/", ship.waiting_for_carrier, name="to_ship"),
    path("ship/<str:number>/", ship.hand_to_carrier, name="ship"),
    # The pickup desk, the order's own page and the customer's choice.
    path("pickup/", desk.desk, name="desk"),
    path("pickup/hand-overs/<int:hand_over_id>/undo/", hand_over.undo_hand_over, name="undo_hand_over"),
    path("pickup/<str:number>/", hand_over.hand_over, name="hand_over"),
    path("pickup/<str:number>/arrival/", arrivals.mark_arrival, name="mark_arrival"),
    path("pickup/<str:number>/code/", hand_over.check_code, name="check_code"),
    path("orders/<int:number>/", order.order, name="order"),
    path("orders/<int:number>/cancel/", order.cancel_lines, name="cancel_lines"),
    path("orders/<int:number>/choices/<int:choice_id>/", choice.answer_for_customer, name="answer_choice"),
    path("choice/<str:token>/", choice.choice, name="choice"),
    # The practice store.
    path("practice/", practice.stories, name="practice"),
    path("practice/open/", practice.enter, name="open_practice"),
    path("practice/leave/", practice.leave, name="leave_practice"),
    path("practice/reset/", practice.reset, name="reset_practice"),
    path("practice/begin/", practice.begin, name="begin_story"),
    path("practice/bar/", practice.bar, name="practice_bar"),
    # The customer's own page, behind a signed link.
    path("my/<str:token>/", my_order.my_order, name="my_order"),
    path("my/<str:token>/arrival/", my_order.my_arrival, name="my_arrival"),
    path("my/<str:token>/collector/", my_order.my_collector, name="my_collector"),
]
