"""The door for web servers: `gunicorn tracker.wsgi`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tracker.settings")
# A page may not hold the database for longer; commands such as load_package may (they leave this unset).
os.environ.setdefault("STATEMENT_TIMEOUT_MS", "10000")

application = get_wsgi_application()
