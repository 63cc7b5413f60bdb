"""Reads figures as Prometheus does, by its own parser, and gives them back as JSON; the first fault ends it."""
import json
import sys

from prometheus_client.parser import text_string_to_metric_families

families = []
for family in text_string_to_metric_families(sys.stdin.read()):
    samples = [{"name": s.name, "labels": s.labels, "value": s.value} for s in family.samples]
    families.append({"name": family.name, "type": family.type, "help": family.documentation, "samples": samples})
# What JSON has no word for: a histogram's last bucket is no number there.
print(json.dumps(families).replace("Infinity", "1e999").replace("NaN", "null"))
