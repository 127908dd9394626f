#include "services/matching/events/roster.h"

#include <algorithm>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "services/matching/rounds/caps.h"
#include "services/matching/rules/eligibility.h"
#include "services/matching/snapshot/left_out.h"
#include "services/matching/snapshot/snapshot.h"

namespace tsunagu::matching {
namespace {

constexpr int32_t kMostPosts = 1000;  // the limit of a snapshot

uint32_t LicencesOf(registry::v1::Licence licence) {
  return licence == registry::v1::LICENCE_UNSPECIFIED ? 0 : rules::LicenceBit(licence);
}

}  // namespace

Roster::Roster(v1::Snapshot snapshot) : rows_(std::move(snapshot)) {
  for (int32_t i = 0; i < rows_.nurses_size(); ++i) nurse_index_[rows_.nurses(i).name()] = i;
  for (int32_t i = 0; i < rows_.openings_size(); ++i) opening_index_[rows_.openings(i).name()] = i;
  nurses_.resize(rows_.nurses_size());
  for (const v1::SnapshotOpening& row : rows_.openings()) openings_.push_back({row.posts(), 0});
}

absl::StatusOr<int32_t> Roster::Find(const std::unordered_map<std::string, int32_t>& index, const std::string& name,
                                     absl::string_view field) const {
  const auto found = index.find(name);
  if (found == index.end()) return NotInRound(rows_, name, field);
  return found->second;
}

absl::Status Roster::Take(const v1::RoundChange& change) {
  ++event_count_;
  absl::Status taken = TakeAny(change);
  if (!taken.ok()) --event_count_;
  return taken;
}

absl::Status Roster::TakeAny(const v1::RoundChange& change) {
  switch (change.what_case()) {
    case v1::RoundChange::kNurseQuits:
      return Take(change.nurse_quits());
    case v1::RoundChange::kNurseArrives:
      return Take(change.nurse_arrives());
    case v1::RoundChange::kOpeningArrives:
      return Take(change.opening_arrives());
    case v1::RoundChange::kPostsChange:
      return Take(change.posts_change());
    case v1::RoundChange::kLicenceExpires:
      return Take(change.licence_expires());
    case v1::RoundChange::kFillOpening:
      return Find(opening_index_, change.fill_opening().opening(), "fill_opening.opening").status();
    case v1::RoundChange::kStartOver:
      return absl::OkStatus();
    default:
      return FailAt("what", "FIELD_REQUIRED"_reason);
  }
}

absl::Status Roster::Take(const v1::RoundChange::NurseQuits& quits) {
  constexpr char kField[] = "nurse_quits.nurse";
  ASSIGN_OR_RETURN(const int32_t nurse, Find(nurse_index_, quits.nurse(), kField));
  if (!nurses_[nurse].present) return FailAt(kField, "NURSE_GONE_ALREADY"_reason, {{"name", quits.nurse()}});
  nurses_[nurse].present = false;
  return absl::OkStatus();
}

absl::Status Roster::Take(const v1::RoundChange::NurseArrives& arrives) {
  constexpr char kField[] = "nurse_arrives.nurse";
  const std::string& name = arrives.nurse();
  const auto found = nurse_index_.find(name);
  if (found == nurse_index_.end()) {
    if (arrives.row().name() != name) return NotInRound(rows_, name, kField);
    nurse_index_[name] = rows_.nurses_size();
    *rows_.add_nurses() = arrives.row();
    nurses_.push_back({true, event_count_, {}});
    return absl::OkStatus();
  }
  Nurse& nurse = nurses_[found->second];
  if (nurse.present) return FailAt(kField, "NURSE_THERE_ALREADY"_reason, {{"name", name}});
  if (arrives.has_row()) return FailAt("nurse_arrives.row", "EVENT_ROW_UNWANTED"_reason, {{"name", name}});
  nurse.present = true;
  return absl::OkStatus();
}

absl::Status Roster::Take(const v1::RoundChange::OpeningArrives& arrives) {
  constexpr char kField[] = "opening_arrives.opening";
  const std::string& name = arrives.opening();
  if (opening_index_.count(name) > 0) return FailAt(kField, "OPENING_THERE_ALREADY"_reason, {{"name", name}});
  if (arrives.row().name() != name) return NotInRound(rows_, name, kField);
  RETURN_IF_ERROR(CheckCapsStayNested(rows_, name, arrives.caps(), kField));
  for (v1::SnapshotCap& cap : *rows_.mutable_caps()) {
    if (IsAmong(arrives.caps(), cap)) cap.add_openings(rows_.openings_size());
  }
  opening_index_[name] = rows_.openings_size();
  *rows_.add_openings() = arrives.row();
  openings_.push_back({arrives.row().posts(), event_count_});
  return absl::OkStatus();
}

absl::Status Roster::Take(const v1::RoundChange::PostsChange& change) {
  ASSIGN_OR_RETURN(const int32_t opening, Find(opening_index_, change.opening(), "posts_change.opening"));
  const int32_t posts = openings_[opening].posts + change.posts();
  if (posts < 0 || posts > kMostPosts) {
    return FailAt("posts_change.posts", "EVENT_POSTS_OUT_OF_RANGE"_reason,
                  {{"name", change.opening()}, {"posts", absl::StrCat(posts)}, {"max", absl::StrCat(kMostPosts)}});
  }
  openings_[opening].posts = posts;
  return absl::OkStatus();
}

absl::Status Roster::Take(const v1::RoundChange::LicenceExpires& expires) {
  constexpr char kField[] = "licence_expires.nurse";
  ASSIGN_OR_RETURN(const int32_t nurse, Find(nurse_index_, expires.nurse(), kField));
  const uint32_t now = LicencesAt(nurse, event_count_), left = LicencesOf(expires.remaining_licence());
  if (now == 0 || now == left) return FailAt(kField, "LICENCE_LOST_ALREADY"_reason, {{"name", expires.nurse()}});
  if (OpensMore(nurse, left)) {
    return FailAt("licence_expires.remaining_licence", "LICENCE_OPENS_MORE"_reason, {{"name", expires.nurse()}});
  }
  nurses_[nurse].lost.emplace_back(event_count_, left);
  return absl::OkStatus();
}

uint32_t Roster::LicencesAt(int32_t nurse, int32_t event) const {
  uint32_t licences = LicencesOf(rows_.nurses(nurse).licence());
  for (const auto& [with, left] : nurses_[nurse].lost) {
    if (with < event) licences = left;
  }
  return licences;
}

bool Roster::OpensMore(int32_t nurse, uint32_t licences) const {
  v1::Snapshot hers;
  *hers.add_nurses() = rows_.nurses(nurse);
  *hers.mutable_openings() = rows_.openings();
  *hers.mutable_commute_rules() = rows_.commute_rules();
  *hers.mutable_travel_times() = rows_.travel_times();
  const rules::Instance instance = ToInstance(hers, 0);
  rules::Nurse before = instance.nurses[0], after = before;
  before.licences = LicencesAt(nurse, event_count_);
  after.licences = licences;
  for (const rules::Opening& opening : instance.openings) {
    if (FirstBlocker(before, opening) != rules::Blocker::kNone &&
        FirstBlocker(after, opening) == rules::Blocker::kNone) {
      return true;
    }
  }
  return false;
}

rules::Instance Roster::AtFirst(int64_t seed) const { return ToInstance(rows_, seed); }

rules::Instance Roster::Now(int64_t seed) const {
  rules::Instance instance = AtFirst(seed);
  for (int32_t nurse = 0; nurse < rows_.nurses_size(); ++nurse) {
    instance.nurses[nurse].licences = nurses_[nurse].present ? LicencesAt(nurse, event_count_ + 1) : 0;
  }
  for (int32_t opening = 0; opening < rows_.openings_size(); ++opening) {
    instance.openings[opening].posts = openings_[opening].posts;
  }
  return instance;
}

absl::StatusOr<Roster> RosterAfter(const v1::Snapshot& snapshot, const std::vector<v1::RoundEvent>& log) {
  Roster roster(snapshot);
  for (const v1::RoundEvent& event : log) {
    if (!roster.Take(event.change()).ok()) return Fail("EVENT_LOG_DAMAGED"_reason);
  }
  return roster;
}

}  // namespace tsunagu::matching
