"""The Vietnamese lunar calendar from the sky, to check dates that were copied from notices.

A lunar month begins on the day of the new moon in Vietnam (UTC+7); the eleventh holds the
winter solstice; between two eleventh months with thirteen new moons, the first month without
a principal term is a leap month. The moon and the sun follow Meeus, Astronomical Algorithms
(chapters 25 and 49, shortened series: good to minutes, while every new moon of 2011 to 2027
is more than twenty minutes away from a midnight in Vietnam).
"""

from datetime import date, timedelta
from math import floor, radians, sin

VIETNAM_OFFSET = 7 / 24
SYNODIC = 29.530588861
# Julian day number of date.min's proleptic day zero, so that JDN = toordinal() + this.
ORDINAL_TO_JDN = 1721425


def new_moon(k: int) -> int:
    """Return the Julian day number, in Vietnam, of the k-th new moon since January 2000."""
    t = k / 1236.85
    jde = 2451550.09766 + SYNODIC * k + 0.00015437 * t**2
    sun = radians(2.5534 + 29.10535670 * k)
    moon = radians(201.5643 + 385.81693528 * k + 0.0107582 * t**2)
    node = radians(160.7108 + 390.67050284 * k - 0.0016118 * t**2)
    jde += -0.40720 * sin(moon) + 0.17241 * sin(sun) + 0.01608 * sin(2 * moon)
    jde += 0.01039 * sin(2 * node) + 0.00739 * sin(moon - sun) - 0.00514 * sin(moon + sun)
    jde += 0.00208 * sin(2 * sun) - 0.00111 * sin(moon - 2 * node)
    jde += -0.00057 * sin(moon + 2 * node) + 0.00056 * sin(2 * moon + sun)
    # Dynamical time ran 66 to 70 seconds ahead of universal time in these years.
    return floor(jde - 68 / 86400 + 0.5 + VIETNAM_OFFSET)


def sun_sector(jdn: int) -> int:
    """Return in which twelfth (0 from the March equinox) the sun stands as the day begins."""
    t = (jdn - 0.5 - VIETNAM_OFFSET - 2451545) / 36525
    mean = 280.46646 + 36000.76983 * t + 0.0003032 * t**2
    anomaly = radians(357.52911 + 35999.05029 * t - 0.0001537 * t**2)
    true = mean + (1.914602 - 0.004817 * t) * sin(anomaly)
    true += 0.019993 * sin(2 * anomaly) + 0.000289 * sin(3 * anomaly)
    apparent = true - 0.00569 - 0.00478 * sin(radians(125.04 - 1934.136 * t))
    return floor(apparent % 360 / 30)


def _eleventh(year: int) -> int:
    """Return k of the new moon that begins the eleventh lunar month near the end of `year`."""
    k = floor((date(year, 12, 31).toordinal() + ORDINAL_TO_JDN - 2451550) / SYNODIC)
    while sun_sector(new_moon(k)) >= 9:
        k -= 1
    return k


def months(year: int) -> dict[int, date]:
    """Return the first days of the lunar months 1 to 4 of `year`, leap months left out."""
    first, last = _eleventh(year - 1), _eleventh(year)
    starts = range(first, last + 1)
    leap = None
    if last - first == 13:
        sectors = [sun_sector(new_moon(k)) for k in starts]
        leap = next(n for n in range(1, 13) if sectors[n] == sectors[n + 1])
    numbered = [k for n, k in enumerate(starts) if n != leap]
    return {
        number: date.fromordinal(new_moon(numbered[number + 1]) - ORDINAL_TO_JDN)
        for number in range(1, 5)
    }


def lunar(day: date) -> str:
    """Return a day around Tết as it is called: `29 tháng Chạp`, `mùng 1`."""
    tet = months(day.year)[1]
    if day >= tet:
        return f"mùng {(day - tet).days + 1}"
    k = round((tet.toordinal() + ORDINAL_TO_JDN - 2451550) / SYNODIC)
    last_month = date.fromordinal(new_moon(k - 1) - ORDINAL_TO_JDN)
    return f"{(day - last_month) // timedelta(days=1) + 1} tháng Chạp"
