#!/usr/bin/env bash
# API Priority and Fairness: since Kubernetes 1.34 the seats of a LIST go by the bytes of what it reads. Of a resource without a
# watch cache, as Events are by default, a server knows the number of objects and no size; then each counts as 1.5 MB, and a
# LIST of one small Event takes ten seats.
set -euo pipefail

version=v0.37.2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export GOMODCACHE="$work/mod" GOFLAGS="${GOFLAGS:-} -modcacherw -trimpath" CGO_ENABLED=0
cd "$work"

cat > go.mod <<EOF
module finding

go 1.26.0

require (
	go.etcd.io/etcd/client/v3 v3.7.0
	k8s.io/apimachinery $version
	k8s.io/apiserver $version
)
EOF

cat > main.go <<'EOF'
// The storage of a resource without a watch cache, over an etcd that has one object of it, and the seats of a LIST of that object.
package main

import (
	"context"
	"fmt"
	"net/http"
	"os"

	clientv3 "go.etcd.io/etcd/client/v3"
	etcd "go.etcd.io/etcd/client/v3/kubernetes"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/apiserver/pkg/endpoints/request"
	"k8s.io/apiserver/pkg/features"
	"k8s.io/apiserver/pkg/storage"
	"k8s.io/apiserver/pkg/storage/etcd3"
	"k8s.io/apiserver/pkg/storage/value/encrypt/identity"
	utilfeature "k8s.io/apiserver/pkg/util/feature"
	seats "k8s.io/apiserver/pkg/util/flowcontrol/request"
)

// counting is an etcd that has one Event.
type counting struct{ etcd.Interface }

func (counting) Count(context.Context, string, etcd.CountOptions) (int64, error) { return 1, nil }

func store() (storage.Interface, error) {
	codecs := serializer.NewCodecFactory(runtime.NewScheme())
	codec := codecs.LegacyCodec(schema.GroupVersion{Version: "v1"})
	versioner := storage.APIObjectVersioner{}
	client := &etcd.Client{Client: clientv3.NewCtxClient(context.Background()), Kubernetes: counting{}}
	return etcd3.New(client, nil, codec, nil, nil, "/registry", "/events", schema.GroupResource{Resource: "events"},
		identity.NewEncryptCheckTransformer(), etcd3.NewDefaultLeaseManagerConfig(), etcd3.NewDefaultDecoder(codec, versioner), versioner)
}

// width is how many seats a LIST of one object by its name takes, by what the server knows of the resource.
func width(stats storage.Stats) uint64 {
	known := func(string) (storage.Stats, error) { return stats, nil }
	estimate := seats.NewWorkEstimator(known, nil, seats.DefaultWorkEstimatorConfig(), func(string) uint64 { return 100 })
	list, err := http.NewRequest(http.MethodGet, "/api/v1/namespaces/default/events?fieldSelector=metadata.name%3Dpulled&resourceVersion=0", nil)
	if err != nil {
		panic(err)
	}
	info := &request.RequestInfo{IsResourceRequest: true, Verb: "list", APIVersion: "v1", Resource: "events", Namespace: "default", Name: "pulled"}
	return estimate(list.WithContext(request.WithRequestInfo(list.Context(), info)), "", "").InitialSeats
}

func main() {
	events, err := store()
	if err != nil {
		panic(err)
	}
	stats, err := events.Stats(context.Background())
	if err != nil {
		panic(err)
	}
	fmt.Printf("seen: what the storage knows: %d object, of %d bytes on average\n", stats.ObjectCount, stats.EstimatedAverageObjectSizeBytes)
	event := width(stats)
	small := width(storage.Stats{ObjectCount: 1, EstimatedAverageObjectSizeBytes: 1 << 10})
	large := width(storage.Stats{ObjectCount: 1, EstimatedAverageObjectSizeBytes: 1 << 20})
	fmt.Printf("seen: seats of a LIST of it: %d; of one object of 1 KiB whose size is known: %d, of 1 MiB: %d\n", event, small, large)
	if err := utilfeature.DefaultMutableFeatureGate.SetFromMap(map[string]bool{string(features.SizeBasedListCostEstimate): false}); err != nil {
		panic(err)
	}
	byNumber := width(stats)
	fmt.Printf("seen: of it by number of objects, as up to 1.33: %d\n", byNumber)
	if stats.ObjectCount != 1 || stats.EstimatedAverageObjectSizeBytes != 0 || event != 10 || small != 1 || large != 10 || byNumber != 1 {
		fmt.Println("CHANGED")
		os.Exit(1)
	}
	fmt.Println("as described")
}
EOF

echo "k8s.io/apiserver $version"
echo "expected: a LIST of one small Event by its name takes one seat, as that of a small Secret"
go build -mod=mod -o finding . 2> setup.log || { cat setup.log >&2; exit 2; }
./finding
