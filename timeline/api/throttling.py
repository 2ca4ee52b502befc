"""How often one address may ask: so many requests in each minute of the clock, counted in each process.

One number is kept for each address; a log of all its requests, as the library keeps, would grow with the rate.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from rest_framework.settings import api_settings
from rest_framework.throttling import SimpleRateThrottle

if TYPE_CHECKING:  # the views read the settings, which name this class
    from rest_framework.request import Request
    from rest_framework.views import APIView


class AddressThrottle(SimpleRateThrottle):
    """Counts the requests of an address (API_RATE); behind proxies of ours PROXIES says whose address it is."""

    scope = "address"

    def get_rate(self) -> str | None:
        """Return the rate of the settings, such as 600/minute; None is no limit."""
        rate: str | None = api_settings.DEFAULT_THROTTLE_RATES[self.scope]
        return rate

    def allow_request(self, request: Request, view: APIView) -> bool:
        """Count the request; False when the address has used up what this stretch of time allows."""
        if self.rate is None:
            return True
        self.now = self.timer()
        key = f"rate:{self.get_ident(request)}:{int(self.now // self.duration)}"
        self.cache.add(key, 0, timeout=self.duration)
        try:
            return bool(self.cache.incr(key) <= self.num_requests)
        except ValueError:  # it was thrown out between the two: counting begins again
            return True

    def wait(self) -> float:
        """Return the seconds until the next stretch begins."""
        return float(math.ceil(self.duration - self.now % self.duration))
