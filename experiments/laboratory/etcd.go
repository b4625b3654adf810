package main

import (
	"errors"
	"net/url"
	"path/filepath"

	"go.etcd.io/etcd/server/v3/embed"
)

// runEtcd is one etcd server with its defaults, TLS and client certificates on loopback: DATA, CERTIFICATES, PORT, PEER PORT.
func runEtcd(arguments []string) error {
	data, certificates := arguments[0], arguments[1]
	client := url.URL{Scheme: "https", Host: "127.0.0.1:" + arguments[2]}
	peer := url.URL{Scheme: "http", Host: "127.0.0.1:" + arguments[3]}
	config := embed.NewConfig()
	config.Dir = data
	config.LogLevel = "warn"
	config.ListenClientUrls = []url.URL{client}
	config.AdvertiseClientUrls = []url.URL{client}
	config.ListenPeerUrls = []url.URL{peer}
	config.AdvertisePeerUrls = []url.URL{peer}
	config.InitialCluster = config.InitialClusterFromName(config.Name)
	config.ClientTLSInfo.CertFile = filepath.Join(certificates, "server.crt")
	config.ClientTLSInfo.KeyFile = filepath.Join(certificates, "server.key")
	config.ClientTLSInfo.TrustedCAFile = filepath.Join(certificates, "ca.crt")
	config.ClientTLSInfo.ClientCertAuth = true
	server, err := embed.StartEtcd(config)
	if err != nil {
		return err
	}
	select {
	case err := <-server.Err():
		return err
	case <-server.Server.StopNotify():
		return errors.New("stopped")
	}
}
