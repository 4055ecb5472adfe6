package main

import (
	"fmt"

	core "k8s.io/api/core/v1"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// status is a pod's status while a kubelet writes it.
type status struct {
	*core.Pod
	now meta.Time
}

// event writes what a kubelet would write when a pod's containers change.
// Names: running, ready, unready, crash, restart, failed, succeeded, terminated.
func (n *nodes) event(namespace, name, event string) error {
	pods := n.client.CoreV1().Pods(namespace)
	p, err := pods.Get(n.ctx, name, meta.GetOptions{})
	if err != nil {
		return err
	}
	if p.Spec.NodeName == "" {
		return fmt.Errorf("pod %s is not bound to a node", name)
	}
	s := status{p, meta.Now()}
	if p.Status.StartTime == nil {
		n.start(s)
	}
	p.Status.ObservedGeneration = p.Generation
	if err := s.apply(event); err != nil {
		return err
	}
	if _, err := pods.UpdateStatus(n.ctx, p, meta.UpdateOptions{}); err != nil {
		return err
	}
	if event == "terminated" {
		zero := int64(0)
		return pods.Delete(n.ctx, name, meta.DeleteOptions{GracePeriodSeconds: &zero, Preconditions: &meta.Preconditions{UID: &p.UID}})
	}
	return nil
}

// start gives a pod what its first status has: the time, the addresses and its containers.
func (n *nodes) start(s status) {
	s.Status.StartTime = &s.now
	n.mu.Lock()
	n.next++
	ip := fmt.Sprintf("10.244.0.%d", n.next)
	n.mu.Unlock()
	s.Status.PodIP, s.Status.PodIPs = ip, []core.PodIP{{IP: ip}}
	if node, err := n.client.CoreV1().Nodes().Get(n.ctx, s.Spec.NodeName, meta.GetOptions{}); err == nil {
		s.Status.HostIP = node.Status.Addresses[0].Address
		s.Status.HostIPs = []core.HostIP{{IP: s.Status.HostIP}}
	}
	for _, c := range s.Spec.Containers {
		s.Status.ContainerStatuses = append(s.Status.ContainerStatuses,
			core.ContainerStatus{Name: c.Name, Image: c.Image, ImageID: "sha256:" + c.Image, ContainerID: "sim://" + c.Name})
	}
}

// apply changes the status as the event says.
func (s status) apply(event string) error {
	running := core.ContainerState{Running: &core.ContainerStateRunning{StartedAt: s.now}}
	switch event {
	case "running":
		s.Status.Phase = core.PodRunning
		s.containers(false, running, 0)
	case "ready":
		s.Status.Phase = core.PodRunning
		s.containers(true, running, 0)
	case "unready":
		s.containers(false, running, 0)
	case "crash":
		s.containers(false, core.ContainerState{Waiting: &core.ContainerStateWaiting{Reason: "CrashLoopBackOff"}}, 0)
	case "restart":
		s.containers(true, running, 1)
	case "failed":
		s.Status.Phase = core.PodFailed
		s.containers(false, s.exited(1, "Error"), 0)
	case "succeeded":
		s.Status.Phase = core.PodSucceeded
		s.containers(false, s.exited(0, "Completed"), 0)
	case "terminated":
		if s.DeletionTimestamp == nil {
			return fmt.Errorf("pod %s is not being deleted", s.Name)
		}
		if s.Status.Phase != core.PodFailed && s.Status.Phase != core.PodSucceeded {
			s.Status.Phase = core.PodSucceeded
		}
		s.containers(false, s.exited(0, "Completed"), 0)
	default:
		return fmt.Errorf("unknown kubelet event %q", event)
	}
	return nil
}

func (s status) exited(code int32, reason string) core.ContainerState {
	return core.ContainerState{Terminated: &core.ContainerStateTerminated{ExitCode: code, Reason: reason, StartedAt: s.now, FinishedAt: s.now}}
}

// containers puts all containers into one state, and the pod's conditions with them.
func (s status) containers(ready bool, state core.ContainerState, restarts int32) {
	for i := range s.Status.ContainerStatuses {
		c := &s.Status.ContainerStatuses[i]
		started := state.Running != nil
		c.Ready, c.Started, c.State = ready, &started, state
		c.RestartCount += restarts
	}
	if s.Status.Phase == core.PodPending { // whatever came first, the containers have started
		s.Status.Phase = core.PodRunning
	}
	s.condition("PodReadyToStartContainers", true, "")
	s.condition(core.PodInitialized, true, "")
	reason := "ContainersNotReady"
	switch s.Status.Phase {
	case core.PodSucceeded:
		reason = "PodCompleted"
	case core.PodFailed:
		reason = "PodFailed"
	}
	s.condition(core.ContainersReady, ready, reason)
	s.condition(core.PodReady, ready, reason)
}

// condition sets one condition; its time moves when its status does. A True one has no reason.
func (s status) condition(kind core.PodConditionType, ok bool, reason string) {
	value := core.ConditionFalse
	if ok {
		value, reason = core.ConditionTrue, ""
	}
	for i := range s.Status.Conditions {
		c := &s.Status.Conditions[i]
		if c.Type != kind {
			continue
		}
		if c.Status != value {
			c.LastTransitionTime = s.now
		}
		c.Status, c.Reason = value, reason
		return
	}
	s.Status.Conditions = append(s.Status.Conditions,
		core.PodCondition{Type: kind, Status: value, Reason: reason, LastTransitionTime: s.now})
}
