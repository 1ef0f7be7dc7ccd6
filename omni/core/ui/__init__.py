"""What people read on a screen, computed without request or database."""
