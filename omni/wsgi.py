"""The web process."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "omni.settings")
os.environ.setdefault("OMNI_PROCESS", "web")

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from inventory.geo import zip_centroid

application = get_wsgi_application()

# Read before the workers are forked; else the first orders, all at once and each for itself, wait seconds for it.
_ = get_resolver().url_patterns
zip_centroid("")
