package main

import (
	"context"
	"fmt"
	"sync"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// pod is one that was made, and when it came and went.
type pod struct {
	place place
	Name  string `json:"pod"`
	Group string `json:"group"`
	Node  string `json:"node"`
	UID   string `json:"uid"`
	// CreatedAt is the API server's, in whole seconds; SentAt and AcknowledgedAt are the client's.
	CreatedAt      float64 `json:"createdAt"`
	SentAt         float64 `json:"sentAt"`
	AcknowledgedAt float64 `json:"acknowledgedAt"`
	// StartedAt is the kubelet's status.startTime, in whole seconds; RunningAt is when the client first saw it run.
	StartedAt float64 `json:"startedAt"`
	RunningAt float64 `json:"runningAt"`
	// DeletedAt is when its deletion was sent, GoneAt when the kubelet had removed it; 0: it stayed.
	DeletedAt float64 `json:"deletedAt"`
	GoneAt    float64 `json:"goneAt"`
}

// pods are those that exist or did.
type pods struct {
	lock sync.Mutex
	all  []*pod
}

func (pods *pods) add(pod *pod) {
	pods.lock.Lock()
	defer pods.lock.Unlock()
	pods.all = append(pods.all, pod)
}

// present are those whose files may still change.
func (pods *pods) present() []*pod {
	pods.lock.Lock()
	defer pods.lock.Unlock()
	var present []*pod
	for _, pod := range pods.all {
		if pod.GoneAt == 0 {
			present = append(present, pod)
		}
	}
	return present
}

func (pods *pods) gone(pod *pod) {
	pods.lock.Lock()
	defer pods.lock.Unlock()
	pod.GoneAt = now()
}

// createPod makes the pod of a place; generation 0 is the first there.
func (laboratory *laboratory) createPod(ctx context.Context, place place, generation int) (*pod, error) {
	made := &pod{place: place, Group: place.group.Name, Node: place.node}
	made.Name = fmt.Sprintf("p-%s-%d", place.node, place.index)
	if generation > 0 {
		made.Name += fmt.Sprintf("-r%d", generation)
	}
	made.SentAt = now()
	answer, err := laboratory.client.CoreV1().Pods(namespace).Create(ctx, podObject(place, made.Name), metav1.CreateOptions{})
	if err != nil {
		return nil, err
	}
	made.AcknowledgedAt = now()
	made.CreatedAt = stamp(answer.CreationTimestamp.Time)
	made.UID = string(answer.UID)
	laboratory.pods.add(made)
	return made, nil
}

// podObject is bound to its node from the start: nobody schedules here.
func podObject(place place, name string) *corev1.Pod {
	no := false
	container := corev1.Container{Name: "main", Image: "laboratory/none:1"}
	object := &corev1.Pod{
		ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: name, Labels: map[string]string{"group": place.group.Name}},
		Spec:       corev1.PodSpec{NodeName: place.node, AutomountServiceAccountToken: &no},
	}
	for _, volume := range place.group.Volumes {
		object.Spec.Volumes = append(object.Spec.Volumes,
			corev1.Volume{Name: volumeName(volume), VolumeSource: volumeSource(place, volume)})
		container.VolumeMounts = append(container.VolumeMounts,
			corev1.VolumeMount{Name: volumeName(volume), MountPath: "/" + volumeName(volume), ReadOnly: true})
	}
	object.Spec.Containers = []corev1.Container{container}
	return object
}

func volumeSource(place place, volume string) corev1.VolumeSource {
	mounted := place.mounted(volume)
	reference := corev1.LocalObjectReference{Name: mounted.name}
	switch {
	case volume == projectedVolume:
		// As the ServiceAccount admission plugin makes kube-api-access (plugin/pkg/admission/serviceaccount).
		token := &corev1.ServiceAccountTokenProjection{ExpirationSeconds: &place.group.TokenSeconds, Path: "token"}
		item := []corev1.KeyToPath{{Key: "ca.crt", Path: "ca.crt"}}
		field := &corev1.ObjectFieldSelector{APIVersion: "v1", FieldPath: "metadata.namespace"}
		return corev1.VolumeSource{Projected: &corev1.ProjectedVolumeSource{Sources: []corev1.VolumeProjection{
			{ServiceAccountToken: token},
			{ConfigMap: &corev1.ConfigMapProjection{LocalObjectReference: reference, Items: item}},
			{DownwardAPI: &corev1.DownwardAPIProjection{Items: []corev1.DownwardAPIVolumeFile{{Path: "namespace", FieldRef: field}}}},
		}}}
	case mounted.kind == configMapKind:
		return corev1.VolumeSource{ConfigMap: &corev1.ConfigMapVolumeSource{LocalObjectReference: reference}}
	default:
		return corev1.VolumeSource{Secret: &corev1.SecretVolumeSource{SecretName: mounted.name}}
	}
}

// podPause is between two looks at pods that are to start or to go.
const podPause = 200 * time.Millisecond

// awaitRunning waits until pods run, and puts down when they were seen to.
func (laboratory *laboratory) awaitRunning(ctx context.Context, waiting []*pod) error {
	for {
		list, err := laboratory.client.CoreV1().Pods(namespace).List(ctx, metav1.ListOptions{})
		if err != nil {
			return err
		}
		running := map[string]*corev1.Pod{}
		for i := range list.Items {
			if list.Items[i].Status.Phase == corev1.PodRunning {
				running[list.Items[i].Name] = &list.Items[i]
			}
		}
		missing := 0
		for _, each := range waiting {
			if seen := running[each.Name]; seen == nil {
				missing++
			} else if each.RunningAt == 0 {
				each.RunningAt = now()
				each.StartedAt = stamp(seen.Status.StartTime.Time)
			}
		}
		if missing == 0 {
			return nil
		}
		if err := sleep(ctx, podPause); err != nil {
			return fmt.Errorf("%d of %d pods do not run: %w", missing, len(waiting), err)
		}
	}
}

// deletePod asks for a pod's end and waits for it.
func (laboratory *laboratory) deletePod(ctx context.Context, gone *pod) error {
	client := laboratory.client.CoreV1().Pods(namespace)
	gone.DeletedAt = now()
	if err := client.Delete(ctx, gone.Name, metav1.DeleteOptions{}); err != nil {
		return err
	}
	for {
		_, err := client.Get(ctx, gone.Name, metav1.GetOptions{})
		if apierrors.IsNotFound(err) {
			laboratory.pods.gone(gone)
			return nil
		}
		if err != nil {
			return err
		}
		if err := sleep(ctx, podPause); err != nil {
			return err
		}
	}
}
