#ifndef TSUNAGU_COMMON_BASE_METRICS_H_
#define TSUNAGU_COMMON_BASE_METRICS_H_

#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "common/base/mutex.h"

namespace prometheus {
struct MetricFamily;
}  // namespace prometheus

namespace tsunagu::metrics {

// Label names and values come from fixed sets: methods, services, reasons, classes. Never ids, names, texts or anything
// a caller chooses. The order does not matter: equal labels are the same series.
using Labels = std::vector<std::pair<std::string, std::string>>;

// A value that only grows. Adding takes no lock.
class Counter {
 public:
  void Add(int64_t by = 1) { value_.fetch_add(by, std::memory_order_relaxed); }
  int64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<int64_t> value_{0};
};

// Counts durations. Observe takes no lock. A reading made while other threads observe may miss one of their values.
class Histogram {
 public:
  // Upper bounds in microseconds: from a point read to a call that ran into its deadline.
  static constexpr std::array<int64_t, 14> kBounds = {100,       250,       500,        1'000,     2'500,
                                                      5'000,     10'000,    25'000,     100'000,   250'000,
                                                      1'000'000, 2'500'000, 10'000'000, 60'000'000};

  void Observe(absl::Duration duration);
  int64_t count() const;
  int64_t sum_micros() const { return sum_micros_.load(std::memory_order_relaxed); }
  // The count of the bucket below bound `i`, or above all bounds; not cumulative.
  int64_t bucket(size_t i) const { return buckets_[i].load(std::memory_order_relaxed); }

 private:
  std::array<std::atomic<int64_t>, kBounds.size() + 1> buckets_{};
  std::atomic<int64_t> sum_micros_{0};
};

// The metrics that a process exports to Prometheus. Thread-safe. Looking a series up takes a lock: look it up once and
// keep the reference, which is valid for the life of the registry. A metric name has one kind and one help text; both
// are constants of ours, so a contradiction aborts the process.
class Registry {
 public:
  // The registry that the admin listener shows.
  static Registry& Process();

  Registry();
  ~Registry();
  Registry(const Registry&) = delete;
  Registry& operator=(const Registry&) = delete;

  // Names end in _total.
  Counter& CounterOf(const std::string& name, const std::string& help, Labels labels);
  // Names end in _seconds.
  Histogram& HistogramOf(const std::string& name, const std::string& help, Labels labels);

  // A value that is read when the metrics are collected, for as long as this object lives. Several watches of the same
  // series are added up. While the reading is nullopt, nothing is shown.
  class Watch {
   public:
    Watch() = default;
    ~Watch() { End(); }
    Watch(Watch&& other) noexcept { *this = std::move(other); }
    Watch& operator=(Watch&& other) noexcept;

   private:
    friend class Registry;
    Watch(Registry& registry, int64_t id) : registry_(&registry), id_(id) {}
    void End();

    Registry* registry_ = nullptr;
    int64_t id_ = 0;
  };
  using Reading = std::function<std::optional<double>()>;

  // `read` must be quick, must not wait and must not use the Registry. It is not called after its Watch was destroyed.
  [[nodiscard]] Watch Gauge(const std::string& name, const std::string& help, Labels labels, Reading read);
  // As Gauge, for a value that is counted elsewhere and never decreases.
  [[nodiscard]] Watch Total(const std::string& name, const std::string& help, Labels labels, Reading read);

  // Returns all metrics, as Prometheus reads them.
  std::vector<prometheus::MetricFamily> Collect() const;
  std::string Text() const;

 private:
  enum class Kind { kCounter, kGauge, kHistogram };
  struct Family;
  struct Watched;

  Family& FamilyOf(const std::string& name, const std::string& help, Kind kind) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  Watch Add(Kind kind, const std::string& name, const std::string& help, Labels labels, Reading read);

  mutable Mutex mutex_;
  std::map<std::string, std::unique_ptr<Family>> families_ ABSL_GUARDED_BY(mutex_);
  std::map<int64_t, std::unique_ptr<Watched>> watched_ ABSL_GUARDED_BY(mutex_);
  int64_t next_watch_ ABSL_GUARDED_BY(mutex_) = 1;
};

}  // namespace tsunagu::metrics

#endif  // TSUNAGU_COMMON_BASE_METRICS_H_
