"""Backups of the whole database: one file that can prove what it holds."""
