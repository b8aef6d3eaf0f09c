"""What every room shares about published content: its revision, its files, its markup.

Nothing here imports another app of the project.
"""
