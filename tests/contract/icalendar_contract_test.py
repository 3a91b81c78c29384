#!/usr/bin/python3
"""What recurs, and when, against python-dateutil and icalendar: more than two thousand entries made by
a seed, in ten time zones and two that VTIMEZONEs describe. Takes some seconds.

usage: icalendar_contract_test.py EDGETIDE"""

import csv
import datetime
import io
import pathlib
import random
import subprocess
import sys
import tempfile
import unittest
import zoneinfo

try:
    import icalendar
    from dateutil import rrule
except ImportError as missing:
    print(f"skipped: {missing}; scripts/test installs it")
    sys.exit(77)

SEED = 20261205
ENTRIES = 2100
IN_A_FILE = 400
ZONES = ("Europe/London", "Europe/Paris", "America/New_York", "America/Sao_Paulo", "Asia/Tokyo",
         "Asia/Kolkata", "Australia/Lord_Howe", "Pacific/Auckland", "Africa/Casablanca", "Etc/UTC")
# Names of their own, and the zone of the system that has the same clocks in the years looked at.
DESCRIBED = {"Own Europe": "Europe/Paris", "Own America": "America/New_York"}
UTC = datetime.timezone.utc
FROM = datetime.datetime(2024, 1, 1, tzinfo=UTC)
TO = datetime.datetime(2027, 1, 1, tzinfo=UTC)
HOUR = datetime.timedelta(hours=1)
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def observance(kind, start, before, after, rule):
    part = icalendar.TimezoneStandard() if kind == "STANDARD" else icalendar.TimezoneDaylight()
    part.add("dtstart", start)
    part.add("tzoffsetfrom", before * HOUR)
    part.add("tzoffsetto", after * HOUR)
    part.add("rrule", icalendar.vRecur.from_ical(rule))
    return part


def described_zones():
    """The rules of the European Union and of the United States."""
    for name, first, standard, back, forth in (
            ("Own Europe", 1996, 1, (3, "FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU"),
             (2, "FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU")),
            ("Own America", 2007, -5, (2, "FREQ=YEARLY;BYMONTH=11;BYDAY=1SU"),
             (2, "FREQ=YEARLY;BYMONTH=3;BYDAY=2SU"))):
        zone = icalendar.Timezone()
        zone.add("tzid", name)
        for kind, (hour, rule) in (("STANDARD", back), ("DAYLIGHT", forth)):
            start = next(iter(rrule.rrulestr(
                rule, dtstart=datetime.datetime(first, 1, 1, hour))))
            before = standard + (kind == "STANDARD")
            zone.add_component(observance(kind, start, before, 2 * standard + 1 - before, rule))
        yield zone


def moment(local, zone):
    """Where clocks are moved, the offset before the change holds, as RFC 5545 has it of DTSTART."""
    system = zoneinfo.ZoneInfo(DESCRIBED.get(zone, zone))
    return local.replace(tzinfo=system, fold=0).astimezone(UTC)


