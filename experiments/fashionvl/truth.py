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


def accuracy_of(path):
    return json.loads(path.read_text())["result"]["metrics"]["test.accuracy"]


def write(path, more, rows):
    with open(path, "w", newline="") as file:
        cells = csv.writer(file, lineterminator="\n")
        cells.writerow(["rank", "skips", "loss", "accuracy", *more])
        cells.writerows([entry["rank"], entry["subnetwork"], f"{entry['loss']:.6f}", f"{entry['accuracy']:.5f}", *rest] for entry, rest in rows)


def trained(folder, ranking):
    import matplotlib
    import numpy
    from scipy.stats import kendalltau

    matplotlib.use("svg")
    from matplotlib import pyplot

    paths = {entry["rank"]: folder / "trained" / f"rank{entry['rank']}.json" for entry in chosen(ranking)}
    plans = [entry for entry in chosen(ranking) if paths[entry["rank"]].exists()]
    if len(plans) < 3:
        return
    rewards = numpy.array([-entry["loss"] for entry in plans])
    accuracies = numpy.array([100 * accuracy_of(paths[entry["rank"]]) for entry in plans])

    def tau(what, left, right):
        random = numpy.random.default_rng(0)
        again = (random.integers(len(left), size=len(left)) for _ in range(RESAMPLED))
        low, high = numpy.nanpercentile([kendalltau(left[some], right[some]).statistic for some in again], [2.5, 97.5])
        print(f"Kendall's τ of {what}: {kendalltau(left, right).statistic:.2f} (95 % interval {low:.2f} to {high:.2f})")

    better = 2 * len(plans) // 3
    tau(f"rewards and trained accuracies, {len(plans)} plans", rewards, accuracies)
    tau(f"the same, the better {better} of them", rewards[:better], accuracies[:better])
    print("\n| rank | plans | accuracy in the supernet, % | trained, median, % | trained, from – to, % |")
    print("|---|---:|---:|---:|---:|")
    for third in numpy.array_split(numpy.arange(len(plans)), 3):
        before, after = 100 * numpy.median([plans[i]["accuracy"] for i in third]), accuracies[third]
        print(
            f"| {plans[third[0]]['rank']} – {plans[third[-1]]['rank']} | {len(third)} | {before:.1f} "
            f"| {numpy.median(after):.1f} | {min(after):.1f} – {max(after):.1f} |"
        )
    write(folder / "trained.csv", ["trained_accuracy"], [(entry, [f"{accuracy / 100:.5f}"]) for entry, accuracy in zip(plans, accuracies)])

    pyplot.rcParams.update({"svg.fonttype": "none", "font.size": 11, "svg.hashsalt": "das"})
    figure, axes = pyplot.subplots(figsize=(7.6, 3.8))
    axes.scatter([entry["rank"] for entry in plans], accuracies, color="#0072b2", s=24)
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
    write(folder / "truth.csv", [], [(entry, ()) for entry in ranking])
    replayed(folder, "fixed")
    replayed(folder, "fresh")
    stopped(folder)
    explained(ranking)
    trained(folder, ranking)


main(*sys.argv[1:])
