"""What can be told before anybody takes anything: exact, without simulation.

A protocol goes in. `facts` says what the design of one trial can tell, `contrasts` what the
randomisation test of each pair of arms can reach, `series` how many persons a series of trials
needs.

`contrasts`  what the randomisation test of each pair of arms can reach, whatever the scores
`facts`      what a design can tell before anybody takes anything: exact, without simulation
`series`     how many persons a series of trials needs, by the number of cycles each of them has
"""
