"""Print fixed-length intervals under smoothness by moderndid (a port of HonestDiD, cvxpy).

Kept to say where `honest_flci` of tests/reference/stats_oracles.json comes from; run in an
environment of its own (`pip install moderndid cvxpy`), never in CI.
"""

import json

import numpy as np
from moderndid.didhonest.fixed_length_ci import compute_flci

SHAPES = [(2, 1), (3, 2), (5, 3)]
BENDS = [0.0, 0.01, 0.05, 0.2]


def event_study(pre, post):
    """Return invented coefficients and covariance, the same on every machine."""
    size = pre + post
    generator = np.random.default_rng([pre, post])
    factor = generator.standard_normal((size, size))
    covariance = 0.01 * factor @ factor.T / size + 0.005 * np.eye(size)
    return 0.1 * generator.standard_normal(size), covariance


cases = []
for pre, post in SHAPES:
    beta, sigma = event_study(pre, post)
    for bend in BENDS:
        found = compute_flci(
            beta_hat=beta,
            sigma=sigma,
            smoothness_bound=bend,
            n_pre_periods=pre,
            n_post_periods=post,
            post_period_weights=np.eye(post)[0],
        )
        cases.append(
            {
                "beta": beta.tolist(),
                "sigma": sigma.tolist(),
                "pre": pre,
                "m": bend,
                "flci": np.ravel(found.flci).tolist(),
            }
        )
print(json.dumps({"honest_flci": cases}))
