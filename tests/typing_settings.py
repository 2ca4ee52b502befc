"""The settings as mypy's Django plugin imports them, outside any environment. Nothing else uses this."""

import os

os.environ |= {"INSECURE_LOCAL": "1", "SECRET_KEY": "for-mypy-only"}

from tracker.settings import *  # noqa: F403
