"""Every process of one shop on one machine, started, watched and stopped by `manage.py up`."""
