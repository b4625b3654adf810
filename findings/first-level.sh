#!/usr/bin/env bash
# API Priority and Fairness: until its informers have synced, a server puts all requests but those of system:masters into the
# level catch-all, which then has all its seats and no queue. The leases of nodes and the requests of a runaway client share
# it, and whoever finds no seat is rejected at once.
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
	k8s.io/api $version
	k8s.io/apiserver $version
	k8s.io/client-go $version
)
EOF

cat > main.go <<'EOF'
// The flow control of an API server with 600 seats and the default configuration in its API, before and after it has read that:
// the level of a kubelet's requests, and how many of 700 at once are executed.
package main

import (
	"context"
	"fmt"
	"os"
	"sync"
	"time"

	flowcontrolv1 "k8s.io/api/flowcontrol/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apiserver/pkg/apis/flowcontrol/bootstrap"
	"k8s.io/apiserver/pkg/authentication/user"
	"k8s.io/apiserver/pkg/endpoints/request"
	"k8s.io/apiserver/pkg/util/flowcontrol"
	seats "k8s.io/apiserver/pkg/util/flowcontrol/request"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes/fake"
)

const (
	serverSeats = 600
	requests    = 700
)

func configuration() (objects []runtime.Object) {
	for _, each := range append(bootstrap.MandatoryPriorityLevelConfigurations, bootstrap.SuggestedPriorityLevelConfigurations...) {
		objects = append(objects, each)
	}
	for _, each := range append(bootstrap.MandatoryFlowSchemas, bootstrap.SuggestedFlowSchemas...) {
		objects = append(objects, each)
	}
	return objects
}

// seen is what becomes of requests of one kubelet that are all under way for a while.
func seen(control flowcontrol.Interface) (level string, executed int) {
	digest := flowcontrol.RequestDigest{
		RequestInfo: &request.RequestInfo{IsResourceRequest: true, Verb: "get", APIVersion: "v1", Resource: "secrets", Namespace: "default", Name: "s"},
		User:        &user.DefaultInfo{Name: "system:node:n", Groups: []string{"system:nodes", user.AllAuthenticated}},
	}
	var lock sync.Mutex
	var all sync.WaitGroup
	for range requests {
		all.Add(1)
		go func() {
			defer all.Done()
			impatient, cancel := context.WithTimeout(context.Background(), time.Second)
			defer cancel()
			note := func(_ *flowcontrolv1.FlowSchema, found *flowcontrolv1.PriorityLevelConfiguration, _ string) {
				lock.Lock()
				level = found.Name
				lock.Unlock()
			}
			one := func() seats.WorkEstimate { return seats.WorkEstimate{InitialSeats: 1} }
			control.Handle(impatient, digest, note, one, func(bool) {}, func() {
				lock.Lock()
				executed++
				lock.Unlock()
				time.Sleep(2 * time.Second)
			})
		}()
	}
	all.Wait()
	return level, executed
}

func main() {
	client := fake.NewClientset(configuration()...)
	factory := informers.NewSharedInformerFactory(client, 0)
	control := flowcontrol.New(factory, client.FlowcontrolV1(), serverSeats)

	before, executedBefore := seen(control)
	fmt.Printf("seen: before its informers have synced: level %s, %d of %d requests executed at once\n", before, executedBefore, requests)

	stop := make(chan struct{})
	defer close(stop)
	factory.Start(stop)
	factory.WaitForCacheSync(stop)
	go control.Run(stop)
	time.Sleep(2 * time.Second)
	after, executedAfter := seen(control)
	fmt.Printf("seen: after that: level %s, %d of %d\n", after, executedAfter, requests)

	list, err := client.FlowcontrolV1().PriorityLevelConfigurations().List(context.Background(), metav1.ListOptions{})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	configured := len(list.Items) == len(bootstrap.MandatoryPriorityLevelConfigurations)+len(bootstrap.SuggestedPriorityLevelConfigurations)
	if !configured || before != "catch-all" || executedBefore != serverSeats || after != "system" || executedAfter >= executedBefore/2 {
		fmt.Println("CHANGED")
		os.Exit(1)
	}
	fmt.Println("as described")
}
EOF

echo "k8s.io/apiserver $version"
echo "expected: a restarted server, whose levels are in etcd, gives a kubelet the level system from its first request on"
go build -mod=mod -o finding . 2> setup.log || { cat setup.log >&2; exit 2; }
./finding
