#!/usr/bin/env bash
# How often the etcd of a cluster made by kubeadm tells API servers how far it is. API servers use that from 1.21 on
# (EfficientWatchResumption, KEP 1904: a restarted server need not answer 410 to watches of what nobody writes), and kubeadm is of the
# same release. Its etcd pods have the flag for it from 1.25 on; those of 1.21 to 1.24 run with etcd's own interval.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export GOMODCACHE="$work/mod" GOFLAGS="${GOFLAGS:-} -modcacherw -trimpath" CGO_ENABLED=0 GOTOOLCHAIN=local

cat > "$work/main.go" <<'EOF'
// The flags of the etcd pod that kubeadm makes of a default configuration, and those of its API server's gate.
package main

import (
	"fmt"
	"strings"

	"k8s.io/apiserver/pkg/features"
	utilfeature "k8s.io/apiserver/pkg/util/feature"
	kubeadm "k8s.io/kubernetes/cmd/kubeadm/app/apis/kubeadm"
	"k8s.io/kubernetes/cmd/kubeadm/app/phases/etcd"
)

func main() {
	configuration := &kubeadm.ClusterConfiguration{
		KubernetesVersion: "KUBERNETES",
		CertificatesDir:   "/etc/kubernetes/pki",
		ImageRepository:   "registry.example",
		Etcd:              kubeadm.Etcd{Local: &kubeadm.LocalEtcd{DataDir: "/var/lib/etcd"}},
	}
	pod := etcd.GetEtcdPodSpec(configuration, &kubeadm.APIEndpoint{AdvertiseAddress: "192.0.2.1"}, "node", nil)
	interval := "none"
	for _, argument := range pod.Spec.Containers[0].Command {
		if strings.Contains(argument, "progress") {
			interval = argument
		}
	}
	fmt.Printf("EfficientWatchResumption=%v, etcd: %s\n", utilfeature.DefaultFeatureGate.Enabled(features.EfficientWatchResumption), interval)
}
EOF

# told VERSION: what the program says, compiled with kubeadm of that version and the staging modules that belong to it.
told() {
  local folder="$work/$1"
  mkdir "$folder"
  cd "$folder"
  sed "s/KUBERNETES/v$1/" "$work/main.go" > main.go
  local staging="v0.${1#1.}" source
  source=$(go mod download -json "k8s.io/kubernetes@v$1" | sed -n 's/.*"GoMod": "\(.*\)".*/\1/p')
  {
    echo "module finding"
    sed -n 's/^go .*/&/p' "$source"
    echo "require k8s.io/kubernetes v$1"
    sed -n 's#^\s*\(k8s\.io/[a-z-]*\) => \./staging/.*#\1#p' "$source" | while read -r module; do
      echo "replace $module => $module $staging"
    done
  } > go.mod
  go build -mod=mod -o finding . > setup.log 2>&1 || { cat setup.log >&2; exit 2; }
  ./finding
}

echo "kubeadm 1.24.17 and 1.26.15, default configuration"
echo "expected: as the API servers of both use etcd's notifications, both have etcd send them often"
before=$(told 1.24.17)
after=$(told 1.26.15)
echo "seen: 1.24.17: $before"
echo "      1.26.15: $after"
if [ "$before" != "EfficientWatchResumption=true, etcd: none" ] ||
  [ "$after" != "EfficientWatchResumption=true, etcd: --experimental-watch-progress-notify-interval=5s" ]; then
  echo CHANGED
  exit 1
fi
echo "as described"
