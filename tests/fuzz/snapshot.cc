// An arbitrary snapshot that is sent for a round. What the contract and the service accept has one canonical form:
// split into its rows, as it is stored, and joined again it is equal, byte for byte; stored data with a changed byte
// has another digest, unless its meaning is the same. Solving it never fails, and the verifier accepts the result.
#include <string>

#include "common/base/error.h"
#include "common/contract/validate.h"
#include "google/protobuf/util/message_differencer.h"
#include "services/matching/rules/deferred_acceptance.h"
#include "services/matching/rules/verify.h"
#include "services/matching/snapshot/sent_rows.h"
#include "services/matching/snapshot/snapshot.h"
#include "tests/fuzz/fuzz.h"
#include "tsunagu/matching/v1/reason.pb.h"

namespace tsunagu::fuzz {
namespace {

using matching::v1::Snapshot;

constexpr int64_t kMostPairs = 10'000;

bool IsTaken(const Snapshot& snapshot) {
  matching::v1::SolveRoundRequest request;
  request.set_name("rounds/r");
  *request.mutable_snapshot() = snapshot;
  const absl::Status valid = contract::ValidateRequest(request);
  if (!valid.ok()) Require(ReasonOf(valid) != Reason("INTERNAL"), "a refusal says what is wrong");
  Faults faults;
  matching::CheckSentRows(snapshot, "snapshot", faults);
  return valid.ok() && faults.empty();
}

bool BecomesCanonical(Snapshot& snapshot) {
  const absl::Status made = matching::Canonicalise(snapshot);
  if (!made.ok()) Require(ReasonOf(made) != Reason("INTERNAL"), "a refusal says what is wrong");
  return made.ok();
}

template <typename Rows>
void CopyRows(const Rows& rows, Rows& copies) {
  for (const auto& row : rows) Require(copies.Add()->ParseFromString(row.SerializeAsString()), "a row can be read");
}

Snapshot KeptAndRead(const Snapshot& snapshot) {
  Snapshot read;
  CopyRows(snapshot.nurses(), *read.mutable_nurses());
  CopyRows(snapshot.openings(), *read.mutable_openings());
  CopyRows(snapshot.left_out(), *read.mutable_left_out());
  return read;
}

void CheckForm(const Snapshot& snapshot, const std::string& bytes) {
  Require(KeptAndRead(snapshot).SerializeAsString() == bytes, "what is kept row by row is the whole");
  Snapshot again;
  Require(again.ParseFromString(bytes) && BecomesCanonical(again) && again.SerializeAsString() == bytes,
          "the canonical form stays as it is");
}

void CheckChanged(const Snapshot& snapshot, std::string bytes, size_t at, uint8_t change) {
  if (bytes.empty()) return;
  bytes[at % bytes.size()] = static_cast<char>(bytes[at % bytes.size()] ^ change);
  Snapshot changed;
  if (!changed.ParseFromString(bytes)) return;
  const bool same = google::protobuf::util::MessageDifferencer::Equals(changed, snapshot);
  Require(same == (matching::DigestOf(changed) == matching::DigestOf(snapshot)), "a change is seen in the digest");
}

void CheckSolving(const Snapshot& snapshot, int64_t seed) {
  if (int64_t{snapshot.nurses_size()} * snapshot.openings_size() > kMostPairs) return;
  const matching::rules::Instance instance = matching::ToInstance(snapshot, seed);
  const auto matching = matching::rules::Solve(instance);
  Require(matching::rules::VerifyMatching(instance, matching.opening_of_nurse).stable,
          "the verifier accepts the result");
}

}  // namespace
}  // namespace tsunagu::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tsunagu::fuzz;
  static const bool declared = (tsunagu::Reason::Declare(tsunagu::matching::v1::Reason_descriptor()), true);
  (void)declared;
  Input input(data, size);
  const uint8_t seed = input.Byte(), change = input.Byte();
  const size_t at = input.Byte() * 256 + input.Byte();
  Snapshot snapshot;
  if (!snapshot.ParseFromArray(input.Rest().data(), static_cast<int>(input.Rest().size()))) return 0;
  if (!IsTaken(snapshot) || !BecomesCanonical(snapshot)) return 0;
  snapshot.clear_caps();  // the service writes its own caps
  const std::string bytes = snapshot.SerializeAsString();
  CheckForm(snapshot, bytes);
  CheckChanged(snapshot, bytes, at, change);
  CheckSolving(snapshot, seed);
  return 0;
}
