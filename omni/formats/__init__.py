"""How moments that no page words by itself are written: as HQ's own, on a clock with a name."""
