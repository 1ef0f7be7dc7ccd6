"""`manage.py bench`: what the shop does per second, measured on servers of its own and told with its circumstances."""
