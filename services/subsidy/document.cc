#include "services/subsidy/document.h"

#include <algorithm>
#include <utility>

#include "common/base/status_macros.h"
#include "common/contract/schema.h"
#include "common/records/records.h"
#include "services/subsidy/approval.h"
#include "services/subsidy/guards.h"
#include "tsunagu/subsidy/v1/decision.pb.h"
#include "tsunagu/subsidy/v1/filing.pb.h"
#include "tsunagu/subsidy/v1/payment.pb.h"

namespace tsunagu::subsidy {
namespace {

using contract::Schema;
using contract::Where;

template <typename M>
absl::Status CheckNotMadeBy(store::Tx& tx, const std::string& application, const std::string& maker, const char* ja,
                            const char* en) {
  ASSIGN_OR_RETURN(const bool made, store::Records<M>::All(tx).Any(Where::Under(application) && Where("maker", maker)));
  return made ? Fail("DUTIES_OF_ONE_PERSON"_reason, {{"duty", en}, {"duty_ja", ja}}) : absl::OkStatus();
}

absl::Status CheckDuty(store::Tx& tx, const std::string& application, const std::string& maker, Duty duty) {
  if (duty != Duty::kFile) {
    RETURN_IF_ERROR(CheckNotMadeBy<v1::Filing>(tx, application, maker, "申請", "filed"));
  }
  if (duty != Duty::kDecide) {
    RETURN_IF_ERROR(CheckNotMadeBy<v1::Decision>(tx, application, maker, "決定", "decided"));
  }
  if (duty != Duty::kPay) {
    RETURN_IF_ERROR(CheckNotMadeBy<v1::Payment>(tx, application, maker, "支払", "paid"));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Document> Document::Open(store::Tx& tx, absl::string_view name, Duty duty, jp::CivilDay today) {
  const std::string application(Schema::ParentOf(name));
  Document document;
  ASSIGN_OR_RETURN(document.before_, store::Records<v1::Application>::All(tx).Get(application));
  ASSIGN_OR_RETURN(document.programme_, store::Records<v1::Programme>::All(tx).Get(document.before_.programme()));
  if (!document.programme_.via().empty()) {  // a forwarding also changes it
    RETURN_IF_ERROR(GuardForwarding(tx, document.programme_.name()));
    ASSIGN_OR_RETURN(document.before_, store::Records<v1::Application>::All(tx).Get(application));
  }
  document.after_ = document.before_;
  document.maker_ = tx.actor().Person();
  if (!document.programme_.decided_elsewhere()) {
    RETURN_IF_ERROR(document.Excuse(tx, CheckDuty(tx, application, document.maker_, duty), today));
  }
  return document;
}

absl::Status Document::Excuse(store::Tx& tx, absl::Status refused, jp::CivilDay today) {
  if (!absl::IsFailedPrecondition(refused)) return refused;
  if (!override_) {
    ASSIGN_OR_RETURN(override_, FindOverride<v1::Override>(tx, before_.name(), maker_, today));
  }
  return override_ ? absl::OkStatus() : refused;
}

rules::Balances::Decision Document::Balance() const { return {before_.committed_yen(), before_.paid_yen()}; }

rules::Standing Document::standing() const {
  return {before_.state(), before_.granted_yen(), before_.committed_yen(), before_.paid_yen()};
}

absl::optional<jp::CivilDay> Document::last_day() const {
  if (!before_.has_last_date()) return absl::nullopt;
  return jp::DayOf(before_.last_date());
}

void Document::CheckDay(const google::type::Date& date, absl::optional<jp::CivilDay> not_before, jp::CivilDay today,
                        absl::string_view field, Faults& faults) {
  if (!jp::CheckDate(date).ok()) return;  // already reported
  const jp::CivilDay day = jp::DayOf(date);
  if (day > today) faults.Add(field, "DOCUMENT_TO_COME"_reason);
  if (not_before && day < *not_before) {
    faults.Add(field, "DOCUMENT_OUT_OF_ORDER"_reason, {{"date", jp::FormatIso(*not_before)}});
  }
}

void Document::Stand(const rules::Step& step, jp::CivilDay day) {
  after_.set_state(step.after.state);
  after_.set_granted_yen(step.after.granted);
  after_.set_committed_yen(step.after.committed);
  after_.set_paid_yen(step.after.paid);
  after_.set_document_count(number());
  const absl::optional<jp::CivilDay> last = last_day();
  *after_.mutable_last_date() = jp::ToDate(last ? std::max(*last, day) : day);
}

absl::Status Document::Take(store::Tx& tx, const rules::Step& step, jp::CivilDay day, const std::string& line) {
  Stand(step, day);
  if (line.empty() || step.movements.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(Charge charge, Charge::On(tx, line));
  RETURN_IF_ERROR(charge.PostDocument(before_.name(), Balance(), step.movements, day));
  charges_.push_back(std::move(charge));
  return absl::OkStatus();
}

absl::Status Document::TakeLate(store::Tx& tx, const rules::Step& step, jp::CivilDay day,
                                const std::string& later_line) {
  Stand(step, day);
  const int64_t yen = step.after.paid - before_.paid_yen();
  RETURN_IF_ERROR(GuardLines(tx, {before_.budget_line(), later_line}));
  ASSIGN_OR_RETURN(Charge own, Charge::On(tx, before_.budget_line()));
  RETURN_IF_ERROR(own.PostDocument(before_.name(), Balance(), {{rules::Act::kRelease, yen}}, day));
  ASSIGN_OR_RETURN(Charge later, Charge::On(tx, later_line));
  RETURN_IF_ERROR(later.PostDocument(before_.name(), {}, {{rules::Act::kReserve, yen}, {rules::Act::kPay, yen}}, day));
  charges_ = {std::move(own), std::move(later)};
  return absl::OkStatus();
}

absl::Status Document::Write(store::Tx& tx, const std::string& cause) const {
  for (const Charge& charge : charges_) RETURN_IF_ERROR(charge.Write(tx, cause));
  if (override_) RETURN_IF_ERROR(UseOverride(tx, *override_, cause));
  v1::Application after = after_;
  return store::Records<v1::Application>::Update(tx, before_, after);
}

void Require(bool given, absl::string_view field, Faults& faults) {
  if (!given) faults.Add(field, "FIELD_REQUIRED"_reason);
}

}  // namespace tsunagu::subsidy
