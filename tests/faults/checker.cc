#include "tests/faults/checker.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"

namespace tsunagu::faults {
namespace {

using Operations = std::vector<Operation>;

class Checker {
 public:
  Checker(const Operations& history, const Truth& truth) : truth_(truth) {
    for (const Operation& operation : history) {
      if (operation.kind != Operation::Kind::kRead) requests_[operation.request_id].push_back(operation);
      records_[operation.record].push_back(operation);
    }
    for (const auto& [name, record] : truth.records) {
      for (const Truth::Change& change : record.changes) effects_[change.request_id].push_back({name, &change});
    }
  }

  std::vector<Finding> Run() {
    for (const auto& [id, sent] : requests_) CheckRequest(id, sent);
    for (const auto& [id, effects] : effects_) {
      if (requests_.count(id) == 0)
        Find(absl::StrCat(effects[0].record, " was changed by ", id, ", which nobody sent"));
    }
    for (const auto& [name, record] : truth_.records) CheckRevisions(name, record);
    for (const auto& [name, operations] : records_) CheckRegister(name, operations);
    return std::move(findings_);
  }

 private:
  struct Effect {
    std::string record;
    const Truth::Change* change;
  };

  void Find(std::string what, Operations operations = {}) {
    findings_.push_back({std::move(what), std::move(operations)});
  }

  // One acknowledgement decides; without one, one unknown outcome does.
  static Outcome Of(const Operations& sent) {
    Outcome outcome = Outcome::kFail;
    for (const Operation& operation : sent) {
      if (operation.outcome == Outcome::kOk) return Outcome::kOk;
      if (operation.outcome == Outcome::kUnknown) outcome = Outcome::kUnknown;
    }
    return outcome;
  }

  void CheckRequest(const std::string& id, const Operations& sent) {
    const auto found = effects_.find(id);
    const size_t count = found == effects_.end() ? 0 : found->second.size();
    const Outcome outcome = Of(sent);
    if (outcome == Outcome::kOk && count == 0) return Find(absl::StrCat(id, " was acknowledged and is lost"), sent);
    if (outcome == Outcome::kFail && count > 0) return Find(absl::StrCat(id, " was refused and is there"), sent);
    if (count > 1) return Find(absl::StrCat(id, " has had its effect ", count, " times"), sent);
    const auto kept = truth_.requests.find(id);
    const size_t rows = kept == truth_.requests.end() ? 0 : static_cast<size_t>(kept->second);
    if (rows != count) Find(absl::StrCat(id, " had ", count, " effects and is kept ", rows, " times as done"), sent);
    if (count == 1) CheckAnswers(id, sent, found->second[0]);
  }

  void CheckAnswers(const std::string& id, const Operations& sent, const Effect& effect) {
    for (const Operation& one : sent) {
      if (one.outcome != Outcome::kOk) continue;
      if (one.record != effect.record || one.revision != effect.change->revision || one.value != effect.change->value) {
        Find(absl::StrCat(id, " wrote ", effect.record, " revision ", effect.change->revision, " ",
                          effect.change->value, " and was told something else"),
             sent);
      }
    }
  }

  void CheckRevisions(const std::string& name, const Truth::Record& record) {
    int64_t expected = 1;
    for (const Truth::Change& change : record.changes) {
      if (change.revision != expected++) {
        return Find(absl::StrCat(name, ": revision ", change.revision, " stands where ", expected - 1, " has to"));
      }
    }
    if (record.changes.empty()) return Find(absl::StrCat(name, " is there, and the journal knows nothing of it"));
    const Truth::Change& last = record.changes.back();
    if (last.revision != record.revision || last.value != record.value) {
      Find(absl::StrCat(name, ": the row is revision ", record.revision, " ", record.value, ", the journal ends with ",
                        last.revision, " ", last.value));
    }
  }

  // An event that is known to have happened to one record, at its revision. A write has its position even if its sender
  // never got the answer; then it has no end.
  struct Event {
    int64_t revision;
    bool read;
    Operation operation;
  };

  std::vector<Event> EventsOf(const std::string& name, const Operations& operations) {
    std::vector<Event> events;
    std::set<std::string> written;
    for (const Operation& one : operations) {
      if (one.kind == Operation::Kind::kRead) {
        if (one.outcome == Outcome::kOk) events.push_back({one.revision, true, one});
        continue;
      }
      const auto found = effects_.find(one.request_id);
      if (found == effects_.end() || !written.insert(one.request_id).second) continue;
      events.push_back({found->second[0].change->revision, false, Span(requests_[one.request_id])});
    }
    return events;
  }

  // A request that was sent several times may have been done at any time from its first start to its first
  // acknowledgement.
  static Operation Span(const Operations& sent) {
    Operation whole = sent.front();
    whole.end = std::numeric_limits<int64_t>::max();
    for (const Operation& one : sent) {
      whole.start = std::min(whole.start, one.start);
      if (one.outcome != Outcome::kOk || one.end >= whole.end) continue;
      whole.end = one.end;
      whole.outcome = Outcome::kOk;
      whole.revision = one.revision;
      whole.value = one.value;
    }
    return whole;
  }

  void CheckRegister(const std::string& name, const Operations& operations) {
    std::vector<Event> events = EventsOf(name, operations);
    const auto record = truth_.records.find(name);
    const std::vector<Truth::Change> none;
    const auto& changes = record == truth_.records.end() ? none : record->second.changes;
    for (const Event& event : events) {
      if (!event.read || event.revision == 0) continue;
      const bool known = event.revision <= static_cast<int64_t>(changes.size()) &&
                         changes[event.revision - 1].value == event.operation.value;
      if (!known) return Find(absl::StrCat(name, ": a read saw what nobody has written"), {event.operation});
    }
    // In the order of effect, no operation may have ended before an operation with an earlier effect began.
    std::stable_sort(events.begin(), events.end(), [](const Event& a, const Event& b) {
      return std::make_pair(a.revision, a.read) < std::make_pair(b.revision, b.read);
    });
    const Event* ended = nullptr;   // the first to end among later events
    const Event* higher = nullptr;  // as `ended`, for higher revisions only: reads of one revision have no order
    for (auto event = events.rbegin(); event != events.rend(); ++event) {
      if (event != events.rbegin() && event->revision != std::prev(event)->revision) higher = ended;
      const Event* const later = event->read ? higher : ended;
      if (later != nullptr && later->operation.end < event->operation.start) {
        return Find(absl::StrCat(name, ": revision ", later->revision, " was ", later->read ? "seen" : "written",
                                 " before revision ", event->revision, event->read ? " was read" : " was begun"),
                    {later->operation, event->operation});
      }
      if (ended == nullptr || event->operation.end < ended->operation.end) ended = &*event;
    }
  }

  const Truth& truth_;
  std::map<std::string, Operations> requests_, records_;
  std::map<std::string, std::vector<Effect>> effects_;  // by request id
  std::vector<Finding> findings_;
};

}  // namespace

void PrintTo(const Finding& finding, std::ostream* out) {
  *out << finding.what;
  for (const Operation& operation : finding.operations) *out << "\n    " << ToLine(operation);
}

std::vector<Finding> Check(const std::vector<Operation>& history, const Truth& truth) {
  return Checker(history, truth).Run();
}

}  // namespace tsunagu::faults
