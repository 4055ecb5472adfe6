package main

import (
	"context"
	"strings"
	"time"

	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/watch"
)

type resourceKind struct {
	schema.GroupVersionResource
	kind string
}

var watched = []resourceKind{
	{schema.GroupVersionResource{Version: "v1", Resource: "pods"}, "Pod"},
	{schema.GroupVersionResource{Version: "v1", Resource: "services"}, "Service"},
	{schema.GroupVersionResource{Version: "v1", Resource: "nodes"}, "Node"},
	{schema.GroupVersionResource{Version: "v1", Resource: "namespaces"}, "Namespace"},
	{schema.GroupVersionResource{Version: "v1", Resource: "persistentvolumeclaims"}, "PersistentVolumeClaim"},
	{schema.GroupVersionResource{Version: "v1", Resource: "persistentvolumes"}, "PersistentVolume"},
	{schema.GroupVersionResource{Group: "storage.k8s.io", Version: "v1", Resource: "storageclasses"}, "StorageClass"},
	{schema.GroupVersionResource{Group: "apps", Version: "v1", Resource: "statefulsets"}, "StatefulSet"},
	{schema.GroupVersionResource{Group: "apps", Version: "v1", Resource: "deployments"}, "Deployment"},
	{schema.GroupVersionResource{Group: "apps", Version: "v1", Resource: "replicasets"}, "ReplicaSet"},
	{schema.GroupVersionResource{Group: "apps", Version: "v1", Resource: "daemonsets"}, "DaemonSet"},
	{schema.GroupVersionResource{Group: "apps", Version: "v1", Resource: "controllerrevisions"}, "ControllerRevision"},
	{schema.GroupVersionResource{Group: "discovery.k8s.io", Version: "v1", Resource: "endpointslices"}, "EndpointSlice"},
	{schema.GroupVersionResource{Group: "policy", Version: "v1", Resource: "poddisruptionbudgets"}, "PodDisruptionBudget"},
	{schema.GroupVersionResource{Version: "v1", Resource: "configmaps"}, "ConfigMap"},
	{schema.GroupVersionResource{Group: "scheduling.k8s.io", Version: "v1", Resource: "priorityclasses"}, "PriorityClass"},
	{schema.GroupVersionResource{Version: "v1", Resource: "secrets"}, "Secret"},
	{schema.GroupVersionResource{Version: "v1", Resource: "events"}, "Event"},
}

type change struct {
	kind  string
	event watch.EventType
	obj   *unstructured.Unstructured
}

func (r *recorder) watch(k resourceKind) {
	ctx := context.Background()
	list, err := r.dyn.Resource(k.GroupVersionResource).List(ctx, meta.ListOptions{})
	check(err)
	version := list.GetResourceVersion()
	for {
		w, err := r.dyn.Resource(k.GroupVersionResource).Watch(ctx, meta.ListOptions{ResourceVersion: version})
		if err != nil {
			return
		}
		for e := range w.ResultChan() {
			obj, ok := e.Object.(*unstructured.Unstructured)
			if !ok || e.Type == watch.Error {
				continue
			}
			version = obj.GetResourceVersion()
			if ignored(k.kind, obj) {
				continue
			}
			r.mu.Lock()
			r.changes = append(r.changes, change{k.kind, e.Type, obj})
			if k.kind != "Event" || e.Type != watch.Modified { // what is tried again and again counts up the same Event
				r.last = time.Now()
			}
			r.mu.Unlock()
		}
	}
}

func ignored(kind string, o *unstructured.Unstructured) bool {
	ns, name := o.GetNamespace(), o.GetName()
	if strings.HasPrefix(ns, "kube-") {
		return true
	}
	switch kind {
	case "Namespace":
		return name == "default" || strings.HasPrefix(name, "kube-")
	case "PriorityClass":
		return strings.HasPrefix(name, "system-")
	case "ConfigMap":
		return name == "kube-root-ca.crt"
	case "Service", "EndpointSlice":
		return ns == "default" && name == "kubernetes"
	}
	return false
}

const (
	quiet     = 900 * time.Millisecond
	quietSlow = 1250 * time.Millisecond // the EndpointSlice controller tries again after 1 s what it found outdated, the scheduler looks every second whether a pod's claims are bound
)

// settle waits until nothing has changed for a while, counted from now on.
func (r *recorder) settle() { r.settleSince(time.Now()) }

// settleSince waits until nothing has changed for a while, counted from start at the earliest.
func (r *recorder) settleSince(start time.Time) {
	for begin := time.Now(); time.Since(begin) < 40*time.Second; {
		need := quiet
		r.mu.Lock()
		since := time.Since(r.last)
		if r.moreMayFollow() {
			need = quietSlow
		}
		r.mu.Unlock()
		if since > need && time.Since(start) > need {
			return
		}
		time.Sleep(30 * time.Millisecond)
	}
}

// moreMayFollow tells whether pods changed where there are EndpointSlices, or a claim did.
func (r *recorder) moreMayFollow() bool {
	pods, slices := false, false
	for _, c := range r.changes {
		if c.kind == "PersistentVolumeClaim" {
			return true
		}
		pods = pods || c.kind == "Pod"
		slices = slices || c.kind == "EndpointSlice"
	}
	for key := range r.state {
		slices = slices || strings.HasPrefix(key, "EndpointSlice/")
	}
	return pods && slices
}
