#include "services/subsidy/templates.h"

#include <cstdlib>
#include <string>

#include "absl/strings/str_cat.h"
#include "google/protobuf/text_format.h"

namespace tsunagu::subsidy {
namespace {

// The State's half was seen in a prefecture's own budget of 2019, with income taken off before it. The standard amounts
// were not found anywhere.
constexpr char kWhole[] = R"pb(
  name: "ruleSets/support-1"
  display_name: "医療的ケア児等総合支援事業補助金交付要綱（ひな形）"
  source: "事業区分は令和2年度予算要求の資料による。補助率1/2は大阪府の令和元年度予算（収入を差し引いた後の1/2）による。補助基準額は公表されていないため、都道府県が定める。"
  constants { name: "rate" ja: "補助率" en: "rate" value: "1/2" }
  result: "grant"
  minor_change { step: "eligible" percent: 20 base: BASE_WHOLE }
  report_deadline { days: 30 latest_month: 4 latest_day: 10 }
  return_charge { per_ten_thousand_a_day: 3 from_receipt: true first_day_counts: true when_late: true }
)pb";

struct Item {
  const char *code, *ja, *en;
};

// The menu of the programme.
constexpr Item kMenu[] = {
    {"council", "医療的ケア児等の協議の場の設置", "council"},
    {"coordinator", "コーディネーターの配置", "placement of coordinators"},
    {"training", "コーディネーター・支援者の養成研修", "training of coordinators and supporters"},
    {"inclusion", "併行通園の促進", "attending kindergarten beside a facility"},
    {"day-place", "日中の居場所作り", "a place for the day"},
    {"respite", "家族のレスパイト", "respite of families"},
    {"siblings", "きょうだい児への支援", "support of siblings"},
    {"nurses", "看護職員確保のための体制構築", "finding nurses"},
};

std::string ItemText(const Item& item) {
  return absl::StrCat(
      "items { code: '", item.code, "' ja: '", item.ja, "' en: '", item.en,
      "' constants { name: 'standard' ja: '補助基準額' en: 'standard amount' value: '0' }"
      " inputs { name: 'spent' ja: '対象経費の実支出（予定）額' en: 'eligible cost' unit: UNIT_YEN }"
      " inputs { name: 'income' ja: '寄付金その他の収入額' en: 'income' unit: UNIT_YEN optional: true }"
      " steps { name: 'standard_is_set' ja: '補助基準額が定められていること（要綱に入力する）' en: 'the rule set has a standard "
      "amount' formula: 'standard > 0' condition: true }"
      " steps { name: 'income_is_less' ja: '収入額が支出額を超えないこと' en: 'income is at most the cost' formula: "
      "'income <= spent' condition: true }"
      " steps { name: 'eligible' ja: '差引額' en: 'cost less income' formula: 'spent - income' }"
      " steps { name: 'base' ja: '補助基準額と差引額の少ない方' en: 'the lesser of it and the standard amount' formula: "
      "'min(eligible, standard)' }"
      " steps { name: 'grant' ja: '補助額' en: 'grant' formula: 'base * rate' rounding_unit: 1000 rounding: ROUNDING_DOWN } }");
}

}  // namespace

const std::vector<v1::RuleSet>& Templates() {
  static const auto& templates = *[] {
    std::string text = kWhole;
    for (const Item& item : kMenu) text += ItemText(item);
    auto* all = new std::vector<v1::RuleSet>(1);
    if (!google::protobuf::TextFormat::ParseFromString(text, &all->front())) std::abort();  // ours alone
    return all;
  }();
  return templates;
}

}  // namespace tsunagu::subsidy
