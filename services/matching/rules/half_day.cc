#include "services/matching/rules/half_day.h"

#include <set>

#include "tsunagu/options.pb.h"
#include "tsunagu/registry/v1/half_day.pb.h"

namespace tsunagu::matching::rules {

void AddHalfDayFault(absl::string_view field, Reason reason, int half_day, Faults& faults) {
  const auto* value = registry::v1::HalfDay_descriptor()->FindValueByNumber(half_day);
  if (value == nullptr) return;
  faults.Add(field, reason,
             {{"half_day", value->name().substr(sizeof("HALF_DAY_") - 1)},
              {"half_day_ja", value->options().GetExtension(tsunagu::ja)}});
}

bool AreSame(const google::protobuf::RepeatedField<int>& a, const google::protobuf::RepeatedField<int>& b) {
  return std::set<int>(a.begin(), a.end()) == std::set<int>(b.begin(), b.end());
}

}  // namespace tsunagu::matching::rules
