#!/usr/bin/env python3
"""Writes protobuf_fields.def: the field numbers of the schema's types in Kubernetes' protobuf form.

usage: protobuf_fields.py SCHEMAS.json GENERATED.proto… > protobuf_fields.def
"""
import json
import re
import sys

FIELD = re.compile(r"^\s*(?:optional|repeated)?\s*(map<[^>]*>|[\w.]+)\s+(\w+)\s*=\s*(\d+)\s*;")


def messages(path):
    """{full name: [(field, number, type)]} of one file."""
    text = re.sub(r"//[^\n]*", "", open(path, encoding="utf-8").read())
    package = re.search(r"^package ([\w.]+);", text, re.M).group(1).replace("k8s.io.", "io.k8s.", 1)
    out = {}
    for name, body in re.findall(r"^message (\w+) \{(.*?)^\}", text, re.M | re.S):
        fields = [FIELD.match(line) for line in body.splitlines()]
        out[f"{package}.{name}"] = [(f.group(2), int(f.group(3)), f.group(1).lstrip(".")) for f in fields if f]
    return package, out


def main():
    schemas = json.load(open(sys.argv[1], encoding="utf-8"))["schemas"]
    known, packages = {}, {}
    for path in sys.argv[2:]:
        package, found = messages(path)
        known.update(found)
        packages.update({name: package for name in found})
    rows, inlined = {}, {}

    def row(full, properties):
        """The text of a type's fields; what is not a property of its own is another message written into this one."""
        parts = []
        for field, number, kind in known[full]:
            if field in properties:
                parts.append(f"{field}={number}")
                continue
            kind = kind.replace("k8s.io.", "io.k8s.", 1)
            inner = kind if kind in known else f"{packages[full]}.{kind}"
            if inner in known and any(f in properties for f, _, _ in known[inner]):
                parts.append(f"+{inner.split('.')[-1]}={number}")
                inlined[inner.split(".")[-1]] = row(inner, properties)
        return ",".join(parts)

    for full, schema in schemas.items():
        properties = schema.get("properties", {})
        if full not in known or not properties:
            continue
        name = "DiscoveryEndpointPort" if full == "io.k8s.api.discovery.v1.EndpointPort" else full.split(".")[-1]
        rows[name] = row(full, properties)
        print(f"// {name}: {sorted(set(properties) - {'apiVersion', 'kind'} - set(re.findall(r'[a-zA-Z0-9]+(?==)', rows[name] + ','.join(inlined.values()))))}", file=sys.stderr)
    print("// The numbers of fields in Kubernetes' protobuf form (v1.37.2), made by protobuf_fields.py. FIELDS(type, numbers); a")
    print("// name after a plus is a message whose fields stand in this one's JSON.")
    for name, text in sorted({**inlined, **rows}.items()):
        print(f'FIELDS("{name}", "{text}")')


main()
