#include "tests/faults/subsidy_books_commitment.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "tests/faults/subsidy_books_reader.h"

namespace tsunagu::faults {

using subsidy::v1::Commitment;
using subsidy::v1::CommitmentAct;

bool CommitmentModel::MovesMoney(const CommitmentAct& act) {
  const std::string kind = Word(act.kind());
  return kind == "ADVANCE" || kind == "PAYMENT" || kind == "RETURN";
}

std::string CommitmentModel::MovementOf(const CommitmentAct& act) {
  const std::string kind = Word(act.kind());
  if (kind == "COMMITMENT") return "RESERVE";
  if (kind == "RELEASE") return "RELEASE";
  if (kind == "RETURN") return "TAKE_BACK";
  return MovesMoney(act) ? "PAY" : "";
}

bool CommitmentModel::Take(const CommitmentAct& act) {
  const std::string kind = Word(act.kind());
  const long yen = act.yen();
  if (act.budget_line().empty() != MovementOf(act).empty()) return false;
  if (yen <= 0 && kind != "TERMINATION") return false;
  if (!MovesMoney(act) && DayOf(act.act_date()) < last_day_) return false;
  last_day_ = std::max(last_day_, DayOf(act.act_date()));
  if (kind == "CONCLUSION") return Contract(yen, "PLANNED", "RUNNING");
  if (kind == "CHANGE") return Contract(yen, "RUNNING", "RUNNING");
  if (kind == "TERMINATION") return Contract(yen, "RUNNING", "TERMINATED");
  if (state_ == "PLANNED" || (state_ == "TERMINATED" && kind == "ADVANCE")) return false;
  if (kind == "INSPECTION") {
    inspected_ += yen;
    return inspected_ <= (is_contract_ ? contracted_ : Committed() + Paid());
  }
  auto& [committed, paid] = lines_[act.budget_line()];
  if (kind != "RETURN") open_[act.budget_line()][DayOf(act.act_date())] += kind == "COMMITMENT" ? yen : -yen;
  if (kind == "COMMITMENT") {
    committed += yen;
    return !is_contract_ || Committed() + Paid() <= contracted_;
  }
  if (kind == "RELEASE") {
    committed -= yen;
    return committed >= 0;
  }
  if (kind == "RETURN") {
    paid -= yen;
    return paid >= 0;
  }
  if (kind != "PAYMENT" && kind != "ADVANCE") return false;
  committed -= yen;
  paid += yen;
  return committed >= 0 && (kind == "ADVANCE" || Paid() <= inspected_) &&
         IsCovered(act.budget_line(), DayOf(act.act_date()));
}

bool CommitmentModel::IsCovered(const std::string& line, int day) const {
  long open = 0;
  for (const auto& [one, yen] : open_.at(line)) {
    open += yen;
    if (one >= day && open < 0) return false;
  }
  return true;
}

bool CommitmentModel::Contract(long yen, const char* from, const char* to) {
  const bool fits = is_contract_ && state_ == from && yen >= Committed() + Paid() && yen >= inspected_;
  contracted_ = yen;
  state_ = to;
  return fits;
}

long CommitmentModel::Committed() const {
  long sum = 0;
  for (const auto& [line, yen] : lines_) sum += yen.first;
  return sum;
}

long CommitmentModel::Paid() const {
  long sum = 0;
  for (const auto& [line, yen] : lines_) sum += yen.second;
  return sum;
}

std::string CommitmentModel::Text() const {
  std::string text = absl::StrCat(state_, " ", contracted_, "/", inspected_, " ", Committed(), "/", Paid());
  for (const auto& [line, yen] : lines_) absl::StrAppend(&text, ", ", line, " ", yen.first, "/", yen.second);
  return text;
}

std::string CommitmentModel::Text(const Commitment& stands) {
  std::string text = absl::StrCat(Word(stands.state()), " ", stands.contracted_yen(), "/", stands.inspected_yen(), " ",
                                  stands.committed_yen(), "/", stands.paid_yen());
  for (const auto& share : stands.shares()) {
    absl::StrAppend(&text, ", ", share.budget_line(), " ", share.committed_yen(), "/", share.paid_yen());
  }
  return text;
}

}  // namespace tsunagu::faults
