#!/usr/bin/env python3
"""Prints what statsmodels makes of seasonal smoothing, for tests/unit/forecast/smoothing_reference_test.cpp:
of six days ETS(A,N,A) with a season of 96 quarters of an hour and given gains, begun by the first day; of
three weeks its Kalman filter on the state-space form of Taylor's two seasons (2003, without trend), a day's
and a week's, of which the second begins after a week with nothing. That takes some minutes.

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
from statsmodels.tsa.statespace.mlemodel import MLEModel

SLOTS = 96
WEEK = 7 * SLOTS
# Six days: in the seventh the program begins to learn a week, of which ETS knows nothing.
DAYS = 6
# A slot's gain of at least a half is the same on every visit; lower ones begin higher.
CASES = (("slow level", 0.003, 0.5), ("quick level", 0.08, 0.5), ("restless level", 0.3, 0.5))
# The same, and of the slot of the week.
WEEKS = (("two seasons", 0.01, 0.5, 0.5), ("two seasons and a quicker level", 0.03, 0.5, 0.5))


def seen(seed, slots, weekend=0.0):
    chance = random.Random(seed)
    for slot in range(slots):
        day = math.cos(2 * math.pi * slot / SLOTS) + 0.3 * math.sin(6 * math.pi * slot / SLOTS)
        week = weekend * math.sin(2 * math.pi * slot / WEEK)
        # Evenly spread, so that no surprise is so far out that robust smoothing would hold it.
        yield round(8 - day + week + 0.02 * slot / SLOTS + 0.1 * (chance.random() - 0.5), 6)


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


class Smoothing(MLEModel):
    """A level and seasons, moved by the same error. The error is a state beside them, so that nothing else
    is uncertain: what the filter predicts is what smoothing expects.

    state, as of before an observation: the level; of each season its slots, the one that is due first; the
    error of that observation
    """

    def __init__(self, log_demand, level_gain, gains, level, seasons):
        states = 1 + sum(len(season) for season in seasons) + 1
        super().__init__(log_demand, k_states=states, k_posdef=1)
        transition = numpy.zeros((states, states))
        design = numpy.zeros(states)
        transition[0, 0] = design[0] = design[-1] = 1
        transition[0, -1] = level_gain
        due = 1
        for gain, season in zip(gains, seasons):
            last = due + len(season) - 1
            design[due] = 1
            transition[range(due, last), range(due + 1, last + 1)] = 1
            transition[last, due] = 1
            transition[last, -1] = gain
            due = last + 1
        selection = numpy.zeros((states, 1))
        selection[-1] = 1
        self["design"], self["transition"], self["selection"] = design[None, :], transition, selection
        self["state_cov", 0, 0] = 1
        self.ssm.initialize_known(numpy.concatenate([[level], *seasons, [0]]), selection @ selection.T)
        for unused in ("no_predicted_cov", "no_filtered_cov", "no_gain", "no_smoothing"):
            setattr(self.ssm, f"memory_{unused}", True)

    def followed(self):
        """What was expected each time, and level and seasons as they are in the end."""
        filtered = self.ssm.filter()
        states = filtered.predicted_state[:-1, -1]
        return filtered.forecasts[0], states


def expected_with_week(log_demand, level_gain, daily_gain, weekly_gain):
    first = numpy.array(log_demand[:SLOTS])
    # The week's slots are moved from the last quarter of an hour of the first week on.
    begins = WEEK - 1
    before, states = Smoothing(log_demand[SLOTS:begins], level_gain, [daily_gain], first.mean(),
                               [first - first.mean()]).followed()
    after, _ = Smoothing(log_demand[begins:], level_gain, [daily_gain, weekly_gain], states[0],
                         [states[1:], numpy.zeros(WEEK)]).followed()
    return numpy.concatenate([before, after])


def print_case(name, log_demand, values):
    texts = [""] * SLOTS + [f"{value:.9f}" for value in values]
    for slot, (observed, text) in enumerate(zip(log_demand, texts)):
        print(f"{name},{slot},{observed},{text}")


def main():
    print("case,slot,log_demand,expected")
    for seed, (name, level_gain, slot_gain) in enumerate(CASES):
        log_demand = list(seen(seed, DAYS * SLOTS))
        print_case(name, log_demand, expected(log_demand, level_gain, slot_gain))
    for seed, (name, *gains) in enumerate(WEEKS):
        log_demand = list(seen(seed, 3 * WEEK, weekend=0.2))
        print_case(name, log_demand, expected_with_week(log_demand, *gains))


if __name__ == "__main__":
    main()
