#!/usr/bin/env python3
"""Writes keys.hpp, types.hpp, schema_table.cpp and schema_packages.cpp from schemas.json (the types of Kubernetes v1.37.2 that the playground's kinds reach).

usage: generate.py SCHEMAS.json OUTDIR
"""
import json
import os
import sys

RESERVED = {"template", "namespace", "operator", "default", "class", "continue", "private", "public", "protected", "export", "register", "auto", "delete", "new", "this", "int", "static", "enum", "exec", "stdin", "unix", "linux"} - {"exec"}

# Labels, annotations and other keys of maps that the control plane itself reads or writes.
EXTRA_KEYS = {
    "podIndexLabel": "apps.kubernetes.io/pod-index",
    "revisionHashLabel": "controller-revision-hash",
    "podNameLabel": "statefulset.kubernetes.io/pod-name",
    "podTemplateHashLabel": "pod-template-hash",
    "podTemplateGenerationLabel": "pod-template-generation",
    "hostnameLabel": "kubernetes.io/hostname",
    "zoneLabel": "topology.kubernetes.io/zone",
    "serviceNameLabel": "kubernetes.io/service-name",
    "managedByLabel": "endpointslice.kubernetes.io/managed-by",
    "headlessLabel": "service.kubernetes.io/headless",
    "deploymentRevision": "deployment.kubernetes.io/revision",
    "deploymentRevisionHistory": "deployment.kubernetes.io/revision-history",
    "deploymentDesiredReplicas": "deployment.kubernetes.io/desired-replicas",
    "deploymentMaxReplicas": "deployment.kubernetes.io/max-replicas",
    "templateGeneration": "deprecated.daemonset.template.generation",
    "podDeletionCost": "controller.kubernetes.io/pod-deletion-cost",
    "storageProvisioner": "volume.kubernetes.io/storage-provisioner",
    "betaStorageProvisioner": "volume.beta.kubernetes.io/storage-provisioner",
    "selectedNode": "volume.kubernetes.io/selected-node",
    "bindCompleted": "pv.kubernetes.io/bind-completed",
    "boundByController": "pv.kubernetes.io/bound-by-controller",
    "provisionedBy": "pv.kubernetes.io/provisioned-by",
    "isDefaultClass": "storageclass.kubernetes.io/is-default-class",
    "betaStorageClass": "volume.beta.kubernetes.io/storage-class",
    "lastAppliedConfiguration": "kubectl.kubernetes.io/last-applied-configuration",
    "restartedAt": "kubectl.kubernetes.io/restartedAt",
    "changeCause": "kubernetes.io/change-cause",
    "patchDirective": "$patch",
    "patchRetainKeys": "$retainKeys",
    "items": "items",
    "cpu": "cpu",
    "memory": "memory",
    "pods": "pods",
    "storage": "storage",
    "ephemeralStorage": "ephemeral-storage",
}


def short(name):
    """io.k8s.api.core.v1.Pod -> Pod; of the two EndpointPorts that of discovery keeps a prefix."""
    last = name.split(".")[-1]
    if name == "io.k8s.api.discovery.v1.EndpointPort":
        return "DiscoveryEndpointPort"
    return last


def ident(name):
    out = "".join(c if c.isalnum() else "_" for c in name)
    if out[0].isdigit():
        out = "_" + out
    return out + "_" if out in RESERVED else out


SCALARS = {"Quantity": "Quantity", "Time": "Time", "MicroTime": "MicroTime", "IntOrString": "IntOrString", "RawExtension": "Raw", "FieldsV1": "Raw"}


def kind_of(schema):
    """(FieldType, element type name or None) of a property's schema."""
    ref = schema.get("$ref") or next((s["$ref"] for s in schema.get("allOf", []) if "$ref" in s), None)
    if ref:
        name = short(ref.split("/")[-1])
        return (SCALARS[name], None) if name in SCALARS else ("Object", name)
    kind = schema.get("type")
    if kind == "string":
        return ("Bytes" if schema.get("format") == "byte" else "String", None)
    if kind == "integer":
        return ("Int64" if schema.get("format") == "int64" else "Int32", None)
    if kind == "boolean":
        return ("Bool", None)
    if kind == "number":
        return ("Double", None)
    raise SystemExit(f"unknown schema {schema}")


