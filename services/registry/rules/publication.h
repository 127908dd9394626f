#ifndef TSUNAGU_SERVICES_REGISTRY_RULES_PUBLICATION_H_
#define TSUNAGU_SERVICES_REGISTRY_RULES_PUBLICATION_H_

#include <cstdint>
#include <vector>

#include "services/registry/publications/publication_ledger.pb.h"

namespace tsunagu::registry::rules {

// Defines which figures are small.
struct SmallFigures {
  int64_t least = 0;      // the smallest number that is not small
  bool zero_too = false;  // whether 0 is small
};

struct Judgement {
  int told_already = 0;  // small figures that an earlier publication discloses
  int determined = 0;    // figures for which no protection was found (Suppression::determined)
};

// Decides for each figure of `draft` whether it is withheld: because it is small, because a publication of the same day
// withholds the figure in the same cells, or to protect other figures, of this draft or of earlier publications.
//
// A count that two publications have under the same name and with the same value is treated as one count. A count that
// was corrected in between is a different one, so that nothing can be derived from the part that did not change.
Judgement Judge(const std::vector<PublicationLedger>& earlier, const SmallFigures& small, PublicationLedger& draft);

// Returns the value of a figure.
int64_t ValueOf(const PublicationLedger& ledger, int figure);

}  // namespace tsunagu::registry::rules

#endif  // TSUNAGU_SERVICES_REGISTRY_RULES_PUBLICATION_H_
