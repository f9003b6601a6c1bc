# %% [markdown]
# # {{title}}
#
# The reward database of a DasSearch run, opened with sqlite3 and pandas, and the figures of its report drawn again, so that
# you can go on from here. `das export PLAN --to notebook` wrote this; it needs numpy, pandas, scipy and matplotlib.
#
# The plan: **{{answer}}**

# %%
import json
import sqlite3
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from scipy.stats import t as student

DATABASE = Path({{database}})  # from the folder of this notebook
RUN = {{run}}
SKIP = {{skip}}

db = sqlite3.connect(DATABASE.resolve().as_uri() + "?mode=ro", uri=True)


def query(sql, **values):
    return pd.read_sql_query(sql, db, params={"run": RUN, **values})


SKIPPED, KEPT = "#d55e00", "#0072b2"
plt.rcParams.update({"figure.figsize": (8, 4), "axes.spines.top": False, "axes.spines.right": False, "svg.fonttype": "none"})
query("SELECT name, task, backbone, controller, skip_count, seed, status, started_at, tool_version FROM run WHERE id = :run").T

# %% [markdown]
# ## Layer importance
#
# How much reward is lost when a layer is skipped rather than an average one, whatever else is skipped: least squares of reward
# on skip indicators, with an intercept for each round since rewards grow as adapters train. Rounds are clusters: the intervals
# are CR2 (Bell and McCaffrey 2002) with Satterthwaite degrees of freedom (Pustejovsky and Tipton 2018).

# %%
modules = query("SELECT module, name FROM module WHERE run_id = :run ORDER BY module")
evaluations = query("SELECT round, candidate, subnetwork, reward FROM v_credit WHERE run_id = :run ORDER BY round, candidate")
sets = [set() if text == "-" else set(map(int, text.split(","))) for text in evaluations.subnetwork]
skips = np.array([[float(module in its) for module in modules.module] for its in sets])


def within(values):
    """What is left once each round's mean is taken out."""
    return values - pd.DataFrame(values).groupby(evaluations["round"].to_numpy()).transform("mean").to_numpy()


X, y = within(skips), within(evaluations[["reward"]].to_numpy())[:, 0]
bread = np.linalg.pinv(X.T @ X, rcond=1e-10, hermitian=True)  # effects are told up to a constant
effects = bread @ X.T @ y
residuals = y - X @ effects
groups = [rows for rows in evaluations.groupby("round").indices.values() if len(rows) > 1]


def contrast(weights, level=0.95):
    """A weighted sum of effects, with the ends of its interval."""
    sums, shares, own = [], [], []
    for rows in groups:
        rest = np.eye(len(rows)) - 1 / len(rows) - X[rows] @ bread @ X[rows].T
        values, vectors = np.linalg.eigh(rest)
        root = vectors @ np.diag([v ** -0.5 if v > 1e-8 else 0.0 for v in values]) @ vectors.T
        w = root @ X[rows] @ bread @ weights
        sums.append(w @ residuals[rows])
        shares.append(X[rows].T @ w)
        own.append(w @ rest @ w)
    omega = -np.array(shares) @ bread @ np.array(shares).T
    np.fill_diagonal(omega, own)
    freedom = np.trace(omega) ** 2 / np.sum(omega ** 2)
    reach = student.ppf((1 + level) / 2, freedom) * np.sqrt(np.sum(np.square(sums)))
    value = weights @ effects
    return value, value - reach, value + reach


n = len(modules)
importance = pd.DataFrame([contrast(1 / n - np.eye(n)[i]) for i in range(n)], columns=["importance", "lower", "upper"])
layers = modules.assign(plan=["skip" if i in SKIP else "keep" for i in modules.module], skipped=skips.sum(axis=0).astype(int)).join(importance)
layers

# %%
figure, axes = plt.subplots()
axes.axhline(0, color="0.7", linestyle="--", linewidth=1)
axes.plot(layers.module, layers.importance, color="0.7", linewidth=1)
for plan, color, marker in (("keep", KEPT, "o"), ("skip", SKIPPED, "D")):
    part = layers[layers.plan == plan]
    ends = [part.importance - part.lower, part.upper - part.importance]
    axes.errorbar(part.module, part.importance, ends, fmt=marker, color=color, capsize=3, label={"keep": "kept", "skip": "skipped"}[plan])