def main():
    schemas = json.load(open(sys.argv[1]))["schemas"]
    out = sys.argv[2]
    os.makedirs(out, exist_ok=True)
    types = {}
    for full, schema in schemas.items():
        name = short(full)
        if name in SCALARS:
            continue
        assert name not in types, name
        types[name] = schema
    keys = dict((v, k) for k, v in EXTRA_KEYS.items())
    for schema in types.values():
        for prop in schema.get("properties", {}):
            keys.setdefault(prop, ident(prop))
    ordered = sorted(keys.items(), key=lambda kv: kv[0].encode())
    ids = [i for _, i in ordered]
    assert len(set(ids)) == len(ids), [i for i in ids if ids.count(i) > 1]

    def write(name, text):
        path = os.path.join(out, name)
        if os.path.exists(path) and open(path).read() == text:
            return
        with open(path, "w") as f:
            f.write(text)

    text = ["// Generated from schemas.json: the schema's keys, with constant ids in the order of their text.", "#pragma once", "#include <cstdint>", "#include <string_view>", "", "namespace api::key {", "enum class Id : uint32_t {"]
    text += [f"  {i}," for _, i in ordered]
    text += ["};", "using enum Id;", f"inline constexpr uint32_t schemaKeys = {len(ordered)};", "extern const std::string_view texts[schemaKeys];", "}  // namespace api::key", ""]
    write("keys.hpp", "\n".join(text))

    # Types in an order in which every accessor can return by value: declared first, defined after, bodies inline at the end.
    names = sorted(types)
    text = ["// Generated from schemas.json: typed views of documents, named as in Kubernetes' Go types.", "#pragma once", '#include "core/api/typed.hpp"', "", "namespace api {"]
    text += [f"struct {n};" for n in names]
    bodies = []
    for n in names:
        text.append(f"struct {n} : Typed {{")
        for prop, schema in sorted(types[n].get("properties", {}).items()):
            f, k = ident(prop), f"key::{ident(prop)}"
            cap = f[0].upper() + f[1:]
            text.append(f"  bool has{cap}() const {{ return has({k}); }}")
            if schema.get("type") == "array":
                kind, element = kind_of(schema["items"])
                t = f"List<{element}>" if element else "StringList" if kind in ("String", "Time") else "ValueList"
                text.append(f"  inline {t} {f}() const;")
                text.append(f"  inline void {f}({t} v);")
                bodies.append(f"{t} {n}::{f}() const {{ return {t}{{{{doc[{k}]}}}}; }}")
                bodies.append(f"void {n}::{f}({t} v) {{ doc.set({k}, std::move(v.doc)); }}")
            elif schema.get("type") == "object" and "additionalProperties" in schema:
                kind, element = kind_of(schema["additionalProperties"])
                t = "StringMap"
                text.append(f"  {t} {f}() const {{ return {t}{{{{doc[{k}]}}}}; }}")
                text.append(f"  void {f}({t} v) {{ doc.set({k}, std::move(v.doc)); }}")
            else:
                kind, element = kind_of(schema)
                if kind in ("String", "Bytes", "Time", "MicroTime", "Quantity"):
                    text.append(f"  std::string_view {f}() const {{ return doc[{k}].asString(); }}")
                    text.append(f"  void {f}(std::string_view v) {{ doc.set({k}, v); }}")
                elif kind in ("Int32", "Int64"):
                    text.append(f"  int64_t {f}() const {{ return doc[{k}].asInt(); }}")
                    text.append(f"  void {f}(int64_t v) {{ doc.set({k}, v); }}")
                elif kind == "Bool":
                    text.append(f"  bool {f}() const {{ return doc[{k}].asBool(); }}")
                    text.append(f"  void {f}(bool v) {{ doc.set({k}, v); }}")
                elif kind in ("IntOrString", "Raw", "Double"):
                    text.append(f"  Value {f}() const {{ return doc[{k}]; }}")
                    text.append(f"  void {f}(Value v) {{ doc.set({k}, std::move(v)); }}")
                else:
                    text.append(f"  inline {element} {f}() const;")
                    text.append(f"  inline void {f}({element} v);")
                    bodies.append(f"{element} {n}::{f}() const {{ return {element}{{{{doc[{k}]}}}}; }}")
                    bodies.append(f"void {n}::{f}({element} v) {{ doc.set({k}, std::move(v.doc)); }}")
        text.append("};")
    text += bodies + ["}  // namespace api", ""]
    write("types.hpp", "\n".join(text))

    def lit(s):
        return '"' + s.replace("\\", "\\\\").replace('"', '\\"') + '"'

    index = {n: i for i, n in enumerate(names)}
    text = ["// Generated from schemas.json: the schema as a table.", '#include "core/api/schema.hpp"', "", "namespace api {", "const std::string_view key::texts[key::schemaKeys] = {"]
    text += [f"    {lit(t)}," for t, _ in ordered]
    text += ["};", "namespace {"]
    for n in names:
        rows = []
        required = set(types[n].get("required", []))
        for prop, schema in sorted(types[n].get("properties", {}).items(), key=lambda p: p[0].encode()):
            container = "One"
            inner = schema
            if schema.get("type") == "array":
                container, inner = "Array", schema["items"]
            elif schema.get("type") == "object" and "additionalProperties" in schema:
                container, inner = "Map", schema["additionalProperties"]
            kind, element = kind_of(inner)
            enum = ",".join(schema.get("enum") or inner.get("enum") or [])
            list_keys = ",".join(schema.get("x-kubernetes-list-map-keys", []))
            go, _, omit = schema["x-go"].partition(",")
            pointer = go.startswith("*")
            rows.append("    {key::%s, FieldType::%s, Shape::%s, %s, %d, %s, %s, %s, %s, %s, %s, %s, %s, %s}," % (
                ident(prop), kind, container, "true" if prop in required else "false", index[element] if element else -1,
                lit(schema.get("x-kubernetes-list-type", "")), lit(list_keys), lit(schema.get("x-kubernetes-patch-strategy", "")),
                lit(schema.get("x-kubernetes-patch-merge-key", "")), lit(enum), lit(schema.get("x-kubernetes-map-type", "") or (inner.get("x-kubernetes-map-type", ""))),
                lit(go.lstrip("*")), "true" if pointer else "false", "true" if omit else "false"))
        if rows:
            text.append(f"constexpr Field fields{n}[] = {{")
            text += rows
            text.append("};")
    text.append("constexpr Type table[] = {")
    for n in names:
        has = bool(types[n].get("properties"))
        text.append("    {%s, %s, %s}," % (lit(n), f"fields{n}" if has else "{}", lit(types[n].get("x-kubernetes-map-type", ""))))
    text += ["};", "}  // namespace", "std::span<const Type> types() { return table; }", "}  // namespace api", ""]
    write("schema_table.cpp", "\n".join(text))

    places = {short(full): full.rsplit(".", 1)[0] for full in schemas}
    packages = sorted({places[n] for n in names})
    text = ["// Generated from schemas.json: where each type is from.", '#include "core/api/packages.hpp"', "", "namespace api {", "namespace {"]
    text += ["constexpr std::string_view packages[] = {", *(f"    {lit(p)}," for p in packages), "};"]
    text += ["constexpr uint8_t packageOfType[] = {", *(f"    {packages.index(places[n])}," for n in names), "};", "}  // namespace"]
    text += ["std::string_view packageOf(const Type& t) { return packages[packageOfType[&t - types().data()]]; }", "}  // namespace api", ""]
    write("schema_packages.cpp", "\n".join(text))


main()
