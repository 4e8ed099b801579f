"""The vocabulary of the graph: every label, relationship type and property, said once; imports nothing but its own pages.

A test holds every query file against these pages, so a word that is not here does not reach the database.
"""

from __future__ import annotations

from graphsvc.vocabulary import corrections, earnings, frozen, ledger, network, payouts, periods, service

LABELS = (
    network.LABELS
    | periods.LABELS
    | frozen.LABELS
    | earnings.LABELS
    | ledger.LABELS
    | payouts.LABELS
    | corrections.LABELS
    | service.LABELS
)
RELATIONSHIPS = network.RELATIONSHIPS
