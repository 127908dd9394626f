#include "services/matching/rules/commute_rule.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace tsunagu::matching::rules {
namespace {

TEST(CommuteRuleTest, AWayBeginsInAMeshOrAnAreaAndEndsInAMeshOrAtAFacility) {
  const struct {
    const char* name;
    const char* origin;
    const char* destination;
    const char* faults;
  } cases[] = {
      {"mesh to facility", "53341198", "facilities/x-1", ""},
      {"area to mesh", "areas/312011", "53341199", ""},
      {"a code alone", "312011", "facilities/x", "origin:TRAVEL_ORIGIN_UNKNOWN "},
      {"wrong check digit", "areas/312012", "facilities/x", "origin:TRAVEL_ORIGIN_UNKNOWN "},
      {"no cell of Japan", "99999999", "99999999",
       "origin:TRAVEL_ORIGIN_UNKNOWN destination:TRAVEL_DESTINATION_UNKNOWN "},
      {"the wrong way round", "facilities/x", "areas/312011",
       "origin:TRAVEL_ORIGIN_UNKNOWN destination:TRAVEL_DESTINATION_UNKNOWN "},
      {"no id", "53341198", "facilities/", "destination:TRAVEL_DESTINATION_UNKNOWN "},
      {"not an id", "53341198", "facilities/x/y", "destination:TRAVEL_DESTINATION_UNKNOWN "},
      {"nothing, which the contract refuses", "", "", ""},
  };
  for (const auto& test : cases) {
    v1::TravelTime time;
    time.set_origin(test.origin);
    time.set_destination(test.destination);
    Faults faults;
    CheckTravelTime(time, faults);
    std::string said;
    for (const Fault& fault : faults.all()) absl::StrAppend(&said, fault.field(), ":", ReasonWord(fault), " ");
    EXPECT_EQ(said, test.faults) << test.name;
  }
}

}  // namespace
}  // namespace tsunagu::matching::rules
