"""Who was president of the United States on a day, for orders: the register's CSV does not say."""

from bisect import bisect_right

# First day in office, name. On the day of an inauguration orders are the new president's.
_TERMS = (
    ("1933-03-04", "Franklin D. Roosevelt"),
    ("1945-04-12", "Harry S. Truman"),
    ("1953-01-20", "Dwight D. Eisenhower"),
    ("1961-01-20", "John F. Kennedy"),
    ("1963-11-22", "Lyndon B. Johnson"),
    ("1969-01-20", "Richard Nixon"),
    ("1974-08-09", "Gerald R. Ford"),
    ("1977-01-20", "Jimmy Carter"),
    ("1981-01-20", "Ronald Reagan"),
    ("1989-01-20", "George H. W. Bush"),
    ("1993-01-20", "Bill Clinton"),
    ("2001-01-20", "George W. Bush"),
    ("2009-01-20", "Barack Obama"),
    ("2017-01-20", "Donald Trump"),
    ("2021-01-20", "Joe Biden"),
    ("2025-01-20", "Donald Trump"),
)
_FIRST_DAYS = [first for first, _ in _TERMS]
LAST_KNOWN_DAY = "2029-01-19"
"""After this day nobody is named: the list needs its next line."""

NAMES = tuple(dict.fromkeys(name for _, name in _TERMS))


def president_on(day: str) -> str:
    """Return the name of the president on a day (YYYY-MM-DD); blank where this list does not know."""
    place = bisect_right(_FIRST_DAYS, day)
    return _TERMS[place - 1][1] if place and day <= LAST_KNOWN_DAY else ""
