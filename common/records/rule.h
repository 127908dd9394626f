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

// One change of one record, as a rule checks it before it is written.
struct Proposal {
  Tx& tx;
  const google::protobuf::Message* before;  // null for a new record
  const google::protobuf::Message& after;   // as it would be written; may violate its contract
  jp::CivilDay today;
  Faults& faults;                     // field paths are relative to the record
  struct Outcome* outcome = nullptr;  // null when nothing will be written
};

// The effects of a rule on a record, other than refusing it.
struct Outcome {
  google::protobuf::Message& record;  // the record that will be written
  std::vector<std::function<absl::Status(Tx&)>> consequences;
};

// Decides about a proposal: adds faults, which refuse it, and warnings, which do not. An error ends the change.
using Rule = std::function<absl::Status(const Proposal&)>;

// A proposal with typed messages. A rule runs inside the transaction for every change: standard methods, custom
// methods, imports, deliveries. It may run several times. Only an erasure runs no rule, because nothing may prevent it.
template <typename M>
class Decision {
 public:
  explicit Decision(const Proposal& proposal) : proposal_(proposal) {}

  const M* before() const { return static_cast<const M*>(proposal_.before); }
  const M& after() const { return static_cast<const M&>(proposal_.after); }
  jp::CivilDay today() const { return proposal_.today; }
  Faults& faults() const { return proposal_.faults; }
  // Calls `fill` to set OUTPUT_ONLY fields of the record that will be written. after() then includes them.
  void Derive(absl::FunctionRef<void(M&)> fill) const {
    if (proposal_.outcome != nullptr) fill(static_cast<M&>(proposal_.outcome->record));
  }
  // Runs `consequence` in the same transaction after the record is written, without a scope: it is the program's own
  // work. The rule must check before that the consequence is possible. A consequence that is refused is our mistake,
  // and ends the transaction.
  void Then(std::function<absl::Status(Tx&)> consequence) const {
    if (proposal_.outcome != nullptr) proposal_.outcome->consequences.push_back(std::move(consequence));
  }
  // For guards and counters.
  Tx& tx() const { return proposal_.tx; }

  // Returns all records of a type, including those that the caller may not see. They may influence the decision. Of a
  // record that the caller may not see, only a reason may be disclosed (AddConflict).
  template <typename N = M>
  Records<N> all() const {
    return Records<N>::All(proposal_.tx);
  }

  // Adds a fault about another record: `seen`, with its name as {name}, when the caller may read that record, else
  // `unseen`, which has no name.
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
