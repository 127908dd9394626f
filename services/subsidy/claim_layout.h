#ifndef TSUNAGU_SERVICES_SUBSIDY_CLAIM_LAYOUT_H_
#define TSUNAGU_SERVICES_SUBSIDY_CLAIM_LAYOUT_H_

#include "common/text/file_format.h"

namespace tsunagu::subsidy {

// A file of records of the type `message`, which has a claim. Each number of the claim has its own column, whose
// heading is the item and the input of the rule set: council.spent. These columns are the whole claim; a blank cell is
// not part of it. The other columns are those of the contract. Errors: DUPLICATE_FIELD if a number, or the claim, has
// two columns.
FileFormatFactory ClaimLayout(const google::protobuf::Descriptor* message);

}  // namespace tsunagu::subsidy

#endif  // TSUNAGU_SERVICES_SUBSIDY_CLAIM_LAYOUT_H_
