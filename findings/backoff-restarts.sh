#!/usr/bin/env bash
# apimachinery: the back-off that the deprecation note names as the replacement restarts inside an outage that goes on.
#
# wait.NewExponentialBackoffManager is deprecated in favour of wait.Backoff.DelayWithReset, with the same five numbers.
# The old one restarts when it was not asked for as long as resetDuration. The new one restarts every resetInterval,
# however busy it is, since it moves lastStart only when it restarts. client-go's reflectors changed from the one to the
# other in v0.36.
set -euo pipefail

version=v0.37.2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export GOMODCACHE="$work/mod" GOFLAGS="${GOFLAGS:-} -modcacherw -trimpath" CGO_ENABLED=0
cd "$work"

cat > go.mod <<EOF
module finding

go 1.26.0

require k8s.io/apimachinery $version
EOF

cat > main.go <<'EOF'
// Counts the tries that a reflector's back-off allows in an outage of 30 minutes in which every try fails at once.
package main

import (
	"fmt"
	"math"
	"os"
	"time"

	"k8s.io/apimachinery/pkg/util/wait"
	"k8s.io/utils/clock"
	clocktesting "k8s.io/utils/clock/testing"
)

// The numbers of client-go's reflectors; the jitter of 1 is added where it says so.
const (
	initial = 800 * time.Millisecond
	longest = 30 * time.Second
	reset   = 2 * time.Minute
	factor  = 2.0
	outage  = 30 * time.Minute
	repeats = 200
)

// recorder is a clock that sleeps through every timer asked of it.
type recorder struct{ *clocktesting.FakeClock }

func (r recorder) NewTimer(d time.Duration) clock.Timer {
	t := r.FakeClock.NewTimer(d)
	r.Step(d)
	return rearmed{t, r}
}

type rearmed struct {
	clock.Timer
	clock recorder
}

func (t rearmed) Reset(d time.Duration) bool {
	active := t.Timer.Reset(d)
	t.clock.Step(d)
	return active
}

func tries(c recorder, wait func()) (n int) {
	for end := c.Now().Add(outage); c.Now().Before(end); n++ {
		wait()
	}
	return n
}

func deprecated(jitter float64) int {
	c := recorder{clocktesting.NewFakeClock(time.Unix(0, 0))}
	manager := wait.NewExponentialBackoffManager(initial, longest, reset, factor, jitter, c)
	return tries(c, func() { <-manager.Backoff().C() })
}

func replacement(jitter float64) int {
	c := recorder{clocktesting.NewFakeClock(time.Unix(0, 0))}
	steps := int(math.Ceil(float64(longest) / float64(initial)))
	backoff := wait.Backoff{Duration: initial, Cap: longest, Steps: steps, Factor: factor, Jitter: jitter}
	delay := backoff.DelayWithReset(c, reset)
	return tries(c, func() { c.Step(delay()) })
}

func mean(tries func(float64) int) float64 {
	sum := 0
	for range repeats {
		sum += tries(1)
	}
	return float64(sum) / repeats
}

func main() {
	before, after := deprecated(0), replacement(0)
	jitteredBefore, jitteredAfter := mean(deprecated), mean(replacement)
	fmt.Printf("seen: without jitter: %d tries, %d with the replacement\n", before, after)
	fmt.Printf("seen: with a reflector's jitter, mean of %d outages: %.1f tries, %.1f with the replacement\n",
		repeats, jitteredBefore, jitteredAfter)
	if before != 65 || after != 117 || math.Abs(jitteredBefore-44.7) > 2 || math.Abs(jitteredAfter-97) > 2 {
		fmt.Println("CHANGED")
		os.Exit(1)
	}
	fmt.Println("as described")
}
EOF

echo "k8s.io/apimachinery $version"
echo "expected: as many tries in a 30-minute outage from DelayWithReset as from the manager that it replaces"
go build -mod=mod -o finding . 2> setup.log || { cat setup.log >&2; exit 2; }
./finding
