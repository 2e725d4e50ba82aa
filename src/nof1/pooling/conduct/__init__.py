"""How the trials of a pool went: counted, and whether the blind held.

The persons' facts go in; `counts` adds them up over all trials, `blinding_index` judges the guesses
of arms. Both go into the pooled answer as `nof1.pooling.result.conduct`.

`blinding_index`  whether persons could tell the arm: Bang's index by arm, James' index over all
`counts`          how the trials of a pool went, counted over all persons
"""
