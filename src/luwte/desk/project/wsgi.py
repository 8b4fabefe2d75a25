"""The desk as a WSGI application (PEP 3333)."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "luwte.desk.project.settings")
application = get_wsgi_application()
