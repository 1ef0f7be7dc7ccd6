"""Which location gives which units: pure functions, no database."""
