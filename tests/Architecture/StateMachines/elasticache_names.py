"""Prints how Step Functions names ElastiCache's errors and members, derived from the service model that comes with botocore.

A line is one of
  error <name>                              what Retry and Catch see
  in <action> <member> [required]           what Parameters may hold
  out <action> <path>                       what a ResultSelector may read; [] stands for any place in a list
"""

import gzip
import json
import os
import re

import botocore

ACTIONS = [
    "CopyServerlessCacheSnapshot", "CopySnapshot", "DeleteCacheCluster", "DeleteReplicationGroup", "DeleteServerlessCache",
    "DeleteServerlessCacheSnapshot", "DeleteSnapshot", "DescribeCacheClusters", "DescribeReplicationGroups", "DescribeServerlessCacheSnapshots",
    "DescribeServerlessCaches", "DescribeSnapshots", "ExportServerlessCacheSnapshot",
]


def sdk(name):
    # AWS's SDK for Java, whose names Step Functions takes, writes an abbreviation like a word.
    name = re.sub(r"([A-Z])([A-Z]+)(?=[A-Z][a-z])(?!s)", lambda m: m[1] + m[2].lower(), name)
    return re.sub(r"([A-Z])([A-Z]+)(?=s?$)", lambda m: m[1] + m[2].lower(), name)


def error(shape):
    name = re.sub(r"Fault$", "", shape)
    return "ElastiCache." + (name if name.endswith("Exception") else name + "Exception")


def paths(shapes, name, seen=()):
    shape = shapes[name]
    if shape["type"] == "structure" and name not in seen:
        for member, target in shape.get("members", {}).items():
            yield sdk(member)
            for below in paths(shapes, target["shape"], (*seen, name)):
                yield sdk(member) + ("" if below.startswith("[]") else ".") + below
    elif shape["type"] == "list":
        for below in paths(shapes, shape["member"]["shape"], seen):
            yield "[]." + below


def main():
    folder = os.path.join(botocore.__path__[0], "data", "elasticache", "2015-02-02")
    packed = os.path.join(folder, "service-2.json.gz")
    with gzip.open(packed) if os.path.exists(packed) else open(os.path.join(folder, "service-2.json"), "rb") as file:
        model = json.load(file)
    shapes = model["shapes"]
    lines = {"error " + error(name) for name, shape in shapes.items() if shape.get("exception")}
    for name in ACTIONS:
        action = name[0].lower() + name[1:]
        operation = model["operations"][name]
        asked = shapes[operation["input"]["shape"]]
        lines |= {f"in {action} {sdk(member)}" + (" required" if member in asked.get("required", []) else "") for member in asked["members"]}
        lines |= {f"out {action} {path}" for path in paths(shapes, operation["output"]["shape"])}
    print("\n".join(sorted(lines)))


main()
