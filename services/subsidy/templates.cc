#include "services/subsidy/templates.h"

#include <cstdlib>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "google/protobuf/text_format.h"

namespace tsunagu::subsidy {
namespace {

// The State's half is from a prefecture's published budget of 2019, in which income is deducted first. The standard
// amounts were not found anywhere.
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
      " steps { name: 'standard_is_set' ja: '補助基準額が定められていること（要綱に入力する）' en: 'the rule set has a "
      "standard "
      "amount' formula: 'standard > 0' condition: true }"
      " steps { name: 'income_is_less' ja: '収入額が支出額を超えないこと' en: 'income is at most the cost' formula: "
      "'income <= spent' condition: true }"
      " steps { name: 'eligible' ja: '差引額' en: 'cost less income' formula: 'spent - income' }"
      " steps { name: 'base' ja: '補助基準額と差引額の少ない方' en: 'the lesser of it and the standard amount' "
      "formula: "
      "'min(eligible, standard)' }"
      " steps { name: 'grant' ja: '補助額' en: 'grant' formula: 'base * rate' rounding_unit: 1000 rounding: "
      "ROUNDING_DOWN } }");
}

// Rules that bodies have published, with the figures that were found: as a starting point for one's own rules, and as
// examples. A standard amount that was not found is 0, as above.
constexpr char kStandardIsSet[] =
    "steps { name: 'standard_is_set' ja: '補助基準額が定められていること（要綱に入力する）' "
    "en: 'the rule set has a standard amount' formula: 'standard > 0' condition: true } ";

struct Published {
  const char *name, *ja, *source;
  std::string rule;
};

