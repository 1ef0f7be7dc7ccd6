"""Recorded order streams, sent again through the HTTP API as a client would send them."""
