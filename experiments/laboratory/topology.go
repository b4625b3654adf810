package main

import (
	"fmt"
	"strings"
)

// Volumes that a group's pods may mount, by their names in a plan.
const (
	sharedVolume          = "shared"
	ownVolume             = "own"
	immutableVolume       = "immutable"
	sharedConfigMapVolume = "sharedConfigMap"
	ownConfigMapVolume    = "ownConfigMap"
	projectedVolume       = "projected"
)

// place is where a pod runs and what makes its objects its own: a pod that replaces another takes its place.
type place struct {
	group *Group
	node  string
	index int
}

// nodes of a group: GROUP-01 and so on.
func (group *Group) nodes() []string {
	names := make([]string, group.Nodes)
	for i := range names {
		names[i] = fmt.Sprintf("%s-%02d", group.Name, i+1)
	}
	return names
}

func (group *Group) places() []place {
	var all []place
	for _, node := range group.nodes() {
		for index := range group.PodsPerNode {
			all = append(all, place{group, node, index})
		}
	}
	return all
}

func immutableOf(node string) object {
	return object{secretKind, "imm-" + node}
}

// objects that only this place mounts.
func (place place) own() []object {
	var all []object
	name := fmt.Sprintf("%s-%d", place.node, place.index)
	if place.group.has(ownVolume) {
		all = append(all, object{secretKind, "own-" + name})
	}
	if place.group.has(ownConfigMapVolume) {
		all = append(all, object{configMapKind, "cm-own-" + name})
	}
	return all
}

// mounted is the object behind a volume.
func (place place) mounted(volume string) object {
	name := fmt.Sprintf("%s-%d", place.node, place.index)
	switch volume {
	case sharedVolume:
		return object{secretKind, "shared"}
	case ownVolume:
		return object{secretKind, "own-" + name}
	case immutableVolume:
		return immutableOf(place.node)
	case sharedConfigMapVolume:
		return object{configMapKind, "cm-shared"}
	case ownConfigMapVolume:
		return object{configMapKind, "cm-own-" + name}
	default:
		return object{configMapKind, rootCA}
	}
}

// shared are the objects that pods of several nodes mount.
func (plan *Plan) shared() []object {
	var all []object
	for _, volume := range []string{sharedVolume, sharedConfigMapVolume, projectedVolume} {
		for i := range plan.Groups {
			if plan.Groups[i].has(volume) {
				all = append(all, place{}.mounted(volume))
				break
			}
		}
	}
	return all
}

// pluginFolder is where the kubelet keeps a volume's files below volumes/, and the file that tells the version.
func pluginFolder(volume string) (folder, versionFile string) {
	switch volume {
	case projectedVolume:
		return "kubernetes.io~projected/" + volumeName(volume), "ca.crt"
	case sharedConfigMapVolume, ownConfigMapVolume:
		return "kubernetes.io~configmap/" + volumeName(volume), versionKey
	default:
		return "kubernetes.io~secret/" + volumeName(volume), versionKey
	}
}

// volumeName is a volume's name in a pod: lower case.
func volumeName(volume string) string {
	return strings.ToLower(volume)
}
