#!/usr/bin/env bash
# API Priority and Fairness: a priority level with nominalConcurrencyShares 0, which the API calls a jail, has a limit of no
# seats. With queues it holds its requests; with limitResponse Reject it executes them, one at a time, whatever seats they need.
set -euo pipefail

version=v0.37.2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export GOMODCACHE="$work/mod" GOFLAGS="${GOFLAGS:-} -modcacherw -trimpath" CGO_ENABLED=0
cd "$work"

cat > go.mod <<EOF
module finding

go 1.26.0

require k8s.io/apiserver $version
EOF

cat > main.go <<'EOF'
// The queue set of such a level, without queues (limitResponse Reject) and with one: requests one after another, and beside one.
package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"k8s.io/apiserver/pkg/util/flowcontrol/fairqueuing"
	"k8s.io/apiserver/pkg/util/flowcontrol/fairqueuing/eventclock"
	"k8s.io/apiserver/pkg/util/flowcontrol/fairqueuing/queueset"
	"k8s.io/apiserver/pkg/util/flowcontrol/metrics"
	"k8s.io/apiserver/pkg/util/flowcontrol/request"
	"k8s.io/utils/clock"
)

func level(name string, queues int) fairqueuing.QueueSet {
	labels := []string{name}
	pair := metrics.RatioedGaugeVecPhasedElementPair(metrics.PriorityLevelConcurrencyGaugeVec, 1, 1, labels)
	seats := metrics.PriorityLevelExecutionSeatsGaugeVec.NewForLabelValuesSafe(0, 1, labels)
	demand := fairqueuing.NewNamedIntegrator(clock.RealClock{}, name)
	config := fairqueuing.QueuingConfig{Name: name, DesiredNumQueues: queues, QueueLengthLimit: 50, HandSize: 1}
	made, err := queueset.NewQueueSetFactory(eventclock.Real{}).BeginConstruction(config, pair, seats, demand)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	return made.Complete(fairqueuing.DispatchingConfig{ConcurrencyLimit: 0, ConcurrencyDenominator: 1})
}

// execute has a request of some seats executed, if that begins within 50 ms; tells whether it was.
func execute(set fairqueuing.QueueSet, seats uint64, then func()) (executed bool) {
	impatient, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	width := &request.WorkEstimate{InitialSeats: seats}
	started, _ := set.StartRequest(impatient, width, 0, "flow", "schema", "", "", func(bool) {})
	if started != nil {
		started.Finish(func() {
			executed = true
			then()
		})
	}
	return executed
}

func main() {
	as := true
	for _, each := range []struct {
		name             string
		queues, executed int
	}{{"with limitResponse Reject", 0, 20}, {"with a queue", 1, 0}} {
		set := level(each.name, each.queues)
		executed, beside := 0, 0
		for range 10 {
			for _, seats := range []uint64{1, 10} {
				if execute(set, seats, func() {
					if execute(set, seats, func() {}) {
						beside++
					}
				}) {
					executed++
				}
			}
		}
		fmt.Printf("seen: %s: of 20 requests of 1 and 10 seats, one after another, %d were executed; of those beside one, %d\n", each.name, executed, beside)
		as = as && executed == each.executed && beside == 0
	}
	if !as {
		fmt.Println("CHANGED")
		os.Exit(1)
	}
	fmt.Println("as described")
}
EOF

echo "k8s.io/apiserver $version"
echo "expected: a level of no seats executes nothing: its requests wait, or are rejected"
go build -mod=mod -o finding . 2> setup.log || { cat setup.log >&2; exit 2; }
./finding
