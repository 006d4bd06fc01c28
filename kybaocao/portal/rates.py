"""How often somebody may try: at the door by address and network, inside by session."""

from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from starlette.exceptions import HTTPException

# Sign-in letters to one address, and asked for from one network address, behind which may be all
# offices of a province.
LETTERS_TO_ONE = parse("5/hour")
LETTERS_FROM_ONE = parse("120/hour")
# Links that are tried from one network address: 256 random bits are not guessed at this rate.
TRIES_FROM_ONE = parse("300/minute")
# Files and forms that one session sends.
ACTS_OF_ONE = parse("120/minute")


class Rates:
    """Counts tries in memory; a start anew forgets them."""

    def __init__(self) -> None:
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    def allows(self, rate: RateLimitItem, *who: str) -> bool:
        """Count one try; return False if there were too many."""
        return self._limiter.hit(rate, *who)

    def hold(self, rate: RateLimitItem, *who: str) -> None:
        """Count one try. Raises HTTPException 429 if there were too many."""
        if not self.allows(rate, *who):
            raise HTTPException(429)
