#include "services/subsidy/rules/commitment.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "tsunagu/options.pb.h"

namespace tsunagu::subsidy::rules {
namespace {

using v1::Commitment;
using v1::CommitmentAct;

absl::Status OutOfOrder(Commitment::State state) {
  const auto& value = *Commitment::State_descriptor()->FindValueByNumber(state);
  return Fail("STEP_OUT_OF_ORDER"_reason,
              {{"state", value.name()}, {"state_ja", value.options().GetExtension(tsunagu::ja)}});
}

absl::Status CheckThere(int64_t there, int64_t wanted, Reason missing) {
  return wanted <= there ? absl::OkStatus() : Fail(missing, {{"shortfall", absl::StrCat(wanted - there)}});
}

bool IsOfContract(CommitmentAct::Kind kind) {
  return kind == CommitmentAct::KIND_CONCLUSION || kind == CommitmentAct::KIND_CHANGE ||
         kind == CommitmentAct::KIND_TERMINATION;
}

// Returns whether the act is permitted in the present state of the contract or own work.
bool HasPlace(const CommitmentStanding& standing, CommitmentAct::Kind kind) {
  switch (standing.state) {
    case Commitment::STATE_PLANNED:
      return kind == CommitmentAct::KIND_CONCLUSION;
    case Commitment::STATE_RUNNING:
      return kind != CommitmentAct::KIND_CONCLUSION;
    case Commitment::STATE_TERMINATED:
      return !IsOfContract(kind) && kind != CommitmentAct::KIND_ADVANCE;
    default:
      return false;
  }
}

// Sets the total of the contract to `yen` from now on.
absl::Status SetContracted(int64_t yen, CommitmentStanding& standing) {
  const int64_t least = std::max(standing.committed() + standing.paid(), standing.inspected);
  if (yen < least) return Fail("CONTRACT_BELOW_ACTS"_reason, {{"least", absl::StrCat(least)}});
  standing.contracted = yen;
  return absl::OkStatus();
}

}  // namespace

int64_t CommitmentStanding::committed() const {
  int64_t sum = 0;
  for (const auto& [line, share] : shares) sum += share.committed;
  return sum;
}

int64_t CommitmentStanding::paid() const {
  int64_t sum = 0;
  for (const auto& [line, share] : shares) sum += share.paid;
  return sum;
}

bool MovesMoney(CommitmentAct::Kind kind) {
  return kind == CommitmentAct::KIND_ADVANCE || kind == CommitmentAct::KIND_PAYMENT ||
         kind == CommitmentAct::KIND_RETURN;
}

absl::optional<jp::CivilDay> CommittedFrom(const std::vector<CommitmentAct>& of_line, int64_t yen) {
  std::map<jp::CivilDay, int64_t> by_day;
  for (const CommitmentAct& act : of_line) {
    if (act.kind() == CommitmentAct::KIND_RETURN) continue;  // it may be committed again, but is not automatically
    by_day[jp::DayOf(act.act_date())] += act.kind() == CommitmentAct::KIND_COMMITMENT ? act.yen() : -act.yen();
  }
  absl::optional<jp::CivilDay> from;
  int64_t open = 0;
  for (const auto& [day, change] : by_day) {
    open += change;
    if (open < yen) from.reset();
    if (open >= yen && !from) from = day;
  }
  return from;
}

bool IsCharged(CommitmentAct::Kind kind) {
  return kind == CommitmentAct::KIND_COMMITMENT || kind == CommitmentAct::KIND_RELEASE || MovesMoney(kind);
}

absl::StatusOr<CommitmentStep> TakeAct(const CommitmentStanding& standing, CommitmentAct::Kind kind,
                                       const std::string& line, int64_t yen) {
  const bool is_contract = standing.kind == Commitment::KIND_CONTRACT;
  if (IsOfContract(kind) && !is_contract) return Fail("ACT_NOT_OF_OWN_WORK"_reason);
  if (!HasPlace(standing, kind)) return OutOfOrder(standing.state);
  const bool may_be_nothing = kind == CommitmentAct::KIND_TERMINATION;
  if (yen < 0 || (yen == 0 && !may_be_nothing) || yen > kMostYen) {
    return Fail("AMOUNT_NOT_POSITIVE"_reason, {{"max", absl::StrCat(kMostYen)}});
  }
  CommitmentStep step{standing, {}};
  CommitmentStanding& after = step.after;
  const int64_t spent = standing.committed() + standing.paid();
  const auto move = [&](Act act, int64_t Balances::Decision::*from, int64_t Balances::Decision::*to) {
    Balances::Decision& share = after.shares[line];
    if (from != nullptr) share.*from -= yen;
    if (to != nullptr) share.*to += yen;
    step.movements.push_back({act, yen});
  };
  const auto found = standing.shares.find(line);
  const Balances::Decision share = found == standing.shares.end() ? Balances::Decision() : found->second;
  constexpr auto kCommitted = &Balances::Decision::committed, kPaid = &Balances::Decision::paid;
  switch (kind) {
    case CommitmentAct::KIND_CONCLUSION:
    case CommitmentAct::KIND_CHANGE:
      RETURN_IF_ERROR(SetContracted(yen, after));
      after.state = Commitment::STATE_RUNNING;
      break;
    case CommitmentAct::KIND_TERMINATION:
      RETURN_IF_ERROR(SetContracted(yen, after));
      after.state = Commitment::STATE_TERMINATED;
      break;
    case CommitmentAct::KIND_COMMITMENT:
      if (is_contract) RETURN_IF_ERROR(CheckThere(standing.contracted - spent, yen, "CONTRACT_EXCEEDED"_reason));
      move(Act::kReserve, nullptr, kCommitted);
      break;
    case CommitmentAct::KIND_RELEASE:
      RETURN_IF_ERROR(CheckThere(share.committed, yen, "COMMITMENT_EXCEEDED"_reason));
      move(Act::kRelease, kCommitted, nullptr);
      break;
    case CommitmentAct::KIND_INSPECTION:
      if (is_contract) {
        RETURN_IF_ERROR(CheckThere(standing.contracted - standing.inspected, yen, "CONTRACT_EXCEEDED"_reason));
      } else {
        RETURN_IF_ERROR(CheckThere(spent - standing.inspected, yen, "COMMITMENT_EXCEEDED"_reason));
      }
      after.inspected += yen;
      break;
    case CommitmentAct::KIND_PAYMENT:
      RETURN_IF_ERROR(CheckThere(standing.inspected - standing.paid(), yen, "NOT_INSPECTED"_reason));
      [[fallthrough]];
    case CommitmentAct::KIND_ADVANCE:
      RETURN_IF_ERROR(CheckThere(share.committed, yen, "COMMITMENT_EXCEEDED"_reason));
      move(Act::kPay, kCommitted, kPaid);
      break;
    case CommitmentAct::KIND_RETURN:
      RETURN_IF_ERROR(CheckThere(share.paid, yen, "PAYMENT_EXCEEDED"_reason));
      move(Act::kTakeBack, kPaid, nullptr);
      break;
    default:
      return OutOfOrder(standing.state);
  }
  return step;
}

}  // namespace tsunagu::subsidy::rules
