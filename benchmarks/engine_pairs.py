"""Which notebooks and districts the engine's benchmarks run: light to import."""

from __future__ import annotations

DISTRICTS = tuple(f"D{number}" for number in range(7))
MODELS = {
    "ols": "smf.ols('ore ~ eta + C(servizio)', campione).fit()",
    "hc1": "smf.ols('ore ~ eta + C(servizio)', campione).fit(cov_type='HC1')",
    "poisson": "smf.poisson('incontri ~ eta', campione).fit(disp=False)",
    "logit": "smf.logit('autonomo ~ eta + ore', campione).fit(disp=False)",
    "wls": "smf.wls('ore ~ eta', campione, weights=campione.incontri + 1).fit()",
    "gamma": "smf.glm('ore ~ eta', campione, "
    "family=sm.families.Gamma(sm.families.links.Log())).fit()",
    "binomial": "smf.glm('autonomo ~ eta', campione, family=sm.families.Binomial()).fit()",
    "cluster": "smf.ols('ore ~ eta', campione).fit(cov_type='cluster', "
    "cov_kwds={'groups': campione.comune})",
    "rlm": "smf.rlm('ore ~ eta', campione).fit()",
    "quantile": "smf.quantreg('ore ~ eta', campione).fit(q=0.5)",
}


def pairs(jobs: int) -> list[tuple[str, str]]:
    """Return the first so many pairs of notebook and district."""
    every = [(model, district) for district in DISTRICTS for model in MODELS]
    return [every[number % len(every)] for number in range(jobs)]
