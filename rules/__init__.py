"""The rule catalogue: one file for each rule, named after its code and slug."""
