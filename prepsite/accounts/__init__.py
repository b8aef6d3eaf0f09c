"""Who learns here: the learner, with or without an account, and the account itself."""
