"""For editors: the record of policy actions, and the ledger in which it is published."""
