"""How the benchmark tells its server what to do besides serving."""

MODE_VARIABLE = "PREPSITE_BENCH_MODE"
PROFILE_VARIABLE = "PREPSITE_BENCH_PROFILE"
STATEMENTS_HEADER = "X-Statements"
