#include <catch2/catch_test_macros.hpp>

#include "core/manifest/manifest.hpp"

using namespace manifest;

namespace {
std::string json(const char* yaml) {
  const Parsed p = parseYaml(yaml);
  if (!p.errors.empty()) return p.errors[0].message;
  return p.documents.empty() ? "" : api::toJson(p.documents[0].value);
}
std::string yaml(const char* text) {
  std::string error;
  const api::Value v = parseJson(text, error);
  return error.empty() ? toYaml(v) : error;
}
const std::string bad = "error converting YAML to JSON: yaml: ";
}  // namespace

TEST_CASE("scalars mean what kubectl takes them for") {
  CHECK(json("{a: yes, b: no, c: off, d: y, e: True, f: ~, g: 'yes'}") ==
        R"({"a":true,"b":false,"c":false,"d":true,"e":true,"f":null,"g":"yes"})");
  CHECK(json("a: 010\nb: 0x1F\nc: 1_000\nd: 1e3\ne: 1.5\nf: 08\ng: -5\nh: 12e\n") ==
        R"({"a":8,"b":31,"c":1000,"d":1000,"e":1.5,"f":8,"g":-5,"h":"12e"})");
  CHECK(json("a: 2027-01-01\nb: 1Gi\nc: 1:30\nd: 10.0.0.1\n") ==
        R"({"a":"2027-01-01","b":"1Gi","c":"1:30","d":"10.0.0.1"})");
  CHECK(json("yes: a\n5: b\n1.5: c\n") == R"({"1.5":"c","5":"b","true":"a"})");
  CHECK(json("a: |\n  x\n  y\nb: >-\n  x\n  y\n") == R"({"a":"x\ny\n","b":"x y"})");
}

TEST_CASE("anchors, merges and duplicates") {
  CHECK(json("a: &x {b: 1}\nc: *x\nd: {<<: *x, e: 2}\n") == R"({"a":{"b":1},"c":{"b":1},"d":{"b":1,"e":2}})");
  CHECK(json("a: &x [*x]\n") == bad + "anchor 'x' value contains itself");
  CHECK(json("a: *x\n") == bad + "unknown anchor 'x' referenced");
  const Parsed p = parseYaml("spec:\n  replicas: 1\n  replicas: 2\n");
  REQUIRE(p.documents.size() == 1);
  REQUIRE(p.documents[0].duplicates.size() == 1);
  CHECK(p.documents[0].duplicates[0].path == "spec.replicas");
  CHECK(p.documents[0].duplicates[0].place.line == 3);
  CHECK(api::toJson(p.documents[0].value) == R"({"spec":{"replicas":2}})");
}

TEST_CASE("broken texts get the real words") {
  CHECK(json("a: b: c\n") == bad + "mapping values are not allowed in this context");
  CHECK(json("apiVersion: v1\nkind: ConfigMap\n metadata:\n  name: x\n") ==
        bad + "line 3: mapping values are not allowed in this context");
  CHECK(json("apiVersion: v1\nkind: ConfigMap\nmetadata:\n\tname: x\n") ==
        bad + "line 4: found character that cannot start any token");
  CHECK(json("{apiVersion: v1, kind: ConfigMap, metadata: {name: x}\n") ==
        "json: offset 2: invalid character 'a' looking for beginning of object key string");
  CHECK(json("--- a\n") == "invalid Yaml document separator: a");
  CHECK(json("a: [1, 2\nb: 3\n") == bad + "line 1: did not find expected ',' or ']'");
  CHECK(json("a: \"x\n") == bad + "line 2: found unexpected end of stream");
}

TEST_CASE("documents and places") {
  const Parsed p = parseYaml("# first\n---\n---\na:\n  b: [x, yy]\n---\n{\"c\": 1}\n--- # end\n");
  REQUIRE(p.errors.empty());
  REQUIRE(p.documents.size() == 2);
  CHECK(p.documents[0].firstLine == 4);
  const Place b = p.documents[0].places.find("a.b");
  CHECK((b.line == 5 && b.column == 3 && b.endColumn == 4));
  const Place y = p.documents[0].places.find("a.b[1]");
  CHECK((y.line == 5 && y.column == 10 && y.endColumn == 12));
  CHECK(p.documents[0].places.find("a.none.deeper").line == 4);
  CHECK(p.documents[1].places.find("c").line == 7);
  CHECK(parseYaml("").documents.empty());
  CHECK(parseYaml("# only a comment\n").errors.empty());
}

