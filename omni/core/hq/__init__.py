"""What HQ's pages are made of: who may see what, long lists without counting, acts with a reason."""
