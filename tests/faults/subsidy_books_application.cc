#include "tests/faults/subsidy_books_application.h"

#include <algorithm>

#include "absl/strings/str_format.h"

namespace tsunagu::faults {

bool ApplicationModel::Take(const DocumentSeen& document) {
  movements_.clear();
  // Money may move before what was filed meanwhile, but not before the decision that it is paid for.
  if (document.day < (document.duty == 'P' ? decided_day_ : last_day_)) return false;
  last_day_ = std::max(last_day_, document.day);
  const std::string& kind = document.kind;
  const bool taken = document.duty == 'F' ? File(document) : document.duty == 'D' ? Decide(document) : Pay(document);
  if (document.duty == 'F' && kind != "WITHDRAWAL" && kind != "STATUS_REPORT" && kind != "TAX_REPORT" &&
      kind != "YEAR_END_REPORT" && !document.minor) {
    filed_ = kind;
  }
  const bool gives = kind == "GRANT" || kind == "CHANGE_APPROVAL" || kind == "FIXING" || kind == "CANCELLATION";
  if (document.duty == 'D' && gives) decided_day_ = document.day;
  if (In({"FIXED", "SETTLED"})) state_ = granted_ == paid_ ? "SETTLED" : "FIXED";
  return taken;
}

bool ApplicationModel::File(const DocumentSeen& document) {
  const std::string& kind = document.kind;
  if (kind == "APPLICATION") return Move({"DRAFT"}, "APPLIED");
  if (kind == "WITHDRAWAL") {
    if (paid_ > 0) return false;
    Grant(0);
    return Move({"APPLIED", "EXAMINED", "GRANTED"}, "WITHDRAWN");
  }
  if (kind == "CHANGE") return Move({"GRANTED"}, document.minor ? "GRANTED" : "CHANGE_APPLIED");
  if (kind == "ABOLITION") return Move({"GRANTED"}, "ABOLITION_APPLIED");
  if (kind == "STATUS_REPORT" || kind == "YEAR_END_REPORT") return Move({"GRANTED"}, "GRANTED");
  if (kind == "COMPLETION_REPORT") return Move({"GRANTED"}, "REPORTED");
  if (kind == "ABOLITION_REPORT") return Move({"ABOLISHED"}, "REPORTED");
  if (kind != "TAX_REPORT" || document.yen > granted_) return false;
  Grant(granted_ - document.yen);
  return Move({"FIXED", "SETTLED"}, "FIXED");
}

bool ApplicationModel::Decide(const DocumentSeen& document) {
  const std::string& kind = document.kind;
  if (kind == "EXAMINATION") return Move({"APPLIED"}, "EXAMINED");
  if (kind == "REFUSAL") return Move({"EXAMINED"}, "REFUSED");
  if (kind == "CHANGE_REFUSAL") return Move({"CHANGE_APPLIED"}, "GRANTED");
  if (kind == "ABOLITION_APPROVAL") return Move({"ABOLITION_APPLIED"}, "ABOLISHED");
  if (kind == "ABOLITION_REFUSAL") return Move({"ABOLITION_APPLIED"}, "GRANTED");
  if (kind == "RETURN_ORDER") return paid_ > granted_;
  if (kind == "SENDING_BACK") {
    if (In({"CHANGE_APPLIED", "ABOLITION_APPLIED"})) return Move({state_.c_str()}, "GRANTED");
    if (state_ == "REPORTED") return Move({"REPORTED"}, filed_ == "ABOLITION_REPORT" ? "ABOLISHED" : "GRANTED");
    const bool to_examiner = document.state == "APPLIED" && state_ == "EXAMINED";
    return Move({"APPLIED", "EXAMINED"}, to_examiner ? "APPLIED" : "DRAFT");
  }
  const long before = granted_;
  if (kind == "GRANT") return document.yen > 0 && Given(document.yen, {"EXAMINED"}, "GRANTED");
  if (kind == "CHANGE_APPROVAL") return Given(document.yen, {"CHANGE_APPLIED"}, "GRANTED");
  if (kind == "FIXING") return document.yen <= before && Given(document.yen, {"REPORTED"}, "FIXED");
  if (kind != "CANCELLATION" || document.yen > before) return false;
  const std::string stays = state_ == "SETTLED" ? "FIXED" : state_;
  return Given(document.yen,
               {"GRANTED", "CHANGE_APPLIED", "ABOLITION_APPLIED", "ABOLISHED", "REPORTED", "FIXED", "SETTLED"},
               document.yen == 0 ? "CANCELLED" : stays.c_str());
}

bool ApplicationModel::Pay(const DocumentSeen& document) {
  if (document.kind == "RETURN") {
    if (document.yen > paid_ - granted_) return false;
    paid_ -= document.yen;
    movements_ = {{"TAKE_BACK", document.yen}};
    return true;
  }
  const bool fits = document.kind == "ADVANCE"
                        ? In({"GRANTED", "CHANGE_APPLIED", "ABOLITION_APPLIED", "ABOLISHED", "REPORTED"})
                        : state_ == "FIXED";
  committed_ -= document.yen;
  paid_ += document.yen;
  movements_ = {{"PAY", document.yen}};
  return fits && committed_ >= 0;
}

bool ApplicationModel::In(std::initializer_list<const char*> states) const {
  return std::any_of(states.begin(), states.end(), [&](const char* one) { return state_ == one; });
}

bool ApplicationModel::Move(std::initializer_list<const char*> from, const char* to) {
  if (!In(from)) return false;
  state_ = to;
  return true;
}

bool ApplicationModel::Given(long yen, std::initializer_list<const char*> from, const char* to) {
  if (!Move(from, to)) return false;
  Grant(yen);
  return true;
}

void ApplicationModel::Grant(long yen) {
  granted_ = yen;
  const long committed = yen > paid_ ? yen - paid_ : 0;
  if (committed > committed_) {
    movements_ = {{"RESERVE", committed - committed_}};
    reserved_ += committed - committed_;
  } else if (committed < committed_) {
    movements_ = {{"RELEASE", committed_ - committed}};
  }
  committed_ = committed;
}

std::string ApplicationModel::Text() const {
  return absl::StrFormat("%s %d/%d/%d", state_, granted_, committed_, paid_);
}

}  // namespace tsunagu::faults