std::vector<Published> PublishedRules() {
  const std::string standard = "constants { name: 'standard' ja: '補助基準額' en: 'standard amount' value: '0' } ";
  const std::string spent = "inputs { name: 'spent' ja: '実支出額' en: 'cost' unit: UNIT_YEN } ";
  const std::string places = "inputs { name: 'places' ja: '定員' en: 'places' unit: UNIT_PERSONS } ";
  const auto income = [](const char* less_than) {
    return absl::StrCat(
        "inputs { name: 'income' ja: '寄付金その他の収入額' en: 'income' unit: UNIT_YEN optional: true } "
        "steps { name: 'income_is_less' ja: '収入額が費用を超えないこと' en: 'income is at most the cost' "
        "formula: 'income <= ",
        less_than, "' condition: true } ");
  };
  const auto constant = [](const char* name, const char* ja, const char* en, const char* value) {
    return absl::StrCat("constants { name: '", name, "' ja: '", ja, "' en: '", en, "' value: '", value, "' } ");
  };
  const auto step = [](const char* name, const char* ja, const char* en, const char* formula, int unit = 0,
                       const char* rounding = "ROUNDING_DOWN") {
    return absl::StrCat("steps { name: '", name, "' ja: '", ja, "' en: '", en, "' formula: '", formula, "' ",
                        unit == 0 ? "" : absl::StrCat("rounding_unit: ", unit, " rounding: ", rounding), " } ");
  };
  const auto item = [](const char* code, const char* ja, const char* en, const std::string& parts) {
    return absl::StrCat("items { code: '", code, "' ja: '", ja, "' en: '", en, "' ", parts, "} ");
  };
  const auto opening = [&](const char* code, const char* ja, const char* en, const char* standard, const char* rate) {
    return item(code, ja, en,
                constant("standard", "定員19人の基準額", "standard amount of 19 places", standard) +
                    constant("rate", "補助率", "rate", rate) +
                    "inputs { name: 'spent' ja: '支出見込額' en: 'expected cost' unit: UNIT_YEN } " + places +
                    step("base", "補助基準額", "standard amount", "standard * places / 19", 100) +
                    step("grant", "補助額", "grant", "min(spent, base) * rate", 1));
  };
  return {
      {"half-after-income", "収入を差し引いた後の1/2（大阪府 令和元年度・平成30年度予算の算式）",
       "大阪府の令和元年度予算 "
       "20190041（1,630千円から雑入192千円を差し引き国庫719千円）、平成30年度予算（国庫分の端数切捨て）。",
       item("training", "コーディネーター養成研修等", "training of coordinators",
            spent + income("spent") + step("eligible", "差引額", "cost less income", "spent - income") +
                step("grant", "国庫補助額", "grant of the State", "eligible / 2", 1000))},
      {"each-line-its-rate", "行ごとの補助率（埼玉県 平成29年度予算の算式）",
       "埼玉県の平成29年度予算 B202（公費負担分1/2、審査委託は県10/10）。",
       item("care", "公費負担", "public share",
            spent + step("grant", "国庫補助額", "grant of the State", "spent / 2", 1)) +
           item("review", "審査委託", "commissioned review",
                spent + step("grant", "国庫補助額", "grant of the State", "spent * 0"))},
      {"after-rate-1000", "補助率を乗じた後の千円未満切捨て（玉川村 平成29年要綱の算式）",
       "玉川村 "
       "保育対策総合支援事業費補助金交付要綱（平成29年）。軽微な変更は対象経費の20％以内の増減。補助率・基準額は別表に"
       "よる（入力する）。",
       constant("rate", "補助率", "rate", "3/4") +
           item("child-care", "保育対策総合支援", "support of child care",
                standard + spent + kStandardIsSet +
                    step("eligible", "基準額と実支出額の少ない方", "the lesser of standard amount and cost",
                         "min(standard, spent)") +
                    step("grant", "補助額", "grant", "eligible * rate", 1000)) +
           "minor_change { step: 'eligible' percent: 20 base: BASE_WHOLE } "},
      {"total-less-income-10", "総事業費から収入を控除し10円未満切捨て（中種子町 令和2年告示の算式）",
       "中種子町 保育対策総合支援事業費補助金交付要綱（令和2年告示105-1）。補助率・基準額は別表による（入力する）。",
       constant("rate", "補助率", "rate", "3/4") +
           item("child-care", "保育対策総合支援", "support of child care",
                standard + spent + "inputs { name: 'total' ja: '総事業費' en: 'whole cost' unit: UNIT_YEN } " +
                    kStandardIsSet + income("total") +
                    step("eligible", "基準額、実支出額、総事業費から収入を控除した額の最も少ないもの",
                         "the least of standard amount, cost, and whole cost less income",
                         "min(min(standard, spent), total - income)") +
                    step("grant", "補助額", "grant", "eligible * rate", 10))},
      {"sum-then-1000", "区分ごとの少ない方を合計し千円未満切捨て（鰺ヶ沢町 令和7年訓令の算式）",
       "鰺ヶ沢町の令和7年訓令25。他の補助の対象となる経費は除く。基準額は別表による（入力する）。",
       item("a", "区分1", "item 1",
            standard + spent + kStandardIsSet + step("least", "少ない方の額", "the lesser", "min(spent, standard)")) +
           item("b", "区分2", "item 2",
                standard + spent + kStandardIsSet +
                    step("least", "少ない方の額", "the lesser", "min(spent, standard)")) +
           step("grant", "補助額", "grant", "sum(least)", 1000)},
      {"by-places", "定員に応じた基準額（小規模保育の開設準備の算式）",
       "小規模保育事業の開設準備補助（899,100円×定員/19、21,900,000円×定員/"
       "19、基準額は100円未満切捨て、補助額は1円未満切捨て）。",
       opening("running", "人件費・光熱水費", "staff and running costs", "899100", "1") +
           opening("building", "消耗品・改修", "equipment and building", "21900000", "3/4")},
      {"two-stages", "基本国費率と残額の半分（復興交付金 様式1-4の算式）",
       "東日本大震災復興交付金 様式1-4（31,000千円、基本国費率1/2で23,250千円）。",
       item("basic", "基幹事業", "basic project",
            constant("rate", "基本国費率", "basic rate", "1/2") +
                "inputs { name: 'base' ja: '基本国費率の対象額' en: 'amount under the basic rate' unit: UNIT_YEN } " +
                spent + step("grant", "交付額", "grant", "rate * base + (spent - rate * base) / 2", 1000)) +
           item("effect", "効果促進事業", "supporting project",
                spent + step("grant", "交付額", "grant", "spent * 0.8", 1000))},
      {"with-overhead", "附帯事務費の上限（国土交通省の様式の算式）",
       "国土交通省の様式（1/2、千円未満切捨て、附帯事務費は対象の2.2％以内）。",
       item("works", "対象事業", "works",
            spent +
                "inputs { name: 'overhead' ja: '附帯事務費' en: 'overhead' unit: UNIT_YEN optional: true } "
                "steps { name: 'overhead_is_within' ja: '附帯事務費が対象額の2.2％以内であること' "
                "en: 'overhead is at most 2.2 % of the works' formula: 'overhead <= spent * 0.022' condition: true } " +
                step("grant", "国費", "grant", "(spent + overhead) / 2", 1000))},
      {"budget-rounds-up", "単価×日数×校数の1/3、千円未満切上げ（大阪府 平成29年度予算の算式）",
       "大阪府 "
       "市町村医療的ケア体制整備推進事業（平成29年度、8,300円×200日×124校×1/"
       "3＝68,614千円）。予算の積算であり切り上げる。",
       item("schools", "看護師の配置", "nurses at schools",
            constant("price", "単価", "price of a day", "8300") +
                "inputs { name: 'days' ja: '日数' en: 'days' unit: UNIT_DAYS max: 200 } "
                "inputs { name: 'schools' ja: '校数' en: 'schools' unit: UNIT_COUNT } " +
                step("grant", "補助額", "grant", "price * days * schools * 1/3", 1000, "ROUNDING_UP"))},
      {"hours-per-child", "1時間単価と児童1人の上限（豊島区の算式）",
       "豊島区 "
       "医療的ケア児コーディネーター支援体制整備（1時間4,000円、児童1人8時間まで。報酬を請求した時間は対象外）。",
       item("coordination", "コーディネーターの支援", "support by a coordinator",
            constant("price", "単価", "price of an hour", "4000") +
                constant("most", "児童1人の上限時間", "most hours of a child", "8") +
                "inputs { name: 'hours' ja: '支援時間' en: 'hours' unit: UNIT_HOURS } "
                "inputs { name: 'paid_hours' ja: 'うち報酬を請求した時間' en: 'of these with a fee' unit: UNIT_HOURS "
                "optional: true } "
                "steps { name: 'fee_is_part' ja: '報酬を請求した時間が支援時間以内であること' "
                "en: 'hours with a fee are part of the hours' formula: 'paid_hours <= hours' condition: true } " +
                step("grant", "補助額", "grant", "price * min(hours - paid_hours, most)"))},
  };
}

v1::RuleSet RuleSetOf(const Published& published) {
  v1::RuleSet rule_set;
  if (!google::protobuf::TextFormat::ParseFromString(published.rule, &rule_set)) std::abort();  // this text is our own
  rule_set.set_name(absl::StrCat("ruleSets/", published.name));
  rule_set.set_display_name(published.ja);
  rule_set.set_source(published.source);
  rule_set.set_result("grant");
  return rule_set;
}

}  // namespace

const std::vector<v1::RuleSet>& Templates() {
  static const auto& templates = *[] {
    std::string text = kWhole;
    for (const Item& item : kMenu) text += ItemText(item);
    auto* all = new std::vector<v1::RuleSet>(1);
    if (!google::protobuf::TextFormat::ParseFromString(text, &all->front())) std::abort();  // this text is our own
    for (const Published& published : PublishedRules()) all->push_back(RuleSetOf(published));
    return all;
  }();
  return templates;
}

}  // namespace tsunagu::subsidy
