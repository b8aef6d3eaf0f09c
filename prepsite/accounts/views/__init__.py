"""Pages of the account: what a user sets, keeps, takes along and leaves."""
