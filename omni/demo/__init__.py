"""Larkmoor, a chain that does not exist: something to look at on every screen of a fresh installation."""
