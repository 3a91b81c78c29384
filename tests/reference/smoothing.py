#!/usr/bin/env python3
"""Prints what statsmodels makes of seasonal smoothing, for tests/unit/forecast/smoothing_reference_test.cpp:
ETS(A,N,A) with a season of 96 quarters of an hour and given gains, begun by the first day.

usage: scripts/generate-reference, which installs statsmodels apart and runs this

  case         which gains
  slot         quarters of an hour since the beginning
  log_demand   what was seen
  expected     what was expected of that slot before it was seen; empty on the first day
"""

import math
import random

import numpy
from statsmodels.tsa.exponential_smoothing.ets import ETSModel

SLOTS = 96
# Six days: in the seventh the program begins to learn a week, of which statsmodels knows nothing.
DAYS = 6
# A slot's gain of at least a half is the same on every visit; lower ones begin higher.
CASES = (("slow level", 0.003, 0.5), ("quick level", 0.08, 0.5), ("restless level", 0.3, 0.5))


def seen(seed):
    chance = random.Random(seed)
    for slot in range(DAYS * SLOTS):
        day = math.cos(2 * math.pi * slot / SLOTS) + 0.3 * math.sin(6 * math.pi * slot / SLOTS)
        # Evenly spread, so that no surprise is so far out that robust smoothing would hold it.
        yield round(8 - day + 0.02 * slot / SLOTS + 0.1 * (chance.random() - 0.5), 6)


def expected(log_demand, level_gain, slot_gain):
    first = numpy.array(log_demand[:SLOTS])
    later = numpy.array(log_demand[SLOTS:])
    model = ETSModel(later, error="add", trend=None, seasonal="add", seasonal_periods=SLOTS,
                     initialization_method="known", initial_level=first.mean(),
                     initial_seasonal=first - first.mean(),
                     bounds={"smoothing_level": (0, 1), "smoothing_seasonal": (0, 1)})
    named = dict.fromkeys(model.param_names)
    named["smoothing_level"] = level_gain
    named["smoothing_seasonal"] = slot_gain
    parameters = [named[name] for name in model.param_names if named[name] is not None]
    return model.smooth(parameters).fittedvalues


def main():
    print("case,slot,log_demand,expected")
    for seed, (name, level_gain, slot_gain) in enumerate(CASES):
        log_demand = list(seen(seed))
        values = [""] * SLOTS + [f"{value:.9f}" for value in
                                 expected(log_demand, level_gain, slot_gain)]
        for slot, (observed, value) in enumerate(zip(log_demand, values)):
            print(f"{name},{slot},{observed},{value}")


if __name__ == "__main__":
    main()
