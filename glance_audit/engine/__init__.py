"""Rules as values: findings, the rule declaration, the catalogue and the run."""
