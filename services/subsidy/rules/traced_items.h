#ifndef TSUNAGU_SERVICES_SUBSIDY_RULES_TRACED_ITEMS_H_
#define TSUNAGU_SERVICES_SUBSIDY_RULES_TRACED_ITEMS_H_

#include <cstdint>
#include <map>
#include <string>

#include "tsunagu/subsidy/v1/amount.pb.h"

namespace tsunagu::subsidy::rules {

// Returns the part of `yen` that belongs to each item of the menu, by code, from a stored trace: the value of the step
// `result` for the item. If these values together exceed `yen`, they are reduced pro rata, in whole yen. The part of no
// item has the code "". The parts add up to `yen`.
std::map<std::string, int64_t> TracedItems(const v1::Trace& trace, const std::string& result, int64_t yen);

}  // namespace tsunagu::subsidy::rules

#endif  // TSUNAGU_SERVICES_SUBSIDY_RULES_TRACED_ITEMS_H_
