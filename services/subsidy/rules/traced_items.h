#ifndef TSUNAGU_SERVICES_SUBSIDY_RULES_TRACED_ITEMS_H_
#define TSUNAGU_SERVICES_SUBSIDY_RULES_TRACED_ITEMS_H_

#include <cstdint>
#include <map>
#include <string>

#include "tsunagu/subsidy/v1/amount.pb.h"

namespace tsunagu::subsidy::rules {

// What each item of the menu has of `yen`, by code, as a stored trace says it: what the step `result` came to there,
// and where that is more than `yen` together, pro rata to the yen. What no item has is that of "". They add up to
// `yen`.
std::map<std::string, int64_t> TracedItems(const v1::Trace& trace, const std::string& result, int64_t yen);

}  // namespace tsunagu::subsidy::rules

#endif  // TSUNAGU_SERVICES_SUBSIDY_RULES_TRACED_ITEMS_H_
