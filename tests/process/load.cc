#include "tests/process/load.h"

#include <chrono>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace tsunagu::process {

using registry::v1::CreateFacilityRequest;
using registry::v1::Facility;

Load::Load(ServerProcess& server, std::string prefix, AfterRefusal after_refusal)
    : server_(server), prefix_(std::move(prefix)), after_refusal_(after_refusal) {
  for (int caller = 0; caller < kCallers; ++caller) {
    callers_.emplace_back([this, caller] { Create(caller); });
  }
}

Load::~Load() { Stop(); }

void Load::Create(int caller) {
  for (int i = 0;; ++i) {
    const CreateFacilityRequest request = FacilityRequest(absl::StrCat(prefix_, "-", caller, "-", i));
    for (bool answered = false; !answered;) {
      {
        MutexLock lock(mutex_);
        sent_[request.facility_id()] = request;
      }
      const absl::StatusOr<Facility> facility = server_.Call<Facility>(kCreateFacility, request);
      MutexLock lock(mutex_);
      answered = facility.ok();
      if (answered) {
        acknowledged_[request.facility_id()] = *facility;
      } else {
        refusals_.insert(RefusalOf(facility.status()));
        ++refused_;
      }
      const bool enough = stopping_ || (!answered && after_refusal_ == AfterRefusal::kStop);
      if (enough) --running_;
      changed_.notify_all();
      if (enough) return;
    }
  }
}

bool Load::Wait(absl::FunctionRef<bool()> until) {
  MutexLock lock(mutex_);
  const auto deadline = std::chrono::steady_clock::now() + absl::ToChronoNanoseconds(kPatience);
  while (!until()) {
    if (running_ == 0 || changed_.wait_until(mutex_, deadline) == std::cv_status::timeout) return until();
  }
  return true;
}

bool Load::WaitForAcknowledged(size_t count) {
  return Wait([&] { return acknowledged_.size() >= count; });
}

bool Load::WaitForRefusal() {
  int before;
  {
    MutexLock lock(mutex_);
    before = refused_;
  }
  return Wait([&] { return refused_ > before; });
}

void Load::Stop() {
  {
    MutexLock lock(mutex_);
    stopping_ = true;
  }
  for (std::thread& caller : callers_) caller.join();
  callers_.clear();
}

void Load::ExpectEachExactlyOnce(ServerProcess& server, int others) const {
  for (const auto& [id, request] : sent_) {
    const absl::StatusOr<Facility> again = server.Call<Facility>(kCreateFacility, request);
    ASSERT_TRUE(again.ok()) << id << ": " << again.status();
    const auto first = acknowledged_.find(id);
    if (first != acknowledged_.end()) {
      EXPECT_EQ(again->SerializeAsString(), first->second.SerializeAsString()) << id;
    }
    EXPECT_EQ(RevisionCount(server, again->name()), 1) << id;
  }
  EXPECT_EQ(FacilityCount(server), others + static_cast<int>(sent_.size()));
}

}  // namespace tsunagu::process
