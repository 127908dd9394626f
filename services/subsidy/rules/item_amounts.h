#ifndef TSUNAGU_SERVICES_SUBSIDY_RULES_ITEM_AMOUNTS_H_
#define TSUNAGU_SERVICES_SUBSIDY_RULES_ITEM_AMOUNTS_H_

#include <cstdint>
#include <map>
#include <string>

#include "services/subsidy/rules/rule_set.h"

namespace tsunagu::subsidy::rules {

// What each item of the menu has of an amount of `yen`: what the step `result` comes to there, and where that is more
// than `yen` together, pro rata to the yen. What no item has, because it is worked out for the whole only, is that of
// "".
std::map<std::string, int64_t> ItemAmounts(const Evaluation& evaluation, const std::string& result, int64_t yen);

}  // namespace tsunagu::subsidy::rules

#endif  // TSUNAGU_SERVICES_SUBSIDY_RULES_ITEM_AMOUNTS_H_
