package main

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
)

const (
	namespace = metav1.NamespaceDefault
	rootCA    = "kube-root-ca.crt"
	// versionKey is the entry of an object that tells pods' files apart.
	versionKey = "version"

	secretKind    = "Secret"
	configMapKind = "ConfigMap"
)

// object is a Secret or ConfigMap that pods mount.
type object struct {
	kind string
	name string
}

// update is a write of an object, as the client saw it.
type update struct {
	Kind            string  `json:"kind"`
	Object          string  `json:"object"`
	Version         int     `json:"version"`
	SentAt          float64 `json:"sentAt"`
	AcknowledgedAt  float64 `json:"acknowledgedAt"`
	ResourceVersion string  `json:"resourceVersion"`
	Error           string  `json:"error,omitempty"`
}

// content of an object at a version: as many bytes as the plan says, different ones each time.
func (cluster *cluster) content(of object, version int) (map[string]string, error) {
	if of.name == rootCA {
		certificate, err := os.ReadFile(filepath.Join(cluster.pki.folder, "ca.crt"))
		return map[string]string{"ca.crt": fmt.Sprintf("# %s %d\n%s", versionKey, version, certificate)}, err
	}
	padding := make([]byte, (cluster.plan.ObjectBytes+1)/2)
	_, err := rand.Read(padding)
	return map[string]string{versionKey: strconv.Itoa(version), "padding": hex.EncodeToString(padding)}, err
}

// create makes an object; version 0 is where it starts, and no update.
func (cluster *cluster) create(ctx context.Context, each object, version int, immutable bool) error {
	data, err := cluster.content(each, version)
	if err != nil {
		return err
	}
	meta := metav1.ObjectMeta{Namespace: namespace, Name: each.name}
	write := func() (metav1.Object, error) {
		if each.kind == configMapKind {
			configMap := &corev1.ConfigMap{ObjectMeta: meta, Data: data, Immutable: &immutable}
			return cluster.client.CoreV1().ConfigMaps(namespace).Create(ctx, configMap, metav1.CreateOptions{})
		}
		secret := &corev1.Secret{ObjectMeta: meta, StringData: data, Immutable: &immutable}
		return cluster.client.CoreV1().Secrets(namespace).Create(ctx, secret, metav1.CreateOptions{})
	}
	if version == 0 {
		_, err = write()
		return err
	}
	return cluster.timed("updates", each, version, write)
}

// patch writes the next version of an object.
func (cluster *cluster) patch(ctx context.Context, each object, version int) error {
	data, err := cluster.content(each, version)
	if err != nil {
		return err
	}
	return cluster.timed("updates", each, version, func() (metav1.Object, error) {
		if each.kind == configMapKind {
			return cluster.client.CoreV1().ConfigMaps(namespace).
				Patch(ctx, each.name, types.MergePatchType, mergePatch("data", data), metav1.PatchOptions{})
		}
		return cluster.client.CoreV1().Secrets(namespace).
			Patch(ctx, each.name, types.MergePatchType, mergePatch("stringData", data), metav1.PatchOptions{})
	})
}

func mergePatch(field string, data map[string]string) []byte {
	text, err := json.Marshal(map[string]any{field: data})
	if err != nil {
		panic(err)
	}
	return text
}

// timed puts down, among the facts of a kind, when a write was sent and answered.
func (cluster *cluster) timed(kind string, each object, version int, write func() (metav1.Object, error)) error {
	written := update{Kind: each.kind, Object: each.name, Version: version, SentAt: now()}
	answer, err := write()
	written.AcknowledgedAt = now()
	if err != nil {
		written.Error = err.Error()
	} else {
		written.ResourceVersion = answer.GetResourceVersion()
	}
	cluster.facts.add(kind, written)
	return err
}
