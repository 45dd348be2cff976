"""The HTML report: one file that needs nothing else, with the way of an upload drawn."""