axes.set(xlabel="layer", ylabel="importance, in reward", xticks=layers.module)
axes.legend()
plt.show()

# %% [markdown]
# ## Gate probabilities over rounds

# %%
gates = query("SELECT round, module, probability FROM gate WHERE run_id = :run ORDER BY round, module")
figure, axes = plt.subplots()
for module, curve in gates.groupby("module"):
    is_skipped = module in SKIP
    axes.plot(curve["round"], curve.probability, color=None if is_skipped else "0.75", linewidth=2 if is_skipped else 1,
              zorder=2 if is_skipped else 1, label=f"layer {module}" if is_skipped else None)
axes.set(xlabel="round", ylabel="probability")
if SKIP:
    axes.legend()
plt.show()

# %% [markdown]
# ## Reward over rounds
#
# The mean of a round's candidates is the baseline that each of them is compared with.

# %%
rounds = evaluations.groupby("round").reward.agg(["mean", "min", "max"])
figure, axes = plt.subplots()
axes.fill_between(rounds.index, rounds["min"], rounds["max"], color=KEPT, alpha=0.25, linewidth=0, label="worst to best")
axes.plot(rounds.index, rounds["mean"], color=KEPT, label="baseline")
axes.set(xlabel="round", ylabel="reward")
axes.legend()
plt.show()

# %% [markdown]
# ## How often each layer was skipped

# %%
figure, axes = plt.subplots()
axes.barh(layers.module, layers.skipped, color=[SKIPPED if plan == "skip" else KEPT for plan in layers.plan])
axes.set(xlabel="evaluations", ylabel="layer", yticks=layers.module)
axes.invert_yaxis()
plt.show()

# %% [markdown]
# ## Interactions
#
# How much higher reward is with both layers skipped than their effects add up to; each pair adjusted for all layers' effects
# and for rounds.

# %%
pairs = np.full((n, n), np.nan)
for i in range(n):
    for j in range(i + 1, n):
        both = within((skips[:, [i]] * skips[:, [j]]))[:, 0]
        left = both - X @ (bread @ X.T @ both)
        if left @ left > 1e-9 * len(left):
            pairs[i, j] = pairs[j, i] = (left @ y) / (left @ left)
figure, axes = plt.subplots(figsize=(6, 5))
most = np.nanmax(np.abs(pairs)) if np.isfinite(pairs).any() else 1
image = axes.imshow(pairs, cmap="RdBu_r", vmin=-most, vmax=most, origin="lower")
axes.set(xlabel="layer", ylabel="layer", xticks=range(n), yticks=range(n))
figure.colorbar(image, label="reward beyond the sum of both")
plt.show()

# %% [markdown]
# ## Accuracy against multiply-accumulates
#
# Every plan of the run that was trained.

# %%
trained = pd.DataFrame(
    [
        {
            "skipped": ",".join(str(module["index"]) for module in plan["skip"]) or "none",
            "method": plan["result"]["method"],
            "seed": plan["result"]["seed"],
            "test_accuracy": plan["result"]["metrics"].get("test.accuracy"),
            "multiply_accumulates": plan["accounting"]["multiply_accumulates"]["plan"],
            "trainable_parameters": plan["accounting"]["parameters"]["trainable"],
        }
        for plan in map(json.loads, query("SELECT json FROM plan WHERE run_id = :run AND trained = 1 ORDER BY id").json)
    ],
    columns=["skipped", "method", "seed", "test_accuracy", "multiply_accumulates", "trainable_parameters"],
)
if len(trained):
    figure, axes = plt.subplots()
    for method, part in trained.groupby("method"):
        axes.plot(part.multiply_accumulates / 1e6, 100 * part.test_accuracy, "o", label=method)
    axes.set(xlabel="multiply-accumulates, millions", ylabel="test accuracy, %")
    axes.legend()
    plt.show()
trained
