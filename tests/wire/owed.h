#ifndef TSUNAGU_TESTS_WIRE_OWED_H_
#define TSUNAGU_TESTS_WIRE_OWED_H_

#include <string>

#include "absl/status/status.h"
#include "common/service/service.h"
#include "tsunagu/matching/v1/opening.pb.h"

namespace tsunagu::wire {

inline identity::Actor TheAdmin() { return {"admin", "", "tests", "tests", "", identity::Scope::Everything()}; }

// A change of the opening `id` of matching, made if it is not there, that owes the registry this call.
inline absl::Status Owe(Service& matching, const identity::Actor& actor, const std::string& id, const std::string& method,
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
      opening.set_display_name("募集");
      opening.set_posts(1);
      opening.set_weekly_minutes(600);
      if (const auto inserted = openings.Insert(tx, id, opening); !inserted.ok()) return inserted;
    }
    return matching.outbox().Add(tx, opening.name(), "registry", method, request);
  });
}

}  // namespace tsunagu::wire

#endif  // TSUNAGU_TESTS_WIRE_OWED_H_
