// The syncs of kubelets under Watch with one event each in a std::priority_queue, as tight as C++ has it: the clocks and
// projections of the model (src/cluster/kubelet/pod-workers.ts, volume-manager.ts) for the preset own-5000, in which each
// pod mounts two objects of its own, one of its namespace, and one of the whole cluster, which is updated once. A sync
// compares what each of its volumes shows with what the kubelet knows. Draws come from one sequential generator: only the
// law is the same as the model's, so counts and means are.
#include <algorithm>
#include <cinttypes>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <queue>
#include <sys/resource.h>
#include <vector>

namespace {

constexpr int64_t kSecond = 1000000;
/** syncFrequency, workerResyncIntervalJitterFactor × syncFrequency, and what a sync takes, µs. */
constexpr int64_t kBase = 60 * kSecond, kSpan = 30 * kSecond, kSyncDuration = 5000;
/** Period of the sync loop's ticker, and of the loops of the volume manager, µs. */
constexpr int64_t kTick = kSecond, kLoop = 100000;
constexpr int64_t kVolumeWrite = 1000;
constexpr uint32_t kVolumes = 4, kOwnObjects = 2, kNamespaces = 100;

/** xoshiro256++ by Blackman and Vigna (2019), https://prng.di.unimi.it/ */
class Generator {
public:
  Generator() {
    uint64_t seed = 1;
    for (auto &word : state_) word = SplitMix(seed += 0x9e3779b97f4a7c15u);
  }
  double Uniform() { return (Next() >> 11) * 0x1.0p-53; }
  static uint64_t SplitMix(uint64_t z) {
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
  }

private:
  static uint64_t Rotate(uint64_t x, int k) { return (x << k) | (x >> (64 - k)); }
  uint64_t Next() {
    const uint64_t result = Rotate(state_[0] + state_[3], 23) + state_[0];
    const uint64_t t = state_[1] << 17;
    state_[2] ^= state_[0];
    state_[3] ^= state_[1];
    state_[1] ^= state_[2];
    state_[0] ^= state_[3];
    state_[2] ^= t;
    state_[3] = Rotate(state_[3], 45);
    return result;
  }
  uint64_t state_[4];
};

/** Exponential behind a shift, by its median and 99th percentile. */
struct Latency {
  double p50, p99;
  int64_t Draw(Generator &generator) const {
    const double mean = (p99 - p50) / std::log(50.0);
    return std::llround(p50 - mean * std::log(2.0) - mean * std::log(1 - generator.Uniform()));
  }
};
constexpr Latency kEtcdWatch{1000, 5000}, kDispatch{2000, 10000}, kRoundTrip{500, 1500};

/** The volumes of a pod are read; or, from the number of pods on, a node hears of the update. */
struct Event {
  int64_t at;
  uint32_t id;
  bool operator<(const Event &other) const { return at > other.at; }
};

int64_t RoundUp(int64_t interval) { return (interval + kTick - 1) / kTick * kTick; }

int64_t TickAtOrAfter(int64_t phase, int64_t at) {
  const int64_t late = (at - phase) % kTick;
  return late == 0 ? at : at + kTick - (late < 0 ? late + kTick : late);
}

/** From a sync's start to its reads: all pods of a node that start at an instant wait for the same. */
int64_t VolumeWait(uint32_t node, int64_t start) {
  const uint64_t bits = Generator::SplitMix(Generator::SplitMix(start) + node);
  return int64_t((bits >> 32) * kLoop >> 32) + int64_t((bits & 0xffffffffu) * kLoop >> 32);
}

/** The first sync from a time on of a pod that has been syncing for ever: the interval around it is length-biased. */
int64_t Stationary(int64_t phase, int64_t at, Generator &generator) {
  const int64_t longest = RoundUp(kSyncDuration + kBase + kSpan);
  int64_t length;
  do length = RoundUp(kSyncDuration + kBase + int64_t(generator.Uniform() * kSpan));
  while (generator.Uniform() * longest >= length);
  return TickAtOrAfter(phase, at) + int64_t(generator.Uniform() * (length / kTick)) * kTick;
}

} // namespace

/** Arguments: nodes, pods of each, warm-up, commit of the update and end of the run, µs. */
int main(int, char **arguments) {
  const uint32_t nodes = std::atoi(arguments[1]), pods_per_node = std::atoi(arguments[2]);
  const int64_t warm_up = std::atoll(arguments[3]), commit = std::atoll(arguments[4]), end = std::atoll(arguments[5]);
  const uint32_t pods = nodes * pods_per_node;
  Generator generator;
  // What a kubelet knows, object by object: those of pods, of the namespaces on each node, and of the cluster.
  const uint32_t of_namespaces = kOwnObjects * pods, of_cluster = of_namespaces + kNamespaces * nodes;
  std::vector<uint32_t> known(of_cluster + nodes, 1), shown(kVolumes * pods, 1), mounted(kVolumes * pods);
  std::vector<int64_t> phases(nodes), starts(pods);
  std::vector<Event> first;
  for (auto &phase : phases) phase = int64_t(generator.Uniform() * kTick);
  for (uint32_t pod = 0; pod < pods; pod++) {
    const uint32_t node = pod / pods_per_node;
    const uint32_t objects[kVolumes] = {kOwnObjects * pod, kOwnObjects * pod + 1,
                                        of_namespaces + kNamespaces * node + pod % kNamespaces, of_cluster + node};
    std::copy_n(objects, kVolumes, &mounted[kVolumes * pod]);
    starts[pod] = Stationary(phases[node], -warm_up, generator);
    first.push_back({starts[pod] + VolumeWait(node, starts[pod]), pod});
  }
  for (uint32_t node = 0; node < nodes; node++) {
    const int64_t latency = kEtcdWatch.Draw(generator) + kDispatch.Draw(generator) + kRoundTrip.Draw(generator) / 2;
    first.push_back({commit + latency, pods + node});
  }
  std::priority_queue<Event> queue(std::less<Event>(), std::move(first));
  uint64_t events = 0, projections = 0;
  double delays = 0;
  while (queue.top().at < end) {
    const auto [at, id] = queue.top();
    queue.pop();
    events++;
    if (id >= pods) {
      known[of_cluster + id - pods]++;
      continue;
    }
    for (uint32_t volume = kVolumes * id; volume < kVolumes * (id + 1); volume++) {
      if (shown[volume] == known[mounted[volume]]) continue;
      shown[volume] = known[mounted[volume]];
      projections++;
      delays += at + kVolumeWrite - commit;
    }
    const uint32_t node = id / pods_per_node;
    const int64_t due = starts[id] + kSyncDuration + kBase + int64_t(generator.Uniform() * kSpan);
    starts[id] = TickAtOrAfter(phases[node], due);
    queue.push({starts[id] + VolumeWait(node, starts[id]), id});
  }
  rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  const double cpu = usage.ru_utime.tv_sec + usage.ru_stime.tv_sec + (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
  std::printf("{\"cpuS\":%.6f,\"peakMiB\":%.1f,\"events\":%" PRIu64 ",\"projections\":%" PRIu64 ",\"delayMeanS\":%.6f}\n", cpu,
              usage.ru_maxrss / 1024.0, events, projections, delays / projections / kSecond);
}
