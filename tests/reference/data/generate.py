#!/usr/bin/env python3
"""Generate the reference data sets (fixed seeds, numpy alone).

    .venv/bin/python tests/reference/data/generate.py [FOLDER]   # default: the folder of this file

Writes c_irls_daily.csv, c_irls_weekly.csv, d_series40.csv, e_gauss_clean.csv and
truth.json.  The same seeds always give the same bytes.

Process, one person, t = 1..n (days):

    a_t = 1                      on active days (x_t = 1)
    a_t = a_{t-1} * 2**(-1/h)    on comparator days (a_0 = 0); h = 0 means no carryover
    m_t = base + slope * (t - (n + 1) / 2) + effect * a_t
    e_t = rho * e_{t-1} + w_t,   sd(w_t) = sigma * sqrt(1 - rho**2),  e_1 ~ N(0, sigma**2)
    score_t = clip(round(m_t + e_t), low, high)   (e_gauss_clean: three decimals, no bounds)
    each score is missing with probability p_missing, independently

A = comparator, B = active.  Effects are B - A; negative = improvement.
Columns: [person,] day, period, cycle, treatment, score.  An empty score is missing.
"""

import csv
import json
import sys
from pathlib import Path

import numpy as np

OUT = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent
SINGLE = ["day", "period", "cycle", "treatment", "score"]
SERIES = ["person", *SINGLE]


def activity(x, half_life):
    """Share of the steady-state effect present on each day."""
    keep = 0.0 if half_life == 0 else 2.0 ** (-1.0 / half_life)
    a = np.zeros(len(x))
    previous = 0.0
    for i, xi in enumerate(x):
        previous = 1.0 if xi == 1 else previous * keep
        a[i] = previous
    return a


def ar1(rng, n, rho, sd):
    """Stationary first-order autoregressive errors with marginal SD sd."""
    e = np.empty(n)
    e[0] = rng.normal(0, sd)
    for i in range(1, n):
        e[i] = rho * e[i - 1] + rng.normal(0, sd * np.sqrt(1 - rho**2))
    return e


def daily(
    rng,
    order,
    length,
    base,
    slope,
    effect,
    rho,
    sigma,
    half_life,
    low,
    high,
    p_missing,
    integer=True,
):
    """Rows (dicts without person) of one trial, and the exposure facts of its schedule."""
    n = len(order) * length
    x = np.repeat([1 if t == "B" else 0 for t in order], length)
    a = activity(x, half_life)
    t = np.arange(1, n + 1)
    latent = base + slope * (t - (n + 1) / 2) + effect * a + ar1(rng, n, rho, sigma)
    score = np.clip(np.rint(latent) if integer else np.round(latent, 3), low, high)
    missing = rng.random(n) < p_missing
    rows = []
    for i in range(n):
        p = i // length
        value = "" if missing[i] else (int(score[i]) if integer else float(score[i]))
        rows.append(
            {
                "day": i + 1,
                "period": p + 1,
                "cycle": p // 2 + 1,
                "treatment": order[p],
                "score": value,
            }
        )
    contrast = float(effect * (a[x == 1].mean() - a[x == 0].mean()))
    return rows, x, a, int(missing.sum()), contrast


def random_order(rng, cycles):
    """AB or BA in every cycle, with equal chance."""
    order = []
    for _ in range(cycles):
        order += ["A", "B"] if rng.random() < 0.5 else ["B", "A"]
    return order


def write(name, rows, fields):
    with (OUT / name).open("w", newline="", encoding="ascii") as f:
        w = csv.DictWriter(f, fields, lineterminator="\n")
        w.writeheader()
        w.writerows(rows)


def r6(v):
    return round(float(v), 6)


OUT.mkdir(parents=True, exist_ok=True)
truth = {}

# ---- one person, 0-10 diary every day, 6 periods of 28 days, carryover half-life 4 days
rng = np.random.default_rng(20240611)
order = ["A", "B", "B", "A", "A", "B"]
rows, x, a, nmiss, contrast = daily(rng, order, 28, 5.5, -0.005, -1.5, 0.4, 1.4, 4.0, 0, 10, 0.05)
write("c_irls_daily.csv", rows, SINGLE)
truth["c_irls_daily"] = {
    "seed": 20240611,
    "order": "".join(order),
    "period_days": 28,
    "range": [0, 10],
    "base": 5.5,
    "slope_per_day": -0.005,
    "effect_steady_state": -1.5,
    "effect_left_after_carryover": r6(contrast),
    "rho": 0.4,
    "sigma": 1.4,
    "carryover_half_life_days": 4.0,
    "onset_half_life_days": 0.0,
    "p_missing": 0.05,
    "n_rows": len(rows),
    "n_missing": nmiss,
}

