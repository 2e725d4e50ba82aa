"""Questions beside the average: other arms, facts about persons, heavy tails.

Each solves the population again, or reads it another way, after `nof1.pooling.solved` has solved it
once: `contrasts` for every pair of arms, `moderators` with a regression, `robust` with heavy tails
and without one person after the other.

`contrasts`   every pair of arms of a network: its average, its persons, and the next one
`moderators`  does a fact about a person bear on the effect? A regression with shrinkage
`robust`      the average where effects scatter with heavy tails, and without whom it moves the most
"""
