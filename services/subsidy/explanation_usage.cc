#include "services/subsidy/explanation_usage.h"

#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/contract/schema.h"
#include "common/jp/civil_day.h"
#include "common/jp/clock_time.h"
#include "common/records/records.h"
#include "services/subsidy/rules/rational.h"
#include "services/subsidy/rules/usage.h"
#include "services/subsidy/usage.h"
#include "tsunagu/subsidy/v1/activity_scheme.pb.h"
#include "tsunagu/subsidy/v1/usage_grant.pb.h"

namespace tsunagu::subsidy {
namespace {

using contract::Schema;
using v1::ActivityScheme;

std::string Text(int64_t number) { return rules::Rational(number).ToText(); }

v1::Trace::Line& Add(const char* step, const char* ja, const char* en, int64_t value, v1::Explanation& explanation) {
  v1::Trace::Line& line = *explanation.mutable_trace()->add_lines();
  line.set_step(step);
  line.set_ja(ja);
  line.set_en(en);
  line.set_value(Text(value));
  return line;
}

void SayRest(const ActivityScheme& scheme, v1::Trace::Line& line) {
  const std::string unit = absl::StrCat(scheme.unit_minutes());
  if (scheme.rest() == ActivityScheme::REST_DROPPED) {
    line.set_rounding_ja(absl::StrCat(unit, "分未満切捨て"));
    line.set_rounding_en(absl::StrCat("less than ", unit, " minutes are dropped"));
  } else if (scheme.rest() == ActivityScheme::REST_COUNTED) {
    line.set_rounding_ja(absl::StrCat(unit, "分未満切上げ"));
    line.set_rounding_en(absl::StrCat("less than ", unit, " minutes count as ", unit));
  }
}

}  // namespace

absl::Status ExplainServiceRecord(store::View& view, const v1::ServiceRecord& record, v1::Explanation& explanation) {
  ASSIGN_OR_RETURN(const auto grant, store::Records<v1::UsageGrant>::All(view).Get(Schema::ParentOf(record.name())));
  ASSIGN_OR_RETURN(const auto scheme, store::Records<ActivityScheme>::All(view).Get(grant.scheme()));
  const jp::CivilDay day = jp::DayOf(record.service_date());
  const rules::Counted again = rules::Count(scheme, rules::ClassOn(grant, day), record);
  explanation.set_ja("利用実績の支給額");
  explanation.set_en("what a service comes to");
  explanation.set_yen(record.yen());
  explanation.set_source(record.name());
  explanation.set_rule_set(scheme.name());
  explanation.set_rule_set_title(scheme.display_name());
  const int64_t length =
      jp::MinuteOfDay(record.ends_at()).value_or(0) - jp::MinuteOfDay(record.begins_at()).value_or(0);
  Add("length", "実施時間（分）", "minutes from begin to end", length, explanation);
  Add("insured", "医療保険の対象となる時間（分）", "minutes that health insurance pays", record.insured_minutes(),
      explanation);
  Add("fee", "報酬を請求する時間（分）", "minutes with a fee", record.fee_minutes(), explanation);
  v1::Trace::Line& minutes = Add("minutes", "対象時間（分）", "minutes that count", again.minutes, explanation);
  minutes.set_computed(
      absl::StrCat(Text(length), " − ", Text(record.insured_minutes()), " − ", Text(record.fee_minutes())));
  SayRest(scheme, minutes);
  const int64_t price = record.unit_price_yen() > 0 ? record.unit_price_yen() : scheme.unit_price_yen();
  v1::Trace::Line& cost = Add("cost", "費用額（円）", "the price", again.yen + again.own_yen, explanation);
  cost.set_computed(absl::StrCat(Text(again.minutes), " ÷ ", scheme.unit_minutes(), " × ", Text(price)));
  Add("own", "自己負担（円）", "what the family pays", again.own_yen, explanation);
  Add("yen", "支給額（円）", "what the body pays", again.yen, explanation);
  explanation.mutable_trace()->set_amount(again.yen);
  explanation.set_agrees(again.minutes == record.minutes() && again.yen == record.yen() &&
                         again.own_yen == record.own_yen());
  return absl::OkStatus();
}

absl::Status ExplainUsageClaim(store::View& view, const v1::UsageClaim& claim, v1::Explanation& explanation) {
  explanation.set_ja("利用実績の請求額");
  explanation.set_en("what a provider claims for a month");
  explanation.set_yen(claim.total_yen());
  explanation.set_source(claim.name());
  const std::string provider(Schema::ParentOf(claim.name()));
  const jp::CivilDay first = jp::DayOf(claim.month_date());
  const jp::CivilDay last = jp::CivilDay(absl::CivilMonth(first) + 1) - 1;
  bool agrees = true;
  int64_t total = 0;
  for (const auto& claimed : claim.lines()) {
    ASSIGN_OR_RETURN(const auto grant, store::Records<v1::UsageGrant>::All(view).Get(claimed.usage_grant()));
    ASSIGN_OR_RETURN(const auto scheme, store::Records<ActivityScheme>::All(view).Get(grant.scheme()));
    ASSIGN_OR_RETURN(const auto held, ReadHeld(view, grant.name()));
    int64_t minutes = 0, yen = 0;
    for (const v1::ServiceRecord& record : held) {
      const jp::CivilDay day = jp::DayOf(record.service_date());
      if (record.provider() != provider || day < first || day > last) continue;
      minutes += record.minutes();
      yen += record.yen();
    }
    Add("minutes", "時間（分）", "minutes", minutes, explanation).set_item(grant.name());
    v1::Trace::Line& line = Add("yen", "請求額（円）", "yen", claimed.yen(), explanation);
    line.set_item(grant.name());
    line.set_exact(Text(yen));
    const bool is_cut = claimed.yen() < yen && scheme.yearly_cap_yen() > 0;
    if (is_cut) {
      line.set_rounding_ja(absl::StrCat("年間上限", Text(scheme.yearly_cap_yen()), "円まで"));
      line.set_rounding_en(absl::StrCat("up to ", Text(scheme.yearly_cap_yen()), " yen a year"));
    }
    agrees = agrees && minutes == claimed.minutes() && (is_cut || yen == claimed.yen());
    total += claimed.yen();
  }
  explanation.mutable_trace()->set_amount(total);
  explanation.set_agrees(agrees && total == claim.total_yen());
  return absl::OkStatus();
}

}  // namespace tsunagu::subsidy
