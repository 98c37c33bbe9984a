"""The WSGI door that granian serves."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mainstay.config.settings")
django = get_wsgi_application()

from mainstay.faces.api.front import Front  # noqa: E402 - models can be imported now

application = Front(django)