class Entry:
    """One VEVENT by chance, with when it takes place."""

    def __init__(self, number, chance):
        self.name = f"entry {number}"
        self.chance = chance
        self.zone = chance.choice(ZONES + tuple(DESCRIBED))
        self.rule = self.some_rule()
        start = datetime.datetime(chance.randint(2022, 2026), chance.randint(1, 12),
                                  chance.randint(1, 28), chance.choice((0, 1, 2, 3, 12, 20, 23)),
                                  chance.choice((0, 15, 30, 59)))
        in_step = chance.random() < 0.8
        end = chance.choice(("", "COUNT", "UNTIL", "UNTIL"))
        bounded = self.rule + f";UNTIL={TO:%Y}0103T000000"
        if in_step or end == "COUNT":
            start = next(iter(rrule.rrulestr(bounded, dtstart=start)), start)
        self.start = start
        locals_ = list(rrule.rrulestr(bounded, dtstart=start))
        if self.start not in locals_:
            locals_.insert(0, self.start)  # DTSTART is always the first occurrence
            end = end.replace("COUNT", "")
        self.times = {moment(at, self.zone): HOUR for at in locals_}
        if end == "COUNT":
            count = chance.randint(1, 60)
            self.rule += f";COUNT={count}"
            self.times = {moment(at, self.zone): HOUR for at in locals_[:count]}
        elif end == "UNTIL":
            until = moment(chance.choice(locals_), self.zone)
            self.rule += f";UNTIL={until:%Y%m%dT%H%M%SZ}"
            self.times = {at: HOUR for at in self.times if at <= until}
        self.locals = locals_
        self.components = list(self.made())

    def some_rule(self):
        chance = self.chance
        frequency = chance.choice(("DAILY", "WEEKLY", "MONTHLY", "YEARLY"))
        parts = [f"FREQ={frequency}"]
        if chance.random() < 0.5:
            parts.append(f"INTERVAL={chance.randint(1, 5)}")
        if chance.random() < 0.3:
            parts.append("BYMONTH=" + ",".join(map(str, sorted(chance.sample(range(1, 13), 4)))))
        by = False
        if frequency != "WEEKLY" and chance.random() < 0.35:
            days = chance.sample([*range(1, 32), *range(-31, 0)], chance.randint(1, 6))
            parts.append("BYMONTHDAY=" + ",".join(map(str, days)))
            by = True
        if chance.random() < 0.5:
            days = chance.sample(DAYS, chance.randint(1, 4))
            if frequency in ("MONTHLY", "YEARLY") and not by:
                # Not "SA,-1SU": dateutil takes what both say, where RFC 5545 has what either says.
                numbered = chance.random() < 0.7
                days = [chance.choice(("1", "2", "-1", "+3", "5", "-2") if numbered else ("",)) + day
                        for day in days]
            parts.append("BYDAY=" + ",".join(days))
            by = True
        if by and frequency in ("MONTHLY", "YEARLY") and chance.random() < 0.3:
            parts.append("BYSETPOS=" + chance.choice(("1", "-1", "2", "1,-1", "3,-2")))
        if frequency == "WEEKLY":
            parts.append("WKST=" + chance.choice(DAYS))
        return ";".join(parts)

    def add_time(self, component, name, local):
        component.add(name, local, parameters={"TZID": self.zone})

    def made(self):
        chance = self.chance
        event = icalendar.Event()
        event.add("uid", self.name)
        event.add("summary", self.name)
        self.add_time(event, "dtstart", self.start)
        event.add("duration", HOUR)
        event.add("rrule", icalendar.vRecur.from_ical(self.rule))
        taking_place = [at for at in self.locals if moment(at, self.zone) in self.times]
        if chance.random() < 0.3:
            for local in chance.sample(taking_place, min(3, len(taking_place))):
                event.add("exdate", moment(local, self.zone))
                self.times.pop(moment(local, self.zone), None)
        if chance.random() < 0.3:
            for _ in range(2):
                local = datetime.datetime(chance.randint(2024, 2026), chance.randint(1, 12),
                                          chance.randint(1, 28), 7, 7)
                event.add("rdate", moment(local, self.zone))
                self.times[moment(local, self.zone)] = HOUR
        yield event
        left = [at for at in taking_place if moment(at, self.zone) in self.times]
        if left and chance.random() < 0.3:
            was = chance.choice(left)
            moved = icalendar.Event()
            moved.add("uid", self.name)
            moved.add("summary", self.name)
            self.add_time(moved, "recurrence-id", was)
            self.add_time(moved, "dtstart", was + datetime.timedelta(days=1, minutes=11))
            moved.add("duration", 2 * HOUR)
            del self.times[moment(was, self.zone)]
            if chance.random() < 0.3:
                moved.add("status", "CANCELLED")
            else:
                later = moment(was + datetime.timedelta(days=1, minutes=11), self.zone)
                self.times[later] = 2 * HOUR
            yield moved

    def expected(self):
        return {at: length for at, length in self.times.items() if FROM <= at <= TO}


def listed(path):
    """What the program says takes place: by entry, from when for how long."""
    done = subprocess.run([EDGETIDE, "events", "list", path, "--from", f"{FROM:%Y-%m-%dT%H:%M:%SZ}",
                           "--to", f"{TO:%Y-%m-%dT%H:%M:%SZ}", "-o", "csv"],
                          capture_output=True, text=True, timeout=60, check=False)
    if done.returncode:
        raise AssertionError(done.stderr)
    found = {}
    for row in csv.DictReader(io.StringIO(done.stdout)):
        start, end = (datetime.datetime.fromisoformat(row[name]) for name in ("start", "end"))
        if start >= FROM:
            found.setdefault(row["name"].partition("@")[0], {})[start] = end - start
    return found


class Recurrence(unittest.TestCase):
    def test_takes_place_when_dateutil_says(self):
        chance = random.Random(SEED)
        entries = [Entry(number, chance) for number in range(ENTRIES)]
        self.assertGreater(sum(len(entry.expected()) for entry in entries), 50_000)
        with tempfile.TemporaryDirectory() as directory:
            for first in range(0, ENTRIES, IN_A_FILE):
                some = entries[first:first + IN_A_FILE]
                calendar = icalendar.Calendar()
                for zone in described_zones():
                    calendar.add_component(zone)
                for entry in some:
                    for component in entry.components:
                        calendar.add_component(component)
                path = pathlib.Path(directory) / "made.ics"
                path.write_bytes(calendar.to_ical())
                found = listed(path)
                for entry in some:
                    with self.subTest(entry.name, rule=entry.rule, start=entry.start,
                                      zone=entry.zone):
                        self.assertEqual(found.get(entry.name, {}), entry.expected())


if __name__ == "__main__":
    EDGETIDE = sys.argv.pop(1)
    unittest.main()
