#include "common/rpc/admission.h"

#include <algorithm>
#include <utility>

#include "common/base/error.h"

namespace tsunagu::rpc {
namespace {

constexpr absl::Duration kWindow = absl::Milliseconds(100);
constexpr int kFewest = 5;  // waits in a window: one that was long says nothing
constexpr const char* kWords[kLanes] = {"interactive", "batch", "admin"};

// From twice the threads, so that a caller who is alone can always use all of them, to everything that threads and
// queue can hold.
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
    lanes_[i].limit = rule.ceiling;
    Measure(service, kWords[i], lanes_[i]);
  }
  streams_.limit = options.streams;
  Measure(service, "streams", streams_);
  quick_.limit = options.quick;
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
  watches_.push_back(registry.Gauge("tsunagu_limit", "Calls that may be in progress", labels, [&group] {
    MutexLock lock(group.mutex);
    return group.limit;
  }));
  watches_.push_back(registry.Gauge("tsunagu_limit_in_progress", "Calls in progress", labels, [&group] {
    MutexLock lock(group.mutex);
    return group.all;
  }));
}

Admission::Group& Admission::GroupOf(Lane lane, Kind kind) {
  if (kind == Kind::kStream) return streams_;
  return kind == Kind::kQuick ? quick_ : lanes_[static_cast<size_t>(lane)];
}

absl::StatusOr<Admission::Ticket> Admission::Enter(Lane lane, Kind kind, const std::string& caller) {
  if (absl::Status entered = EnterGroup(GroupOf(lane, kind), caller); !entered.ok()) return entered;
  Ticket ticket;
  ticket.admission_ = this;
  ticket.lane_ = lane;
  ticket.kind_ = kind;
  ticket.caller_ = caller;
  return ticket;
}

absl::Status Admission::EnterGroup(Group& group, const std::string& caller) {
  const bool stream = &group == &streams_;
  MutexLock lock(group.mutex);
  const auto found = group.callers.find(caller);
  const bool fresh = found == group.callers.end();
  const int mine = fresh ? 0 : found->second;
  const int callers = static_cast<int>(group.callers.size()) + (fresh ? 1 : 0);
  if (stream && mine >= options_.streams_of_caller) {
    group.unfair->Add();
    return Fail("TOO_MANY_STREAMS"_reason, {{"max", std::to_string(options_.streams_of_caller)}});
  }
  const bool full = group.all >= group.limit;
  if (full || (!stream && !MayEnter(group.limit, group.all, mine, callers))) {
    group.window.refused = true;
    (full ? group.full : group.unfair)->Add();
    return Fail(full ? "TOO_BUSY"_reason : "CALLER_TOO_BUSY"_reason);
  }
  ++group.all;
  if (fresh) {
    group.callers.emplace(caller, 1);
  } else {
    ++found->second;
  }
  return absl::OkStatus();
}

void Admission::Leave(Group& group, const std::string& caller) {
  MutexLock lock(group.mutex);
  --group.all;
  const auto found = group.callers.find(caller);
  if (--found->second == 0) group.callers.erase(found);
}

int Admission::limit(Lane lane) const {
  const Group& group = lanes_[static_cast<size_t>(lane)];
  MutexLock lock(group.mutex);
  return group.limit;
}

int Admission::in_progress(Lane lane) const {
  const Group& group = lanes_[static_cast<size_t>(lane)];
  MutexLock lock(group.mutex);
  return group.all;
}

Admission::Ticket::~Ticket() {
  if (admission_ != nullptr) admission_->Leave(admission_->GroupOf(lane_, kind_), caller_);
}

Admission::Ticket& Admission::Ticket::operator=(Ticket&& other) noexcept {
  std::swap(admission_, other.admission_);
  std::swap(lane_, other.lane_);
  std::swap(kind_, other.kind_);
  std::swap(caller_, other.caller_);
  return *this;
}

// Also what a step of a stream waited tells about its lane.
void Admission::Ticket::Waited(absl::Duration wait) {
  if (admission_ == nullptr) return;
  Group& group = admission_->GroupOf(lane_, Kind::kWork);
  group.wait->Observe(wait);
  MutexLock lock(group.mutex);
  ++group.window.waits;
  group.window.shortest_wait = std::min(group.window.shortest_wait, wait);
  if (group.window.waits < kFewest || group.opened.Elapsed() < kWindow) return;
  group.limit = NextLimit(group.rule, group.limit, group.window);
  group.window = LimitWindow();
  group.opened = Stopwatch();
}

void Admission::Ticket::Dropped() {
  if (admission_ != nullptr) admission_->GroupOf(lane_, Kind::kWork).dropped->Add();
}

}  // namespace tsunagu::rpc
