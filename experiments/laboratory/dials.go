package main

import (
	"context"
	"net"
	"path/filepath"
	"time"
)

// dial is an attempt of a kubelet to set up a connection to the API server: whether somebody listened, by the class of
// the error. What happens to a connection that was set up is not in it.
type dial struct {
	At    float64 `json:"at"`
	Node  string  `json:"node"`
	Class string  `json:"class"`
}

// recordedDials dials as client-go does where nothing else is said (transport/cache.go), and puts each attempt down.
func recordedDials(folder, node string) (func(context.Context, string, string) (net.Conn, error), error) {
	facts, err := newFacts(filepath.Join(folder, "dials"))
	if err != nil {
		return nil, err
	}
	dialer := &net.Dialer{Timeout: 30 * time.Second, KeepAlive: 30 * time.Second}
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		told := dial{At: now(), Node: node}
		connection, err := dialer.DialContext(ctx, network, address)
		if err != nil {
			told.Class = classOf(err)
		}
		facts.add(node, told)
		return connection, err
	}, nil
}
