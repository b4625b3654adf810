// The timers of ../timers.ts by Simulator::Schedule of ns-3, with the scheduler named by the first argument.
#include "ns3/core-module.h"
#include <cinttypes>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <sys/resource.h>
#include <vector>

static std::vector<int64_t> increments(65536);
static std::vector<uint32_t> counts;
static std::vector<int64_t> lasts;

static void Fire(uint32_t entity) {
  counts[entity]++;
  lasts[entity] = ns3::Simulator::Now().GetMicroSeconds();
  const int64_t delay = increments[(entity * 40503u + counts[entity]) & 65535u];
  ns3::Simulator::Schedule(ns3::MicroSeconds(delay), &Fire, entity);
}

static double CpuSeconds() {
  rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_utime.tv_sec + usage.ru_stime.tv_sec + (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

/** Runs to a time in microseconds. */
static void RunUntil(double us) {
  ns3::Simulator::Stop(ns3::NanoSeconds(std::llround(us * 1000)) - ns3::Simulator::Now());
  ns3::Simulator::Run();
}

static std::vector<int64_t> ReadTimes(std::ifstream &file, size_t length) {
  std::vector<double> times(length);
  file.read(reinterpret_cast<char *>(times.data()), length * sizeof(double));
  return std::vector<int64_t>(times.begin(), times.end());
}

static void PrintState(const char *name) {
  uint64_t events = 0;
  int64_t checksum = 0;
  for (size_t e = 0; e < counts.size(); e++) {
    events += counts[e];
    checksum += counts[e] * static_cast<int64_t>(e % 1009 + 1) + lasts[e] % 65521;
  }
  std::printf("\"%s\":{\"events\":%" PRIu64 ",\"checksum\":%" PRId64 "}", name, events, checksum);
}

int main(int argc, char **argv) {
  if (argc != 6) return 2;
  const uint32_t entities = std::atoi(argv[2]);
  const double warmUpUs = std::atof(argv[3]);
  const double endUs = std::atof(argv[4]);
  ns3::ObjectFactory scheduler;
  scheduler.SetTypeId(argv[1]);
  ns3::Simulator::SetScheduler(scheduler);

  std::ifstream file(argv[5], std::ios::binary);
  increments = ReadTimes(file, increments.size());
  const std::vector<int64_t> first = ReadTimes(file, entities);
  counts.resize(entities);
  lasts.resize(entities);
  for (uint32_t e = 0; e < entities; e++) ns3::Simulator::Schedule(ns3::MicroSeconds(first[e]), &Fire, e);

  RunUntil(warmUpUs);
  std::printf("{");
  PrintState("warmUp");
  const double before = CpuSeconds();
  RunUntil(endUs);
  std::printf(",\"cpuS\":%.6f,", CpuSeconds() - before);
  PrintState("end");
  std::printf("}\n");
  ns3::Simulator::Destroy();
}
