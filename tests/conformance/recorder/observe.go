package main

import (
	"fmt"
	"sort"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/watch"
)

// observe turns the changes since the last step into the step's record.
func (r *recorder) observe(out *RecordedStep) {
	r.mu.Lock()
	changes := r.changes
	r.changes = nil
	r.mu.Unlock()
	sort.SliceStable(changes, func(i, j int) bool { return revision(changes[i].obj) < revision(changes[j].obj) })
	order := map[string][]string{}
	latest := map[string]*change{}
	var events []*unstructured.Unstructured
	for i := range changes {
		c := &changes[i]
		r.learn(c)
		if c.kind == "Event" {
			events = append(events, c.obj)
			continue
		}
		latest[c.kind+"/"+c.obj.GetNamespace()+"/"+c.obj.GetName()] = c
		if verb := r.verb(c); verb != "" && (c.kind == "Pod" || c.kind == "PersistentVolumeClaim" || c.kind == "ReplicaSet") {
			owner := r.replace(controlledBy(c))
			order[owner] = append(order[owner], r.replace(verb+" "+c.kind+"/"+c.obj.GetName()))
		}
	}
	if len(order) > 0 {
		out.Order = order
	}
	if patch := r.advance(latest); len(patch) > 0 {
		out.State = patch
	}
	out.Events = r.lines(events)
}

// verb names what a change means for the order: an object's creation, the mark that it is to go, or its end.
func (r *recorder) verb(c *change) string {
	uid := string(c.obj.GetUID())
	switch {
	case c.event == watch.Added:
		return "create"
	case c.event == watch.Deleted:
		delete(r.deleting, uid)
		return "remove"
	case c.obj.GetDeletionTimestamp() != nil && !r.deleting[uid]:
		r.deleting[uid] = true
		return "terminate"
	}
	return ""
}

// controlledBy names the list of the order that a change belongs to.
func controlledBy(c *change) string {
	if c.kind == "PersistentVolumeClaim" {
		return "claims"
	}
	if refs := c.obj.GetOwnerReferences(); len(refs) > 0 {
		return refs[0].Kind + "/" + refs[0].Name
	}
	return "none"
}

// advance takes the latest version of each changed object into the state and gives the patch from what it was.
func (r *recorder) advance(latest map[string]*change) map[string]any {
	previous := r.state
	r.state = make(map[string]any, len(previous))
	for k, v := range previous {
		r.state[k] = v
	}
	for key, c := range latest {
		token := r.replace(key)
		if c.event == watch.Deleted {
			delete(r.state, token)
			continue
		}
		object := clean(c.obj.Object).(map[string]any)
		if c.kind == "EndpointSlice" { // its generation counts how changes were batched; its one annotation is a time
			delete(object["metadata"].(map[string]any), "generation")
			delete(object["metadata"].(map[string]any), "annotations")
		}
		r.state[token] = r.tokenise(object)
	}
	return mergePatch(previous, r.state)
}

// lines gives the recorded text of the Events, sorted, each once, without those that chance decides on.
func (r *recorder) lines(events []*unstructured.Unstructured) (lines []string) {
	seen := map[string]bool{}
	for _, e := range events {
		get := func(path ...string) string { s, _, _ := unstructured.NestedString(e.Object, path...); return s }
		of, message := get("involvedObject", "kind"), get("message")
		count, _, _ := unstructured.NestedInt64(e.Object, "count")
		switch {
		case of == "Node", strings.Contains(message, "the object has been modified"), e.GetDeletionTimestamp() != nil:
			continue
		case count > 1 && of == "PersistentVolumeClaim": // the binder says the same about a waiting claim each time it looks at it
			continue
		case r.nodes.dynamic && strings.Contains(message, "pod has unbound immediate PersistentVolumeClaims"): // the scheduler and the provisioner race
			continue
		}
		line := r.replace(fmt.Sprintf("%s/%s %s %s: %s", of, get("involvedObject", "name"), get("type"), get("reason"), message))
		if !seen[line] {
			seen[line] = true
			lines = append(lines, line)
		}
	}
	sort.Strings(lines)
	return lines
}

func revision(o *unstructured.Unstructured) (n uint64) {
	fmt.Sscan(o.GetResourceVersion(), &n)
	return n
}
