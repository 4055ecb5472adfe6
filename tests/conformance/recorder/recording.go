package main

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
)

// Recording is what the control plane did.
type Recording struct {
	Name       string         `json:"name"`
	Kubernetes string         `json:"kubernetes"`
	Steps      []RecordedStep `json:"steps"`
}

// RecordedStep is what one step led to, once the control plane had come to rest.
type RecordedStep struct {
	Output *Output             `json:"output,omitempty"` // of a kubectl step
	Reply  *Reply              `json:"reply,omitempty"`  // of a request step
	Error  string              `json:"error,omitempty"`  // of a kubelet step that could not be done
	Order  map[string][]string `json:"order,omitempty"`  // per controlling object: its pods' and claims' creations, terminations and removals, in order
	State  map[string]any      `json:"state,omitempty"`  // an RFC 7386 merge patch on all objects, keyed Kind/namespace/name
	Events []string            `json:"events,omitempty"` // new Events: "Kind/name Type Reason: message", sorted, each once
}

// refused notes that an input could not be done.
func (out *RecordedStep) refused(err error) {
	if err != nil {
		out.Error = err.Error()
	}
}

type Output struct {
	Exit   int    `json:"exit"`
	Stdout string `json:"stdout,omitempty"`
	Stderr string `json:"stderr,omitempty"`
}

type Reply struct {
	Code int `json:"code"`
	Body any `json:"body,omitempty"`
}

// keepCommon drops from r what other recorded otherwise, and says what that was, and whether the states agree at least: of them
// nothing can be dropped, since what comes later builds on them.
func (r *Recording) keepCommon(other *Recording) (differences []string, agree bool) {
	agree = true
	say := func(i int, what string, args ...any) {
		differences = append(differences, fmt.Sprintf("step %d: "+what, append([]any{i}, args...)...))
	}
	for i := range r.Steps {
		a, b := &r.Steps[i], &other.Steps[i]
		if !reflect.DeepEqual(a.Output, b.Output) {
			say(i, "output")
			a.Output = nil
		}
		if !reflect.DeepEqual(a.Reply, b.Reply) {
			say(i, "reply")
			a.Reply = nil
		}
		for k := range a.Order {
			if !reflect.DeepEqual(a.Order[k], b.Order[k]) {
				say(i, "order of %s", k)
				delete(a.Order, k)
			}
		}
		if !reflect.DeepEqual(a.State, b.State) {
			say(i, "STATE at %s", firstDifference(a.State, b.State))
			agree = false
		}
		common := intersection(a.Events, b.Events)
		if len(common) != len(a.Events) || len(common) != len(b.Events) {
			say(i, "events")
		}
		a.Events = common
	}
	return differences, agree
}

// missing tells what earlier holds that r does not show.
func (r *Recording) missing(earlier *Recording) (found []string) {
	for i := range earlier.Steps {
		a, b := &earlier.Steps[i], &r.Steps[i]
		if a.Output != nil && b.Output != nil && !reflect.DeepEqual(a.Output, b.Output) {
			found = append(found, fmt.Sprintf("step %d: output %q, was %q", i, b.Output.Stdout+b.Output.Stderr, a.Output.Stdout+a.Output.Stderr))
		}
		if a.Reply != nil && b.Reply != nil && !reflect.DeepEqual(a.Reply, b.Reply) {
			found = append(found, fmt.Sprintf("step %d: reply", i))
		}
		for k := range a.Order {
			if b.Order[k] != nil && !reflect.DeepEqual(a.Order[k], b.Order[k]) {
				found = append(found, fmt.Sprintf("step %d: order of %s: %v, was %v", i, k, b.Order[k], a.Order[k]))
			}
		}
		if !reflect.DeepEqual(a.State, b.State) {
			found = append(found, fmt.Sprintf("step %d: state at %s", i, firstDifference(a.State, b.State)))
		}
		if common := intersection(a.Events, b.Events); len(common) < len(a.Events) {
			found = append(found, fmt.Sprintf("step %d: events %q, were %q", i, b.Events, a.Events))
		}
	}
	return found
}

// intersection gives the members of a that b has too.
func intersection(a, b []string) (common []string) {
	for _, e := range a {
		if slices.Contains(b, e) {
			common = append(common, e)
		}
	}
	return common
}

// firstDifference shows where the texts of two values part.
func firstDifference(a, b any) string {
	x, _ := json.Marshal(a)
	y, _ := json.Marshal(b)
	n := 0
	for n < len(x) && n < len(y) && x[n] == y[n] {
		n++
	}
	return fmt.Sprintf("…%s | %s", x[max(0, n-80):min(len(x), n+80)], y[max(0, n-20):min(len(y), n+80)])
}

// mergePatch is the RFC 7386 patch that turns one into the other.
func mergePatch(from, to map[string]any) map[string]any {
	patch := map[string]any{}
	for k, v := range to {
		old, had := from[k]
		a, okA := old.(map[string]any)
		b, okB := v.(map[string]any)
		switch {
		case had && reflect.DeepEqual(old, v):
		case had && okA && okB:
			patch[k] = mergePatch(a, b)
		default:
			patch[k] = v
		}
	}
	for k := range from {
		if _, still := to[k]; !still {
			patch[k] = nil
		}
	}
	return patch
}
