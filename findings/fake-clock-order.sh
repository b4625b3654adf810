#!/usr/bin/env bash
# k8s.io/utils: the fake clock fires the timers of one step in the order of their creation, all at the step's end.
#
# FakeClock.Step moves the time first and then walks its list of waiters, which is in no order of time. So a
# callback due later may run before one due earlier, and both are given the end of the step as the time. A mock clock
# written as an event queue (github.com/benbjohnson/clock) runs the same program in the order of time.
set -euo pipefail

version=v0.0.0-20260626114624-be93311217bd
peer=v1.3.5
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export GOMODCACHE="$work/mod" GOFLAGS="${GOFLAGS:-} -modcacherw -trimpath" CGO_ENABLED=0
cd "$work"

cat > go.mod <<EOF
module finding

go 1.26.0

require (
	github.com/benbjohnson/clock $peer
	k8s.io/utils $version
)
EOF

cat > main.go <<'EOF'
// Two callbacks, set for 8 s and then for 3 s, in one step of 10 s.
package main

import (
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/benbjohnson/clock"
	clocktesting "k8s.io/utils/clock/testing"
)

var dues = []time.Duration{8 * time.Second, 3 * time.Second}

// line tells when a callback was due and what the time was when it ran.
func line(due time.Duration, at time.Time) string {
	return fmt.Sprintf("%v at %v", due, at.Sub(time.Unix(0, 0)))
}

// fake is the program on k8s.io/utils' clock. Its callbacks may not ask the clock, which is locked while they run, so
// the time comes from a timer set beside each.
func fake() string {
	c := clocktesting.NewFakeClock(time.Unix(0, 0))
	var seen []string
	for _, due := range dues {
		timer := c.NewTimer(due)
		c.AfterFunc(due, func() { seen = append(seen, line(due, <-timer.C())) })
	}
	c.Step(10 * time.Second)
	return strings.Join(seen, ", ")
}

// queue is the same program on the peer's clock.
func queue() string {
	c := clock.NewMock()
	c.Set(time.Unix(0, 0))
	var seen []string
	for _, due := range dues {
		c.AfterFunc(due, func() { seen = append(seen, line(due, c.Now())) })
	}
	c.Add(10 * time.Second)
	return strings.Join(seen, ", ")
}

func main() {
	order, peer := fake(), queue()
	fmt.Printf("seen: k8s.io/utils/clock/testing: %s\n", order)
	fmt.Printf("seen: github.com/benbjohnson/clock: %s\n", peer)
	if order != "8s at 10s, 3s at 10s" || peer != "3s at 3s, 8s at 8s" {
		fmt.Println("CHANGED")
		os.Exit(1)
	}
	fmt.Println("as described")
}
EOF

echo "k8s.io/utils $version, github.com/benbjohnson/clock $peer"
echo "expected: 3s at 3s, 8s at 8s, as in an event queue"
go build -mod=mod -o finding . 2> setup.log || { cat setup.log >&2; exit 2; }
./finding
