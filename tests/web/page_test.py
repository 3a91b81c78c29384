#!/usr/bin/python3
"""Looks at the page of demo, simulate and backtest in a real Chromium: it draws, zooms, follows a live run,
shows what the JSON says, and needs nothing from outside."""

import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.error
import urllib.request

try:
    from selenium import webdriver
    from selenium.webdriver.common.by import By
    from selenium.webdriver.common.keys import Keys
except ImportError:
    print("skipped: python3-selenium is not installed")
    sys.exit(77)

EDGETIDE = os.environ["EDGETIDE_BINARY"]
SHOTS = os.environ.get("EDGETIDE_SCREENSHOTS")  # a folder to leave pictures in, for a look at them
FLAGS = ("--headless=new --no-sandbox --disable-gpu --disable-quic --no-first-run "
         "--disable-background-networking --disable-component-update --disable-sync "
         "--disable-dev-shm-usage --hide-scrollbars").split()


def browser(dark=False, size=(1280, 900)):
    options = webdriver.ChromeOptions()
    options.binary_location = "/usr/bin/chromium"
    for flag in FLAGS:
        options.add_argument(flag)
    options.add_argument(f"--window-size={size[0]},{size[1]}")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(service=webdriver.chrome.service.Service("/usr/bin/chromedriver"),
                              options=options)
    if dark:
        driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {
            "features": [{"name": "prefers-color-scheme", "value": "dark"}]})
    return driver


def data_of(html):
    """The page's data as the file holds it, every series written out."""
    text = re.search(r'<script type="application/json" id="page">(.*?)</script>', html, re.S)[1]
    page = json.loads(text)
    for chart in page["charts"]:
        for series in chart["series"]:
            runs = series.get("runs")
            if runs:
                pairs = zip(runs[::2], runs[1::2])
                series["values"] = [value for value, count in pairs for _ in range(count)]
    return page


def wait_for(what, seconds=30):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        got = what()
        if got:
            return got
        time.sleep(0.1)
    raise AssertionError(f"waited {seconds} s in vain for {what.__name__}")


def shoot(driver, name):
    if SHOTS:
        height = driver.execute_script("return document.documentElement.scrollHeight")
        driver.set_window_size(driver.get_window_size()["width"], min(height + 150, 6000))
        time.sleep(0.5)
        driver.save_screenshot(f"{SHOTS}/{name}.png")


# Notes what is written on canvases, and where their points are.
WATCH_DRAWING = """
  window.written = [];
  window.points = [];
  const write = CanvasRenderingContext2D.prototype.fillText;
  CanvasRenderingContext2D.prototype.fillText = function (text, x, y, ...more) {
    const title = this.canvas.closest("section")?.querySelector("h2")?.textContent;
    window.written.push({title, text, x, y, color: this.fillStyle});
    return write.call(this, text, x, y, ...more);
  };
  const arc = Path2D.prototype.arc;
  Path2D.prototype.arc = function (x, ...more) {
    window.points.push(x);
    return arc.call(this, x, ...more);
  };
"""


def number(text):
    return float(re.match(r"[\d,.]+", text)[0].replace(",", ""))


def watched(driver, *addresses):
    """The same browser, which notes what pages draw from now on."""
    driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": WATCH_DRAWING})
    for address in addresses:
        driver.get(address)
    return driver


def written_on(driver, title):
    """What stands on the canvas under that heading."""
    return {one["text"] for one in driver.execute_script("return window.written")
            if one["title"] == title}


class PageTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.report = pathlib.Path(cls.folder.name) / "evening.html"
        made = subprocess.run([EDGETIDE, "demo", "--speed", "max", "-o", "json",
                               "--report", cls.report],
                              check=True, capture_output=True, stdin=subprocess.DEVNULL, timeout=120)
        cls.summary = json.loads(made.stdout)
        cls.page = data_of(cls.report.read_text())
        cls.driver = browser()

    @classmethod
    def tearDownClass(cls):
        cls.driver.quit()
        cls.folder.cleanup()

    def open(self, driver=None):
        driver = driver or self.driver
        driver.get(self.report.as_uri())
        wait_for(lambda: len(driver.find_elements(By.CSS_SELECTOR, ".chart canvas")) ==
                 len(self.page["charts"]) + 1)
        return driver

    def ranges(self, driver):
        """What each chart over time shows of its time axis, as it says to those who cannot see it."""
        return driver.execute_script(
            "return [...document.querySelectorAll('.chart')].map(one => one.ariaDescription ?? '')")

    def test_draws_every_chart_without_a_complaint(self):
        driver = self.open()
        painted = driver.execute_script("""
          return [...document.querySelectorAll('.chart canvas')].map(canvas => {
            const pixels = canvas.getContext('2d')
                .getImageData(0, 0, canvas.width, canvas.height).data;
            let inked = 0;
            for (let i = 3; i < pixels.length; i += 4) if (pixels[i]) ++inked;
            return inked;
          })""")
        self.assertTrue(all(inked > 1000 for inked in painted), painted)
        self.assertEqual(driver.get_log("browser"), [])
        shoot(driver, "demo-light")

    def test_asks_nothing_of_the_network(self):
        driver = self.open()
        asked = driver.execute_script(
            "return performance.getEntriesByType('resource').map(one => one.name)")
        self.assertEqual(asked, [])

    def test_figures_and_decisions_are_those_of_the_data(self):
        driver = self.open()
        cells = [[cell.text for cell in row.find_elements(By.CSS_SELECTOR, "th, td")]
                 for row in driver.find_elements(By.CSS_SELECTOR, ".scroll tbody tr")]
        rows = self.page["figures"]["rows"]
        self.assertEqual(cells, [[row["label"], *row["values"]] for row in rows])
        # And what `-o json` printed of each policy.
        shown = {row[0]: row[1:] for row in cells}
        policies = self.summary["policies"]
        self.assertEqual(shown["Shortfall, viewer-minutes"],
                         [f'{one["shortfall"]["viewerMinutes"]:,.0f}' for one in policies])
        self.assertEqual(shown["Minutes short"],
                         [f'{one["shortfall"]["minutes"]:.1f}' for one in policies])
        self.assertEqual(shown["Replica-minutes paid"],
                         [f'{one["replicaMinutes"]:,.0f}' for one in policies])
        for text, one in zip(shown["Cost against a clairvoyant"], policies):
            self.assertAlmostEqual(number(text), one["costAgainstClairvoyant"], delta=.005)
        for text, one in zip(shown["Most viewers short at once"], policies):
            self.assertAlmostEqual(number(text), one["shortfall"]["worstViewers"], delta=.5)
        for curve, one in zip(self.page["curves"], policies):
            self.assertEqual(curve["points"][0]["shortfall"], one["shortfall"]["ratio"])
            self.assertEqual(curve["points"][0]["cost"], one["costAgainstClairvoyant"])
        unserved = next(one for one in self.page["charts"]
                        if one["title"] == "Viewers without a server")
        for series, one in zip(unserved["series"], policies):
            missed = sum(series["values"]) * unserved["step"] / 60
            self.assertAlmostEqual(missed, one["shortfall"]["viewerMinutes"],
                                   delta=1 + .01 * missed)
        shown = driver.find_elements(By.CSS_SELECTOR, "ol.decisions details")
        self.assertEqual(len(shown), min(200, len(self.page["decisions"])))

    def test_a_decision_opens_its_full_report(self):
        driver = self.open()
        first = driver.find_element(By.CSS_SELECTOR, "ol.decisions details")
        driver.execute_script("arguments[0].scrollIntoView()", first)
        first.find_element(By.CSS_SELECTOR, "summary").send_keys(Keys.ENTER)
        report = first.find_element(By.CSS_SELECTOR, "pre")
        wait_for(report.is_displayed)
        self.assertEqual(report.get_attribute("textContent"), self.page["decisions"][-1]["report"])

    def test_axes_have_their_unit_and_the_time_zone_that_is_chosen(self):
        driver = browser()
        try:
            driver.execute_cdp_cmd("Emulation.setTimezoneOverride", {"timezoneId": "Asia/Tokyo"})
            self.open(watched(driver))
            titles = [(one["title"], one["unit"]) for one in self.page["charts"]]
            clock = lambda title: {text for text in written_on(driver, title)
                                   if re.fullmatch(r"\d\d:\d\d", text)}
            utc = {}
            for title, unit in titles:
                written = written_on(driver, title)
                self.assertIn(unit, written)
                self.assertIn("UTC", written)
                utc[title] = clock(title)
                self.assertGreater(len(utc[title]), 2, written)
            curve = written_on(driver, "Cost against shortfall")
            self.assertIn("viewer-minutes without a server", curve)
            self.assertIn("cost, clairvoyant = 1", curve)
            first = driver.find_element(By.CSS_SELECTOR, "ol.decisions time")
            at = self.page["decisions"][-1]["at"]
            stamp = lambda seconds: time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(seconds))
            self.assertEqual(first.text, stamp(at) + " UTC")

            button = driver.find_element(By.CSS_SELECTOR, ".tools button:last-of-type")
            self.assertEqual(button.text, "Times in UTC")
            driver.execute_script("window.written = []")
            button.click()
            self.assertEqual(button.text, "Times in Asia/Tokyo")
            later = lambda text: f"{(int(text[:2]) + 9) % 24:02}{text[2:]}"
            for title, unit in titles:
                written = wait_for(lambda: "Asia/Tokyo" in written_on(driver, title) and
                                   written_on(driver, title))
                self.assertIn(unit, written)
                self.assertNotIn("UTC", written)
                wait_for(lambda: {later(one) for one in utc[title]} == clock(title))
            self.assertEqual(driver.find_element(By.CSS_SELECTOR, "ol.decisions time").text,
                             stamp(at + 9 * 3600) + " Asia/Tokyo")
            self.assertIn("Asia/Tokyo", driver.find_element(By.CSS_SELECTOR, ".tools output").text)
            button.click()
            self.assertEqual(button.text, "Times in UTC")
        finally:
            driver.quit()

    def test_tab_goes_through_everything_that_acts_in_its_order(self):
        driver = self.open()
        driver.execute_script("""
          window.acting = [...document.querySelectorAll(
              "button, .scroll, .chart, th[role=button], input, summary")];
          document.activeElement.blur();
          window.scrollTo(0, 0);""")
        until = driver.execute_script(
            "return window.acting.findIndex(one => one.tagName === 'SUMMARY')")
        order = []
        for _ in range(until + 1):
            webdriver.ActionChains(driver).send_keys(Keys.TAB).perform()
            order.append(driver.execute_script(
                "return window.acting.indexOf(document.activeElement)"))
        self.assertEqual(order, list(range(until + 1)))
        charts = driver.execute_script(
            "return window.acting.filter(one => one.matches('.chart')).map(one => one.ariaLabel)")
        self.assertEqual(len(charts), len(self.page["charts"]) + 1)
        self.assertTrue(all(charts), charts)

    def test_keys_hide_and_show_a_series(self):
        driver = self.open()
        for chart in (driver.find_elements(By.CSS_SELECTOR, ".chart")[0],
                      driver.find_elements(By.CSS_SELECTOR, ".chart")[-1]):
            driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", chart)
            toggle = chart.find_elements(By.CSS_SELECTOR, "th[role=button]")[0]
            hidden = lambda: "u-off" in toggle.find_element(By.XPATH, "..").get_attribute("class")
            for key in (Keys.SPACE, Keys.ENTER):
                self.assertEqual((hidden(), toggle.get_attribute("aria-pressed")), (False, "true"))
                toggle.send_keys(key)
                wait_for(hidden)
                self.assertEqual(toggle.get_attribute("aria-pressed"), "false")
                at = driver.execute_script("return window.scrollY")
                toggle.send_keys(Keys.SPACE)
                wait_for(lambda: not hidden())
                self.assertEqual(driver.execute_script("return window.scrollY"), at)

    def test_arrows_tell_what_stands_on_the_cost_chart(self):
        driver = self.open()
        chart = driver.find_elements(By.CSS_SELECTOR, ".chart")[-1]
        told = lambda: chart.find_element(By.XPATH, "../output").text
        costs = {}
        for curve in self.page["curves"]:
            point = curve["points"][0]
            costs.setdefault(point["shortfall"], []).append(
                f'{curve["policy"]} at a cost of {point["cost"]:.3f}')
        stops = [": " + ", ".join(costs[shortfall]) for shortfall in sorted(costs)]
        self.assertGreater(len(stops), 1)
        self.assertEqual(told(), "")
        for stop in stops:
            chart.send_keys(Keys.ARROW_RIGHT)
            wait_for(lambda: told().endswith(stop))
            self.assertTrue(told().startswith("At a shortfall of "), told())
        chart.send_keys(Keys.ARROW_RIGHT)
        self.assertTrue(told().endswith(stops[-1]), "the last point is the last")
        chart.send_keys(Keys.ARROW_LEFT)
        wait_for(lambda: told().endswith(stops[-2]))

    def test_the_filter_keeps_what_matches(self):
        driver = self.open()
        driver.find_element(By.CSS_SELECTOR, "input[type=search]").send_keys("ScaleDown")
        want = [one for one in self.page["decisions"] if "scaledown" in json.dumps(one).lower()]
        self.assertGreater(len(want), 0)
        wait_for(lambda: len(driver.find_elements(By.CSS_SELECTOR, "ol.decisions details")) ==
                 min(200, len(want)))

    def test_the_cursor_reads_the_values_of_the_data(self):
        driver = self.open()
        chart = self.page["charts"][0]
        over = driver.find_elements(By.CSS_SELECTOR, ".chart .u-over")[0]
        driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", over)
        webdriver.ActionChains(driver).move_to_element(over).perform()
        legend = driver.find_elements(By.CSS_SELECTOR, ".chart .u-legend")[0]
        shown = [one.text for one in legend.find_elements(By.CSS_SELECTOR, ".u-value")]
        at = wait_for(lambda: re.search(r"\d{2}:\d{2}:\d{2}", shown[0]) and shown[0])
        steps = [time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(chart["from"] + i * chart["step"]))
                 for i in range(len(chart["series"][0]["values"]))]
        index = steps.index(at)
        for series, text in zip(chart["series"], shown[1:]):
            value = series["values"][index]
            self.assertEqual(text, "not known" if value is None
                             else f'{round(value * series["factor"]):,}')

    def test_dragging_and_keys_zoom_all_charts_over_time(self):
        driver = self.open()
        whole = self.ranges(driver)
        over = driver.find_elements(By.CSS_SELECTOR, ".chart .u-over")[0]
        driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", over)
        (webdriver.ActionChains(driver).move_to_element(over).click_and_hold()
         .move_by_offset(200, 0).release().perform())
        zoomed = wait_for(lambda: self.ranges(driver) != whole and self.ranges(driver))
        over_time = len(self.page["charts"])
        self.assertEqual(len(set(zoomed[:over_time])), 1, "all show the same hours")
        place = driver.find_elements(By.CSS_SELECTOR, ".chart")[0]
        place.send_keys("0")
        wait_for(lambda: self.ranges(driver) == whole)
        place.send_keys("+")
        wait_for(lambda: self.ranges(driver) != whole)
        closer = self.ranges(driver)
        place.send_keys(Keys.ARROW_RIGHT)
        wait_for(lambda: self.ranges(driver) != closer)
        place.send_keys(Keys.ESCAPE)
        wait_for(lambda: self.ranges(driver) == whole)

    def test_dark_and_narrow(self):
        for dark, size, name in ((True, (1280, 900), "demo-dark"), (False, (500, 900), "demo-narrow")):
            driver = browser(dark, size)
            try:
                self.open(driver)
                width = driver.execute_script("return document.documentElement.clientWidth")
                needed = driver.execute_script("return document.documentElement.scrollWidth")
                self.assertLessEqual(needed, width, "the page does not scroll sideways")
                page = driver.execute_script("return getComputedStyle(document.body).backgroundColor")
                self.assertEqual(page, "rgb(13, 17, 23)" if dark else "rgb(255, 255, 255)")
                shoot(driver, name)
            finally:
                driver.quit()

    def answers_to_its_own_name_alone(self, url):
        with urllib.request.urlopen(url, timeout=20) as answer:
            self.assertEqual(answer.headers["X-Frame-Options"], "DENY")
        rebound = urllib.request.Request(url, headers={"Host": "elsewhere.example"})
        with self.assertRaises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(rebound, timeout=20)
        self.assertEqual(refused.exception.code, 421)
        refused.exception.close()

    def test_follows_a_live_run_and_says_when_it_is_cut_off(self):
        live = subprocess.Popen([EDGETIDE, "demo", "--speed", "900", "--serve", "0", "--color",
                                 "never", "--report", f"{self.folder.name}/live.html"],
                                stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True)
        try:
            url = next(match[1] for line in live.stdout
                       if (match := re.search(r"(http://127\.0\.0\.1:\d+/)", line)))
            driver = self.driver
            driver.get(url)
            moment = lambda: driver.execute_script(
                "return document.querySelector('.scroll thead th:nth-child(2)')?.textContent ?? ''")
            first = wait_for(moment)
            wait_for(lambda: moment() != first)
            state = lambda: driver.execute_script("return document.documentElement.dataset.state")
            self.assertEqual(state(), "live")
            self.answers_to_its_own_name_alone(url)
            shoot(driver, "demo-live")
            live.terminate()
            live.wait(timeout=20)
            wait_for(lambda: state() == "disconnected")
            self.assertIn("what is shown is old",
                          driver.find_element(By.CSS_SELECTOR, ".status").text)
        finally:
            live.kill()
            live.stdout.close()
            live.wait()


