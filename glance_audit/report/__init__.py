"""Reports: what a person or a program is shown of an audit. Sees findings, never the deployment."""
