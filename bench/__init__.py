"""Benchmarks: figures for the README. They read public data from a path and keep none of it."""
