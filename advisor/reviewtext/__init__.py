"""Finding the cited place in the text of a published review.

`pinpoint` reads what a catalogue author wrote, `layout` takes the page out of the text, `structure`
and `appendix` cut it into addressable places. `advisor.reviews` is the way in.
"""
