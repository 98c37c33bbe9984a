"""The WSGI door that granian serves."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mainstay.config.settings")
django = get_wsgi_application()

from mainstay.faces.api.front import Front  # noqa: E402 - models can be imported now
from mainstay.platform.search.terms import get_ready  # noqa: E402

application = Front(django)

get_ready()
# What is loaded now stays: looking through it again and again would hold up requests by 0.1 to 0.2 s. And what a
# request makes is gone with it, mostly without a cycle: looking for these less often makes long pages a tenth faster.
gc.freeze()
gc.set_threshold(5_000, 20, 20)
