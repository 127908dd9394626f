// Which place lies in which, as records state it: without cycles, and nobody moves places outside their scope.
#include <set>
#include <string>
#include <vector>

#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/records/parts.h"
#include "common/records/table.h"
#include "common/text/where.h"

namespace tsunagu::store {

using contract::Field;
using google::protobuf::Message;

bool Table::Moves(const Within& within, const Message* before, const Message& after) const {
  const Field& inner = *schema().Find(within.inner());
  const Field& outer = *schema().Find(within.outer());
  if (TextOf(after, outer).empty() || TextOf(after, inner).empty()) return false;
  // No record refers to a new place, and no place lies in it.
  if (before == nullptr) return !inner.identifier || TextOf(after, outer) == TextOf(after, inner);
  return TextOf(*before, inner) != TextOf(after, inner) || TextOf(*before, outer) != TextOf(after, outer) ||
         (within.while_period() && !(schema().PeriodOf(*before) == schema().PeriodOf(after)));
}

// A cycle is refused on whichever days it would close, because the days may change later.
absl::Status Table::CheckWithin(Tx& tx, const Message* before, const Message& after, Faults& faults) {
  for (const Within& within : schema().rule().within()) {
    if (!Moves(within, before, after)) continue;
    RETURN_IF_ERROR(tx.Guard("places", ""));  // two moves could close a cycle together
    const ReadAs everything(tx, identity::Scope::Everything());
    const std::string inner = TextOf(after, *schema().Find(within.inner()));
    const std::string outer = TextOf(after, *schema().Find(within.outer()));
    std::vector<std::string> open = {outer};
    std::set<std::string> seen;
    while (!open.empty() && seen.count(inner) == 0) {
      const std::string place = std::move(open.back());
      open.pop_back();
      if (!seen.insert(place).second) continue;
      for (const auto& table : parts_.tables()) RETURN_IF_ERROR(table->AddPlacesAround(tx, place, open));
    }
    if (seen.count(inner) == 0) continue;
    faults.Add(within.outer(), "PLACES_IN_A_CIRCLE"_reason, {{"inner", inner}, {"outer", outer}});
  }
  return absl::OkStatus();
}

absl::Status Table::AddPlacesAround(View& view, const std::string& place, std::vector<std::string>& around) {
  for (const Within& within : schema().rule().within()) {
    const Field& inner = *schema().Find(within.inner());
    const Field& outer = *schema().Find(within.outer());
    const auto add = [&](const Message& record) {
      std::string name = TextOf(record, outer);
      if (!name.empty()) around.push_back(std::move(name));
    };
    if (inner.identifier) {
      const auto id = schema().IdOf(place);
      if (!id.ok() || NameOf(*id) != place) continue;
      ASSIGN_OR_RETURN(const Record record, FindBy(view, inner, *id));
      if (record != nullptr) add(*record);
      continue;
    }
    Query query;
    RETURN_IF_ERROR(Narrow(contract::Where(inner.name(), place), query));
    query.limit = INT64_MAX;
    RETURN_IF_ERROR(List(view, std::move(query), [&](Record record) {
      add(*record);
      return absl::OkStatus();
    }));
  }
  return absl::OkStatus();
}

}  // namespace tsunagu::store
