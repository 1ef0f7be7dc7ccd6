"""The web process."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "omni.settings")
os.environ.setdefault("OMNI_PROCESS", "web")

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()
