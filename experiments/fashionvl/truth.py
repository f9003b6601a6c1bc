"""Ground truth as README.md has it: truth.py plans FOLDER lists what is to be trained, truth.py tables FOLDER prints the tables.

Needs numpy, scipy and matplotlib.
"""

import csv
import itertools
import json
import pathlib
import sys

PLANS = 31
RESAMPLED = 2000


def read(folder, name):
    return json.loads((folder / name).read_text())


def chosen(ranking):
    """From the best to the worst, evenly."""
    last = len(ranking) - 1
    return [ranking[round(i * last / (PLANS - 1))] for i in range(PLANS)]


def replayed(folder, batch):
    replay = read(folder, f"replay-{batch}.json")
    print(f"| controller, {batch} batch | evaluations | true rank | regret | evaluations to rank {replay['top']} |")
    print("|---|---:|---:|---:|---:|")
    for curve in replay["controllers"]:
        points = curve["points"]
        for point in (points[len(points) // 3 - 1], points[-1]):
            reached = curve["evaluations_to_top"] if point is points[-1] else None
            print(
                f"| `{curve['controller']}` | {point['evaluations']} | {point['mean_rank']:.1f} ± {point['rank_error']:.1f} "
                f"| {point['mean_regret']:.4f} ± {point['regret_error']:.4f} | {reached or ''} |"
            )
    print()


def stopped(folder):
    print("| controller, with `stop.error: 0.05` | ended early | after evaluations | wrong | true rank |")
    print("|---|---:|---:|---:|---:|")
    for curve in read(folder, "stop.json")["controllers"]:
        stops = curve["stops"]
        print(
            f"| `{curve['controller']}` | {100 * stops['share']:.0f} % | {stops['mean_evaluations'] or 0:.0f} "
            f"| {100 * (stops['wrong'] or 0):.1f} % | {stops['mean_rank'] or 0:.1f} |"
        )
    print()


def explained(ranking):
    """How much of what rewards differ by is a sum of single layers, and of pairs of them."""
    import numpy

    sets = [set(map(int, entry["subnetwork"].split(","))) for entry in ranking]
    layers = range(1 + max(map(max, sets)))
    rewards = numpy.exp([-entry["loss"] for entry in ranking])
    single = numpy.array([[1] + [i in skipped for i in layers] for skipped in sets], float)
    pairs = numpy.array([[{i, j} <= skipped for i, j in itertools.combinations(layers, 2)] for skipped in sets], float)
    for what, columns in (("layers", single), ("layers and pairs", numpy.hstack([single, pairs]))):
        effects = numpy.linalg.lstsq(columns, rewards, rcond=None)[0]
        print(f"a sum of {what} explains {100 * (1 - numpy.var(rewards - columns @ effects) / numpy.var(rewards)):.0f} % of the variance")
    best = numpy.linalg.lstsq(single, rewards, rcond=None)[0][1:].argsort()[-len(sets[0]) :]
    print(f"the best sum of layers has rank {1 + sets.index(set(best.tolist()))}\n")


def trained(folder, ranking):
    import matplotlib
    import numpy
    from scipy.stats import kendalltau

    matplotlib.use("svg")
    from matplotlib import pyplot

    rows = []
    for entry in chosen(ranking):
        path = folder / "trained" / f"rank{entry['rank']}.json"
        if path.exists():
            rows.append((entry, 100 * json.loads(path.read_text())["result"]["metrics"]["test.accuracy"]))
    if len(rows) < 3:
        return
    losses = numpy.array([entry["loss"] for entry, _ in rows])
    accuracies = numpy.array([accuracy for _, accuracy in rows])
    for count, which in ((len(rows), "all"), (2 * len(rows) // 3, "the better two thirds")):
        random = numpy.random.default_rng(0)
        taus = [
            kendalltau(-losses[again], accuracies[again]).statistic
            for again in (random.integers(count, size=count) for _ in range(RESAMPLED))
        ]
        low, high = numpy.nanpercentile(taus, [2.5, 97.5])
        tau = kendalltau(-losses[:count], accuracies[:count]).statistic
        print(f"Kendall's τ of {count} plans, {which}: {tau:.2f} (95 % interval {low:.2f} to {high:.2f})")
    print()
    print("| rank | skips | loss in the supernet | accuracy in the supernet, % | trained, % |")
    print("|---:|---|---:|---:|---:|")
    for entry, accuracy in rows:
        print(f"| {entry['rank']} | {entry['subnetwork']} | {entry['loss']:.4f} | {100 * entry['accuracy']:.1f} | {accuracy:.2f} |")

    pyplot.rcParams.update({"svg.fonttype": "none", "font.size": 11, "svg.hashsalt": "das"})
    figure, axes = pyplot.subplots(figsize=(7.6, 3.8))
    axes.scatter([entry["rank"] for entry, _ in rows], accuracies, color="#0072b2", s=24)
    axes.set_xlabel(f"rank in the supernet, of {len(ranking)}")
    axes.set_ylabel("test accuracy once trained, %")
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(axis="y", color="#e4e4e4")
    axes.set_axisbelow(True)
    figure.tight_layout()
    figure.savefig(folder / "trained.svg", metadata={"Date": None})


def main(what, folder):
    folder = pathlib.Path(folder)
    ranking = read(folder, "ranking.json")["ranking"]
    if what == "plans":
        for entry in chosen(ranking):
            print(entry["rank"], entry["subnetwork"])
        return
    with open(folder / "truth.csv", "w", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(["rank", "skips", "loss", "accuracy"])
        rows.writerows([entry["rank"], entry["subnetwork"], f"{entry['loss']:.6f}", f"{entry['accuracy']:.5f}"] for entry in ranking)
    replayed(folder, "fixed")
    replayed(folder, "fresh")
    stopped(folder)
    explained(ranking)
    trained(folder, ranking)


main(*sys.argv[1:])
