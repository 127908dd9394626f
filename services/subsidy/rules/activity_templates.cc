#include "services/subsidy/rules/activity_templates.h"

#include <cstdlib>

#include "google/protobuf/text_format.h"

namespace tsunagu::subsidy {
namespace {

constexpr const char* kPublished[] = {
    R"pb(name: "activitySchemes/coordination-by-hours"
         display_name: "コーディネーターによる支援（時間単価・上限あり）"
         source: "豊島区 医療的ケア児等コーディネーター支援の体制整備: 1時間4,000円、児童一人につき8時間（32,000円）まで、報酬を請求する時間は対象外。端数時間の扱いと開始日は確認できていないため、実施する団体が定める。"
         activity: ACTIVITY_OTHER
         unit_minutes: 60
         rest: REST_DROPPED
         unit_price_yen: 4000
         yearly_cap_yen: 32000)pb",
    R"pb(name: "activitySchemes/respite-by-months-left"
         display_name: "在宅レスパイト（年48時間・月割り）"
         source: "栃木県 在宅レスパイト事業（小児慢性特定疾病）: 年48時間、年度途中の決定は残りの月数×4時間、1回1時間以上、30分未満切捨て、受付日から3月31日まで。単価は確認できていないため、実施する団体が定める。"
         activity: ACTIVITY_RESPITE
         unit_minutes: 30
         rest: REST_DROPPED
         least_visit_minutes: 60
         limit_minutes: 2880
         limit_period: LIMIT_PERIOD_YEAR
         pro_rated: true
         start: START_APPLICATION)pb",
    R"pb(name: "activitySchemes/respite-by-class"
         display_name: "在宅レスパイト（負担区分あり）"
         source: "飯塚市: 30分につき3,750円を上限とし、その90％（生活保護・非課税の世帯は100％）、年48時間、医療保険の対象となる時間を先に除く。開始日と、30分に満たない時間の扱いは確認できていないため、実施する団体が定める。"
         activity: ACTIVITY_RESPITE
         unit_minutes: 30
         rest: REST_DROPPED
         limit_minutes: 2880
         limit_period: LIMIT_PERIOD_YEAR
         unit_price_yen: 3750
         cost_classes { code: "ordinary" ja: "一般" paid_percent: 90 }
         cost_classes { code: "exempt" ja: "生活保護・非課税" paid_percent: 100 })pb",
    R"pb(name: "activitySchemes/respite-home-and-school"
         display_name: "レスパイト（在宅と学校の合計で年288時間）"
         source: "文京区: 1回2時間から4時間まで、30分きざみ、在宅と学校を合わせて年288時間。自己負担は時間と課税の区分による。その金額、単価、開始日は確認できていないため、実施する団体が定める。"
         activity: ACTIVITY_RESPITE
         unit_minutes: 30
         rest: REST_REFUSED
         least_visit_minutes: 120
         longest_visit_minutes: 240
         limit_minutes: 17280
         limit_period: LIMIT_PERIOD_YEAR
         places: SERVICE_PLACE_HOME
         places: SERVICE_PLACE_SCHOOL)pb",
};

}  // namespace

const std::vector<v1::ActivityScheme>& ActivityTemplates() {
  static const auto& templates = *[] {
    auto* all = new std::vector<v1::ActivityScheme>;
    for (const char* text : kPublished) {
      if (!google::protobuf::TextFormat::ParseFromString(text, &all->emplace_back())) std::abort();  // our own text
    }
    return all;
  }();
  return templates;
}

}  // namespace tsunagu::subsidy
