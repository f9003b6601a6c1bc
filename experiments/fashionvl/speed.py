"""Searches beside each other, as README.md has them.

speed.py settings FOLDER CHECKPOINT SEED THREADS   prints what pytorch_search.py is to do: the schedule of vqa-das4.yaml
speed.py table FOLDER                              prints tables of the searches in FOLDER, and writes speed.svg there
"""

import datetime
import itertools
import json
import pathlib
import sqlite3
import statistics
import sys

SKIP = 4
TITLES = {
    "pytorch": "plain PyTorch 1.13, the paper's rule",
    "torchsharp": "plain TorchSharp, the paper's rule",
    "das": "das, the paper's rule",
    "best": "das, `thompson` with a stop rule",
}
COLOURS = {"pytorch": "#d55e00", "torchsharp": "#cc79a7", "das": "#0072b2", "best": "#009e73"}


def settings(folder, checkpoint, seed, threads):
    arrays = pathlib.Path(folder) / "arrays"
    facts = json.loads((arrays / "facts.json").read_text())
    schedule = {
        "data": str(arrays), "checkpoint": checkpoint, "seed": int(seed), "threads": int(threads), "heads": 3, "skip": SKIP,
        "batch_size": 16, "epochs": 3, "warm_up_epochs": 1, "steps_between_rounds": 12, "candidates": 3, "learning_rate": 0.0015,
        "validation_batch": 256, "skip_bottleneck": 96, "parallel_bottleneck": 24,
    }  # fmt: skip
    print(json.dumps(facts | schedule))


def chosen(gates):
    # Among equal gates the later module goes first.
    return tuple(sorted(sorted(range(len(gates)), key=lambda i: (gates[i], i))[-SKIP:]))


def of_peer(path):
    search = json.loads(path.read_text())
    return search["seconds"], [(each["seconds"], chosen(each["gates"])) for each in search["rounds"]]


def of_das(database, name):
    def at(text):
        return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))

    run, begun = database.execute("SELECT id, started_at FROM run WHERE name = ? ORDER BY id DESC", [name]).fetchone()
    rounds = [
        ((at(ended) - at(begun)).total_seconds(), tuple(map(int, recommended.split(","))))
        for ended, recommended in database.execute("SELECT recorded_at, recommended FROM round WHERE run_id = ? ORDER BY round", [run])
    ]
    # The plan is recorded once the last batch is learnt.
    (last,) = database.execute("SELECT min(recorded_at) FROM plan WHERE run_id = ?", [run]).fetchone()
    return (at(last) - at(begun)).total_seconds(), rounds


def losses_in(path):
    return {tuple(map(int, entry["subnetwork"].split(","))): entry["loss"] for entry in json.loads(path.read_text())["ranking"]}


def ranked(losses):
    return {plan: rank for rank, plan in enumerate(sorted(losses, key=lambda plan: (losses[plan], plan)), 1)}


def ranks_of_others(supernets, seed):
    """Ranks by the mean loss in the supernets of the other seeds: no search is judged by what it has trained."""
    others = [losses for other, losses in supernets.items() if other != seed] or list(supernets.values())
    return ranked({plan: statistics.mean(losses[plan] for losses in others) for plan in others[0]})


def agreement(supernets):
    from scipy.stats import kendalltau

    plans = sorted(next(iter(supernets.values())))
    pairs = list(itertools.combinations(supernets.values(), 2))
    taus = [kendalltau([one[plan] for plan in plans], [other[plan] for plan in plans]).statistic for one, other in pairs]
    best = [ranked(other)[min(one, key=one.get)] for one, other in itertools.permutations(supernets.values(), 2)]
    print(f"Kendall's τ of two supernets: {summary(taus, 2)}; one's best plan has rank {summary(best)} in another, {statistics.median(best):.0f} in the median\n")


def until(rounds, ranks, rank):
    """After how many rounds the choice is of that rank and stays so."""
    settled = None
    for number, (_, choice) in enumerate(rounds, 1):
        if ranks[choice] > rank:
            settled = None
        elif settled is None:
            settled = number
    return settled


def summary(values, digits=0):
    deviation = f" ± {statistics.stdev(values):.{digits}f}" if len(values) > 1 else ""
    return f"{statistics.mean(values):.{digits}f}{deviation}"


