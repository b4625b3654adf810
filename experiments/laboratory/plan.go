package main

import (
	"encoding/json"
	"fmt"
	"os"
	"time"
)

// Plan is what is to be measured, as the runner has checked it (groups.ts has fields, defaults and limits).
type Plan struct {
	Seed          uint64  `json:"seed"`
	LimitSeconds  float64 `json:"limitSeconds"`
	SettleSeconds float64 `json:"settleSeconds"`
	PauseSeconds  Range   `json:"pauseSeconds"`
	SpreadSeconds float64 `json:"spreadSeconds"`
	ObjectBytes   int     `json:"objectBytes"`
	KubeAPIQPS    float64 `json:"kubeAPIQPS"`
	KubeAPIBurst  int     `json:"kubeAPIBurst"`
	Encryption    bool    `json:"encryption"`
	// WatchProgressNotifyIntervalSeconds is how often etcd tells how far it is.
	WatchProgressNotifyIntervalSeconds float64  `json:"watchProgressNotifyIntervalSeconds"`
	KubeletVerbosity                   int      `json:"kubeletVerbosity"`
	APIServerArguments                 []string `json:"apiServerArguments"`
	SampleSeconds                      float64  `json:"sampleSeconds"`
	Groups                             []Group  `json:"groups"`
	Steps                              []Step   `json:"steps"`
	// Audit is whether requests are logged; Authorization is the API server's --authorization-mode.
	Audit         bool   `json:"audit"`
	Authorization string `json:"authorization"`
	// Storm or Costs, where one of them is to be measured instead of groups.
	Storm *StormPlan `json:"storm"`
	Costs *CostsPlan `json:"costs"`
}

// Range of seconds, from which one is drawn uniformly.
type Range [2]float64

// Group of nodes with one configuration.
type Group struct {
	Name        string  `json:"name"`
	Strategy    string  `json:"strategy"`
	SyncSeconds float64 `json:"syncSeconds"`
	// NodeTTL is the value of the annotation node.alpha.kubernetes.io/ttl; nil: no annotation.
	NodeTTL      *int     `json:"nodeTTL"`
	Nodes        int      `json:"nodes"`
	PodsPerNode  int      `json:"podsPerNode"`
	Volumes      []string `json:"volumes"`
	TokenSeconds int64    `json:"tokenSeconds"`
}

// Step is one of its fields; steps follow one another.
type Step struct {
	// Rounds of updates: what is shared first, then what belongs to single pods, spread over SpreadSeconds.
	Rounds            int          `json:"rounds"`
	SettleSeconds     float64      `json:"settleSeconds"`
	Rollout           *RolloutStep `json:"rollout"`
	RecreateImmutable *OnGroups    `json:"recreateImmutable"`
	Restart           *RestartStep `json:"restart"`
	RotateKey         *RotateStep  `json:"rotateKey"`
}

// OnGroups names the groups that a step changes.
type OnGroups struct {
	Groups []string `json:"groups"`
}

// RolloutStep replaces every pod of some groups on its node: MaxSurge new ones at a time, each old one when its successor runs.
type RolloutStep struct {
	Groups   []string `json:"groups"`
	MaxSurge int      `json:"maxSurge"`
}

// RestartStep stops kube-apiserver by a signal and starts it again after DowntimeSeconds without a process.
type RestartStep struct {
	Signal          string  `json:"signal"`
	DowntimeSeconds float64 `json:"downtimeSeconds"`
}

// RotateStep puts a new encryption key in front, waits for the reload, and writes every Secret again.
type RotateStep struct {
	WritesPerSecond float64 `json:"writesPerSecond"`
}

func readPlan(file string) (*Plan, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	plan := &Plan{}
	if err := json.Unmarshal(text, plan); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return plan, nil
}

func (plan *Plan) group(name string) *Group {
	for i := range plan.Groups {
		if plan.Groups[i].Name == name {
			return &plan.Groups[i]
		}
	}
	return nil
}

func (group *Group) has(volume string) bool {
	for _, each := range group.Volumes {
		if each == volume {
			return true
		}
	}
	return false
}

func seconds(value float64) time.Duration {
	return time.Duration(value * float64(time.Second))
}
