"""Salary and outlook: figures with source and date, loaded from files, edited in the admin."""
