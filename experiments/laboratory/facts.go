package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// facts are files of JSON lines, one for each kind; the runner makes tables of them.
type facts struct {
	folder string
	lock   sync.Mutex
	files  map[string]*os.File
}

func newFacts(folder string) (*facts, error) {
	return &facts{folder: folder, files: map[string]*os.File{}}, os.MkdirAll(folder, 0o755)
}

// add writes a line to KIND.jsonl. What cannot be written down was not measured: that ends the laboratory.
func (facts *facts) add(kind string, fact any) {
	line, err := json.Marshal(fact)
	if err != nil {
		panic(err)
	}
	facts.lock.Lock()
	defer facts.lock.Unlock()
	file := facts.files[kind]
	if file == nil {
		if file, err = os.Create(filepath.Join(facts.folder, kind+".jsonl")); err != nil {
			panic(err)
		}
		facts.files[kind] = file
	}
	if _, err := file.Write(append(line, '\n')); err != nil {
		panic(err)
	}
}

// event is something that happened to the whole laboratory.
func (facts *facts) event(name string, details map[string]any) {
	fact := map[string]any{"at": now(), "event": name}
	for key, value := range details {
		fact[key] = value
	}
	facts.add("events", fact)
}

// now is the time in seconds since 1970, as all facts have it.
func now() float64 {
	return stamp(time.Now())
}

func stamp(at time.Time) float64 {
	return float64(at.UnixNano()/1000) / 1e6
}
