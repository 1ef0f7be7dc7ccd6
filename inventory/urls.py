"""The addresses of a store's own screens."""

from django.urls import path

from inventory.views import (
    choose_store,
    count,
    count_review,
    count_session,
    devices,
    item_words,
    lock,
    pause,
    put_back,
    switch,
    team,
)

app_name = "inventory"

urlpatterns = [
    path("stores/", choose_store.choose_store, name="choose_store"),
    path("switch/", switch.switch, name="switch"),
    path("lock/", lock.lock, name="lock"),
    path("still-here/", lock.still_here, name="still_here"),
    path("devices/", devices.devices, name="devices"),
    path("devices/<uuid:uid>/revoke/", devices.revoke, name="revoke_device"),
    path("device/", devices.enroll, name="enroll"),
    path("team/", team.team, name="team"),
    path("team/<int:user_id>/pin/", team.give_temporary_pin, name="give_temporary_pin"),
    path("pin/", team.own_pin, name="own_pin"),
    path("pause/", pause.pause_store, name="pause"),
    path("pause/resume/", pause.resume_store, name="resume"),
    path("items/<path:sku>/words/", item_words.item_words, name="item_words"),
    path("put-back/", put_back.put_backs, name="put_backs"),
    path("counts/", count.counts, name="counts"),
    path("counts/together/", count.count_together, name="count_together"),
    path("counts/<int:task_id>/", count.count_one, name="count"),
    path("counts/sessions/", count_session.sessions, name="count_sessions"),
    path("counts/sessions/new/", count_review.start, name="start_count"),
    path("counts/sessions/<int:session_id>/", count_session.session, name="count_session"),
    path("counts/sessions/<int:session_id>/areas/<int:area_id>/", count_session.area, name="count_area"),
    path("counts/sessions/<int:session_id>/areas/<int:area_id>/scan/", count_session.scan, name="count_scan"),
    path("counts/sessions/<int:session_id>/areas/<int:area_id>/done/", count_session.done, name="count_area_done"),
    path("counts/sessions/<int:session_id>/areas/<int:area_id>/tags/", count_session.tags, name="count_tags"),
    path("counts/sessions/<int:session_id>/undo/", count_session.undo, name="count_undo"),
    path("counts/sessions/<int:session_id>/again/<int:line_id>/", count_session.again, name="count_again"),
    path("counts/sessions/<int:session_id>/review/", count_review.review, name="count_review"),
    path("counts/sessions/<int:session_id>/decide/", count_review.decide, name="count_decide"),
    path("counts/sessions/<int:session_id>/end/", count_review.end, name="count_end"),
    path("counts/sessions/<int:session_id>/book/", count_review.book, name="count_book"),
    path("counts/sessions/<int:session_id>/cancel/", count_review.cancel, name="count_cancel"),
    path("counts/sessions/<int:session_id>/lines.csv", count_review.download, name="count_download"),
]