class SimulationPageTest(unittest.TestCase):
    NIGHT = pathlib.Path(__file__).parents[2] / "examples/scenarios/cup-final.yaml"

    def test_a_night_is_followed_live_with_the_floor_of_each_domain(self):
        live = subprocess.Popen([EDGETIDE, "simulate", self.NIGHT, "--policy", "edgetide,hpa60",
                                 "--serve", "0", "--speed", "1500", "-o", "json"],
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                stdin=subprocess.DEVNULL, text=True)
        driver = browser()
        try:
            url = next(match[1] for line in live.stderr
                       if (match := re.search(r"(http://127\.0\.0\.1:\d+/)", line)))
            driver.get(url)
            state = lambda: driver.execute_script("return document.documentElement.dataset.state")
            titles = lambda: [one.text for one in driver.find_elements(By.CSS_SELECTOR, "h2")]
            wait_for(lambda: state() == "live" and "Replicas in zone-a" in titles())
            wait_for(lambda: "redundancy floor" in driver.find_element(By.TAG_NAME, "main").text)
            wait_for(lambda: state() == "over", 60)
            # The page that stays has the figures of both, and they are those of the JSON.
            printed = json.loads("".join(iter(live.stdout.readline, "}\n")) + "}")
            rows = [[cell.text for cell in row.find_elements(By.CSS_SELECTOR, "th, td")]
                    for row in driver.find_elements(By.CSS_SELECTOR, ".scroll tbody tr")]
            self.assertEqual(rows[0][1:], [f'{run["unserved"]["viewerMinutes"]:,.0f}'
                                           for run in printed["runs"]])
            shown = {row[0]: row[1:] for row in rows}
            for i, run in enumerate(printed["runs"]):
                for label, told, within in (
                        ("of all, %", 100 * run["unserved"]["share"], .0005),
                        ("most viewers at once", run["unserved"]["mostAtOnce"], .5),
                        ("cost against a clairvoyant fleet", run["costRatio"], .005),
                        ("against one with the same promises", run["promiseCostRatio"], .005)):
                    self.assertAlmostEqual(number(shown[label][i]), told, delta=within, msg=label)
            self.assertEqual(driver.get_log("browser"), [])
            live.terminate()
            self.assertEqual(live.wait(timeout=20), 0)
        finally:
            driver.quit()
            live.kill()
            live.wait()
            live.stdout.close()
            live.stderr.close()

    def test_marks_are_drawn_as_they_come_and_those_of_faults_stand_out(self):
        night = self.NIGHT.with_name("prometheus-down-at-peak.yaml")
        live = subprocess.Popen([EDGETIDE, "simulate", night, "--policy", "edgetide",
                                 "--serve", "0", "--speed", "1500"],
                                stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                                stdin=subprocess.DEVNULL, text=True)
        driver = browser()
        try:
            url = next(match[1] for line in live.stderr
                       if (match := re.search(r"(http://127\.0\.0\.1:\d+/)", line)))
            watched(driver, url)
            title = wait_for(lambda: driver.find_elements(By.CSS_SELECTOR, "h2"))[0].text
            state = lambda: driver.execute_script("return document.documentElement.dataset.state")
            # The page that stays draws anew.
            wait_for(lambda: "half-time" in written_on(driver, title) and state() == "live")
            wait_for(lambda: state() == "over", 60)
            colors = {}
            for one in driver.execute_script("return window.written"):
                if one["title"] == title:
                    colors.setdefault(one["text"], one["color"])
            texts = list(colors)
            programme = ["kick-off", "half-time", "second half", "final whistle", "announced end"]
            faults = ["SourceGone for 20m"]
            self.assertLessEqual({*programme, *faults}, {*texts})
            self.assertNotIn(texts[0], programme, "the chart was there before its marks")
            self.assertEqual(len({colors[one] for one in programme}), 1)
            self.assertFalse({colors[one] for one in programme} & {colors[one] for one in faults})
        finally:
            driver.quit()
            live.terminate()
            live.wait(timeout=20)
            live.stderr.close()

    def test_every_pool_of_a_night_with_tiers_has_its_floor_and_its_decisions(self):
        with tempfile.TemporaryDirectory() as folder:
            report = pathlib.Path(folder) / "tiers.html"
            subprocess.run([EDGETIDE, "simulate", self.NIGHT.with_name("tiers-zone-lost.yaml"),
                            "--report", report], check=True, capture_output=True, timeout=120)
            page = data_of(report.read_text())
            driver = browser()
            try:
                driver.get(report.as_uri())
                wait_for(lambda: len(driver.find_elements(By.CSS_SELECTOR, ".chart canvas")) ==
                         len(page["charts"]) + 1)
                for index, chart in enumerate(page["charts"]):
                    if not chart["title"].startswith("Replicas of live-shield"):
                        continue
                    over = driver.find_elements(By.CSS_SELECTOR, ".chart .u-over")[index]
                    driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", over)
                    webdriver.ActionChains(driver).move_to_element(over).perform()
                    legend = driver.find_elements(By.CSS_SELECTOR, ".chart .u-legend")[index]
                    shown = wait_for(lambda: {
                        row.find_element(By.CSS_SELECTOR, "th").text:
                        row.find_element(By.CSS_SELECTOR, ".u-value").text
                        for row in legend.find_elements(By.CSS_SELECTOR, ".u-series")
                        if re.search(r"\d", row.find_element(By.CSS_SELECTOR, ".u-value").text)})
                    at = [time.strftime("%Y-%m-%d %H:%M:%S",
                                        time.gmtime(chart["from"] + i * chart["step"]))
                          for i in range(len(chart["series"][0]["values"]))].index(
                              shown["Time (UTC)"])
                    for series in chart["series"]:
                        self.assertEqual(shown[series["label"]], f'{series["values"][at]:,}')
                    self.assertGreater(int(shown["redundancy floor"]), 0)
                driver.find_element(By.CSS_SELECTOR, "input[type=search]").send_keys("live-shield")
                want = [one for one in page["decisions"] if "live-shield" in json.dumps(one)]
                entries = wait_for(lambda: [
                    one.text for one in driver.find_elements(By.CSS_SELECTOR, "ol.decisions b")
                    if one.text.startswith("live-shield ")])
                newest = next(one for one in reversed(want) if one["pool"] == "live-shield")
                self.assertIn(f'live-shield {newest["action"]} {newest["from"]} → {newest["to"]}',
                              entries)
                self.assertEqual(driver.get_log("browser"), [])
                shoot(driver, "tiers-light")
            finally:
                driver.quit()

    def test_many_shortfalls_are_folded_and_all_of_them_are_there(self):
        with tempfile.TemporaryDirectory() as folder:
            report = pathlib.Path(folder) / "rival.html"
            made = subprocess.run([EDGETIDE, "simulate", self.NIGHT.with_name("rival.yaml"),
                                   "--report", report, "-o", "json"],
                                  check=True, capture_output=True, timeout=120)
            shortfalls = json.loads(made.stdout)["runs"][0]["shortfalls"]
            self.assertGreater(len(shortfalls), 3)
            for dark, size in ((False, (1280, 900)), (True, (500, 900))):
                driver = browser(dark, size)
                try:
                    driver.get(report.as_uri())
                    folded = wait_for(lambda: driver.find_elements(By.CSS_SELECTOR, ".scroll details"))[0]
                    lines = folded.find_elements(By.CSS_SELECTOR, "li")
                    shown = lambda: [one.text for one in lines if one.text]  # none while it is folded
                    self.assertEqual(shown(), [])
                    summary = folded.find_element(By.CSS_SELECTOR, "summary")
                    self.assertIn(f"{len(shortfalls)}, the first {shortfalls[0]['from'][11:16]} to ",
                                  summary.text)
                    shoot(driver, f"folded-{size[0]}-{'dark' if dark else 'light'}")
                    summary.send_keys(Keys.ENTER)
                    told = wait_for(shown)
                    self.assertEqual(len(told), len(shortfalls))
                    for line, one in zip(told, shortfalls):
                        begin, end = one["from"][11:16], one["to"][11:16]
                        when = f"{begin} to {end}" if begin != end else f"at {begin}"
                        self.assertTrue(line.startswith(when), line)
                        self.assertIn(" and ".join(one["causes"]), line)
                        self.assertIn(f" {one['missingReplicas']} replica", line)
                    self.assertEqual(driver.get_log("browser"), [])
                    self.assertLessEqual(
                        driver.execute_script("return document.documentElement.scrollWidth"),
                        driver.execute_script("return document.documentElement.clientWidth"))
                    shoot(driver, f"unfolded-{size[0]}-{'dark' if dark else 'light'}")
                finally:
                    driver.quit()

    def test_light_dark_and_narrow(self):
        with tempfile.TemporaryDirectory() as folder:
            report = pathlib.Path(folder) / "night.html"
            subprocess.run([EDGETIDE, "simulate", self.NIGHT, "--policy", "edgetide,hpa60",
                            "--report", report], check=True, capture_output=True, timeout=120)
            charts = len(data_of(report.read_text())["charts"])
            for dark, size, name in ((False, (1280, 900), "night-light"),
                                     (True, (1280, 900), "night-dark"),
                                     (False, (500, 900), "night-narrow")):
                driver = browser(dark, size)
                try:
                    driver.get(report.as_uri())
                    wait_for(lambda: len(driver.find_elements(By.CSS_SELECTOR, ".chart canvas")) ==
                             charts + 1)
                    self.assertEqual(driver.get_log("browser"), [])
                    self.assertLessEqual(
                        driver.execute_script("return document.documentElement.scrollWidth"),
                        driver.execute_script("return document.documentElement.clientWidth"))
                    shoot(driver, name)
                finally:
                    driver.quit()


