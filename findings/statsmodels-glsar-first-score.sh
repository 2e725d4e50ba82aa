#!/usr/bin/env bash
# statsmodels' GLSAR, the usual way in Python to a regression with autocorrelated errors, leaves out the
# first observation (for AR(p) the first p), also when the autocorrelation is 0. In a crossover of one
# person the first score hardly counts: taken from 6 to 0 it changes nothing at autocorrelation 0, and
# else only what is estimated of it, while OLS moves by three quarters of a point. The results only
# say so in their number of observations.
# nof1's REML keeps every score and is held against R's nlme::gls with corCAR1, which does so too.
# Seen with statsmodels 0.15.0.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check statsmodels==0.15.0
cd "$folder"
venv/bin/python - <<'END'
import numpy as np
import statsmodels
import statsmodels.api as sm

score = np.array([6, 5, 6, 7, 3, 2, 3, 4, 6, 7, 5, 6, 3, 4, 2, 3], dtype=float)
design = sm.add_constant(np.repeat([0.0, 1.0, 0.0, 1.0], 4))
other = score.copy()
other[0] = 0.0


def effects(y):
    iterated = sm.GLSAR(y, design, rho=1).iterative_fit(20)
    without = sm.GLSAR(y, design, rho=np.array([0.0])).fit()
    return iterated.nobs, iterated.params[1], without.params[1], sm.OLS(y, design).fit().params[1]


found = [effects(y) for y in (score, other)]
print("statsmodels", statsmodels.__version__, " scores:", len(score))
for name, (nobs, iterated, without, least) in zip(("first 6:", "first 0:"), found, strict=True):
    print(f"{name} GLSAR {iterated:.3f} of {nobs:g} scores, with rho 0 {without:.3f}, OLS {least:.3f}")
assert found[0][0] == found[1][0] == len(score) - 1
assert abs(found[0][1] - found[1][1]) < 0.15
assert abs(found[0][2] - found[1][2]) < 1e-9
assert abs(found[0][3] - found[1][3]) > 0.7
END
