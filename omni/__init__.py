"""Store operations for omnichannel retail: the frame that holds the four apps together."""
