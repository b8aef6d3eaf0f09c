"""The staff's workplace: the admin site, its start page and its guide."""
