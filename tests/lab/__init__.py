"""A live laboratory: on real servers a bad deployment fails as its rule says, a good one does not.

``python -m tests.lab`` runs it, as root: every trial has a machine of its own, made of this one
with namespaces (:mod:`tests.lab.machine`), where the sample's files lie at the very places that
they name.
"""
