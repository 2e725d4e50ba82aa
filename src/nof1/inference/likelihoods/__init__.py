"""Likelihoods beyond the Gaussian, by reweighting draws from exact Gaussian posteriors."""
