"""How true the stock is, in figures: what HQ's page of inventory health draws. Only reads, each bounded by an index."""
