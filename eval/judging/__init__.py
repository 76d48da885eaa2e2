"""A chat model judges what string comparison cannot: whether an answer means the known one, and follows its quotes."""
