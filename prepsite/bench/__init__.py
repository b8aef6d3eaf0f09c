"""The benchmark: what pages cost, and what the site does when it is killed or crowded.

It measures the production server from outside, over HTTP, on a scratch database. Nothing
in the product imports it. Speed is never a test: whatever comes out, the exit code says
only whether every response was right.
"""
