"""Print the group-time effects of mpdta with a covariate, doubly robust, by moderndid.

Kept to say where `mpdta_dr_lpop` of tests/reference/stats_oracles.json comes from; run in an
environment of its own (`pip install moderndid`), never in CI.
"""

import json

import moderndid
import numpy as np

result = moderndid.att_gt(
    data=moderndid.load_mpdta(),
    yname="lemp",
    tname="year",
    idname="countyreal",
    gname="first.treat",
    xformla="~ lpop",
    est_method="dr",
    boot=False,
)
rows = np.column_stack([result.groups, result.times, result.att_gt, result.se_gt])
print(json.dumps({"mpdta_dr_lpop": rows.tolist()}))
