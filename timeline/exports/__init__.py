"""For analysts: a selection as files. Exports are handed a selection and never see a request."""
