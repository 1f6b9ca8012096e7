# What the typesetter answers of a card too full. Here, because it starts for each paper, and what
# `typesetting` reads takes as long to read as a paper to draw.
DOES_NOT_FIT = b"does not fit"
