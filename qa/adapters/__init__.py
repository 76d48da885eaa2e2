"""Third parties stop here: one module a concern, and only our own records leave it."""
