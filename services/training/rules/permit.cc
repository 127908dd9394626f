#include "services/training/rules/permit.h"

#include <algorithm>
#include <set>

#include "absl/strings/str_cat.h"
#include "services/training/rules/line.h"

namespace tsunagu::training::rules {
namespace {

using jp::CivilDay;

const v1::CarePermit::Certified* FindAct(const v1::CarePermit& permit, v1::Act act) {
  const auto found = std::find_if(permit.acts().begin(), permit.acts().end(),
                                  [&](const auto& certified) { return Covers(certified.act(), act); });
  return found == permit.acts().end() ? nullptr : &*found;
}

bool IsRevoked(const v1::CarePermit& permit, CivilDay day) {
  return permit.state() == v1::CarePermit::STATE_REVOKED && day >= jp::DayOf(permit.revocation_date());
}

// Returns the last of these filings of the kind at an office up to a day. Among filings of one day, a removal is last.
const v1::WorkerFiling* LastOf(const std::vector<v1::WorkerFiling>& filings, const std::string& office,
                               v1::WorkerFiling::Kind kind, CivilDay day) {
  const v1::WorkerFiling* last = nullptr;
  for (const v1::WorkerFiling& filing : filings) {
    const CivilDay filed = jp::DayOf(filing.filing_date());
    if (filing.office() != office || filing.kind() != kind || filed > day) continue;
    if (last == nullptr || filed >= jp::DayOf(last->filing_date())) last = &filing;
  }
  return last;
}

v1::CheckActResponse Told(bool may, const char* rule, const std::string& ja, const std::string& en) {
  v1::CheckActResponse response;
  response.set_may_act(may);
  response.mutable_line()->set_rule(rule);
  response.mutable_line()->set_met(may);
  response.mutable_line()->set_ja(ja);
  response.mutable_line()->set_en(en);
  return response;
}

// The steps to an act, in order: the later the failing step, the closer she is.
enum Step { kNoPermit, kCertified, kHolds, kFiled, kStillFiled, kMay };

struct Answer {
  Step step = kNoPermit;
  v1::CheckActResponse response;
};

Answer AnswerOf(const Filed& filed, const v1::CarePermit::Certified& certified, const std::string& office,
                CivilDay day) {
  const CivilDay since = jp::DayOf(certified.certified_date());
  const std::string number = filed.permit.number();
  if (day < since) {
    const std::string date = jp::FormatIso(since);
    return {kCertified, Told(false, "NOT_YET_CERTIFIED", absl::StrCat("認定証 ", number, "：認定日は", date, "です。"),
                             absl::StrCat("Permit ", number, ": certified from ", date, " on"))};
  }
  if (IsRevoked(filed.permit, day)) {
    const std::string date = jp::FormatIso(jp::DayOf(filed.permit.revocation_date()));
    return {kHolds, Told(false, "REVOKED", absl::StrCat("認定証 ", number, "：", date, "に取り消されています。"),
                         absl::StrCat("Permit ", number, ": withdrawn on ", date))};
  }
  const v1::WorkerFiling* added = LastOf(filed.filings, office, v1::WorkerFiling::KIND_ADDED, day);
  if (added == nullptr || jp::DayOf(added->filing_date()) < since) {
    return {kFiled, Told(false, "NOT_FILED",
                         absl::StrCat("認定証 ", number, "：事業所 ", office, " の従事者名簿の変更届がありません。"),
                         absl::StrCat("Permit ", number, ": office ", office, " has not filed it"))};
  }
  const v1::WorkerFiling* removed = LastOf(filed.filings, office, v1::WorkerFiling::KIND_REMOVED, day);
  if (removed != nullptr && jp::DayOf(removed->filing_date()) >= jp::DayOf(added->filing_date())) {
    const std::string date = jp::FormatIso(jp::DayOf(removed->filing_date()));
    Answer answer{kStillFiled,
                  Told(false, "TAKEN_OFF",
                       absl::StrCat("認定証 ", number, "：事業所 ", office, " の名簿から", date, "に外れています。"),
                       absl::StrCat("Permit ", number, ": off the roster of office ", office, " since ", date))};
    answer.response.set_filing(removed->name());
    return answer;
  }
  const std::string date = jp::FormatIso(jp::DayOf(added->filing_date()));
  Answer answer{
      kMay, Told(true, "FILED", absl::StrCat("認定証 ", number, "：事業所 ", office, " が", date, "に届け出ています。"),
                 absl::StrCat("Permit ", number, ": filed by office ", office, " on ", date))};
  answer.response.set_filing(added->name());
  return answer;
}

}  // namespace

bool Covers(v1::Act held, v1::Act asked) {
  if (held == asked) return true;
  return held == v1::ACT_STOMA_FEEDING &&
         (asked == v1::ACT_GASTROSTOMY_FEEDING || asked == v1::ACT_ENTEROSTOMY_FEEDING);
}

void CheckApplication(const v1::PermitApplication& application, Faults& faults) {
  if (application.certificate().empty() && application.evidence().empty()) {
    faults.Add("evidence", "EVIDENCE_REQUIRED"_reason);
  }
  if (!application.certificate().empty() && !application.client().empty()) {
    faults.Add("client", "CLIENT_COMES_WITH_CERTIFICATE"_reason);
  }
  std::set<int> acts;
  for (int i = 0; i < application.acts_size(); ++i) {
    if (acts.insert(application.acts(i)).second) continue;
    faults.Add(absl::StrCat("acts[", i, "]"), "CODE_REPEATED"_reason, {{"code", v1::Act_Name(application.acts(i))}});
  }
}

bool AppliesForTheSame(const v1::PermitApplication& before, const v1::PermitApplication& after) {
  return before.evidence() == after.evidence() &&
         jp::DayOf(before.application_date()) == jp::DayOf(after.application_date()) &&
         std::equal(before.acts().begin(), before.acts().end(), after.acts().begin(), after.acts().end());
}

void CheckLearned(const v1::PermitApplication& application, const std::vector<v1::Curriculum::ActRule>& learned,
                  Faults& faults) {
  for (int i = 0; i < application.acts_size(); ++i) {
    const v1::Act act = application.acts(i);
    const bool known = std::any_of(learned.begin(), learned.end(), [&](const v1::Curriculum::ActRule& rule) {
      return (rule.tries() > 0 || rule.until_judged_sound()) && Covers(rule.act(), act);
    });
    if (!known)
      faults.Add(absl::StrCat("acts[", i, "]"), "ACT_NOT_COMPLETED"_reason,
                 {{"act", EnglishOf(act)}, {"act_ja", JapaneseOf(act)}});
  }
}

const v1::CarePermit* WrittenInto(const v1::PermitApplication& application, const std::string& client,
                                  const v1::PermitRule& rule, const std::vector<v1::CarePermit>& held, Faults& faults) {
  const v1::CarePermit* into = nullptr;
  for (const v1::CarePermit& permit : held) {
    if (permit.state() != v1::CarePermit::STATE_CERTIFIED || permit.client() != client) continue;
    into = &permit;
    for (int i = 0; i < application.acts_size(); ++i) {
      if (FindAct(permit, application.acts(i)) == nullptr) continue;
      faults.Add(absl::StrCat("acts[", i, "]"), "ACT_PERMITTED_ALREADY"_reason,
                 {{"act", EnglishOf(application.acts(i))},
                  {"act_ja", JapaneseOf(application.acts(i))},
                  {"name", permit.name()}});
    }
  }
  const v1::PermitRule::Unit unit = client.empty() ? rule.any_client() : rule.one_client();
  if (unit == v1::PermitRule::UNIT_ACT && application.acts_size() > 1) faults.Add("acts", "ONE_ACT_EACH"_reason);
  return unit == v1::PermitRule::UNIT_WORKER ? into : nullptr;
}

void CheckFiling(const v1::WorkerFiling& filing, const v1::CarePermit& permit,
                 const std::vector<v1::WorkerFiling>& others, Faults& faults) {
  if (!jp::CheckDate(filing.filing_date()).ok()) return;  // already reported
  const CivilDay day = jp::DayOf(filing.filing_date());
  CivilDay first = CivilDay::max();
  for (const auto& certified : permit.acts()) first = std::min(first, jp::DayOf(certified.certified_date()));
  if (filing.kind() == v1::WorkerFiling::KIND_ADDED) {
    if (day < first) faults.Add("filing_date", "FILED_BEFORE_PERMIT"_reason, {{"date", jp::FormatIso(first)}});
    if (IsRevoked(permit, day)) faults.Add("", "PERMIT_NOT_VALID"_reason);
    return;
  }
  const v1::WorkerFiling* added = LastOf(others, filing.office(), v1::WorkerFiling::KIND_ADDED, day);
  const v1::WorkerFiling* removed = LastOf(others, filing.office(), v1::WorkerFiling::KIND_REMOVED, day);
  const bool on =
      added != nullptr && (removed == nullptr || jp::DayOf(removed->filing_date()) < jp::DayOf(added->filing_date()));
  if (!on) faults.Add("filing_date", "NOT_ON_ROSTER"_reason);
}

v1::CheckActResponse MayAct(const std::vector<Filed>& permits, const std::string& office, v1::Act act,
                            const std::string& client, jp::CivilDay day) {
  Answer closest;
  closest.response = Told(false, "NO_PERMIT", "この行為の認定証がありません。", "She has no permit for this act");
  for (const Filed& filed : permits) {
    if (filed.permit.for_one_client() && filed.permit.client() != client) continue;
    // If two kinds cover the act, each has its own day.
    for (const v1::CarePermit::Certified& certified : filed.permit.acts()) {
      if (!Covers(certified.act(), act)) continue;
      Answer answer = AnswerOf(filed, certified, office, day);
      answer.response.set_permit(filed.permit.name());
      if (answer.step > closest.step) closest = std::move(answer);
    }
  }
  closest.response.mutable_line()->set_of(v1::Act_Name(act));
  return closest.response;
}

}  // namespace tsunagu::training::rules
