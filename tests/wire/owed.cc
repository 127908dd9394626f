#include "tests/wire/owed.h"

#include "common/base/deadline.h"
#include "common/records/store.h"
#include "common/records/table.h"
#include "common/service/service.h"
#include "common/work/outbox.h"
#include "tsunagu/matching/v1/opening.pb.h"

namespace tsunagu::wire {

identity::Actor TheAdmin() { return {"admin", "", "tests", "tests", "", identity::Scope::Everything()}; }

absl::Status Owe(Service& matching, const identity::Actor& actor, const std::string& id, const std::string& method,
                 const google::protobuf::Message& request) {
  store::Table& openings = *matching.Find("openings")->table;
  matching::v1::Opening opening;
  const Deadline deadline = Deadline::After(absl::Seconds(30));
  return matching.store().Change(actor, deadline, {id}, opening, [&](store::Tx& tx) -> absl::Status {
    const auto before = openings.FindBy(tx, *openings.schema().name_field(), id);
    if (before.ok() && *before != nullptr) {
      opening.CopyFrom(**before);
      opening.set_posts(opening.posts() + 1);
      if (const auto updated = openings.Update(tx, **before, opening); !updated.ok()) return updated;
    } else {
      opening.set_facility("facilities/x");
      opening.set_area("areas/312011");
      opening.set_display_name("募集");
      opening.set_posts(1);
      opening.set_weekly_minutes(600);
      if (const auto inserted = openings.Insert(tx, id, opening); !inserted.ok()) return inserted;
    }
    return matching.outbox().Add(tx, opening.name(), "registry", method, request);
  });
}

}  // namespace tsunagu::wire
