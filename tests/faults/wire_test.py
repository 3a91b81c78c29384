#!/usr/bin/env python3
"""Faults on the way to the API server, by a proxy that answers in its place and a relay that cuts, freezes
or drips. Takes about a minute."""

import time
import unittest

from authority import Authority
from proxy import FaultyProxy
from relay import Relay
from stage import Stage, kubeconfig

from control_plane import ADMIN_TOKEN, run_tests

ANSWERS = ("429", "500", "503", "504", "html", "truncated")


class WireFaults(unittest.TestCase):
    def test_the_way_to_the_api_server(self):
        with Stage(access=self.access) as self.stage:
            for fault in ANSWERS:
                with self.subTest(fault):
                    self.the_server_answers(fault)
            self.watches_are_cut()
            self.connections_are_half_open()
            self.answers_drip()

    def access(self, stage):
        """The operator's way: relay, proxy, API server."""
        authority = Authority(stage.plane.directory, "proxy-ca")
        self.proxy = stage.also(FaultyProxy(stage.plane.url, authority.issue("proxy"), stage.plane.ca))
        self.relay = stage.also(Relay(self.proxy.url))
        token = stage.plane.directory / "token"
        token.write_text(ADMIN_TOKEN)
        return kubeconfig(stage.plane.directory / "by-relay", self.relay.url,
                          authority.certificate, token)

    def the_server_answers(self, fault):
        """To everything for three seconds, to new watches as well, while the viewers rise."""
        self.proxy.fault = fault
        asked = self.proxy.asked
        self.proxy.cut_streams()
        self.stage.rise()
        time.sleep(3)
        self.assertLess(self.proxy.asked - asked, 200, "a herd of one")
        self.proxy.fault = None
        self.stage.follows(f"the API server answering '{fault}' for 3 s")

    def watches_are_cut(self):
        for _ in range(5):
            self.proxy.cut_streams()
            time.sleep(0.3)
        self.stage.follows("watches cut five times")

    def connections_are_half_open(self):
        self.relay.freeze()
        self.stage.rise()
        # Each connection that was kept is found dead by a request's deadline of four seconds.
        self.stage.follows("every connection half open", within=24)

    def answers_drip(self):
        self.relay.drip()
        self.relay.end_connections()
        self.stage.rise()
        time.sleep(5)
        self.relay.mend()
        self.stage.follows("answers that drip for 5 s")


if __name__ == "__main__":
    run_tests()
