#include "common/rpc/admission.h"

#include <algorithm>
#include <utility>

#include "common/base/error.h"

namespace tsunagu::rpc {
namespace {

constexpr absl::Duration kWindow = absl::Milliseconds(100);
constexpr int kFewest = 5;  // waits in a window: a single long wait proves nothing
constexpr const char* kWords[kLanes] = {"interactive", "batch", "admin"};

// The limit is at least twice the threads, so that a single caller can always use all of them, and at most what threads
// and queue can hold.
LimitRule RuleFor(const Executor& executor, absl::Duration target) {
  const Executor::Limits& limits = executor.limits();
  const size_t ceiling = limits.threads + limits.queued;
  return {static_cast<int>(std::min(2 * limits.threads, ceiling)), static_cast<int>(ceiling), target};
}

}  // namespace

Admission::Admission(const std::string& service, const Executor& executor, Options options)
    : executor_(executor), options_(options) {
  const LimitRule rule = RuleFor(executor, options.target_wait);
  for (size_t i = 0; i < kLanes; ++i) {
    lanes_[i].rule = rule;
    lanes_[i].places.SetLimit(rule.ceiling);
    Measure(service, kWords[i], lanes_[i]);
  }
  streams_.places.SetLimit(options.streams);
  Measure(service, "streams", streams_);
  quick_.places.SetLimit(options.quick);
  Measure(service, "quick", quick_);
  MeasureExecutor(service);
}

void Admission::MeasureExecutor(const std::string& service) {
  metrics::Registry& registry = metrics::Registry::Process();
  for (size_t i = 0; i < kLanes; ++i) {
    const metrics::Labels labels = {{"service", service}, {"workload", kWords[i]}};
    lanes_[i].wait =
        &registry.HistogramOf("tsunagu_executor_wait_seconds", "How long tasks waited for a thread", labels);
    lanes_[i].dropped = &registry.CounterOf("tsunagu_executor_dropped_total",
                                            "Tasks not run because the time of their call was over", labels);
    watches_.push_back(registry.Gauge("tsunagu_executor_queued", "Tasks that wait for a thread", labels, [this, i] {
      return static_cast<double>(executor_.queued(static_cast<Lane>(i)));
    }));
  }
  watches_.push_back(registry.Gauge("tsunagu_executor_busy_threads", "Threads that run a task", {{"service", service}},
                                    [this] { return static_cast<double>(executor_.busy_threads()); }));
}

void Admission::Measure(const std::string& service, const char* workload, Group& group) {
  metrics::Registry& registry = metrics::Registry::Process();
  const metrics::Labels labels = {{"service", service}, {"workload", workload}};
  const auto shed = [&](const char* why) {
    metrics::Labels all = labels;
    all.emplace_back("why", why);
    return &registry.CounterOf("tsunagu_shed_total", "Calls refused before their message was read", std::move(all));
  };
  group.full = shed("full");
  group.unfair = shed("caller");
  watches_.push_back(registry.Gauge("tsunagu_limit", "Calls that may be in progress", labels,
                                    [&group] { return static_cast<double>(group.places.limit()); }));
  watches_.push_back(registry.Gauge("tsunagu_limit_in_progress", "Calls in progress", labels,
                                    [&group] { return static_cast<double>(group.places.held()); }));
}

Admission::Group& Admission::GroupOf(Lane lane, Kind kind) {
  if (kind == Kind::kStream) return streams_;
  return kind == Kind::kQuick ? quick_ : lanes_[static_cast<size_t>(lane)];
}

absl::StatusOr<Admission::Ticket> Admission::Enter(Lane lane, Kind kind, const std::string& caller) {
  Group& group = GroupOf(lane, kind);
  Ticket ticket;
  ticket.admission_ = this;
  ticket.lane_ = lane;
  if (kind == Kind::kWork) ticket.caller_ = caller;
  // The limit covers the queue and the threads; long calls are measured against the threads only.
  const int64_t cost = kind == Kind::kWork ? costs_.PlacesOf(caller) : 1;
  const int64_t threads = std::max<int64_t>(1, static_cast<int64_t>(executor_.limits().threads));
  const int64_t limit = group.places.limit();
  const int64_t places =
      cost == 1 ? 1 : std::clamp<int64_t>(cost * (limit / (2 * threads)), 1, std::max<int64_t>(1, limit / 2));
  absl::Status refused = group.places.Take(caller, places, ticket.place_);
  if (!refused.ok()) return Refuse(group, std::move(refused));
  if (kind == Kind::kStream && group.places.HeldBy(caller) > options_.streams_of_caller) {
    return Refuse(group, Fail("TOO_MANY_STREAMS"_reason, {{"max", std::to_string(options_.streams_of_caller)}}));
  }
  return ticket;
}

absl::Status Admission::Refuse(Group& group, absl::Status why) {
  (ReasonOf(why) == "TOO_BUSY"_reason ? group.full : group.unfair)->Add();
  MutexLock lock(group.mutex);
  group.window.refused = true;
  return why;
}

int Admission::limit(Lane lane) const { return static_cast<int>(lanes_[static_cast<size_t>(lane)].places.limit()); }

int Admission::in_progress(Lane lane) const {
  return static_cast<int>(lanes_[static_cast<size_t>(lane)].places.held());
}

// The wait of a stream's step counts for its lane too.
void Admission::Ticket::Waited(absl::Duration wait) {
  if (admission_ == nullptr) return;
  Group& group = admission_->GroupOf(lane_, Kind::kWork);
  group.wait->Observe(wait);
  MutexLock lock(group.mutex);
  ++group.window.waits;
  group.window.shortest_wait = std::min(group.window.shortest_wait, wait);
  if (group.window.waits < kFewest || group.opened.Elapsed() < kWindow) return;
  group.places.SetLimit(NextLimit(group.rule, static_cast<int>(group.places.limit()), group.window));
  group.window = LimitWindow();
  group.opened = Stopwatch();
}

void Admission::Ticket::Used(absl::Duration time) {
  if (admission_ != nullptr && !caller_.empty()) admission_->costs_.Note(caller_, time);
}

void Admission::Ticket::Dropped() {
  if (admission_ != nullptr) admission_->GroupOf(lane_, Kind::kWork).dropped->Add();
}

}  // namespace tsunagu::rpc
