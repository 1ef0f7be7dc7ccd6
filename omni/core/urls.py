"""The kernel's own pages."""

from django.conf import settings
from django.urls import path

from omni.core import health
from omni.core.ui import patterns
from omni.core.views import app, hooks, preferences, second_step, session

urlpatterns = [
    path("health/live", health.live, name="health-live"),
    path("health/ready", health.ready, name="health-ready"),
    path("sign-in/", session.sign_in, name="sign-in"),
    path("sign-out/", session.sign_out, name="sign-out"),
    path("hooks/<slug:source>/", hooks.hook, name="hook"),
    path("second-step/", second_step.verify, name="second-step"),
    path("second-step/set-up/", second_step.set_up, name="second-step-set-up"),
    path("theme/", preferences.theme, name="theme"),
    path("manifest.webmanifest", app.manifest, name="manifest"),
    path("sw.js", app.worker, name="worker"),
    path("offline/", app.offline, name="offline"),
    path("kept/", app.kept, name="kept"),
]
if settings.DEBUG:
    urlpatterns += [
        path("ui/", patterns.patterns, name="ui"),
        path("ui/paper/<str:paper>/", patterns.paper),
    ]
