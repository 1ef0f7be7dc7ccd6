"""The web process, for an asynchronous server."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "omni.settings")
os.environ.setdefault("OMNI_PROCESS", "web")

from django.core.asgi import get_asgi_application

application = get_asgi_application()
