package main

import (
	"errors"
	"net/url"
	"path/filepath"
	"reflect"
	"time"

	"go.etcd.io/etcd/server/v3/embed"
)

// runEtcd is one etcd server with its defaults, TLS and client certificates on loopback: DATA, CERTIFICATES, PORT, PEER PORT,
// and how often it tells API servers how far it is.
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
	interval, err := time.ParseDuration(arguments[4])
	if err != nil {
		return err
	}
	if err := setProgressInterval(config, interval); err != nil {
		return err
	}
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

// setProgressInterval sets --watch-progress-notify-interval, whose field has lost its prefix with 3.6.
func setProgressInterval(config *embed.Config, interval time.Duration) error {
	for _, name := range []string{"WatchProgressNotifyInterval", "ExperimentalWatchProgressNotifyInterval"} {
		if field := reflect.ValueOf(config).Elem().FieldByName(name); field.IsValid() {
			field.SetInt(int64(interval))
			return nil
		}
	}
	return errors.New("etcd has no --watch-progress-notify-interval")
}
