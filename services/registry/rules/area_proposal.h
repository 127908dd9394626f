#ifndef TSUNAGU_SERVICES_REGISTRY_RULES_AREA_PROPOSAL_H_
#define TSUNAGU_SERVICES_REGISTRY_RULES_AREA_PROPOSAL_H_

#include <vector>

#include "common/jp/civil_day.h"
#include "tsunagu/registry/v1/area.pb.h"
#include "tsunagu/registry/v1/area_change.pb.h"

namespace tsunagu::registry::rules {

// The changes on `day` that explain how `listed` differs from `standing`: each code that is gone, new, or has another
// name stands in exactly one of them; one that only might have taken part stands in none. Areas lie in the same
// prefectures. By prefecture, its municipalities before its wards.
//
// A list says neither who took in whom nor when. So the kind stays open where codes and names do not tell it, a side
// stays empty where nothing tells it, and whatever rests on more than one code with its name is ambiguous.
std::vector<v1::AreaChangeProposal> ProposeAreaChanges(const std::vector<v1::Area>& standing,
                                                       const std::vector<v1::Area>& listed, jp::CivilDay day);

}  // namespace tsunagu::registry::rules

#endif  // TSUNAGU_SERVICES_REGISTRY_RULES_AREA_PROPOSAL_H_
