"""The parts of the page that shows a run: each gives markup, out of records."""
