#!/usr/bin/env python3
"""How fast the matching engine is beside OR-tools' minimum-cost flow, on the same made questions. The flow answers less:
how many have a home, at which total; no queue order, no ties, no explanations. Fails when the two place different numbers."""
import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import service  # noqa: E402  (the folder above has to be on the path first)

SIZES = "300x60,1000x200,10000x1000,30000x3000,100000x10000"
PACKAGES = ["ortools", "numpy"]
INSTALL_SECONDS = 600
HEAD = ["people", "dwellings", "pairs", "caps", "placed", "placed by OR-tools", "run ms", "layout ms", "OR-tools solve ms",
        "its model ms", "solve ÷ run", "solve and model ÷ run and layout", "MiB", "OR-tools MiB"]


def arcs(question):
    """The question as a network: (from, to, capacity, cost) for each arc, and the source, the sink and the people."""
    people, dwellings = question["candidates"], question["dwellings"]
    number = {}
    for name in (*("d" + d["id"] for d in dwellings), *("g" + g["id"] for g in question["groups"])):
        number[name] = len(people) + len(number)
    source = len(people) + len(number)
    sink = source + 1
    sizes = {}
    for dwelling in dwellings:
        for group in dwelling["groups"]:
            sizes[group] = sizes.get(group, 0) + 1
    # One more placed is worth more than whatever else could change.
    worth = 1 + 2 * sum(d["capacity"] for d in dwellings) * max(abs(score) for p in people for _, score in p["edges"])
    rows, outer = [], {}
    for index, person in enumerate(people):
        rows.append((source, index, 1, 0))
        rows += [(index, number["d" + home], 1, -worth - score) for home, score in person["edges"]]
    for dwelling in dwellings:
        chain = ["g" + group for group in sorted(dwelling["groups"], key=lambda group: (sizes[group], group))]
        path = [number[name] for name in chain] + [sink]
        rows.append((number["d" + dwelling["id"]], path[0], dwelling["capacity"], 0))
        outer.update(zip(chain, path[1:]))
    rows += [(number["g" + g["id"]], outer.get("g" + g["id"], sink), g["cap"], 0) for g in question["groups"]]
    rows.append((source, sink, len(people), 0))
    return rows, source, sink, len(people)


def peak_mib():
    """The most memory this process has held (proc_pid_status(5))."""
    text = pathlib.Path("/proc/self/status").read_text()
    return int(text.split("VmHWM:")[1].split()[0]) // 1024


def solve(path):
    """Runs in an interpreter that has OR-tools: prints what it placed, the milliseconds of model and solution, and memory."""
    import numpy
    from ortools.graph.python import min_cost_flow
    question = json.loads(pathlib.Path(path).read_text())
    began = time.perf_counter()
    rows, source, sink, people = arcs(question)
    starts, ends, capacities, costs = numpy.array(rows).T.copy()
    flow = min_cost_flow.SimpleMinCostFlow()
    names = flow.add_arcs_with_capacity_and_unit_cost(starts, ends, capacities, costs)
    flow.set_nodes_supplies(numpy.array([source, sink]), numpy.array([people, -people]))
    made = time.perf_counter()
    assert flow.solve() == flow.OPTIMAL
    solved = time.perf_counter()
    placed = int(flow.flows(names)[starts < people].sum())
    print(json.dumps({"placed": placed, "model": (made - began) * 1000, "solve": (solved - made) * 1000,
                      "mebibytes": peak_mib()}))


def environment(folder):
    """A Python with OR-tools, in a folder of its own."""
    subprocess.run([sys.executable, "-m", "venv", folder / "environment"], check=True, capture_output=True,
                   timeout=INSTALL_SECONDS)
    interpreter = folder / "environment/bin/python"
    subprocess.run([interpreter, "-m", "pip", "install", "--quiet", "--retries", "1", *PACKAGES], check=True,
                   capture_output=True, timeout=INSTALL_SECONDS)
    return interpreter


def compare(binary, interpreter, folder, size, options):
    """One row of the table: medians of rounds in turn."""
    people, dwellings = size.split("x")
    instance = folder / "instance.json"
    with instance.open("wb") as file:
        subprocess.run([binary, "match", "make", "--candidates", people, "--dwellings", dwellings, "--seed", str(options.seed)],
                       stdout=file, check=True)
    ours, theirs = [], []
    for _ in range(options.rounds):
        ours.append(json.loads(subprocess.check_output(
            [binary, "match", "bench", "--sizes", size, "--seed", str(options.seed), "--repeats", "1", "--json"])))
        theirs.append(json.loads(subprocess.check_output([interpreter, __file__, "--solve", instance])))

    def median(runs, key):
        return statistics.median(run[key] for run in runs)

    run, layout = median(ours, "runMicroseconds") / 1000, median(ours, "layoutMicroseconds") / 1000
    solved, model = median(theirs, "solve"), median(theirs, "model")
    times = ["%.1f" % number for number in
             (run, layout, solved, model, solved / run, (solved + model) / (run + layout))]
    return [people, dwellings, ours[0]["pairs"], ours[0]["caps"], ours[0]["proposals"], theirs[0]["placed"], *times,
            max(run.get("peakMebibytes", 0) for run in ours), max(run["mebibytes"] for run in theirs)]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default=SIZES, help="people x dwellings, commas between (%s)" % SIZES)
    parser.add_argument("--seed", type=int, default=1, help="of the made questions (1)")
    parser.add_argument("--rounds", type=int, default=3, help="of each in turn (3)")
    parser.add_argument("--binary", help="an executable that is there already, instead of a build")
    parser.add_argument("--python", help="an interpreter that has OR-tools already, instead of an install")
    parser.add_argument("--solve", metavar="FILE", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.solve:
        return solve(options.solve)
    with service.scratch() as folder:
        try:
            interpreter = options.python or environment(pathlib.Path(folder))
        except (OSError, subprocess.SubprocessError):
            sys.exit("SKIPPED, because OR-tools can not be installed from PyPI; nothing was measured")
        binary = os.path.abspath(options.binary or service.build())
        rows = [compare(binary, interpreter, pathlib.Path(folder), size, options) for size in options.sizes.split(",")]
    print(service.table(HEAD, rows))
    different = ["%sx%s" % (row[0], row[1]) for row in rows if row[4] != row[5]]
    if different:
        sys.exit("matching: not the same number placed for " + ", ".join(different))


if __name__ == "__main__":
    main()
