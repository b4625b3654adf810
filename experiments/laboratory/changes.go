package main

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

const (
	// exitPatience is how long a server may drain: 1.20 takes a minute.
	exitPatience = 3 * time.Minute
	// reloadPatience covers the minute between two polls of the file.
	reloadPatience = 3 * time.Minute
	reloadMetric   = "apiserver_encryption_config_controller_automatic_reloads_total"
)

var signals = map[string]syscall.Signal{"KILL": syscall.SIGKILL, "TERM": syscall.SIGTERM}

// restart stops kube-apiserver by a signal and starts another process on the same port.
func (laboratory *laboratory) restart(ctx context.Context, step *RestartStep) error {
	laboratory.tellLoad(ctx)
	name := map[string]string{"KILL": "kill9", "TERM": "sigterm"}[step.Signal]
	laboratory.facts.event(name, nil)
	if err := laboratory.endAPIServer(step.Signal); err != nil {
		return err
	}
	laboratory.facts.event("exited", nil)
	if err := sleep(ctx, seconds(step.DowntimeSeconds)); err != nil {
		return err
	}
	laboratory.facts.event("start", nil)
	if err := laboratory.startAPIServer(); err != nil {
		return err
	}
	if err := laboratory.ready(ctx); err != nil {
		return err
	}
	used, err := laboratory.apiServer.Load().usage()
	if err != nil {
		return err
	}
	laboratory.facts.event("ready", map[string]any{"apiServerCPUSeconds": used.CPUSeconds})
	return nil
}

// rotateKey puts another key in front, waits until the server has read it, and writes every Secret as it is, for which
// the server encrypts it anew.
func (laboratory *laboratory) rotateKey(ctx context.Context, step *RotateStep) error {
	before := 0.0
	err := until(ctx, reloadPatience, laboratory.apiServer.Load(), func() error {
		var err error
		before, err = laboratory.reloads(ctx)
		return err
	})
	if err != nil {
		return err
	}
	laboratory.facts.event("newKey", nil)
	if err := writeEncryption(laboratory.work, 2); err != nil {
		return err
	}
	err = until(ctx, reloadPatience, laboratory.apiServer.Load(), func() error {
		after, err := laboratory.reloads(ctx)
		if err == nil && after <= before {
			err = fmt.Errorf("the key is not read")
		}
		return err
	})
	if err != nil {
		return err
	}
	laboratory.facts.event("keyRead", nil)
	secrets := laboratory.client.CoreV1().Secrets(namespace)
	var list *corev1.SecretList
	err = until(ctx, reloadPatience, laboratory.apiServer.Load(), func() error {
		var err error
		list, err = secrets.List(ctx, metav1.ListOptions{})
		return err
	})
	if err != nil {
		return err
	}
	for i := range list.Items {
		each := &list.Items[i]
		write := func() (metav1.Object, error) { return secrets.Update(ctx, each, metav1.UpdateOptions{}) }
		_ = laboratory.timed("rewrites", object{secretKind, each.Name}, 0, write) // A write that failed is among the facts.
		if err := sleep(ctx, seconds(1/step.WritesPerSecond)); err != nil {
			return err
		}
	}
	laboratory.facts.event("rewritten", nil)
	return nil
}

// reloads is how often the server has read a changed encryption configuration.
func (laboratory *laboratory) reloads(ctx context.Context) (float64, error) {
	text, err := laboratory.get(ctx, "/metrics")
	if err != nil {
		return 0, err
	}
	return sumOfMetric(text, reloadMetric, `status="success"`), nil
}

func encryptionFile(work string) string {
	return filepath.Join(work, "encryption.yaml")
}

// writeEncryption writes a configuration with so many keys, the newest in front.
func writeEncryption(work string, keys int) error {
	var text strings.Builder
	text.WriteString("apiVersion: apiserver.config.k8s.io/v1\nkind: EncryptionConfiguration\nresources:\n" +
		"  - resources: [secrets]\n    providers:\n      - secretbox:\n          keys:\n")
	for key := keys; key > 0; key-- {
		// What it encrypts is random itself and gone afterwards.
		value := sha256.Sum256(fmt.Appendf(nil, "laboratory %d", key))
		fmt.Fprintf(&text, "            - { name: key%d, secret: %s }\n", key, base64.StdEncoding.EncodeToString(value[:]))
	}
	text.WriteString("      - identity: {}\n")
	temporary := encryptionFile(work) + ".new"
	if err := os.WriteFile(temporary, []byte(text.String()), 0o600); err != nil {
		return err
	}
	return os.Rename(temporary, encryptionFile(work))
}
