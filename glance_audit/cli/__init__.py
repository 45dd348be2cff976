"""The command line: words, options, where the report goes and with which status it ends."""
