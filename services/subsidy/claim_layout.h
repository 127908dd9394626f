#ifndef TSUNAGU_SERVICES_SUBSIDY_CLAIM_LAYOUT_H_
#define TSUNAGU_SERVICES_SUBSIDY_CLAIM_LAYOUT_H_

#include "common/text/file_format.h"

namespace tsunagu::subsidy {

// A file of records of the type `message`, which have a claim: each number of it has a column of its own, headed by the
// item and the input of the rule set, council.spent. Together they are the whole claim; a blank cell is no part of it.
// The other columns are the contract's. DUPLICATE_FIELD where a number, or the claim, has two columns.
FileFormatFactory ClaimLayout(const google::protobuf::Descriptor* message);

}  // namespace tsunagu::subsidy

#endif  // TSUNAGU_SERVICES_SUBSIDY_CLAIM_LAYOUT_H_
