"""Passages → statements, each with the quotes it rests on."""
