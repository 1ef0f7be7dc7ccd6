"""The house with the tests' own doors."""

from django.urls import include, path

from omni.urls import *  # noqa: F403 - the error handlers and everything else of the house
from omni.urls import urlpatterns as house
from tests.core import doors

urlpatterns = [
    path("api/v1/trial", doors.Acts.as_view()),
    path("api/v1/closed", doors.Closed.as_view()),
    path("trial/page/", doors.page),
    path("trial/undecorated/", doors.undecorated),
    path("trial/at-store/", doors.at_store),
    path("trial/for-hq/", doors.for_hq),
    path("", include(house)),
]
