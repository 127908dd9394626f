#include "services/matching/rules/commute_rule.h"

#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "common/jp/area_code.h"
#include "common/jp/mesh.h"

namespace tsunagu::matching::rules {
namespace {

bool IsMesh(absl::string_view text) { return jp::MeshCentre(text).ok(); }

bool IsArea(absl::string_view text) { return absl::ConsumePrefix(&text, "areas/") && jp::AreaCode::Parse(text).ok(); }

// The existence of the facility is not checked: a table has more facilities than there are openings.
bool IsFacility(absl::string_view text) {
  return absl::ConsumePrefix(&text, "facilities/") && !text.empty() &&
         text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == absl::string_view::npos;
}

}  // namespace

void CheckCommuteRule(const v1::CommuteRule& rule, Faults& faults) {
  absl::string_view code = rule.area();
  if (absl::ConsumePrefix(&code, "areas/")) faults.Add("area", jp::AreaCode::Parse(code).status());
}

void CheckTravelTime(const v1::TravelTime& time, Faults& faults) {
  if (!time.origin().empty() && !IsMesh(time.origin()) && !IsArea(time.origin())) {
    faults.Add("origin", "TRAVEL_ORIGIN_UNKNOWN"_reason, {{"value", time.origin()}});
  }
  if (!time.destination().empty() && !IsMesh(time.destination()) && !IsFacility(time.destination())) {
    faults.Add("destination", "TRAVEL_DESTINATION_UNKNOWN"_reason, {{"value", time.destination()}});
  }
}

}  // namespace tsunagu::matching::rules
