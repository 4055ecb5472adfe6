package main

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	coordination "k8s.io/api/coordination/v1"
	core "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/resource"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/util/retry"
)

// nodes plays every kubelet and the volume provisioner: the parts of a cluster that are not control plane.
type nodes struct {
	client  *kubernetes.Clientset
	ctx     context.Context
	auto    bool // pods start, become Ready and terminate by themselves
	dynamic bool // claims of class "standard" are provisioned by themselves

	mu    sync.Mutex
	down  map[string]bool // nodes whose kubelet does not answer
	names []string
	next  int // of the pods' IPs
}

// play does a node step.
func (n *nodes) play(step *NodeStep) error {
	switch step.Event {
	case "add":
		n.add(step.Name, len(n.names)+1)
	case "unreachable", "recovered":
		n.mu.Lock()
		n.down[step.Name] = step.Event == "unreachable"
		n.mu.Unlock()
		if step.Event == "recovered" {
			n.recovered(step.Name)
		}
	default:
		return fmt.Errorf("unknown node event %q", step.Event)
	}
	return nil
}

// add makes a node with 4 CPUs, 8Gi of memory and room for 110 pods, and its first heartbeat.
func (n *nodes) add(name string, index int) {
	n.mu.Lock()
	n.names = append(n.names, name)
	n.mu.Unlock()
	capacity := core.ResourceList{"cpu": resource.MustParse("4"), "memory": resource.MustParse("8Gi"), "pods": resource.MustParse("110"), "ephemeral-storage": resource.MustParse("100Gi")}
	node := &core.Node{
		ObjectMeta: meta.ObjectMeta{Name: name, Labels: map[string]string{"kubernetes.io/hostname": name, "kubernetes.io/os": "linux", "kubernetes.io/arch": "amd64"}},
		Status: core.NodeStatus{Capacity: capacity, Allocatable: capacity,
			Addresses:  []core.NodeAddress{{Type: core.NodeInternalIP, Address: fmt.Sprintf("192.0.2.%d", index)}, {Type: core.NodeHostName, Address: name}},
			Conditions: []core.NodeCondition{{Type: core.NodeReady, Status: core.ConditionTrue, Reason: "KubeletReady", Message: "kubelet is posting ready status", LastHeartbeatTime: meta.Now(), LastTransitionTime: meta.Now()}},
			NodeInfo:   core.NodeSystemInfo{KubeletVersion: kubernetesVersion, OperatingSystem: "linux", Architecture: "amd64"}},
	}
	_, err := n.client.CoreV1().Nodes().Create(n.ctx, node, meta.CreateOptions{})
	check(err)
	n.heartbeat(name)
}

// heartbeat renews a node's lease, as its kubelet does.
func (n *nodes) heartbeat(name string) {
	leases := n.client.CoordinationV1().Leases("kube-node-lease")
	now := meta.NowMicro()
	seconds := int32(6)
	lease, err := leases.Get(n.ctx, name, meta.GetOptions{})
	if apierrors.IsNotFound(err) {
		leases.Create(n.ctx, &coordination.Lease{ObjectMeta: meta.ObjectMeta{Name: name}, Spec: coordination.LeaseSpec{HolderIdentity: &name, LeaseDurationSeconds: &seconds, RenewTime: &now}}, meta.CreateOptions{})
		return
	}
	if err == nil {
		lease.Spec.RenewTime = &now
		leases.Update(n.ctx, lease, meta.UpdateOptions{})
	}
}

