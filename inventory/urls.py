"""The addresses of a store's own screens."""

from django.urls import path

from inventory.views import choose_store, count, devices, item_words, lock, pause, put_back, switch, team

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
    path("counts/<int:task_id>/", count.count_one, name="count"),
]
