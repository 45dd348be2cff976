"""Performance, measured by hand and never in the tests."""