# ---- the same person and schedule, weekly 0-40 total, recall of seven days (rng continues)
weeks = len(x) // 7
aw = a.reshape(weeks, 7).mean(1)
xw = x[::7]
ew = ar1(rng, weeks, 0.4, 3.0)
missing = rng.random(weeks) < 0.05
rows = []
for w in range(weeks):
    latent = 22 - 0.02 * (7 * w + 7 - 84.5) - 6 * aw[w] + ew[w]
    p = (7 * w) // 28
    rows.append(
        {
            "day": 7 * w + 7,
            "period": p + 1,
            "cycle": p // 2 + 1,
            "treatment": order[p],
            "score": "" if missing[w] else int(np.clip(np.rint(latent), 0, 40)),
        }
    )
write("c_irls_weekly.csv", rows, SINGLE)
truth["c_irls_weekly"] = {
    "seed": "20240611, continued after c_irls_daily",
    "order": "".join(order),
    "period_days": 28,
    "range": [0, 40],
    "recall_days": 7,
    "base": 22,
    "slope_per_day": -0.02,
    "effect_steady_state": -6,
    "effect_left_after_carryover": r6(-6 * (aw[xw == 1].mean() - aw[xw == 0].mean())),
    "rho_per_week": 0.4,
    "sigma": 3.0,
    "carryover_half_life_days": 4.0,
    "p_missing": 0.05,
    "n_rows": weeks,
    "n_missing": int(missing.sum()),
}

# ---- 40 persons, 0-10 diary every day, 6 periods of 14 days, no carryover, effects N(-1, 0.8**2)
rng = np.random.default_rng(20240612)
rows, persons = [], []
for i in range(40):
    effect = rng.normal(-1.0, 0.8)
    base = float(np.clip(rng.normal(5.5, 1.0), 3.5, 7.5))
    sigma = float(rng.uniform(1.0, 1.8))
    rho = float(rng.uniform(0.2, 0.6))
    order = random_order(rng, 3)
    slope = rng.normal(0, 0.004)
    one, _, _, nmiss, _ = daily(rng, order, 14, base, slope, effect, rho, sigma, 0.0, 0, 10, 0.05)
    name = f"d{i + 1:02d}"
    rows += [dict(person=name, **r) for r in one]
    persons.append(
        {
            "person": name,
            "order": "".join(order),
            "effect": r6(effect),
            "base": r6(base),
            "slope_per_day": r6(slope),
            "sigma": r6(sigma),
            "rho": r6(rho),
            "n_missing": nmiss,
        }
    )
write("d_series40.csv", rows, SERIES)
effects = np.array([p["effect"] for p in persons])
truth["d_series40"] = {
    "seed": 20240612,
    "period_days": 14,
    "range": [0, 10],
    "mean_effect": -1.0,
    "sd_effect": 0.8,
    "realised_mean_effect": r6(effects.mean()),
    "realised_sd_effect": r6(effects.std(ddof=1)),
    "carryover_half_life_days": 0.0,
    "p_missing": 0.05,
    "n_rows": len(rows),
    "n_missing": sum(p["n_missing"] for p in persons),
    "persons": persons,
}

# ---- one person, continuous score without bounds, complete, no carryover or trend, 8 periods x 7 d
rng = np.random.default_rng(20240615)
order = ["A", "B", "A", "B", "B", "A", "B", "A"]
rows, _, _, nmiss, _ = daily(
    rng, order, 7, 6.0, 0.0, -1.0, 0.4, 1.2, 0.0, -1e9, 1e9, 0.0, integer=False
)
write("e_gauss_clean.csv", rows, SINGLE)
truth["e_gauss_clean"] = {
    "seed": 20240615,
    "order": "".join(order),
    "period_days": 7,
    "range": None,
    "base": 6.0,
    "slope_per_day": 0.0,
    "effect_steady_state": -1.0,
    "effect_left_after_carryover": -1.0,
    "rho": 0.4,
    "sigma": 1.2,
    "carryover_half_life_days": 0.0,
    "p_missing": 0.0,
    "n_rows": len(rows),
    "n_missing": nmiss,
}

with (OUT / "truth.json").open("w", encoding="ascii", newline="\n") as f:
    json.dump(truth, f, indent=1)
    f.write("\n")
