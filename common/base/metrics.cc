#include "common/base/metrics.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <limits>

#include "prometheus/metric_family.h"
#include "prometheus/text_serializer.h"

namespace tsunagu::metrics {
namespace {

constexpr double kMicros = 1e6;

prometheus::ClientMetric Named(const Labels& labels) {
  prometheus::ClientMetric metric;
  for (const auto& [name, value] : labels) metric.label.push_back({name, value});
  return metric;
}

prometheus::ClientMetric::Histogram Cumulated(const Histogram& histogram) {
  prometheus::ClientMetric::Histogram shown;
  uint64_t count = 0;
  for (size_t i = 0; i <= Histogram::kBounds.size(); ++i) {
    const bool last = i == Histogram::kBounds.size();
    count += static_cast<uint64_t>(histogram.bucket(i));
    shown.bucket.push_back({count, last ? std::numeric_limits<double>::infinity() : Histogram::kBounds[i] / kMicros});
  }
  shown.sample_count = count;
  shown.sample_sum = histogram.sum_micros() / kMicros;
  return shown;
}

}  // namespace

struct Registry::Family {
  Kind kind;
  std::string help;
  std::map<Labels, std::unique_ptr<Counter>> counters;
  std::map<Labels, std::unique_ptr<Histogram>> histograms;
};

struct Registry::Watched {
  std::string family;
  Labels labels;
  Reading read;
};

void Histogram::Observe(absl::Duration duration) {
  const int64_t micros = std::max<int64_t>(absl::ToInt64Microseconds(duration), 0);
  size_t i = 0;
  while (i < kBounds.size() && micros > kBounds[i]) ++i;
  buckets_[i].fetch_add(1, std::memory_order_relaxed);
  sum_micros_.fetch_add(micros, std::memory_order_relaxed);
}

int64_t Histogram::count() const {
  int64_t count = 0;
  for (const auto& bucket : buckets_) count += bucket.load(std::memory_order_relaxed);
  return count;
}

Registry& Registry::Process() {
  static Registry& registry = *new Registry;
  return registry;
}

Registry::Registry() = default;
Registry::~Registry() = default;

Registry::Family& Registry::FamilyOf(const std::string& name, const std::string& help, Kind kind) {
  std::unique_ptr<Family>& family = families_[name];
  if (family == nullptr) family = std::make_unique<Family>(Family{kind, help, {}, {}});
  if (family->kind != kind || family->help != help) {
    std::fprintf(stderr, "metric %s is declared in two ways\n", name.c_str());
    std::abort();
  }
  return *family;
}

Counter& Registry::CounterOf(const std::string& name, const std::string& help, Labels labels) {
  std::sort(labels.begin(), labels.end());
  MutexLock lock(mutex_);
  std::unique_ptr<Counter>& counter = FamilyOf(name, help, Kind::kCounter).counters[std::move(labels)];
  if (counter == nullptr) counter = std::make_unique<Counter>();
  return *counter;
}

Histogram& Registry::HistogramOf(const std::string& name, const std::string& help, Labels labels) {
  std::sort(labels.begin(), labels.end());
  MutexLock lock(mutex_);
  std::unique_ptr<Histogram>& histogram = FamilyOf(name, help, Kind::kHistogram).histograms[std::move(labels)];
  if (histogram == nullptr) histogram = std::make_unique<Histogram>();
  return *histogram;
}

Registry::Watch& Registry::Watch::operator=(Watch&& other) noexcept {
  std::swap(registry_, other.registry_);
  std::swap(id_, other.id_);
  return *this;
}

void Registry::Watch::End() {
  if (registry_ == nullptr) return;
  MutexLock lock(registry_->mutex_);
  registry_->watched_.erase(id_);
}

Registry::Watch Registry::Add(Kind kind, const std::string& name, const std::string& help, Labels labels,
                              Reading read) {
  std::sort(labels.begin(), labels.end());
  MutexLock lock(mutex_);
  FamilyOf(name, help, kind);
  const int64_t id = next_watch_++;
  watched_[id] = std::make_unique<Watched>(Watched{name, std::move(labels), std::move(read)});
  return Watch(*this, id);
}

Registry::Watch Registry::Gauge(const std::string& name, const std::string& help, Labels labels, Reading read) {
  return Add(Kind::kGauge, name, help, std::move(labels), std::move(read));
}

Registry::Watch Registry::Total(const std::string& name, const std::string& help, Labels labels, Reading read) {
  return Add(Kind::kCounter, name, help, std::move(labels), std::move(read));
}

std::vector<prometheus::MetricFamily> Registry::Collect() const {
  MutexLock lock(mutex_);
  std::map<std::string, std::map<Labels, double>> values;
  for (const auto& [id, watched] : watched_) {
    if (const std::optional<double> value = watched->read()) values[watched->family][watched->labels] += *value;
  }
  std::vector<prometheus::MetricFamily> collected;
  for (const auto& [name, family] : families_) {
    using prometheus::MetricType;
    const MetricType type = family->kind == Kind::kHistogram ? MetricType::Histogram
                            : family->kind == Kind::kCounter ? MetricType::Counter
                                                             : MetricType::Gauge;
    prometheus::MetricFamily shown{name, family->help, type, {}};
    for (const auto& [labels, counter] : family->counters) values[name][labels] += counter->value();
    for (const auto& [labels, value] : values[name]) {
      prometheus::ClientMetric& metric = shown.metric.emplace_back(Named(labels));
      metric.counter.value = metric.gauge.value = value;
    }
    for (const auto& [labels, histogram] : family->histograms) {
      shown.metric.emplace_back(Named(labels)).histogram = Cumulated(*histogram);
    }
    if (!shown.metric.empty()) collected.push_back(std::move(shown));
  }
  return collected;
}

std::string Registry::Text() const { return prometheus::TextSerializer().Serialize(Collect()); }

}  // namespace tsunagu::metrics
