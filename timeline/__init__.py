"""For readers and analysts: one selection of the ledger, and its renderings."""
