package main

import (
	"fmt"
	"regexp"
	"sort"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

var (
	stamp   = regexp.MustCompile(`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z|[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d \+0000`)
	age     = regexp.MustCompile(`(^|[\s(])(\d+(ms|s|m|h|d))+($|[\s)])`)
	spaces  = regexp.MustCompile(` {2,}`)
	lines   = regexp.MustCompile(`(?m) +$`)
	repeats = regexp.MustCompile(`<age> \(x\d+ over <age>\)`)
)

// tableAges puts <age> in the place of the ages in the rows of a Table.
func tableAges(body any) {
	table, ok := body.(map[string]any)
	if !ok || table["kind"] != "Table" {
		return
	}
	rows, _ := table["rows"].([]any)
	for _, row := range rows {
		cells, _ := row.(map[string]any)["cells"].([]any)
		for i, cell := range cells {
			if s, ok := cell.(string); ok {
				cells[i] = age.ReplaceAllString(s, "${1}<age>${4}")
			}
		}
	}
}

// text makes a command's output the same in every run: ages, times and the width of columns do not count.
func (r *recorder) text(s string) string {
	s = r.replace(s)
	s = stamp.ReplaceAllString(s, "<time>")
	s = strings.ReplaceAll(s, r.cluster.url, "<server>")
	port := r.cluster.url[strings.LastIndex(r.cluster.url, ":")+1:]
	s = regexp.MustCompile(`[0-9.]+:`+port+`\b`).ReplaceAllString(s, "<server>")
	s = regexp.MustCompile(`(IPv4 +)`+port+`( +)[0-9.]+`).ReplaceAllString(s, "${1}<port>${2}<server>") // the slice of the Service kubernetes
	s = regexp.MustCompile(`(?m)^[EWI]\d{4} \d\d:\d\d:\d\d\.\d+ +\d+ `).ReplaceAllString(s, "<log> ")
	out := strings.Split(s, "\n")
	for i, line := range out {
		for age.MatchString(line) {
			next := age.ReplaceAllString(line, "${1}<age>${4}")
			if next == line {
				break
			}
			line = next
		}
		out[i] = line
	}
	sortRandomRows(out)
	s = spaces.ReplaceAllString(strings.Join(out, "\n"), "   ")
	s = strings.ReplaceAll(repeats.ReplaceAllString(s, "<age>"), "\r", "")
	s = regexp.MustCompile(`(resourceVersion"?): "?\d+"?`).ReplaceAllString(s, "${1}: <revision>")
	return lines.ReplaceAllString(s, "")
}

// sortRandomRows sorts neighbouring rows of a table whose names, and so whose places, the cluster made up.
func sortRandomRows(rows []string) {
	random := func(row string) bool {
		name, _, _ := strings.Cut(row, " ")
		return strings.Contains(name, "{") || strings.Contains(name, "uid(")
	}
	for i := 0; i < len(rows); {
		j := i
		for j < len(rows) && random(rows[j]) {
			j++
		}
		sort.Strings(rows[i:j])
		i = j + 1
	}
}

// clean drops bookkeeping and turns times and revisions into tokens.
func clean(v any) any {
	switch v := v.(type) {
	case map[string]any:
		m := make(map[string]any, len(v))
		for k, x := range v {
			switch k {
			case "managedFields", "resourceVersion", "selfLink":
				continue
			case "creationTimestamp", "endpoints.kubernetes.io/last-change-trigger-time":
				continue
			case "serverAddress":
				x = "<server>"
			}
			m[k] = clean(x)
		}
		sortClaimVolumes(m)
		return m
	case []any:
		l := make([]any, 0, len(v))
		for _, x := range v {
			l = append(l, clean(x))
		}
		if len(l) > 1 {
			if first, ok := l[0].(map[string]any); ok && first["targetRef"] != nil {
				sort.SliceStable(l, func(i, j int) bool {
					return fmt.Sprint(l[i].(map[string]any)["targetRef"]) < fmt.Sprint(l[j].(map[string]any)["targetRef"])
				})
			}
			if first, ok := l[0].(map[string]any); ok && first["lastTransitionTime"] != nil {
				sort.SliceStable(l, func(i, j int) bool {
					return fmt.Sprint(l[i].(map[string]any)["type"]) < fmt.Sprint(l[j].(map[string]any)["type"])
				})
			}
		}
		return l
	case string:
		return stamp.ReplaceAllString(v, "<time>")
	}
	return v
}

// sortClaimVolumes sorts the volumes of a StatefulSet's pod by name: its controller puts those of several claim templates in random order.
func sortClaimVolumes(o map[string]any) {
	if _, ok, _ := unstructured.NestedString(o, "metadata", "labels", "statefulset.kubernetes.io/pod-name"); !ok {
		return
	}
	if volumes, ok, _ := unstructured.NestedFieldNoCopy(o, "spec", "volumes"); ok {
		if l, ok := volumes.([]any); ok {
			name := func(i int) string { v, _ := l[i].(map[string]any); return fmt.Sprint(v["name"]) }
			sort.SliceStable(l, func(i, j int) bool { return name(i) < name(j) })
		}
	}
}

// namesField matches a line of `kubectl explain` that names a field.
var namesField = regexp.MustCompile(`^[^\t]*\t<`)

// withoutProse takes the API's own documentation out of the output of `kubectl explain`: what is left is ours to keep, and all
// that another implementation with texts of its own can be compared with.
func withoutProse(explained string) string {
	var kept strings.Builder
	prose, field := false, false
	if explained == "" {
		return ""
	}
	for _, line := range strings.Split(strings.TrimSuffix(explained, "\n"), "\n") {
		heading := line == "DESCRIPTION:" || line == "FIELDS:"
		prose = prose || heading
		values := field && strings.HasPrefix(strings.TrimLeft(line, " "), "enum: ")
		field = namesField.MatchString(line)
		if !prose || heading || field || values {
			kept.WriteString(line + "\n")
		}
	}
	return kept.String()
}
