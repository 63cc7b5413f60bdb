"""Reads YAML from standard input with Debian's parser, strictly enough for rules, and writes JSON."""
import json
import sys

import yaml

print(json.dumps(yaml.safe_load(sys.stdin.read())))
