// What several kinds' descriptions share: labels, containers, volumes, pod templates, events.

#include "core/api/sort.hpp"
#include "core/kubectl/describing.hpp"

namespace kubectl {

std::string orNone(std::string text) { return text.empty() ? "<none>" : text; }

void printLabels(PrefixWriter& w, std::string_view initial, std::string_view title, std::string_view inner,
                 const Value& map, std::string_view skip) {
  std::string start = std::string(initial) + std::string(title) + ":" + std::string(inner);
  bool any = false;
  for (size_t i = 0; i < map.size(); ++i) {
    std::string key(map.keyAt(i).text());
    if (key == skip) continue;
    w.line(0, (any ? std::string(initial) + std::string(inner) : start) + key + "=" + scalar(map.values()[i]));
    any = true;
  }
  if (!any) w.line(0, start + "<none>");
}

static void annotationLines(PrefixWriter& w, const std::string& title, const Value& map) {
  constexpr size_t longest = 140;
  bool any = false;
  auto shorten = [](const std::string& s) { return s.size() > longest - 2 ? s.substr(0, longest - 2) + "..." : s; };
  for (size_t i = 0; i < map.size(); ++i) {
    std::string key(map.keyAt(i).text()), value = scalar(map.values()[i]);
    if (key == "kubectl.kubernetes.io/last-applied-configuration") continue;
    if (endsWith(value, "\n")) value.pop_back();
    std::string start = any ? "\t" : title + ":\t";
    any = true;
    if (value.size() + key.size() + 2 <= longest && !contains(value, "\n")) {
      w.line(0, start + key + ": " + value);
      continue;
    }
    w.line(0, start + key + ":");
    for (const std::string& s : split(value, '\n')) w.line(0, "\t  " + shorten(s));
  }
  if (!any) w.line(0, title + ":\t<none>");
}

void printAnnotations(PrefixWriter& w, const Value& map) { annotationLines(w, "Annotations", map); }

void printTolerations(PrefixWriter& w, std::string_view initial, std::string_view inner, const Value& tolerations) {
  std::string start = std::string(initial) + "Tolerations:" + std::string(inner);
  if (tolerations.size() == 0) return w.line(0, start + "<none>");
  std::vector<Value> sorted(tolerations.values().begin(), tolerations.values().end());
  api::sort(sorted, [](const Value& a, const Value& b) { return str(a, "key") < str(b, "key"); });
  for (size_t i = 0; i < sorted.size(); ++i) {
    const Value& t = sorted[i];
    std::string key = str(t, "key"), value = str(t, "value"), effect = str(t, "effect");
    std::string text = i ? std::string(initial) + std::string(inner) : start;
    text += key;
    if (!value.empty()) text += "=" + value;
    if (!effect.empty()) text += ":" + effect;
    if (str(t, "operator") == "Exists" && value.empty())
      text += key.empty() && effect.empty() ? "op=Exists" : " op=Exists";
    if (has(t, "tolerationSeconds")) text += " for " + std::to_string(num(t, "tolerationSeconds")) + "s";
    w.line(0, text);
  }
}

std::string accessModes(const Value& modes) {
  struct Short {
    std::string_view mode, text;
  };
  constexpr Short shorts[] = {
      {"ReadWriteOnce", "RWO"}, {"ReadOnlyMany", "ROX"}, {"ReadWriteMany", "RWX"}, {"ReadWriteOncePod", "RWOP"}};
  Strings out;
  for (const Short& s : shorts) {
    for (const Value& m : modes.values()) {
      if (m.asString() == s.mode) {
        out.emplace_back(s.text);
        break;
      }
    }
  }
  return join(out, ",");
}

std::string controllerName(const Value& object) {
  for (const Value& ref : at(object, "metadata.ownerReferences").values()) {
    if (flag(ref, "controller")) return str(ref, "kind") + "/" + str(ref, "name");
  }
  return {};
}

namespace {

std::string ports(const Value& list, const char* field) {
  Strings out;
  for (const Value& p : list.values()) {
    std::string text = std::to_string(num(p, field)) + "/" + (has(p, "protocol") ? str(p, "protocol") : "TCP");
    if (has(p, "name")) text += " (" + str(p, "name") + ")";
    out.push_back(text);
  }
  return join(out, ", ");
}

void portLine(PrefixWriter& w, const char* title, const std::string& text) {
  w.field(2, std::string(title) + (contains(text, ",") ? "s" : ""), orNone(text));
}

void status(PrefixWriter& w, const char* title, const Value& state) {
  std::string name(title);
  if (has(state, "running")) {
    w.field(2, name, "Running");
    w.field(3, "Started", rfc1123(str(state, "running.startedAt")));
  } else if (has(state, "terminated")) {
    const Value& t = at(state, "terminated");
    w.field(2, name, "Terminated");
    if (!str(t, "reason").empty()) w.field(3, "Reason", str(t, "reason"));
    if (!str(t, "message").empty()) w.field(3, "Message", str(t, "message"));
    w.field(3, "Exit Code", std::to_string(num(t, "exitCode")));
    if (num(t, "signal") > 0) w.field(3, "Signal", std::to_string(num(t, "signal")));
    w.field(3, "Started", rfc1123(str(t, "startedAt")));
    w.field(3, "Finished", rfc1123(str(t, "finishedAt")));
  } else {
    w.field(2, name, "Waiting");
    if (!str(state, "waiting.reason").empty()) w.field(3, "Reason", str(state, "waiting.reason"));
  }
}

void resources(PrefixWriter& w, const Value& r) {
  for (const char* kind : {"limits", "requests"}) {
    const Value& map = at(r, kind);
    if (map.size() == 0) continue;
    w.line(2, kind[0] == 'l' ? "Limits:" : "Requests:");
    for (size_t i = 0; i < map.size(); ++i) w.field(3, map.keyAt(i).text(), scalar(map.values()[i]));
  }
}

std::string probe(const Value& p) {
  auto n = [&](const char* f, int64_t otherwise) { return std::to_string(num(p, f, otherwise)); };
  std::string attributes = "delay=" + n("initialDelaySeconds", 0) + "s timeout=" + n("timeoutSeconds", 0) +
                           "s period=" + n("periodSeconds", 0) + "s successThreshold=" + n("successThreshold", 0) +
                           " failureThreshold=" + n("failureThreshold", 0);
  if (has(p, "exec")) return "exec " + goText(at(p, "exec.command")) + " " + attributes;
  if (has(p, "httpGet")) {
    const Value& h = at(p, "httpGet");
    std::string scheme = lower(str(h, "scheme")), path = str(h, "path");
    if (!path.empty() && path[0] != '/') path = "/" + path;
    return "http-get " + scheme + "://" + str(h, "host") + ":" + scalar(at(h, "port")) + path + " " + attributes;
  }
  if (has(p, "tcpSocket")) {
    return "tcp-socket " + str(p, "tcpSocket.host") + ":" + scalar(at(p, "tcpSocket.port")) + " " + attributes;
  }
  if (has(p, "grpc")) {
    return "grpc <pod>:" + std::to_string(num(p, "grpc.port")) + " " + str(p, "grpc.service") + " " + attributes;
  }
  return "unknown " + attributes;
}

std::string fieldValue(const Value& pod, const std::string& path) {
  if (pod.isNull()) return {};
  size_t open = path.find("['");
  if (open != std::string::npos) {
    return std::string(member(at(pod, path.substr(0, open)), path.substr(open + 2, path.size() - open - 4)).asString());
  }
  return scalar(at(pod, path)) == "null" ? "" : scalar(at(pod, path));
}

std::string optional(const Value& ref) { return flag(ref, "optional") ? "true" : "false"; }

void environment(PrefixWriter& w, const Value& container, const Value& pod) {
  const Value& from = at(container, "envFrom");
  if (from.size()) w.line(2, "Environment Variables from:");
  for (const Value& e : from.values()) {
    bool map = has(e, "configMapRef");
    const Value& ref = at(e, map ? "configMapRef" : "secretRef");
    std::string prefix = str(e, "prefix");
    w.line(3, str(ref, "name") + "\t" + (map ? "ConfigMap" : "Secret") +
                  (prefix.empty() ? "" : " with prefix '" + prefix + "'") + "\tOptional: " + optional(ref));
  }
  const Value& env = at(container, "env");
  w.line(2, env.size() ? "Environment:" : "Environment:\t<none>");
  for (const Value& e : env.values()) {
    std::string name = str(e, "name");
    const Value& ref = at(e, "valueFrom");
    if (ref.isNull()) {
      Strings lines = split(str(e, "value"), '\n');
      for (size_t i = 0; i < lines.size(); ++i) w.line(3, (i ? "" : name + ":") + "\t" + lines[i]);
    } else if (has(ref, "fieldRef")) {
      std::string version = has(ref, "fieldRef.apiVersion") ? str(ref, "fieldRef.apiVersion") : "v1";
      std::string path = str(ref, "fieldRef.fieldPath");
      w.field(3, name, fieldValue(pod, path) + " (" + version + ":" + path + ")");
    } else if (has(ref, "resourceFieldRef")) {
      std::string resource = str(ref, "resourceFieldRef.resource");
      std::string value = scalar(at(at(container, "resources"), resource));
      w.field(3, name, (value == "null" ? "node allocatable" : value) + " (" + resource + ")");
    } else {
      bool map = has(ref, "configMapKeyRef");
      const Value& k = at(ref, map ? "configMapKeyRef" : "secretKeyRef");
      w.field(3, name,
              "<set to the key '" + str(k, "key") + "' " + (map ? "of config map '" : "in secret '") + str(k, "name") +
                  "'>\tOptional: " + optional(k));
    }
  }
}

void mounts(PrefixWriter& w, const Value& container) {
  const Value& list = at(container, "volumeMounts");
  w.line(2, list.size() ? "Mounts:" : "Mounts:\t<none>");
  std::vector<Value> sorted(list.values().begin(), list.values().end());
  api::sort(sorted, [](const Value& a, const Value& b) { return str(a, "mountPath") < str(b, "mountPath"); });
  for (const Value& m : sorted) {
    std::string flags = flag(m, "readOnly") ? "ro" : "rw";
    if (!str(m, "subPath").empty()) flags += ",path=" + quote(str(m, "subPath"));
    w.line(3, str(m, "mountPath") + " from " + str(m, "name") + " (" + flags + ")");
  }
}

void command(PrefixWriter& w, const Value& container) {
  for (const char* field : {"command", "args"}) {
    const Value& words = at(container, field);
    if (words.size() == 0) continue;
    w.line(2, field[0] == 'c' ? "Command:" : "Args:");
    for (const Value& word : words.values()) {
      for (const std::string& line : split(word.asString(), '\n')) w.line(3, line);
    }
  }
}

}  // namespace

void describeContainers(PrefixWriter& w, std::string_view label, const Value& containers, const Value& statuses,
                        const Value& pod, std::string_view space) {
  w.line(0, std::string(space) + std::string(label) + (containers.size() ? ":" : ": <none>"));
  for (const Value& c : containers.values()) {
    std::string name = str(c, "name");
    const Value* s = nullptr;
    for (const Value& one : statuses.values()) {
      if (str(one, "name") == name) s = &one;
    }
    w.line(1, std::string(space.empty() ? "" : " ") + name + ":");
    if (s) w.field(2, "Container ID", str(*s, "containerID"));
    w.field(2, "Image", str(c, "image"));
    if (s) w.field(2, "Image ID", str(*s, "imageID"));
    portLine(w, "Port", ports(at(c, "ports"), "containerPort"));
    portLine(w, "Host Port", ports(at(c, "ports"), "hostPort"));
    command(w, c);
    if (s) {
      status(w, "State", at(*s, "state"));
      if (has(*s, "lastState.terminated")) status(w, "Last State", at(*s, "lastState"));
      w.field(2, "Ready", flag(*s, "ready") ? "True" : "False");
      w.field(2, "Restart Count", std::to_string(num(*s, "restartCount")));
    }
    resources(w, at(c, "resources"));
    if (has(c, "livenessProbe")) w.field(2, "Liveness", probe(at(c, "livenessProbe")));
    if (has(c, "readinessProbe")) w.field(2, "Readiness", probe(at(c, "readinessProbe")));
    if (has(c, "startupProbe")) w.field(2, "Startup", probe(at(c, "startupProbe")));
    environment(w, c, pod);
    mounts(w, c);
  }
}

namespace {

/// A source of volumes: its field, its title, and lines "Name=path" ("Optional?" prints false where it is absent).
struct Source {
  std::string_view field, title, lines;
};
constexpr Source sources[] = {
    {"hostPath", "HostPath (bare host directory volume)", "Path=path HostPathType!=type"},
    {"emptyDir", "EmptyDir (a temporary directory that shares a pod's lifetime)", "Medium=medium SizeLimit~=sizeLimit"},
    {"secret", "Secret (a volume populated by a Secret)", "SecretName=secretName Optional?=optional"},
    {"configMap", "ConfigMap (a volume populated by a ConfigMap)", "Name=name Optional?=optional"},
    {"nfs", "NFS (an NFS mount that lasts the lifetime of a pod)", "Server=server Path=path ReadOnly?=readOnly"},
    {"persistentVolumeClaim", "PersistentVolumeClaim (a reference to a PersistentVolumeClaim in the same namespace)",
     "ClaimName=claimName ReadOnly?=readOnly"},
    {"local", "LocalVolume (a persistent volume backed by local storage on a node)", "Path=path"},
    {"downwardAPI", "DownwardAPI (a volume populated by information about the pod)", ""},
    {"projected", "Projected (a volume that contains injected data from multiple sources)", ""},
    {"csi", "CSI (a Container Storage Interface (CSI) volume source)",
     "Driver=driver FSType=fsType VolumeHandle=volumeHandle ReadOnly?=readOnly"},
};

void projectedSources(PrefixWriter& w, const Value& projected) {
  for (const Value& s : at(projected, "sources").values()) {
    if (has(s, "secret")) {
      w.field(2, "SecretName", str(s, "secret.name"));
      w.field(2, "Optional", optional(at(s, "secret")));
    } else if (has(s, "downwardAPI")) {
      w.field(2, "DownwardAPI", "true");
    } else if (has(s, "configMap")) {
      w.field(2, "ConfigMapName", str(s, "configMap.name"));
      w.field(2, "Optional", optional(at(s, "configMap")));
    } else if (has(s, "serviceAccountToken")) {
      w.field(2, "TokenExpirationSeconds", std::to_string(num(s, "serviceAccountToken.expirationSeconds")));
    }
  }
}

}  // namespace

void describeVolumeSource(PrefixWriter& w, const Value& spec) {
  for (const Source& s : sources) {
    if (!has(spec, s.field)) continue;
    const Value& source = at(spec, s.field);
    w.field(2, "Type", s.title);
    for (const std::string& line : split(s.lines, ' ')) {
      size_t equals = line.find('=');
      if (equals == std::string::npos) continue;
      std::string name = line.substr(0, equals), path = line.substr(equals + 1);
      const Value& v = at(source, path);
      std::string text = v.isNull() ? "" : scalar(v);
      if (endsWith(name, "?") && text.empty()) text = "false";
      if (endsWith(name, "!") && v.isNull()) text = "<none>";
      if (endsWith(name, "~") && (text.empty() || text == "0")) text = "<unset>";
      if (name == "VolumeHandle" && v.isNull()) continue;
      w.field(2, trim(name, "?!~"), text);
    }
    if (s.field == "projected") projectedSources(w, source);
    if (s.field == "csi") printLabels(w, "    ", "VolumeAttributes", "\t", at(source, "volumeAttributes"));
    return;
  }
  w.line(1, "<unknown>");
}

void describeVolumes(PrefixWriter& w, const Value& volumes, std::string_view space) {
  std::string title = std::string(space) + "Volumes:";
  if (volumes.size() == 0) return w.line(0, title + "\t<none>");
  w.line(0, title);
  for (const Value& v : volumes.values()) {
    w.line(1, std::string(space.empty() ? "" : " ") + str(v, "name") + ":");
    describeVolumeSource(w, v);
  }
}

void describeSpread(PrefixWriter& w, const Value& constraints, std::string_view space) {
  std::vector<Value> sorted(constraints.values().begin(), constraints.values().end());
  api::sort(sorted, [](const Value& a, const Value& b) { return str(a, "topologyKey") < str(b, "topologyKey"); });
  for (size_t i = 0; i < sorted.size(); ++i) {
    const Value& c = sorted[i];
    std::string text = std::string(space) + (i ? "\t" : "Topology Spread Constraints:\t") + str(c, "topologyKey") +
                       ":" + str(c, "whenUnsatisfiable") + " when max skew " + std::to_string(num(c, "maxSkew")) +
                       " is exceeded";
    if (has(c, "labelSelector")) text += " for selector " + formatSelector(at(c, "labelSelector"));
    w.line(0, text);
  }
}

void describePodTemplate(PrefixWriter& w, const Value& t) {
  w.line(0, "Pod Template:");
  printLabels(w, "", "  Labels", "\t", at(t, "metadata.labels"));
  if (at(t, "metadata.annotations").size()) annotationLines(w, "  Annotations", at(t, "metadata.annotations"));
  const Value& spec = at(t, "spec");
  if (!str(spec, "serviceAccountName").empty()) w.field(1, "Service Account", str(spec, "serviceAccountName"));
  if (at(spec, "initContainers").size()) {
    describeContainers(w, "Init Containers", at(spec, "initContainers"), Value(), Value(), "  ");
  }
  describeContainers(w, "Containers", at(spec, "containers"), Value(), Value(), "  ");
  describeVolumes(w, at(spec, "volumes"), "  ");
  describeSpread(w, at(spec, "topologySpreadConstraints"), "  ");
  if (!str(spec, "priorityClassName").empty()) w.field(1, "Priority Class Name", str(spec, "priorityClassName"));
  printLabels(w, "", "  Node-Selectors", "\t", at(spec, "nodeSelector"));
  printTolerations(w, "  ", "\t", at(spec, "tolerations"));
}

}  // namespace kubectl
