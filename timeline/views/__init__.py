"""For readers: the public pages (pages.py) and files (data.py)."""