TEST_CASE("hostile texts end quickly") {
  std::string bomb = "a: &a [x,x,x,x,x,x,x,x,x,x]\n";
  for (char c = 'b'; c < 'k'; ++c) {
    bomb += std::string(1, c) + ": &" + c + " [";
    for (int i = 0; i < 10; ++i) bomb += std::string(i ? ",*" : "*") + char(c - 1);
    bomb += "]\n";
  }
  CHECK(json(bomb.c_str()) == bad + "document contains excessive aliasing");
  CHECK_FALSE(parseYaml(std::string(100000, '[')).errors.empty());
  CHECK_FALSE(parseYaml(std::string(100000, '{')).errors.empty());
  CHECK_FALSE(parseYaml(std::string(5 << 20, 'x')).errors.empty());
  std::string junk;
  for (uint32_t i = 0, x = 1; i < (2 << 20); ++i) junk += char((x = x * 1664525 + 1013904223) >> 24);
  CHECK_FALSE(parseYaml(junk).errors.empty());
}

TEST_CASE("marks of order and of version, whatever is wrong with them") {
  CHECK(json("%YAML 1.1\n---\na: 1\n") == "{\"a\":1}");
  CHECK(json("%YAML 2.0\n---\na: 1\n") == bad + "YAML major version too large");
  for (const char* version : {"x", "1.1x", "1.", "1", "99999999999.1"}) {
    CHECK(json(("%YAML " + std::string(version) + "\n---\na: 1\n").c_str()) == bad + "bad YAML version: " + version);
  }
  CHECK(json("\xef\xbb\xbf"
             "a: 1\n") == "{\"a\":1}");
  CHECK(json("\"\\ud800\": 1") == bad + "invalid unicode: 55296");
}

TEST_CASE("documents print as kubectl -o yaml prints them") {
  CHECK(yaml(R"({"b":[{"x":1,"y":["a","b"]},[1,[2]]],"a":{},"c":[],"d":null})") ==
        "a: {}\nb:\n- x: 1\n  \"y\":\n  - a\n  - b\n- - 1\n  - - 2\nc: []\nd: null\n");
  CHECK(yaml(R"({"a":"","b":"yes","c":"5","d":"a: b","e":"# x","f":"it's","g":"-","h":"2027-01-01T00:00:00Z"})") ==
        "a: \"\"\nb: \"yes\"\nc: \"5\"\nd: 'a: b'\ne: '# x'\nf: it's\ng: '-'\nh: \"2027-01-01T00:00:00Z\"\n");
  CHECK(yaml(R"({"a":"x\ny\n","b":["l1\nl2"],"c":" x\n","d":"a\tb","e":"x \ny"})") ==
        "a: |\n  x\n  y\nb:\n- |-\n  l1\n  l2\nc: |2\n   x\nd: \"a\\tb\"\ne: \"x \\ny\"\n");
  CHECK(yaml(R"({"a10":1,"a2":2,"A":3,"_":4,"中":"文"})") == "_: 4\nA: 3\na2: 2\na10: 1\n中: 文\n");
}

TEST_CASE("JSON errors are Go's") {
  CHECK(yaml("{\"a\":1,}") == "invalid character '}' looking for beginning of object key string");
  CHECK(yaml("[1 2]") == "invalid character '2' after array element");
  CHECK(yaml("tru") == "unexpected end of JSON input");
  CHECK(yaml("{} x") == "invalid character 'x' after top-level value");
  std::string error;
  std::vector<std::string> duplicates;
  parseJson(R"({"a":{"b":1,"b":2}})", error, duplicates);
  CHECK(duplicates == std::vector<std::string>{"a.b"});
  CHECK(toIndentedJson(parseJson(R"({"a":[1,{}],"b":{"c":"<"}})", error)) ==
        "{\n    \"a\": [\n        1,\n        {}\n    ],\n    \"b\": {\n        \"c\": \"\\u003c\"\n    }\n}");
}
