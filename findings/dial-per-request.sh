#!/usr/bin/env bash
# client-go: HTTP/2 means one connection for all watches of a kubelet, but not while there is none: then each request that
# waits opens a connection of its own, with a TLS handshake, and all but the first are thrown away.
set -euo pipefail

version=v0.37.2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export GOMODCACHE="$work/mod" GOFLAGS="${GOFLAGS:-} -modcacherw -trimpath" CGO_ENABLED=0
cd "$work"

cat > go.mod <<EOF
module finding

go 1.26.0

require k8s.io/client-go $version
EOF

cat > main.go <<'EOF'
// A client of client-go asks a server on loopback for fifty things at once: first while it has no connection, then again.
package main

import (
	"crypto/tls"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"k8s.io/client-go/rest"
)

const requests = 50

func main() {
	var handshakes, http2, later atomic.Int32
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		time.Sleep(100 * time.Millisecond)
	}))
	server.EnableHTTP2 = true
	server.TLS = &tls.Config{VerifyConnection: func(tls.ConnectionState) error {
		handshakes.Add(1)
		return nil
	}}
	server.StartTLS()
	defer server.Close()
	client, err := rest.HTTPClientFor(&rest.Config{Host: server.URL, TLSClientConfig: rest.TLSClientConfig{Insecure: true}})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	ask := func() {
		var all sync.WaitGroup
		for range requests {
			all.Go(func() {
				answer, err := client.Get(server.URL)
				if err != nil {
					return
				}
				_ = answer.Body.Close()
				if answer.ProtoMajor == 2 {
					http2.Add(1)
				}
			})
		}
		all.Wait()
		time.Sleep(time.Second) // the handshakes that nobody waits for
	}
	ask()
	first := handshakes.Load()
	ask()
	later.Store(handshakes.Load() - first)
	fmt.Printf("seen: %d requests at once without a connection: %d handshakes; %d more with one: %d\n", requests, first,
		requests, later.Load())
	fmt.Printf("seen: %d of %d answers over HTTP/2\n", http2.Load(), 2*requests)
	if http2.Load() != 2*requests || first < requests*9/10 || later.Load() != 0 {
		fmt.Println("CHANGED")
		os.Exit(1)
	}
	fmt.Println("as described")
}
EOF

echo "k8s.io/client-go $version"
echo "expected: requests to one server share one HTTP/2 connection, so that 50 at once make one handshake"
go build -mod=mod -o finding . 2> setup.log || { cat setup.log >&2; exit 2; }
./finding
