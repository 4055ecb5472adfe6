package main

import (
	"context"
	"fmt"
	"time"

	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
)

// newRecorder waits until the control plane has set up the namespace default, and starts to watch.
func newRecorder(c *cluster) *recorder {
	client, err := kubernetes.NewForConfig(c.config)
	check(err)
	dyn, err := dynamic.NewForConfig(c.config)
	check(err)
	transport, err := rest.HTTPClientFor(c.config)
	check(err)
	r := &recorder{cluster: c, client: client, dyn: dyn, http: transport}
	for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); time.Sleep(100 * time.Millisecond) {
		if _, err := client.CoreV1().ServiceAccounts("default").Get(context.Background(), "default", meta.GetOptions{}); err == nil {
			break
		}
	}
	for _, k := range watched {
		go r.watch(k)
	}
	return r
}

// kinds in the order in which they are deleted: owners first, so that nothing is created again.
var emptied = []string{"StatefulSet", "Deployment", "DaemonSet", "ReplicaSet", "Pod", "PersistentVolumeClaim", "PersistentVolume", "Service",
	"ControllerRevision", "EndpointSlice", "PodDisruptionBudget", "ConfigMap", "Secret", "StorageClass", "PriorityClass", "Node", "Event", "Namespace"}

// reset empties the cluster and sets it up as the scenario wants it.
func (r *recorder) reset(spec Cluster) {
	if r.stop != nil {
		r.stop()
	}
	for round := range 60 {
		left := 0
		for _, kind := range emptied {
			left += r.deleteAll(kind, round > 3)
		}
		if left == 0 {
			break
		}
		time.Sleep(200 * time.Millisecond)
	}
	r.settle()
	running, cancel := context.WithCancel(context.Background())
	r.stop = cancel
	r.nodes = &nodes{client: r.client, ctx: running, auto: spec.Kubelet == "auto", dynamic: spec.Provisioner != "manual", down: map[string]bool{}}
	for i := range spec.Nodes {
		r.nodes.add(fmt.Sprintf("node-%d", i+1), i+1)
	}
	r.nodes.run()
	r.kubectl("apply -f -", "apiVersion: storage.k8s.io/v1\nkind: StorageClass\nmetadata:\n  name: standard\n  annotations: {storageclass.kubernetes.io/is-default-class: \"true\"}\nprovisioner: "+provisionerName+"\n")
	r.settle()
	r.mu.Lock()
	r.changes = nil
	r.mu.Unlock()
	r.tokens, r.incarnation, r.generated = map[string]string{}, map[string]int{}, map[string]int{}
	r.deleting, r.state = map[string]bool{}, map[string]any{}
}

// deleteAll deletes every object of a kind that a scenario made and tells how many there were; force takes their
// finalizers away.
func (r *recorder) deleteAll(kind string, force bool) (found int) {
	ctx := context.Background()
	background, zero := meta.DeletePropagationBackground, int64(0)
	for _, w := range watched {
		if w.kind != kind {
			continue
		}
		list, err := r.dyn.Resource(w.GroupVersionResource).List(ctx, meta.ListOptions{})
		check(err)
		for i := range list.Items {
			o := &list.Items[i]
			if ignored(kind, o) {
				continue
			}
			found++
			in := r.dyn.Resource(w.GroupVersionResource).Namespace(o.GetNamespace())
			if force && len(o.GetFinalizers()) > 0 {
				o.SetFinalizers(nil)
				in.Update(ctx, o, meta.UpdateOptions{})
			}
			in.Delete(ctx, o.GetName(), meta.DeleteOptions{PropagationPolicy: &background, GracePeriodSeconds: &zero})
		}
	}
	return found
}
