"""What placement.sh needs beside das.

placement.py shrink PLAN PARAMETERS OUTPUT   the plan with adapters that are all narrower alike, so that it trains at most so many parameters
placement.py table FOLDER                    the table of README.md
"""

import collections
import json
import pathlib
import statistics
import sys

WIDTH = 96  # of the backbone


def shrink(source, parameters, output):
    plan = json.loads(pathlib.Path(source).read_text())
    adapters = plan["adapters"]
    widest = [adapter["bottleneck"] for adapter in adapters]
    account = plan["accounting"]["parameters"]
    unit = 2 * WIDTH + 1  # what a unit of a bottleneck trains: its weights down and up, and its bias

    def trained(share):
        return account["trainable"] - unit * sum(most - max(round(share * most), 1) for most in widest)

    share = max(step / 1000 for step in range(1, 1001) if trained(step / 1000) <= int(parameters))
    for adapter, most in zip(adapters, widest):
        adapter["bottleneck"] = max(round(share * most), 1)
    account["total"] -= account["trainable"] - trained(share)
    account["trainable"] = trained(share)
    account["trainable_percent"] = 100 * account["trainable"] / account["total"]
    pathlib.Path(output).write_text(json.dumps(plan, indent=2) + "\n")


def table(folder):
    runs = collections.defaultdict(dict)
    for path in sorted(pathlib.Path(folder).glob("*.json")):
        placed, budget, seed = path.stem.split("-")
        plan = json.loads(path.read_text())
        runs[int(budget), placed][seed] = (100 * plan["result"]["metrics"]["test.accuracy"], plan["accounting"]["parameters"]["trainable"])
    print("| placed | seeds | trained parameters | test accuracy, % |")
    print("|---|---:|---:|---:|")
    for (budget, placed), seeds in sorted(runs.items()):
        print(f"| {placed} | {len(seeds)} | {statistics.mean(count for _, count in seeds.values()):,.0f} | {spread([score for score, _ in seeds.values()])} |")
    for budget in sorted({budget for budget, _ in runs}):
        evidence, uniform = runs[budget, "evidence"], runs[budget, "uniform"]
        gains = [evidence[seed][0] - uniform[seed][0] for seed in evidence if seed in uniform]
        if gains:
            print(f"\nOf at most {budget:,}: by evidence {spread(gains)} points more than uniform, over {len(gains)} seeds.")


def spread(values):
    mean = f"{statistics.mean(values):.1f}"
    return f"{mean} ± {statistics.stdev(values):.1f}" if len(values) > 1 else mean


if __name__ == "__main__":
    {"shrink": shrink, "table": table}[sys.argv[1]](*sys.argv[2:])
