"""Files that people bring: read in batches, booked by operations, with a report of what could not be taken."""
