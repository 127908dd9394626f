#ifndef TSUNAGU_SERVICES_MATCHING_RULES_NAMES_H_
#define TSUNAGU_SERVICES_MATCHING_RULES_NAMES_H_

#include <string>

#include "google/protobuf/descriptor.h"
#include "google/protobuf/repeated_field.h"
#include "tsunagu/platform/v1/report.pb.h"

namespace tsunagu::matching::rules {

using platform::v1::Label;

Label LabelOf(std::string ja, std::string en);

// Returns the everyday name of an enum value: SKILL_TUBE_FEEDING is 経管栄養 and "tube feeding"; HALF_DAY_MON_AM is
// 月午前 and "MON_AM", as in files.
Label NameOf(const google::protobuf::EnumDescriptor& type, int number);
// "吸引、経管栄養", "suction, tube feeding".
Label NamesOf(const google::protobuf::EnumDescriptor& type, const google::protobuf::RepeatedField<int>& numbers);

}  // namespace tsunagu::matching::rules

#endif  // TSUNAGU_SERVICES_MATCHING_RULES_NAMES_H_
