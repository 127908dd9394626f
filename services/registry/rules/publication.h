#ifndef TSUNAGU_SERVICES_REGISTRY_RULES_PUBLICATION_H_
#define TSUNAGU_SERVICES_REGISTRY_RULES_PUBLICATION_H_

#include <cstdint>
#include <vector>

#include "services/registry/publications/publication_ledger.pb.h"

namespace tsunagu::registry::rules {

// Which figures are small.
struct SmallFigures {
  int64_t least = 0;      // the first number that is not
  bool zero_too = false;  // whether 0 is
};

struct Judgement {
  int told_already = 0;  // small figures that an earlier publication tells
  int determined = 0;    // figures that cannot be kept from being worked out (Suppression::determined)
};

// Says of each figure of `draft` whether it is withheld: because it is small, because a publication of the same day
// withholds what stands in the same place, or for the sake of others, these and those of the earlier ones.
//
// A count that is in two publications under the same name and with the same value is taken for one; one that was
// corrected in between is another, so that nobody works out something from what did not change.
Judgement Judge(const std::vector<PublicationLedger>& earlier, const SmallFigures& small, PublicationLedger& draft);

// What a figure comes to.
int64_t ValueOf(const PublicationLedger& ledger, int figure);

}  // namespace tsunagu::registry::rules

#endif  // TSUNAGU_SERVICES_REGISTRY_RULES_PUBLICATION_H_
