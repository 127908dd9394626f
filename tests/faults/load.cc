#include "tests/faults/load.h"

#include <chrono>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "gtest/gtest.h"

namespace tsunagu::faults {

using process::RefusalOf;
using registry::v1::Facility;
using Kind = Operation::Kind;

namespace {

constexpr int kWanted = 4;  // records that all callers change

int64_t RevisionOf(const Facility& facility) {
  int64_t revision = 0;
  EXPECT_TRUE(absl::SimpleAtoi(facility.etag(), &revision)) << facility.etag();
  return revision;
}

bool MayBeSentAgain(const absl::Status& status) {
  return absl::IsUnavailable(status) || absl::IsResourceExhausted(status) ||
         RefusalOf(status).second == "REQUEST_IN_FLIGHT";
}

}  // namespace

Load::Load(process::ServerProcess& server, History& history, Options options)
    : server_(server),
      history_(history),
      options_(std::move(options)),
      running_(options_.callers),
      again_(options_.again.begin(), options_.again.end()) {
  for (int caller = 0; caller < options_.callers; ++caller) {
    callers_.emplace_back([this, caller] { Run(caller); });
  }
}

Load::~Load() { Stop(); }

void Load::Run(int caller) {
  std::mt19937_64 random(options_.seed * 1'000 + static_cast<uint64_t>(caller));
  for (int step = 0; Step(caller, step, random); ++step) {
  }
  MutexLock lock(mutex_);
  --running_;
  changed_.notify_all();
}

bool Load::Step(int caller, int step, std::mt19937_64& random) {
  {
    MutexLock lock(mutex_);
    if (stopping_) return false;
  }
  Change change;
  {
    MutexLock lock(mutex_);
    if (!again_.empty()) {
      change = std::move(again_.front());
      again_.pop_front();
    }
  }
  if (!change.request_id.empty()) return Send(change);
  const std::string id = absl::StrCat(options_.name, "-", caller, "-", step);
  const int dice = static_cast<int>(random() % 100);
  if (dice < 45) return Send({Kind::kCreate, absl::StrCat(kRecordPrefix, id), id});
  const std::string wanted = absl::StrCat(kRecordPrefix, "wanted-", random() % kWanted);
  const absl::StatusOr<Operation> seen = Read(wanted);
  if (!seen.ok()) return options_.after_refusal == AfterRefusal::kSendAgain && PauseUnlessStopped();
  if (dice < 60) return true;
  return Send({seen->revision == 0 ? Kind::kCreate : Kind::kUpdate, wanted, id, seen->revision});
}

bool Load::Send(const Change& change) {
  while (true) {
    Operation operation;
    operation.kind = change.kind;
    operation.record = change.record;
    operation.request_id = change.request_id;
    operation.start = History::Now();
    const absl::StatusOr<Facility> answer = SendOnce(change);
    operation.end = History::Now();
    if (answer.ok()) {
      operation.revision = RevisionOf(*answer);
      operation.value = answer->display_name();
    }
    const auto [outcome, goes_on] = Take(std::move(operation), answer.status());
    const bool again = MayBeSentAgain(answer.status());
    if (again && goes_on && PauseUnlessStopped()) continue;
    if (outcome != Outcome::kUnknown) return goes_on;
    MutexLock lock(mutex_);
    unanswered_.push_back(change);
    return goes_on && !stopping_;
  }
}

absl::StatusOr<Facility> Load::SendOnce(const Change& change) {
  if (change.kind == Kind::kCreate) {
    registry::v1::CreateFacilityRequest request;
    request.mutable_facility()->set_display_name(change.request_id);
    request.set_facility_id(std::string(absl::StripPrefix(change.record, "facilities/")));
    request.set_request_id(change.request_id);
    return server_.Call<Facility>(process::kCreateFacility, request);
  }
  registry::v1::UpdateFacilityRequest request;
  request.mutable_facility()->set_name(change.record);
  request.mutable_facility()->set_display_name(change.request_id);
  request.mutable_facility()->set_etag(absl::StrCat(change.base));
  request.mutable_update_mask()->add_paths("display_name");
  request.set_request_id(change.request_id);
  return server_.Call<Facility>("registry.v1.FacilityService/UpdateFacility", request);
}

absl::StatusOr<Operation> Load::Read(const std::string& record) {
  registry::v1::GetFacilityRequest request;
  request.set_name(record);
  Operation operation;
  operation.kind = Kind::kRead;
  operation.record = record;
  operation.start = History::Now();
  const auto facility = server_.Call<Facility>("registry.v1.FacilityService/GetFacility", request);
  operation.end = History::Now();
  if (facility.ok()) {
    operation.revision = RevisionOf(*facility);
    operation.value = facility->display_name();
  }
  const absl::Status status = absl::IsNotFound(facility.status()) ? absl::OkStatus() : facility.status();
  (void)Take(operation, status);
  if (!status.ok()) return status;
  return operation;
}

Load::Taken Load::Take(Operation operation, const absl::Status& status) {
  const process::Refusal refusal = RefusalOf(status);
  operation.refusal = refusal.second;
  const bool change = operation.kind != Kind::kRead;
  MutexLock lock(mutex_);
  const Outcome outcome = status.ok() && !believing_ ? Outcome::kUnknown : OutcomeOf(status);
  operation.outcome = outcome;
  history_.Add(std::move(operation));
  if (status.ok()) {
    acknowledged_ += change && believing_ ? 1 : 0;
  } else {
    refusals_.insert(refusal);
    ++refused_for_[refusal.second];
    ++refused_;
  }
  changed_.notify_all();
  return {outcome, options_.after_refusal == AfterRefusal::kSendAgain || !absl::IsUnavailable(status)};
}

bool Load::PauseUnlessStopped() {
  MutexLock lock(mutex_);
  if (!stopping_) changed_.wait_for(mutex_, std::chrono::milliseconds(5));
  return !stopping_;
}

bool Load::Wait(absl::FunctionRef<bool()> until) {
  MutexLock lock(mutex_);
  const Deadline deadline = Deadline::After(process::kPatience);
  while (!until()) {
    if (running_ == 0 || changed_.wait_until(mutex_, deadline) == std::cv_status::timeout) return until();
  }
  return true;
}

bool Load::WaitForAcknowledged(int changes) {
  return Wait([&] { return acknowledged_ >= changes; });
}

bool Load::WaitForRefusal(const std::string& reason) {
  auto count = [&] { return reason.empty() ? refused_ : refused_for_[reason]; };
  int before;
  {
    MutexLock lock(mutex_);
    before = count();
  }
  return Wait([&] { return count() > before; });
}

void Load::BelieveNoMore() {
  MutexLock lock(mutex_);
  believing_ = false;
}

void Load::Stop() {
  {
    MutexLock lock(mutex_);
    stopping_ = true;
    changed_.notify_all();
  }
  for (std::thread& caller : callers_) caller.join();
  callers_.clear();
}

}  // namespace tsunagu::faults
