package main

import (
	"context"
	"crypto/sha256"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// lookPause is between two looks at the pods' files. When they changed is told by the files, not by the look.
const lookPause = 200 * time.Millisecond

// projection is a change of a volume's files: AtomicWriter has swapped the symbolic link ..data, whose modification
// time says when.
type projection struct {
	Group   string  `json:"group"`
	Node    string  `json:"node"`
	Pod     string  `json:"pod"`
	Kind    string  `json:"kind"`
	Object  string  `json:"object"`
	Version int     `json:"version"`
	At      float64 `json:"at"`
	// First is true for the files that a pod starts with.
	First bool `json:"first"`
	// TokenChanged is true where a projected volume has another service account token than before.
	TokenChanged bool `json:"tokenChanged,omitempty"`
}

// look is what was last seen of a volume.
type look struct {
	target  string
	version int
	token   [sha256.Size]byte
}

// watchFiles looks at the files of all pods until the context ends.
func (laboratory *laboratory) watchFiles(ctx context.Context) {
	seen := map[string]look{}
	for sleep(ctx, lookPause) == nil {
		for _, pod := range laboratory.pods.present() {
			for _, volume := range pod.place.group.Volumes {
				laboratory.lookAt(pod, volume, seen)
			}
		}
	}
}

func (laboratory *laboratory) lookAt(pod *pod, volume string, seen map[string]look) {
	plugin, versionFile := pluginFolder(volume)
	folder := filepath.Join(laboratory.root(pod.Node), "pods", pod.UID, "volumes", plugin)
	link := filepath.Join(folder, "..data")
	target, err := os.Readlink(link)
	before, known := seen[folder]
	if err != nil || target == before.target {
		return
	}
	info, err := os.Lstat(link)
	if err != nil {
		return
	}
	// By their own folder: the link may be swapped again meanwhile, which is seen next time.
	text, err := os.ReadFile(filepath.Join(folder, target, versionFile))
	if err != nil {
		return
	}
	line, _, _ := strings.Cut(string(text), "\n")
	version, err := strconv.Atoi(strings.TrimPrefix(line, "# "+versionKey+" "))
	if err != nil {
		laboratory.facts.event("unreadable", map[string]any{"pod": pod.Name, "volume": volume})
		return
	}
	after := look{target: target, version: version}
	if volume == projectedVolume {
		token, _ := os.ReadFile(filepath.Join(folder, target, "token"))
		after.token = sha256.Sum256(token)
	}
	seen[folder] = after
	mounted := pod.place.mounted(volume)
	laboratory.facts.add("projections", projection{
		Group: pod.Group, Node: pod.Node, Pod: pod.Name, Kind: mounted.kind, Object: mounted.name,
		Version: version, At: stamp(info.ModTime()), First: !known,
		TokenChanged: known && after.token != before.token,
	})
}
