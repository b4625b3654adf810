package main

import (
	"fmt"
	"os"
	"path/filepath"

	"k8s.io/component-base/cli"
	_ "k8s.io/component-base/metrics/prometheus/clientgo"
	_ "k8s.io/component-base/metrics/prometheus/version"
	"k8s.io/kubernetes/cmd/kube-apiserver/app"
)

// advertisedAddress is of a block for documentation: an Endpoints object refuses loopback, and nobody dials it.
const advertisedAddress = "192.0.2.1"

// runAPIServer is kube-apiserver as its own main runs it.
func runAPIServer(arguments []string) error {
	os.Args = append([]string{"kube-apiserver"}, arguments...)
	os.Exit(cli.Run(app.NewAPIServerCommand()))
	return nil
}

// apiServerArguments are those of kubeadm (phases/controlplane/manifests.go, getAPIServerCommand), without the front
// proxy, with an audit log of all requests and, where asked for, encryption of Secrets.
func apiServerArguments(work string, port, etcdPort int, plan *Plan) ([]string, error) {
	certificate := func(name string) string { return filepath.Join(work, "pki", name) }
	arguments := []string{
		"--advertise-address=" + advertisedAddress,
		"--bind-address=127.0.0.1",
		"--enable-admission-plugins=NodeRestriction",
		"--authorization-mode=" + plan.Authorization,
		"--service-cluster-ip-range=10.96.0.0/12",
		"--service-account-key-file=" + certificate("sa.pub"),
		"--service-account-signing-key-file=" + certificate("sa.key"),
		"--service-account-issuer=https://kubernetes.default.svc.cluster.local",
		"--client-ca-file=" + certificate("ca.crt"),
		"--tls-cert-file=" + certificate("server.crt"),
		"--tls-private-key-file=" + certificate("server.key"),
		"--kubelet-client-certificate=" + certificate("admin.crt"),
		"--kubelet-client-key=" + certificate("admin.key"),
		"--enable-bootstrap-token-auth=true",
		"--allow-privileged=true",
		"--kubelet-preferred-address-types=InternalIP,ExternalIP,Hostname",
		fmt.Sprintf("--secure-port=%d", port),
		fmt.Sprintf("--etcd-servers=https://127.0.0.1:%d", etcdPort),
		"--etcd-cafile=" + certificate("ca.crt"),
		"--etcd-certfile=" + certificate("admin.crt"),
		"--etcd-keyfile=" + certificate("admin.key"),
	}
	if plan.Audit {
		policy := filepath.Join(work, "audit-policy.yaml")
		arguments = append(arguments, "--audit-policy-file="+policy, "--audit-log-path="+auditLog(work))
		if err := os.WriteFile(policy, []byte(auditPolicy), 0o600); err != nil {
			return nil, err
		}
	}
	if plan.Encryption {
		arguments = append(arguments,
			"--encryption-provider-config="+encryptionFile(work),
			"--encryption-provider-config-automatic-reload=true")
	}
	return append(arguments, plan.APIServerArguments...), nil
}

const auditPolicy = `apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: [RequestReceived]
rules: [{ level: Metadata }]
`

func auditLog(work string) string {
	return filepath.Join(work, "audit.log")
}
