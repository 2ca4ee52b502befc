"""What templates show: records of the ledger, facets and charts turned into words, links and positions.

Pure functions of published records: no request, no database, no clock. The rules (what is in force, what counts
as official) stand in the record itself or in the codebook; here they only get their words.
"""