class BacktestPageTest(unittest.TestCase):
    def assert_zero_is_at_the_left_edge(self, driver, page):
        shortfalls = {row["points"][0]["shortfall"] for row in page["curves"]}
        self.assertIn(0, shortfalls)
        self.assertGreater(max(shortfalls), 0)
        written = [one for one in driver.execute_script("return window.written")
                   if one["title"] == "Cost against shortfall"]
        ticks = [one for one in written if one["text"] == "0" or one["text"].endswith(" %")]
        leftmost = min(ticks, key=lambda one: one["x"])
        self.assertEqual(leftmost["text"], "0", ticks)
        points = driver.execute_script("return window.points")
        self.assertAlmostEqual(min(points), leftmost["x"], delta=1.5)
        self.assertGreater(max(points), min(one["x"] for one in ticks if one["text"] != "0"))

    def assert_a_decision_opens(self, driver, page):
        self.assertTrue(all(one["report"] for one in page["decisions"]))
        first = driver.find_element(By.CSS_SELECTOR, "ol.decisions details")
        first.find_element(By.CSS_SELECTOR, "summary").send_keys(Keys.ENTER)
        report = first.find_element(By.CSS_SELECTOR, "pre")
        wait_for(report.is_displayed)
        self.assertEqual(report.get_attribute("textContent"), page["decisions"][-1]["report"])
        self.assertIn(" Ready, for ", report.text)

    def test_a_backtest_has_its_page(self):
        with tempfile.TemporaryDirectory() as folder:
            series = pathlib.Path(folder) / "viewers.csv"
            lines = ["timestamp,value"]
            for minute in range(3 * 1440):
                hour = (minute / 60) % 24
                viewers = 20_000 + 15_000 * max(0, 1 - abs(hour - 20) / 4)
                stamp = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(1_800_000_000 + 60 * minute))
                lines.append(f"{stamp},{viewers:.0f}")
            series.write_text("\n".join(lines) + "\n")
            pool = pathlib.Path(folder) / "pool.yaml"
            pool.write_text("failureDomains: [{name: a, scaleTargetRef: {apiVersion: apps/v1, "
                            "kind: Deployment, name: a}}]\ncapacity: {viewers: 500}\n"
                            "replicas: {min: 1, max: 1000}\nredundancy: {survive: None}\n")
            report = pathlib.Path(folder) / "report.html"
            made = subprocess.run([EDGETIDE, "backtest", "--series", series, "--pool", pool,
                                   "--policy", "edgetide,hpa:target=0.6,reaction,clairvoyant",
                                   "--report", report, "-o", "json"],
                                  check=True, capture_output=True, stdin=subprocess.DEVNULL,
                                  timeout=120)
            page = data_of(report.read_text())
            policies = json.loads(made.stdout)["policies"]
            self.assertEqual([row["label"] for row in page["figures"]["rows"]],
                             [row["policy"] for row in policies])
            driver = browser()
            try:
                watched(driver, report.as_uri())
                wait_for(lambda: len(driver.find_elements(By.CSS_SELECTOR, ".chart canvas")) == 6)
                wait_for(lambda: driver.execute_script("return window.points.length"))
                self.assert_zero_is_at_the_left_edge(driver, page)
                self.assert_a_decision_opens(driver, page)
                self.assertEqual(driver.get_log("browser"), [])
                cells = [[cell.text for cell in row.find_elements(By.CSS_SELECTOR, "td")]
                         for row in driver.find_elements(By.CSS_SELECTOR, ".scroll tbody tr")]
                for shown, policy in zip(cells, policies):
                    self.assertAlmostEqual(number(shown[0]), 100 * policy["shortfallRatio"],
                                           delta=5e-5)
                    self.assertEqual(number(shown[2]), policy["replicaMinutes"])
                    self.assertAlmostEqual(number(shown[3]), policy["costAgainstClairvoyant"],
                                           delta=5e-4)
                if SHOTS:
                    driver.set_window_size(1280, 2600)
                    time.sleep(0.5)
                    driver.save_screenshot(f"{SHOTS}/backtest.png")
            finally:
                driver.quit()


if __name__ == "__main__":
    unittest.main()
