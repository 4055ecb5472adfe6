package main

import (
	"fmt"
	"regexp"
	"sort"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// realName gives the name in the cluster that a token such as web-{1} stands for.
func (r *recorder) realName(token string) string {
	for real, t := range r.tokens {
		if t == token {
			return real
		}
	}
	return token
}

var braces = regexp.MustCompile(`[a-z0-9.-]*(\{[a-z]*-?[0-9]+\}[a-z0-9.-]*)+|uid\([A-Z][A-Za-z]+/[^()#\s]+#[0-9]+\)`)

func (r *recorder) realNames(s string) string {
	return braces.ReplaceAllStringFunc(s, r.realName)
}

// learn gives tokens to what the API server, a controller or the clock made up.
func (r *recorder) learn(c *change) {
	o := c.obj
	uid := string(o.GetUID())
	if _, known := r.tokens[uid]; uid != "" && !known && c.kind != "Event" {
		name := o.GetName()
		if prefix := o.GetGenerateName(); prefix != "" && strings.HasPrefix(name, prefix) && !ownedByStatefulSet(o) {
			p := r.replace(prefix)
			r.generated[c.kind+p]++
			r.tokens[name] = fmt.Sprintf("%s{%d}", p, r.generated[c.kind+p])
		}
		if hash := o.GetLabels()["pod-template-hash"]; hash != "" && c.kind == "ReplicaSet" {
			if _, ok := r.tokens[hash]; !ok {
				r.generated["hash"]++
				r.tokens[hash] = fmt.Sprintf("{hash-%d}", r.generated["hash"])
			}
			r.tokens[name] = strings.Replace(name, hash, r.tokens[hash], 1)
		}
		restarted, _, _ := unstructured.NestedString(o.Object, "data", "spec", "template", "metadata", "annotations", "kubectl.kubernetes.io/restartedAt")
		if hash := o.GetLabels()["controller.kubernetes.io/hash"]; hash != "" && restarted != "" { // the hash of a time
			r.generated["hash"]++
			r.tokens[hash] = fmt.Sprintf("{hash-%d}", r.generated["hash"])
			r.tokens[name] = strings.Replace(name, hash, r.tokens[hash], 1)
		}
		id := c.kind + "/" + r.replace(name)
		if ns := o.GetNamespace(); ns != "" && ns != "default" {
			id = c.kind + "/" + ns + "/" + r.replace(name)
		}
		if c.kind == "PersistentVolume" && strings.HasPrefix(name, "pvc-") {
			id = c.kind + "/" + r.replace(name)
		}
		r.incarnation[id]++
		r.tokens[uid] = fmt.Sprintf("uid(%s#%d)", id, r.incarnation[id])
	}
	if ip, _, _ := unstructured.NestedString(o.Object, "status", "podIP"); ip != "" {
		if _, known := r.tokens[ip]; !known {
			r.tokens[ip] = "ip(" + strings.TrimSuffix(strings.TrimPrefix(r.replace(uid), "uid("), ")") + ")"
		}
	}
	if ip, _, _ := unstructured.NestedString(o.Object, "spec", "clusterIP"); ip != "" && ip != "None" {
		r.tokens[ip] = "clusterIP(" + o.GetName() + ")"
	}
}

// ownedByStatefulSet tells whether an object's name is stable although it has a generateName.
func ownedByStatefulSet(o *unstructured.Unstructured) bool {
	for _, ref := range o.GetOwnerReferences() {
		if ref.Kind == "StatefulSet" {
			return true
		}
	}
	return false
}

// replace puts tokens in the place of what they stand for, the longest first.
func (r *recorder) replace(s string) string {
	if s == "" {
		return s
	}
	if t, ok := r.tokens[s]; ok {
		return t
	}
	var found []string
	for real := range r.tokens {
		if strings.Contains(s, real) {
			found = append(found, real)
		}
	}
	sort.Slice(found, func(i, j int) bool {
		if len(found[i]) != len(found[j]) {
			return len(found[i]) > len(found[j])
		}
		return found[i] < found[j]
	})
	for _, real := range found {
		if strings.HasPrefix(real, "10.") {
			s = regexp.MustCompile(`(^|[^0-9.])`+regexp.QuoteMeta(real)+`($|[^0-9.])`).ReplaceAllString(s, "${1}"+r.tokens[real]+"${2}")
		} else {
			s = strings.ReplaceAll(s, real, r.tokens[real])
		}
	}
	return s
}

func (r *recorder) tokenise(v any) any {
	switch v := v.(type) {
	case map[string]any:
		m := make(map[string]any, len(v))
		for k, x := range v {
			m[r.replace(k)] = r.tokenise(x)
		}
		return m
	case []any:
		l := make([]any, 0, len(v))
		for _, x := range v {
			l = append(l, r.tokenise(x))
		}
		return l
	case string:
		return r.replace(v)
	}
	return v
}

// hideUnknownUIDs replaces the UIDs of objects that are not recorded: those of dry runs and of the cluster's own.
func (r *recorder) hideUnknownUIDs(v any) {
	switch v := v.(type) {
	case map[string]any:
		if m, ok := v["metadata"].(map[string]any); ok {
			if uid, _ := m["uid"].(string); uid != "" && r.tokens[uid] == "" {
				m["uid"] = "<uid>"
			}
		}
		for _, x := range v {
			r.hideUnknownUIDs(x)
		}
	case []any:
		for _, x := range v {
			r.hideUnknownUIDs(x)
		}
	}
}
