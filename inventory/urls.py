"""The addresses of a store's own screens."""

from django.urls import path

from inventory.views import choose_store, count, pause, put_back

app_name = "inventory"

urlpatterns = [
    path("stores/", choose_store.choose_store, name="choose_store"),
    path("pause/", pause.pause_store, name="pause"),
    path("pause/resume/", pause.resume_store, name="resume"),
    path("put-back/", put_back.put_backs, name="put_backs"),
    path("counts/", count.counts, name="counts"),
    path("counts/<int:task_id>/", count.count_one, name="count"),
]
