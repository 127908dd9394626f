#include "tests/faults/history.h"

#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/base/error.h"
#include "gtest/gtest.h"

namespace tsunagu::faults {
namespace {

const char* WordOf(Operation::Kind kind) {
  switch (kind) {
    case Operation::Kind::kCreate:
      return "create";
    case Operation::Kind::kUpdate:
      return "update";
    case Operation::Kind::kRead:
      return "read";
  }
  return "";
}

const char* WordOf(Outcome outcome) {
  switch (outcome) {
    case Outcome::kOk:
      return "ok";
    case Outcome::kFail:
      return "fail";
    case Outcome::kUnknown:
      return "unknown";
  }
  return "";
}

}  // namespace

Outcome OutcomeOf(const absl::Status& status) {
  if (status.ok()) return Outcome::kOk;
  static constexpr Reason kUnknown[] = {
      "COMMIT_UNKNOWN"_reason,
      "PEER_UNAVAILABLE"_reason,   // the connection broke, before or after the change
      "REQUEST_IN_FLIGHT"_reason,  // an earlier attempt may still be done
      "DEADLINE_EXCEEDED"_reason,  // the client may also return it by itself
      "CANCELLED"_reason,
      "INTERNAL"_reason,  // never expected, and no promise applies
  };
  return absl::c_linear_search(kUnknown, ReasonOf(status)) ? Outcome::kUnknown : Outcome::kFail;
}

std::string ToLine(const Operation& operation) {
  return absl::StrJoin(
      {std::string(WordOf(operation.kind)), operation.record, operation.request_id, absl::StrCat(operation.start),
       absl::StrCat(operation.end), std::string(WordOf(operation.outcome)), operation.refusal,
       operation.outcome == Outcome::kOk ? absl::StrCat("revision ", operation.revision) : "", operation.value},
      "\t");
}

History::History(const std::string& name)
    : path_(absl::StrCat(testing::TempDir(), "/tsunagu-", getpid(), "-", name, ".history")), file_(path_) {}

History::~History() {
  if (!testing::Test::HasFailure()) std::remove(path_.c_str());
}

int64_t History::Now() {
  return std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

void History::Add(Operation operation) {
  MutexLock lock(mutex_);
  file_ << ToLine(operation) << '\n';
  operations_.push_back(std::move(operation));
}

std::vector<Operation> History::operations() const {
  MutexLock lock(mutex_);
  return operations_;
}

}  // namespace tsunagu::faults