def seeds_in(folder, pattern):
    return sorted(int(path.name.split(".")[0].rsplit("seed", 1)[1]) for path in folder.glob(pattern))


def table(folder):
    folder = pathlib.Path(folder)
    database = sqlite3.connect(f"file:{folder / 'das.db'}?mode=ro", uri=True)
    supernets = {seed: losses_in(folder / f"das-seed{seed}.truth.json") for seed in seeds_in(folder, "das-seed*.truth.json")}
    ranks = {seed: ranks_of_others(supernets, seed) for seed in supernets}
    searches = {
        name: {seed: of_peer(folder / f"{name}-seed{seed}.json") for seed in seeds_in(folder, f"{name}-seed*.json")}
        for name in ("pytorch", "torchsharp")
    }
    for name in ("das", "best"):
        searches[name] = {seed: of_das(database, f"{name}-seed{seed}") for seed in supernets}

    if len(supernets) > 1:
        agreement(supernets)
    # A peer's machine did nothing else; where there is none, nobody says what else it did.
    timed = set(searches["pytorch"]) & set(searches["torchsharp"])
    print("| | seconds | times as fast as PyTorch | as TorchSharp | seeds | rounds | true rank of the plan | its median |")
    print("|---|---:|---:|---:|---:|---:|---:|---:|")
    for name, found in searches.items():
        ratios = [summary([searches[peer][seed][0] / found[seed][0] for seed in timed], 2) for peer in ("pytorch", "torchsharp")]
        rounds = [len(each) for _, each in found.values()]
        final = [ranks[seed][each[-1][1]] for seed, (_, each) in found.items()]
        print(
            f"| {TITLES[name]} | {summary([found[seed][0] for seed in timed])} | {ratios[0]} | {ratios[1]} "
            f"| {len(found)} | {summary(rounds)} | {summary(final)} | {statistics.median(final):.0f} |"
        )
    goal = statistics.median(ranks[seed][rounds[-1][1]] for seed, (_, rounds) in searches["das"].items())
    print(f"\nUntil the plan's rank is {goal:.0f}, the median of das's plans by the paper's rule, or better, and stays so:\n")
    print("| | reached by | rounds, of those |\n|---|---:|---:|")
    for name, found in searches.items():
        reached = [number for seed, (_, rounds) in found.items() if (number := until(rounds, ranks[seed], goal)) is not None]
        print(f"| {TITLES[name]} | {len(reached)} of {len(found)} | {summary(reached) if reached else ''} |")
    draw(folder, searches, ranks)


def draw(folder, searches, ranks):
    import matplotlib

    matplotlib.use("svg")
    from matplotlib import pyplot

    pyplot.rcParams.update({"svg.fonttype": "none", "font.size": 11, "svg.hashsalt": "das"})
    figure, axes = pyplot.subplots(figsize=(7.6, 4.2))
    for name, found in searches.items():
        if len(found) < len(ranks):
            continue
        # Where the searches stand on (geometric) average; one that has ended stays where it is.
        most = max(len(rounds) for _, rounds in found.values())
        means = [
            statistics.geometric_mean(ranks[seed][rounds[min(i, len(rounds) - 1)][1]] for seed, (_, rounds) in found.items())
            for i in range(most)
        ]
        axes.plot(range(1, most + 1), means, color=COLOURS[name], linewidth=1.6, label=TITLES[name].replace("`", ""))
        for seed, (_, rounds) in found.items():
            axes.plot(len(rounds), ranks[seed][rounds[-1][1]], "o", color=COLOURS[name], markersize=5, alpha=0.8)
    axes.set_yscale("log")
    count = len(next(iter(ranks.values())))
    axes.set_ylim(1.2 * count, 0.9)
    axes.set_yticks([1, 10, 100, count], ["1", "10", "100", str(count)])
    axes.minorticks_off()
    axes.set_xlim(left=0)
    axes.set_xlabel("rounds")
    axes.set_ylabel(f"true rank of the choice, of {count}")
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(axis="y", color="#e4e4e4")
    axes.set_axisbelow(True)
    axes.legend(frameon=False, loc="lower center", bbox_to_anchor=(0.5, 1), ncols=3, fontsize=9)
    figure.tight_layout()
    figure.savefig(folder / "speed.svg", metadata={"Date": None})


{"settings": settings, "table": table}[sys.argv[1]](*sys.argv[2:])
