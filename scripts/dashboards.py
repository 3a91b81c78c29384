"""The chart's Grafana dashboards, made of charts/dashboards; generate-chart writes them."""

import json
import pathlib

import yaml

SOURCES = pathlib.Path(__file__).resolve().parents[1] / "charts/dashboards"
TITLES = {"fleet": "Edgetide: fleet", "pools": "Edgetide: pools", "operator": "Edgetide: operator"}
DATASOURCE = {"type": "prometheus", "uid": "$datasource"}
# What a query's {POOL} stands for: the pools that are chosen on top of the dashboard.
CHOSEN = 'namespace=~"$namespace", pool=~"$pool"'
# From a row of a table to what its cell names, with the time and the source of data kept.
TO_THE_POOL = ("/d/edgetide-pools?${__url_time_range}&var-datasource=${datasource}"
               "&var-namespace=${__data.fields.namespace}&var-pool=${__data.fields.pool}")
TO_THE_RUNBOOK = "docs/runbooks/${__data.fields.alertname}.md"
COLUMNS = 24  # of Grafana's grid
USUAL_SIZE = {"width": 12, "height": 8}


def variable(name, query):
    return {"name": name, "type": "query", "query": query, "refresh": 2, "includeAll": True,
            "multi": True, "allValue": ".*", "current": {"text": "All", "value": "$__all"},
            "datasource": DATASOURCE}


def expression(query):
    return query["expr"].replace("{POOL", "{" + CHOSEN)


def annotation(source):
    return {"name": source["annotation"], "datasource": DATASOURCE, "enable": True,
            "iconColor": source["color"], "expr": expression(source), "step": "60s",
            "titleFormat": source["annotation"], "textFormat": source["legend"]}


def letter(number):
    return chr(ord("A") + number)


def targets(source, **more):
    return [{"refId": letter(i), "datasource": DATASOURCE, "expr": expression(query),
             "legendFormat": query.get("legend", ""), **more}
            for i, query in enumerate(source["queries"])]


def steps(alarming_from):
    return {"mode": "absolute", "steps": [{"color": "text", "value": None},
                                          {"color": "red", "value": alarming_from}]}


def property_of(name, value):
    return {"id": name, "value": value}


def of_field(name, *properties):
    return {"matcher": {"id": "byName", "options": name}, "properties": list(properties)}


def link(title, url):
    return property_of("links", [{"title": title, "url": url}])


def column(query):
    """How a column of a table is shown, where it is not as a plain number."""
    properties = []
    if "shown" in query:
        options = {str(number): {"text": text, "color": color, "index": i}
                   for i, (number, (text, color)) in enumerate(query["shown"].items())}
        properties.append(property_of("mappings", [{"type": "value", "options": options}]))
    if "alarming_from" in query:
        properties.append(property_of("thresholds", steps(query["alarming_from"])))
    if properties:
        properties.append(property_of("custom.cellOptions", {"type": "color-text"}))
    return of_field(query["column"], *properties)


def table(source):
    """A row for each set of labels, a column for each query."""
    names = {f"Value #{letter(i)}": query["column"] for i, query in enumerate(source["queries"])}
    if len(names) == 1:  # one query alone has no letter
        names["Value"] = names["Value #A"]
    order = ["alertname", "severity", "namespace", "pool"]
    return {"type": "table", "targets": targets(source, instant=True, format="table"),
            "transformations": [
                {"id": "merge", "options": {}},
                {"id": "organize", "options": {
                    "excludeByName": {"Time": True}, "renameByName": names,
                    "indexByName": {name: i for i, name in enumerate(order + list(names))}}}],
            "fieldConfig": {
                "defaults": {"unit": source["unit"], "noValue": ""},
                "overrides": [of_field("pool", link("This pool", TO_THE_POOL)),
                              of_field("alertname", link("Its runbook", TO_THE_RUNBOOK)),
                              *map(column, source["queries"])]}}


def stat(source):
    return {"type": "stat", "targets": targets(source, instant=True),
            "options": {"textMode": "value_and_name", "colorMode": "none"},
            "fieldConfig": {"defaults": {"unit": source["unit"], "noValue": "0"}, "overrides": []}}


def timeseries(source):
    return {"type": "timeseries", "targets": targets(source),
            "fieldConfig": {"defaults": {"unit": source["unit"], "min": 0}, "overrides": []}}


KINDS = {"timeseries": timeseries, "table": table, "stat": stat}


def panel(source, number, place):
    return {"id": number, "title": source["title"], "description": source["description"],
            "datasource": DATASOURCE, "gridPos": place,
            **KINDS[source.get("kind", "timeseries")](source)}


def laid_out(rows):
    """The panels from left to right, a new line where one does not fit."""
    panels, y = [], 0
    for row in rows:
        panels.append({"id": len(panels) + 1, "type": "row", "title": row["row"], "panels": [],
                       "gridPos": {"x": 0, "y": y, "w": COLUMNS, "h": 1}})
        x, y, line = 0, y + 1, 0
        for source in row["panels"]:
            size = USUAL_SIZE | source
            if x + size["width"] > COLUMNS:
                x, y, line = 0, y + line, 0
            place = {"x": x, "y": y, "w": size["width"], "h": size["height"]}
            panels.append(panel(source, len(panels) + 1, place))
            x, line = x + size["width"], max(line, size["height"])
        y += line
    return panels


def dashboard_text(name):
    text = (SOURCES / f"{name}.yaml").read_text()
    parts = yaml.safe_load(text)
    variables = [{"name": "datasource", "type": "datasource", "query": "prometheus"}]
    if "{POOL" in text:
        variables += [variable("namespace", "label_values(edgetide_pool_spec_problems, namespace)"),
                      variable("pool", "label_values(edgetide_pool_spec_problems"
                                       '{namespace=~"$namespace"}, pool)')]
    board = {"uid": f"edgetide-{name}", "title": TITLES[name], "tags": ["edgetide"],
             "schemaVersion": 36, "timezone": "", "time": {"from": "now-6h", "to": "now"},
             "refresh": "30s",
             "links": [{"type": "dashboards", "title": "Edgetide", "tags": ["edgetide"],
                        "keepTime": True, "includeVars": True}],
             "annotations": {"list": [annotation(part) for part in parts if "annotation" in part]},
             "templating": {"list": variables},
             "panels": laid_out([part for part in parts if "row" in part])}
    return json.dumps(board, indent=1) + "\n"