// recovered writes the conditions that a kubelet posts once it runs again.
func (n *nodes) recovered(name string) {
	n.heartbeat(name)
	check(retry.RetryOnConflict(retry.DefaultBackoff, func() error {
		node, err := n.client.CoreV1().Nodes().Get(n.ctx, name, meta.GetOptions{})
		if apierrors.IsNotFound(err) {
			return nil
		}
		if err != nil {
			return err
		}
		good := map[core.NodeConditionType]core.NodeCondition{
			core.NodeReady:          {Status: core.ConditionTrue, Reason: "KubeletReady", Message: "kubelet is posting ready status"},
			core.NodeMemoryPressure: {Status: core.ConditionFalse, Reason: "KubeletHasSufficientMemory", Message: "kubelet has sufficient memory available"},
			core.NodeDiskPressure:   {Status: core.ConditionFalse, Reason: "KubeletHasNoDiskPressure", Message: "kubelet has no disk pressure"},
			core.NodePIDPressure:    {Status: core.ConditionFalse, Reason: "KubeletHasSufficientPID", Message: "kubelet has sufficient PID available"},
		}
		for i := range node.Status.Conditions {
			c := &node.Status.Conditions[i]
			want, known := good[c.Type]
			if !known {
				continue
			}
			if c.Status != want.Status {
				c.LastTransitionTime = meta.Now()
			}
			c.Status, c.Reason, c.Message, c.LastHeartbeatTime = want.Status, want.Reason, want.Message, meta.Now()
		}
		_, err = n.client.CoreV1().Nodes().UpdateStatus(n.ctx, node, meta.UpdateOptions{})
		return err
	}))
	// The node lifecycle controller takes the taints away when it next looks, which may be later than a pause that counts as rest.
	for range 50 {
		node, err := n.client.CoreV1().Nodes().Get(n.ctx, name, meta.GetOptions{})
		if err != nil || !slices.ContainsFunc(node.Spec.Taints, func(t core.Taint) bool { return t.Key == core.TaintNodeUnreachable || t.Key == core.TaintNodeNotReady }) {
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
}

// run keeps heartbeats going and, where asked to, starts pods and provisions volumes, until ctx ends.
func (n *nodes) run() {
	go func() {
		for n.ctx.Err() == nil {
			n.mu.Lock()
			names := append([]string(nil), n.names...)
			n.mu.Unlock()
			for _, name := range names {
				if !n.isDown(name) {
					n.heartbeat(name)
				}
			}
			time.Sleep(time.Second)
		}
	}()
	go func() {
		for n.ctx.Err() == nil {
			if n.auto {
				n.startAndStopPods()
			}
			if n.dynamic {
				n.provisionAll()
			}
			time.Sleep(60 * time.Millisecond)
		}
	}()
}

func (n *nodes) isDown(node string) bool { n.mu.Lock(); defer n.mu.Unlock(); return n.down[node] }

// startAndStopPods does for every pod what its kubelet would do next: start it, or end it.
func (n *nodes) startAndStopPods() {
	list, err := n.client.CoreV1().Pods("").List(n.ctx, meta.ListOptions{})
	if err != nil {
		return
	}
	for i := range list.Items {
		p := &list.Items[i]
		if p.Spec.NodeName == "" || n.isDown(p.Spec.NodeName) {
			continue
		}
		switch {
		case p.DeletionTimestamp != nil && p.DeletionGracePeriodSeconds != nil && *p.DeletionGracePeriodSeconds == 0 && ended(p):
			// Only a finalizer holds it; a kubelet has no more to do.
		case p.DeletionTimestamp != nil:
			n.event(p.Namespace, p.Name, "terminated")
		case p.Status.Phase == core.PodPending && n.volumesBound(p):
			if n.event(p.Namespace, p.Name, "running") == nil {
				n.event(p.Namespace, p.Name, "ready")
			}
		}
	}
}

// ended tells whether all that a pod's kubelet had to do for it is done.
func ended(p *core.Pod) bool {
	return p.Status.Phase == core.PodSucceeded || p.Status.Phase == core.PodFailed
}

// volumesBound tells whether all claims of a pod are bound.
func (n *nodes) volumesBound(p *core.Pod) bool {
	for _, v := range p.Spec.Volumes {
		if v.PersistentVolumeClaim == nil {
			continue
		}
		pvc, err := n.client.CoreV1().PersistentVolumeClaims(p.Namespace).Get(n.ctx, v.PersistentVolumeClaim.ClaimName, meta.GetOptions{})
		if err != nil || pvc.Status.Phase != core.ClaimBound {
			return false
		}
	}
	return true
}
