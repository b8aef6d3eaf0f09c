"""Drawings of the careers pages: pure arithmetic from values to shapes that partials draw.

Each function takes plain values and ``Words``, and returns frozen dataclasses that a
partial of ``templates/careers`` draws when it is given them as ``shapes``::

    {% include "careers/_range_bars.html" with shapes=shapes only %}

A page that shows a drawing links ``css/careers.css``, and has a table or list with the same
figures beside it. ``Words(anchor, title, description, caption)``: the anchor is an id that
the page has once; title and description are read out in place of the drawing, the caption
stands under it.

====================  ==========================================  =========================
function              needs                                       partial
====================  ==========================================  =========================
``choropleth``        values by FIPS code, None where not         ``careers/_map.html``
                      released; ``measure`` ("median"),
                      ``skip_to`` (id of the table)
``range_bars``        ``RangeRow(label, low, high, said,          ``careers/_range_bars.html``
                      open_ended)`` for each bar
``percentile_strip``  ``Percentiles(label, p10, p25, median,      ``careers/_percentiles.html``
                      p75, p90, mean)`` for each area: a state
                      and the nation, or those compared
``premium_bars``      ``PremiumRow(label, value, said,            ``careers/_premium.html``
                      open_ended, difference)``; the first is
                      what the others are measured by
====================  ==========================================  =========================

``said`` is the amount as the page writes it (``row.amount``). Across, places are percents
of the drawing's width; down, they are em of its text, so that a drawing stretches with the
page while its text keeps the size of the page's. The map alone has a frame of its own.
"""

from careers.drawings.choropleth import Choropleth, choropleth
from careers.drawings.percentiles import Percentiles, PercentileStrips, percentile_strip
from careers.drawings.premium import PremiumBars, PremiumRow, premium_bars
from careers.drawings.ranges import RangeBars, RangeRow, range_bars
from careers.drawings.words import Words

__all__ = [
    "Choropleth",
    "PercentileStrips",
    "Percentiles",
    "PremiumBars",
    "PremiumRow",
    "RangeBars",
    "RangeRow",
    "Words",
    "choropleth",
    "percentile_strip",
    "premium_bars",
    "range_bars",
]
