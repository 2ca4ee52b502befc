"""A pytest plugin that sets the environment before Django reads it (`-p tests.environment`).

DATABASE=sqlite (default) or postgresql chooses the database. For PostgreSQL the controlling process starts
one private cluster in a temporary folder and hands its address to the workers of xdist. Whatever DATABASE_URL
says outside is ignored: tests never touch a database that they did not make.

REQUIRE_EVERYTHING=1 (set by .ci/run) turns every skip into a failure, tests marked shared_data apart.
"""

import atexit
import os
from collections.abc import Generator

import pytest

from tests.postgresql import Cluster, NoPostgreSQLError

_ENVIRONMENT = {
    "ALLOWED_HOSTS": "timeline.example,testserver,localhost,127.0.0.1",
    "API_RATE": "",  # tests ask as often as they like; those of the limit set one
    "DATABASE_POOL": "0",  # a pool would hold connections to a database that is to be dropped
    "DEBUG": "0",
    "DJANGO_ALLOW_ASYNC_UNSAFE": "1",  # playwright keeps an event loop in the thread of the test
    "INSECURE_LOCAL": "1",  # test clients speak http; tests/test_settings.py reads the strict values
    "PUBLIC_URL": "https://timeline.example",
    "REVIEW_REQUIRED": "0",  # the cast has one reviewer; tests of the four-eyes rule turn it on
    "SECRET_KEY": "for-tests-only-" + "0123456789abcdef" * 4,
    "SITE_NAME": "Policy Change Record",
}

_missing: list[str] = []


def everything_is_required() -> bool:
    """Return whether a program that is not there is a failure, as in CI."""
    return os.environ.get("REQUIRE_EVERYTHING") == "1"


def _prepare() -> None:
    """Set the environment; start PostgreSQL when it is asked for. Workers inherit both."""
    os.environ |= _ENVIRONMENT
    for name in ("SECRET_KEY_FILE", "STATEMENT_TIMEOUT_MS", "THREADS", "PORT"):
        os.environ.pop(name, None)
    if "PYTEST_XDIST_WORKER" in os.environ:
        return
    os.environ.pop("DATABASE_URL", None)
    match os.environ.get("DATABASE", "sqlite"):
        case "postgresql":
            _start_postgresql()
        case "sqlite":
            pass
        case other:
            raise pytest.UsageError(f"DATABASE must be sqlite or postgresql, not {other!r}.")


def _start_postgresql() -> None:
    try:
        cluster = Cluster.start()
    except NoPostgreSQLError as error:
        _missing.append(f"PostgreSQL: {error}")
        return
    atexit.register(cluster.stop)
    os.environ["DATABASE_URL"] = cluster.url


@pytest.hookimpl(tryfirst=True)
def pytest_configure() -> None:
    """Leave visibly when the database asked for is not there (an exit at import would be a traceback)."""
    if _missing:
        word = "FAILED" if everything_is_required() else "SKIPPED"
        pytest.exit(f"{word}: all tests on {_missing[0]}", returncode=int(everything_is_required()))


def pytest_report_header() -> str:
    return f"database: {os.environ.get('DATABASE', 'sqlite')}"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what the other of the two runs covers, unless it was asked for by name.

    The tests marked for the other database; on PostgreSQL also those that ask no database, and those of a browser,
    which sees the same pages on both.
    """
    is_second = os.environ.get("DATABASE") == "postgresql"
    everything = is_second and not config.getoption("file_or_dir")
    left_out = [item for item in items if _is_left_out(item, is_second=is_second, everything=everything)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in set(left_out)]


def _is_left_out(item: pytest.Item, *, is_second: bool, everything: bool) -> bool:
    if item.get_closest_marker("sqlite" if is_second else "postgresql"):
        return True
    if not everything:
        return False
    asks = {"db", "transactional_db", "live_server"} & set(getattr(item, "fixturenames", ()))
    return bool(item.get_closest_marker("browser")) or not (asks or item.get_closest_marker("django_db"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn a skip into a failure where everything is required; the reference data is no part of us."""
    report = yield
    is_excused = item.get_closest_marker("shared_data") or hasattr(report, "wasxfail")
    if report.skipped and everything_is_required() and not is_excused:
        report.outcome = "failed"
        report.longrepr = f"skipped where everything is required: {report.longreprtext}"
    return report


_prepare()
