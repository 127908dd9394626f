#ifndef TSUNAGU_COMMON_RECORDS_RULE_H_
#define TSUNAGU_COMMON_RECORDS_RULE_H_

#include <functional>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "common/base/error.h"
#include "common/jp/civil_day.h"
#include "common/records/records.h"
#include "common/records/tx.h"
#include "google/protobuf/message.h"

namespace tsunagu::store {

// One change of one record, as a rule looks at it before it is written.
struct Proposal {
  Tx& tx;
  const google::protobuf::Message* before;  // null for a new record
  const google::protobuf::Message& after;   // as it would be written; its contract may be broken
  jp::CivilDay today;
  Faults& faults;                     // field paths are those of the record
  struct Outcome* outcome = nullptr;  // null where nothing will be written
};

// What a rule makes of a record beyond refusing it.
struct Outcome {
  google::protobuf::Message& record;  // that will be written
  std::vector<std::function<absl::Status(Tx&)>> consequences;
};

// Decides about a proposal: adds faults that refuse it, and warnings that let it pass. An error ends the change.
using Rule = std::function<absl::Status(const Proposal&)>;

// A proposal with the messages as they are. A rule runs inside the transaction on every way in: standard methods,
// custom methods, imports, deliveries. It may run several times. Only an erasure goes without: nothing may stand in its
// way.
template <typename M>
class Decision {
 public:
  explicit Decision(const Proposal& proposal) : proposal_(proposal) {}

  const M* before() const { return static_cast<const M*>(proposal_.before); }
  const M& after() const { return static_cast<const M&>(proposal_.after); }
  jp::CivilDay today() const { return proposal_.today; }
  Faults& faults() const { return proposal_.faults; }
  // Lets `fill` set OUTPUT_ONLY fields of the record that will be written: what it says beyond what was sent. The rule
  // sees after() with them.
  void Derive(absl::FunctionRef<void(M&)> fill) const {
    if (proposal_.outcome != nullptr) fill(static_cast<M&>(proposal_.outcome->record));
  }
  // Once the record is written, `consequence` runs in the same transaction, through no scope: what follows from a
  // record is the program's own work. Whether it can be done the rule has to see first: a refusal there is our mistake,
  // and ends the transaction.
  void Then(std::function<absl::Status(Tx&)> consequence) const {
    if (proposal_.outcome != nullptr) proposal_.outcome->consequences.push_back(std::move(consequence));
  }
  // For guards and counters.
  Tx& tx() const { return proposal_.tx; }

  // All records of a type, also those that the caller may not see. What is found may decide; of a record that the
  // caller may not see, nothing but a reason may leave (AddConflict).
  template <typename N = M>
  Records<N> all() const {
    return Records<N>::All(proposal_.tx);
  }

  // Adds a fault about another record: `seen` with its name {name} where the caller may read it, else `unseen`, which
  // has no name.
  template <typename N = M>
  absl::Status AddConflict(absl::string_view field, Reason seen, Reason unseen, const N& other) const {
    return tsunagu::store::AddConflict(proposal_.tx, TableOf(proposal_.tx, N::descriptor()), other.name(), field, seen,
                                       unseen, proposal_.faults);
  }

 private:
  const Proposal& proposal_;
};

}  // namespace tsunagu::store

#endif  // TSUNAGU_COMMON_RECORDS_RULE_H_
