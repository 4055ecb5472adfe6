package main

import (
	"context"
	"strings"

	core "k8s.io/api/core/v1"
	storage "k8s.io/api/storage/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// The provisioner of the class `standard`.
const provisionerName = "simulated.example.com/disk"

// provisionAll makes the volumes that claims wait for, and deletes released ones whose policy says so.
func (n *nodes) provisionAll() {
	claims, err := n.client.CoreV1().PersistentVolumeClaims("").List(n.ctx, meta.ListOptions{})
	if err != nil {
		return
	}
	for i := range claims.Items {
		n.provision(&claims.Items[i])
	}
	volumes, err := n.client.CoreV1().PersistentVolumes().List(n.ctx, meta.ListOptions{})
	if err != nil {
		return
	}
	for i := range volumes.Items {
		v := &volumes.Items[i]
		if v.Status.Phase == core.VolumeReleased && v.Spec.PersistentVolumeReclaimPolicy == core.PersistentVolumeReclaimDelete &&
			v.Annotations["pv.kubernetes.io/provisioned-by"] == provisionerName && v.DeletionTimestamp == nil {
			n.client.CoreV1().PersistentVolumes().Delete(n.ctx, v.Name, meta.DeleteOptions{})
		}
	}
}

// provision does an external provisioner's part for one claim: it creates the volume that the claim asks for.
func (n *nodes) provision(c *core.PersistentVolumeClaim) error {
	if c.Spec.VolumeName != "" || c.DeletionTimestamp != nil || c.Annotations["volume.kubernetes.io/storage-provisioner"] != provisionerName || c.Spec.StorageClassName == nil {
		return nil
	}
	class, err := n.client.StorageV1().StorageClasses().Get(n.ctx, *c.Spec.StorageClassName, meta.GetOptions{})
	if err != nil {
		return err
	}
	if class.VolumeBindingMode != nil && *class.VolumeBindingMode == storage.VolumeBindingWaitForFirstConsumer && c.Annotations["volume.kubernetes.io/selected-node"] == "" {
		return nil
	}
	mode := core.PersistentVolumeFilesystem
	pv := &core.PersistentVolume{
		ObjectMeta: meta.ObjectMeta{Name: "pvc-" + string(c.UID), Annotations: map[string]string{"pv.kubernetes.io/provisioned-by": provisionerName}},
		Spec: core.PersistentVolumeSpec{
			Capacity: core.ResourceList{"storage": c.Spec.Resources.Requests["storage"]}, AccessModes: c.Spec.AccessModes, VolumeMode: &mode,
			PersistentVolumeReclaimPolicy: *class.ReclaimPolicy, StorageClassName: class.Name, MountOptions: class.MountOptions,
			ClaimRef:               &core.ObjectReference{Kind: "PersistentVolumeClaim", APIVersion: "v1", Namespace: c.Namespace, Name: c.Name, UID: c.UID, ResourceVersion: c.ResourceVersion},
			PersistentVolumeSource: core.PersistentVolumeSource{CSI: &core.CSIPersistentVolumeSource{Driver: provisionerName[:strings.Index(provisionerName, "/")], VolumeHandle: "disk-" + string(c.UID)}},
		},
	}
	_, err = n.client.CoreV1().PersistentVolumes().Create(n.ctx, pv, meta.CreateOptions{})
	if apierrors.IsAlreadyExists(err) {
		return nil
	}
	return err
}

// provisionNamed is provision for a claim of the namespace default.
func (n *nodes) provisionNamed(claim string) error {
	pvc, err := n.client.CoreV1().PersistentVolumeClaims("default").Get(context.Background(), claim, meta.GetOptions{})
	if err != nil {
		return err
	}
	return n.provision(pvc)
}
