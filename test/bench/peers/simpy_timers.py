"""The timers of ../timers.ts in SimPy, as processes or as bare callbacks, by the first argument."""

import json
import resource
import sys
from array import array

import simpy


def cpu_seconds():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def start_processes(env, increments, first, counts, lasts):
    def process(entity):
        yield env.timeout(first[entity])
        while True:
            counts[entity] += 1
            lasts[entity] = env.now
            yield env.timeout(increments[(entity * 40503 + counts[entity]) & 65535])

    for entity in range(len(first)):
        env.process(process(entity))


def start_callbacks(env, increments, first, counts, lasts):
    def fire(event):
        entity = event.value
        counts[entity] += 1
        lasts[entity] = env.now
        delay = increments[(entity * 40503 + counts[entity]) & 65535]
        env.timeout(delay, entity).callbacks.append(fire)

    for entity in range(len(first)):
        env.timeout(first[entity], entity).callbacks.append(fire)


def state(counts, lasts):
    checksum = sum(
        count * (entity % 1009 + 1) + int(last) % 65521 for entity, (count, last) in enumerate(zip(counts, lasts))
    )
    return {"events": sum(counts), "checksum": checksum}


def main(style, entities, warm_up_us, end_us, path):
    times = array("d")
    with open(path, "rb") as file:
        times.fromfile(file, 65536 + entities)
    increments, first = times[:65536].tolist(), times[65536:].tolist()
    counts, lasts = [0] * entities, [0.0] * entities
    env = simpy.Environment()
    start = {"processes": start_processes, "callbacks": start_callbacks}[style]
    start(env, increments, first, counts, lasts)
    env.run(until=warm_up_us)
    warm_up = state(counts, lasts)
    before = cpu_seconds()
    env.run(until=end_us)
    cpu_s = cpu_seconds() - before
    print(json.dumps({"warmUp": warm_up, "cpuS": cpu_s, "end": state(counts, lasts)}))


main(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]), float(sys.argv[4]), sys.argv[5])
