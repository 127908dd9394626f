#include "common/access/place_graph.h"

#include <algorithm>
#include <set>

#include "common/contract/schema.h"
#include "common/records/table_shape.h"

namespace tsunagu::access {

void PlaceGraph::Add(const contract::Schema& schema, const google::protobuf::Message& record) {
  for (const Within& within : schema.rule().within()) {
    Add(store::TextOf(record, *schema.Find(within.outer())), store::TextOf(record, *schema.Find(within.inner())),
        within.while_period() ? schema.PeriodOf(record) : jp::Period());
  }
}

void PlaceGraph::Add(const std::string& outer, const std::string& inner, const jp::Period& days) {
  if (!outer.empty() && !inner.empty()) by_outer_[outer].push_back({inner, days});
}

std::vector<std::string> PlaceGraph::In(absl::string_view outer, jp::CivilDay day) const {
  std::vector<std::string> in = {std::string(outer)};
  std::set<std::string> seen(in.begin(), in.end());
  for (size_t next = 0; next < in.size(); ++next) {
    const auto found = by_outer_.find(in[next]);
    if (found == by_outer_.end()) continue;
    for (const Inner& inner : found->second) {
      if (inner.days.Contains(day) && seen.insert(inner.place).second) in.push_back(inner.place);
    }
  }
  in.erase(in.begin());
  return in;
}

identity::Scope::Keys PlaceGraph::ReachOf(const identity::Places& names, absl::string_view outer,
                                          jp::CivilDay day) const {
  identity::Scope::Keys reach = names.ReachOf(outer, day);
  for (const std::string& inner : In(outer, day)) {
    // Fewer keys make smaller queries: a place inside a prefecture already carries the prefecture's key.
    const std::vector<std::string> keys = names.KeysOf(inner);
    if (std::any_of(keys.begin(), keys.end(), [&](const std::string& key) { return reach.count(key) != 0; })) continue;
    reach.merge(names.ReachOf(inner, day));
  }
  return reach;
}

}  // namespace tsunagu::access
