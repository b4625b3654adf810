package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// child is a process of the laboratory. It ends with the one that started it.
type child struct {
	name    string
	command *exec.Cmd
	exited  chan struct{}
}

// start runs this binary as another process; what it prints goes to LOGS/NAME.log.
// Only the main goroutine may call it: see init in main.go.
func start(work, name string, environment []string, arguments ...string) (*child, error) {
	binary, err := os.Executable()
	if err != nil {
		return nil, err
	}
	return startCommand(work, name, environment, binary, arguments...)
}

func startCommand(work, name string, environment []string, program string, arguments ...string) (*child, error) {
	logs := filepath.Join(work, "logs")
	if err := os.MkdirAll(logs, 0o700); err != nil {
		return nil, err
	}
	log, err := os.OpenFile(filepath.Join(logs, name+".log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	defer log.Close()
	command := exec.Command(program, arguments...)
	command.Stdout, command.Stderr = log, log
	command.Env = append(os.Environ(), environment...)
	command.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := command.Start(); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	started := &child{name: name, command: command, exited: make(chan struct{})}
	go func() {
		_ = command.Wait() // How it ended is known by who ended it, or in its log.
		close(started.exited)
	}()
	return started, nil
}

func (process *child) signal(signal syscall.Signal) error {
	return process.command.Process.Signal(signal)
}

func (process *child) running() bool {
	select {
	case <-process.exited:
		return false
	default:
		return true
	}
}

// stop asks the process to end, and ends it after a while.
func (process *child) stop(patience time.Duration) {
	if process == nil || !process.running() {
		return
	}
	_ = process.signal(syscall.SIGTERM)
	select {
	case <-process.exited:
	case <-time.After(patience):
		_ = process.signal(syscall.SIGKILL)
		<-process.exited
	}
}

// usage of a process by the operating system's accounting: CPU-seconds of all its threads, and bytes of memory in use.
type usage struct {
	CPUSeconds    float64 `json:"cpuSeconds"`
	ResidentBytes int64   `json:"residentBytes"`
}

// clockTicksPerSecond is USER_HZ, which Linux keeps at 100 on all architectures that Go runs on.
const clockTicksPerSecond = 100

func (process *child) usage() (usage, error) {
	return usageOf(process.command.Process.Pid)
}

// usageOf reads /proc/PID/stat: fields 14, 15 and 24 of proc(5), counted behind the name in brackets.
func usageOf(pid int) (usage, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return usage{}, err
	}
	fields := strings.Fields(string(text[strings.LastIndexByte(string(text), ')')+1:]))
	number := func(field int) float64 {
		value, _ := strconv.ParseFloat(fields[field-3], 64)
		return value
	}
	return usage{
		CPUSeconds:    (number(14) + number(15)) / clockTicksPerSecond,
		ResidentBytes: int64(number(24)) * int64(os.Getpagesize()),
	}, nil
}
