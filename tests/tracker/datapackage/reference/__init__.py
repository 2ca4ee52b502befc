"""Tests of reference lists: bodies and countries."""
