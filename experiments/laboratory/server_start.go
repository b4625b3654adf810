package main

import (
	"context"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// serverMoments are what kube-apiserver logs when it serves, and when it has read its priority levels.
var serverMoments = map[string]string{
	"Serving securely on":                             "serving",
	"Running API Priority and Fairness config worker": "levelsRead",
}

// logLine is the head of a line of klog, and what it says.
var logLine = regexp.MustCompile(`(?m)^[IWEF](\d{4} \d\d:\d\d:\d\d\.\d{6}) +\d+ \S+\] (.*)$`)

// tellStart puts down when a process that was started at a time served, and when it had read its priority levels.
func (cluster *cluster) tellStart(started time.Time) error {
	text, err := os.ReadFile(filepath.Join(cluster.work, "logs", "apiserver.log"))
	if err != nil {
		return err
	}
	for _, line := range logLine.FindAllStringSubmatch(string(text), -1) {
		at, err := time.ParseInLocation("20060102 15:04:05.000000", strconv.Itoa(started.Year())+line[1], time.Local)
		if err != nil || at.Before(started) {
			continue
		}
		for message, event := range serverMoments {
			if strings.HasPrefix(line[2], message) {
				cluster.facts.event(event, map[string]any{"at": stamp(at)})
			}
		}
	}
	return nil
}

// levelRequests are the requests of a flow schema that a priority level has executed or rejected since its server's start.
type levelRequests struct {
	PriorityLevel string `json:"priority_level"`
	FlowSchema    string `json:"flow_schema"`
	Outcome       string `json:"outcome"`
	Reason        string `json:"reason"`
	Requests      int    `json:"requests"`
}

var (
	levelMetric = regexp.MustCompile(`(?m)^apiserver_flowcontrol_(dispatched|rejected)_requests_total\{(.*)\} (\S+)$`)
	metricLabel = regexp.MustCompile(`(\w+)="([^"]*)"`)
)

// tellLevels puts down what flow control did, by the server's own metrics.
func (cluster *cluster) tellLevels(ctx context.Context) error {
	text, err := cluster.get(ctx, "/metrics")
	if err != nil {
		return err
	}
	for _, metric := range levelMetric.FindAllStringSubmatch(text, -1) {
		labels := map[string]string{}
		for _, label := range metricLabel.FindAllStringSubmatch(metric[2], -1) {
			labels[label[1]] = label[2]
		}
		count, err := strconv.ParseFloat(metric[3], 64)
		if err != nil {
			return err
		}
		cluster.facts.add("levels", levelRequests{
			labels["priority_level"], labels["flow_schema"], metric[1], labels["reason"], int(count),
		})
	}
	return nil
}
