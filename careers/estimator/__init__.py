"""The salary estimator: the only place where figures of different sources meet.

``orders``, ``tables``, ``estimating`` and ``raising`` are pure: dataclasses in, dataclasses
out, nothing of Django. ``reading`` turns rows into their inputs.

How an estimate is made:

1. Anchor: the official annual median of an area. For fully remote work it is the span from
   the area's median to the nation's, as pay may follow the employer's place or one's own.
2. Factors: a row of a guide's table over the guide's own national median. Each table divides
   the same people by another attribute, so the rows chosen are witnesses of one pay, not
   effects that add up: they are combined by their geometric mean, low ends with low ends and
   high ends with high ends. Multiplying them would count the same people several times.
3. Anchor times factor, kept between the area's official 10th and 90th percentile, then
   rounded outwards to what the method can bear.

With nothing chosen there is no factor, and the anchor alone would be a single number that
claims more than anybody knows. Then the range is the official middle half, from the 25th to
the 75th percentile.

Experience is taken from the guide's bands of years, not from its ladder: the ladder's rungs
are posts that overlap in years, and an auditor's or manager's pay would be counted a second
time beside the specialty or credential that says the same.
"""
