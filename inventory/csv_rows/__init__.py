"""Rows of files as plain values: what a line of a documented CSV, or of a known source, says. No database here."""
