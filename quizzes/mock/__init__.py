"""The mock exam: assembled by the blueprint, sat against the server's clock, scored once."""
