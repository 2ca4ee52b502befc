"""How gunicorn serves us (it finds this file by its name in the working directory).

Environment: PORT (8000), BIND (the address to listen on; the demo always takes 127.0.0.1), WEB_WORKERS (2),
THREADS (4 in each worker; settings.py sizes the connection pool by it). Behind a proxy that ends TLS,
gunicorn trusts X-Forwarded-Proto from 127.0.0.1; FORWARDED_ALLOW_IPS names other proxies.
"""

import logging

from environs import Env

_env = Env()
_is_demo = _env.bool("INSECURE_LOCAL", False)
_address = "127.0.0.1" if _is_demo else _env.str("BIND", "127.0.0.1")

bind = f"{_address}:{_env.int('PORT', 8000)}"
workers = _env.int("WEB_WORKERS", 2)
worker_class = "gthread"
threads = _env.int("THREADS", 4)
# A stopped server first finishes the downloads that run.
graceful_timeout = 60
timeout = 60
# Below the limits of DATA_UPLOAD_*: a line of 8 kB holds every selection that the filter panel can write.
limit_request_line = 8190
control_socket_disable = True
# The application writes a line for each request; gunicorn's own would hold the reader's address and query string.
accesslog = None
if _env.str("LOG_FORMAT", "line") == "json":
    logging.captureWarnings(True)  # a warning of Python's is a line of the log as well
    logconfig_dict = {
        "formatters": {"json": {"()": "tracker.logs.JsonFormatter"}},
        "handlers": {"error_console": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"handlers": [], "level": "INFO"},
        "loggers": {
            "gunicorn.error": {"handlers": ["error_console"], "level": "INFO", "propagate": False},
            # A logging dictionary turns this one on.
            "gunicorn.access": {"handlers": [], "level": "CRITICAL", "propagate": False},
        },
    }
