"""What a textbook makes of a small search: run with a Python that has numpy, from this folder; writes importance.json.

Written from the papers' formulas with one dummy variable a round and whole matrices, without a look at the C# side, which
takes rounds' means out and never forms these: Bell and McCaffrey (2002), Pustejovsky and Tipton (2018, section 2).
"""
import json
import pathlib

import numpy as np

MODULES, SKIP, ROUNDS = 6, 2, 20
rng = np.random.default_rng(4)
rounds = []
for number in range(ROUNDS):
    sets, effects = set(), rng.normal(0, 0.1, MODULES)
    while len(sets) < 2 + number % 3:
        sets.add(tuple(sorted(rng.choice(MODULES, SKIP, replace=False).tolist())))
    rounds.append([{"skip": list(s), "reward": round(1 + 0.02 * number + sum(0.05 * i + effects[i] for i in s), 6)} for s in sorted(sets)])

indicators = np.array([[float(i in e["skip"]) for i in range(MODULES)] for r in rounds for e in r])
rewards = np.array([e["reward"] for r in rounds for e in r])
cluster = np.array([number for number, r in enumerate(rounds) for _ in r])
dummies = (cluster[:, None] == np.arange(ROUNDS)).astype(float)


def inverse_root(matrix):
    values, vectors = np.linalg.eigh(matrix)
    return vectors @ np.diag([v ** -0.5 if v > 1e-8 else 0.0 for v in values]) @ vectors.T


def cr2(design, contrast):
    """Value, standard error and Satterthwaite degrees of freedom of a contrast of the coefficients."""
    bread = np.linalg.inv(design.T @ design)
    coefficients = bread @ design.T @ rewards
    residuals = rewards - design @ coefficients
    hat = design @ bread @ design.T
    rest = np.eye(len(rewards)) - hat
    weights, columns = [], []
    for number in range(ROUNDS):
        own = cluster == number
        w = inverse_root(rest[np.ix_(own, own)]) @ design[own] @ bread @ contrast
        weights.append(w @ residuals[own])
        columns.append(rest[:, own] @ w)
    omega = np.array(columns) @ np.array(columns).T
    return contrast @ coefficients, np.sqrt(np.sum(np.square(weights))), np.trace(omega) ** 2 / np.sum(omega ** 2)


# The last module's indicator follows from the others and the rounds: its coefficient is 0.
design = np.hstack([indicators[:, :-1], dummies])
layers = []
for i in range(MODULES):
    contrast = np.full(MODULES, 1 / MODULES) - np.eye(MODULES)[i]
    value, error, freedom = cr2(design, np.concatenate([contrast[:-1], np.zeros(ROUNDS)]))
    layers.append({"value": value, "standard_error": error, "degrees_of_freedom": freedom})

pairs = []
for i in range(MODULES):
    for j in range(i + 1, MODULES):
        # What is left of the pair's indicator once modules and rounds are out of it is the only regressor.
        both = indicators[:, i] * indicators[:, j]
        fit = np.linalg.lstsq(np.column_stack([design, both]), rewards, rcond=None)[0]
        left = both - design @ np.linalg.lstsq(design, both, rcond=None)[0]
        residuals = rewards - np.column_stack([design, both]) @ fit
        bread = 1 / (left @ left)
        rest = np.eye(len(rewards)) - bread * np.outer(left, left)
        weights, columns = [], []
        for number in range(ROUNDS):
            own = cluster == number
            w = inverse_root(rest[np.ix_(own, own)]) @ left[own] * bread
            weights.append(w @ residuals[own])
            columns.append(rest[:, own] @ w)
        omega = np.array(columns) @ np.array(columns).T
        comparisons, freedom = len(rewards) - ROUNDS, np.trace(omega) ** 2 / np.sum(omega ** 2)
        error = np.sqrt(np.sum(np.square(weights)) * comparisons / (comparisons - (MODULES - 1)))
        told = freedom > 2
        pairs.append({"value": fit[-1], "standard_error": error, "degrees_of_freedom": freedom} if told else None)

with open(pathlib.Path(__file__).with_name("importance.json"), "w") as file:
    json.dump({"modules": MODULES, "rounds": rounds, "layers": layers, "pairs": pairs}, file)
    file.write("\n")
