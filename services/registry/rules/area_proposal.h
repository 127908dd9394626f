#ifndef TSUNAGU_SERVICES_REGISTRY_RULES_AREA_PROPOSAL_H_
#define TSUNAGU_SERVICES_REGISTRY_RULES_AREA_PROPOSAL_H_

#include <vector>

#include "common/jp/civil_day.h"
#include "tsunagu/registry/v1/area.pb.h"
#include "tsunagu/registry/v1/area_change.pb.h"

namespace tsunagu::registry::rules {

// Proposes the changes on `day` that explain how `listed` differs from `standing`. Each code that is gone, new or
// renamed is in exactly one change; a code that only may have taken part is in none. The areas must be of the same
// prefectures. Sorted by prefecture, municipalities before wards.
//
// A list does not state which area absorbed which, nor when. So the kind is unspecified if codes and names do not
// determine it, a side is empty if nothing determines it, and a change that relies on more than one code with its name
// is marked as ambiguous.
std::vector<v1::AreaChangeProposal> ProposeAreaChanges(const std::vector<v1::Area>& standing,
                                                       const std::vector<v1::Area>& listed, jp::CivilDay day);

}  // namespace tsunagu::registry::rules

#endif  // TSUNAGU_SERVICES_REGISTRY_RULES_AREA_PROPOSAL_H_
