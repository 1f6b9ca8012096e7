"""Keeping what people trusted us with: backups, their restoring, the key and its rotation."""
