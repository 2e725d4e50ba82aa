"""What can be told before anybody takes anything.

`facts` says what the design of one trial can tell, `series` how many persons a series of trials
needs. Both are exact, without simulation.
"""

from nof1.planning.contrasts import ContrastFacts
from nof1.planning.facts import DesignFacts, VisibleShare, candidates, design_facts

__all__ = ["ContrastFacts", "DesignFacts", "VisibleShare", "candidates", "design_facts"]
