#include "services/training/templates.h"

#include <cstdlib>
#include <string>

#include "absl/strings/str_cat.h"
#include "google/protobuf/text_format.h"

namespace tsunagu::training {
namespace {

constexpr char kCoordinator[] = R"pb(
  name: "curricula/coordinator-1"
  display_name: "医療的ケア児等コーディネーター養成研修"
  series: "coordinator"
  trains: TRAINS_COORDINATORS
  source: "平成27年度厚生労働科学研究費補助金「重症心身障害児者の支援者・コーディネーター育成研修プログラムと普及に関する研究」（末光班）。講義14時間、演習14時間。補講・部分修得の扱いは都道府県が定める。"
  credit_rule { make_up: true }
  subjects {
    code: "1"
    display_name: "総論"
    method: METHOD_LECTURE
    minutes: 60
    items: "医療的ケア児等の地域生活を支えるために"
    items: "医療的ケア児等コーディネーターに求められる資質と役割"
  }
  subjects {
    code: "2"
    display_name: "医療"
    method: METHOD_LECTURE
    minutes: 180
    items: "障害のある子どもの成長と発達の特徴"
    items: "疾患の特徴"
    items: "生理"
    items: "日常生活における支援"
    items: "救急時の対応"
    items: "訪問看護の仕組み"
  }
  subjects {
    code: "3"
    display_name: "本人・家族の思いの理解"
    method: METHOD_LECTURE
    minutes: 120
    items: "本人・家族の思い"
    items: "意思決定支援"
    items: "ニーズアセスメント"
    items: "ニーズ把握事例"
  }
  subjects {
    code: "4"
    display_name: "福祉"
    method: METHOD_LECTURE
    minutes: 180
    items: "支援の基本的枠組み"
    items: "福祉の制度"
    items: "遊び・保育"
    items: "家族支援"
    items: "虐待"
  }
  subjects {
    code: "5"
    display_name: "ライフステージにおける支援"
    method: METHOD_LECTURE
    minutes: 120
    items: "各ライフステージにおける相談支援に必要な視点"
    items: "NICUからの在宅移行支援"
    items: "児童期における支援"
    items: "学齢期における支援"
    items: "成人期における支援"
    items: "医療的ケアの必要性が高い子どもへの支援"
  }
  subjects {
    code: "6"
    display_name: "支援体制整備"
    method: METHOD_LECTURE
    minutes: 60
    items: "支援チーム作りと支援体制整備、支援チームを育てる"
    items: "支援体制整備事例"
    items: "医療、福祉、教育の連携"
    items: "地域の資源開拓・創出方法"
  }
  subjects {
    code: "7"
    display_name: "計画作成のポイント"
    method: METHOD_LECTURE
    minutes: 120
    items: "演習に向けた計画作成のポイント"
  }
  subjects {
    code: "8"
    display_name: "演習（計画作成）"
    method: METHOD_EXERCISE
    minutes: 420
    items: "事例をもとにした計画作成の演習"
  }
  subjects {
    code: "9"
    display_name: "演習（事例検討）"
    method: METHOD_EXERCISE
    minutes: 420
    items: "事例をもとにした意見交換（グループディスカッション）、スーパーバイザーによる計画作成の指導"
  }
)pb";

// Not reported to the registry: a trained coordinator is one who completed the coordinators' curriculum.
constexpr char kCoordinatorFollowUp[] = R"pb(
  name: "curricula/coordinator-follow-up-1"
  display_name: "医療的ケア児等コーディネーターフォローアップ研修"
  series: "coordinator-follow-up"
  source: "見本。科目と時間、養成研修の修了から受講までの月数、他の都道府県での修了の扱いは都道府県が定める。"
  credit_rule { make_up: true }
  prerequisites { series: "coordinator" elsewhere_counts: true }
  subjects { code: "1" display_name: "制度と地域の動向" method: METHOD_LECTURE minutes: 60 }
  subjects { code: "2" display_name: "事例検討" method: METHOD_EXERCISE minutes: 120 }
  subjects { code: "3" display_name: "活動の振り返りと支援体制の整備" method: METHOD_EXERCISE minutes: 60 }
)pb";

constexpr char kSupporter[] = R"pb(
  name: "curricula/supporter-1"
  display_name: "医療的ケア児等支援者養成研修"
  series: "supporter"
  trains: TRAINS_SUPPORTERS
  source: "12時間以上（神奈川県の例）。科目の内訳は都道府県が定める。"
  credit_rule { make_up: true }
  subjects { code: "1" display_name: "支援者養成" method: METHOD_LECTURE minutes: 720 }
)pb";

// The subjects of types 1 and 2, which differ only in the acts.
constexpr char kCareSubjects[] = R"pb(
  staged: true
  practicum_months: 6
  tests { code: "written" display_name: "筆記試験" questions: 30 pass_percent: 90 }
  subjects { code: "1" display_name: "人間と社会" method: METHOD_LECTURE minutes: 90 }
  subjects { code: "2" display_name: "保健医療制度とチーム医療" method: METHOD_LECTURE minutes: 120 }
  subjects {
    code: "3"
    display_name: "安全な療養生活"
    method: METHOD_LECTURE
    minutes: 240
    teachers: [ LICENCE_PHYSICIAN, LICENCE_PUBLIC_HEALTH_NURSE, LICENCE_MIDWIFE, LICENCE_NURSE ]
  }
  subjects {
    code: "4"
    display_name: "清潔保持と感染予防"
    method: METHOD_LECTURE
    minutes: 150
    teachers: [ LICENCE_PHYSICIAN, LICENCE_PUBLIC_HEALTH_NURSE, LICENCE_MIDWIFE, LICENCE_NURSE ]
  }
  subjects {
    code: "5"
    display_name: "健康状態の把握"
    method: METHOD_LECTURE
    minutes: 180
    teachers: [ LICENCE_PHYSICIAN, LICENCE_PUBLIC_HEALTH_NURSE, LICENCE_MIDWIFE, LICENCE_NURSE ]
  }
  subjects {
    code: "6"
    display_name: "高齢者及び障害児・者の喀痰吸引概論"
    method: METHOD_LECTURE
    minutes: 660
    teachers: [ LICENCE_PHYSICIAN, LICENCE_PUBLIC_HEALTH_NURSE, LICENCE_MIDWIFE, LICENCE_NURSE ]
  }
  subjects {
    code: "7"
    display_name: "高齢者及び障害児・者の喀痰吸引実施手順解説"
    method: METHOD_LECTURE
    minutes: 480
    teachers: [ LICENCE_PHYSICIAN, LICENCE_PUBLIC_HEALTH_NURSE, LICENCE_MIDWIFE, LICENCE_NURSE ]
  }
  subjects {
    code: "8"
    display_name: "高齢者及び障害児・者の経管栄養概論"
    method: METHOD_LECTURE
    minutes: 600
    teachers: [ LICENCE_PHYSICIAN, LICENCE_PUBLIC_HEALTH_NURSE, LICENCE_MIDWIFE, LICENCE_NURSE ]
  }
  subjects {
    code: "9"
    display_name: "高齢者及び障害児・者の経管栄養実施手順解説"
    method: METHOD_LECTURE
    minutes: 480
    teachers: [ LICENCE_PHYSICIAN, LICENCE_PUBLIC_HEALTH_NURSE, LICENCE_MIDWIFE, LICENCE_NURSE ]
  }
  acts { act: ACT_ORAL_SUCTION exercises: 5 tries: 10 success_percent: 70 last_successes: 3 }
  acts { act: ACT_NASAL_SUCTION exercises: 5 tries: 20 success_percent: 70 last_successes: 3 }
  acts { act: ACT_TRACHEAL_SUCTION exercises: 5 tries: 20 success_percent: 70 last_successes: 3 }
  acts { act: ACT_STOMA_FEEDING exercises: 5 tries: 20 success_percent: 70 last_successes: 3 }
  acts { act: ACT_NASAL_FEEDING exercises: 5 tries: 20 success_percent: 70 last_successes: 3 }
  acts { act: ACT_RESUSCITATION exercises: 1 }
)pb";

constexpr char kCareType1[] = R"pb(
  name: "curricula/care-type-1-1"
  display_name: "喀痰吸引等研修（第1号）"
  series: "care-type-1"
  trains: TRAINS_CARE_WORKERS
  source: "社会福祉士及び介護福祉士法に基づく基本研修50時間。科目8と9は合わせて18時間で、内訳は確認を要する。試験の問題数と補講の扱いは研修機関が定める。"
)pb";

constexpr char kCareType2[] = R"pb(
  name: "curricula/care-type-2-1"
  display_name: "喀痰吸引等研修（第2号）"
  series: "care-type-2"
  trains: TRAINS_CARE_WORKERS
  acts_are_chosen: true
  source: "基本研修は第1号と同じ50時間。実地研修は選んだ行為ごとに修了する。選べる行為の範囲は都道府県が定める。"
)pb";

constexpr char kCareType3[] = R"pb(
  name: "curricula/care-type-3-1"
  display_name: "喀痰吸引等研修（第3号）"
  series: "care-type-3"
  trains: TRAINS_CARE_WORKERS
  source: "講義8時間と演習1時間。実地研修は、特定の対象者について、指導看護師等が修得と判断するまで行う。筆記試験は研修機関が定めて加える。"
  staged: true
  acts_are_chosen: true
  for_one_client: true
  subjects { code: "1" display_name: "重度障害児・者等の地域生活等に関する講義" method: METHOD_LECTURE minutes: 120 }
  subjects {
    code: "2"
    display_name: "喀痰吸引等を必要とする重度障害児・者等の障害及び支援に関する講義"
    method: METHOD_LECTURE
    minutes: 180
    teachers: [ LICENCE_PHYSICIAN, LICENCE_PUBLIC_HEALTH_NURSE, LICENCE_MIDWIFE, LICENCE_NURSE ]
  }
  subjects {
    code: "3"
    display_name: "緊急時の対応及び危険防止に関する講義"
    method: METHOD_LECTURE
    minutes: 180
    teachers: [ LICENCE_PHYSICIAN, LICENCE_PUBLIC_HEALTH_NURSE, LICENCE_MIDWIFE, LICENCE_NURSE ]
  }
  subjects {
    code: "4"
    display_name: "喀痰吸引等に関する演習"
    method: METHOD_EXERCISE
    minutes: 60
    teachers: [ LICENCE_PHYSICIAN, LICENCE_PUBLIC_HEALTH_NURSE, LICENCE_MIDWIFE, LICENCE_NURSE ]
  }
  acts { act: ACT_ORAL_SUCTION until_judged_sound: true }
  acts { act: ACT_NASAL_SUCTION until_judged_sound: true }
  acts { act: ACT_TRACHEAL_SUCTION until_judged_sound: true }
  acts { act: ACT_STOMA_FEEDING until_judged_sound: true }
  acts { act: ACT_NASAL_FEEDING until_judged_sound: true }
)pb";

constexpr char kNurseEmployed[] = R"pb(
  name: "curricula/nurse-employed-1"
  display_name: "障害児通所支援の看護職員研修（従事者）"
  series: "nurse-employed"
  trains: TRAINS_NURSES
  source: "見本。科目と時間は都道府県が定める。"
  credit_rule { make_up: true }
  subjects { code: "1" display_name: "障害児通所支援の制度と役割" method: METHOD_LECTURE minutes: 60 }
  subjects { code: "2" display_name: "医療的ケアの実際" method: METHOD_LECTURE minutes: 120 }
  subjects { code: "3" display_name: "多職種連携と記録" method: METHOD_EXERCISE minutes: 120 }
)pb";

constexpr char kNurseSeeking[] = R"pb(
  name: "curricula/nurse-seeking-1"
  display_name: "障害児通所支援の看護職員研修（就業希望者）"
  series: "nurse-seeking"
  trains: TRAINS_NURSES
  source: "見本。科目と時間は都道府県が定める。"
  credit_rule { make_up: true }
  subjects { code: "1" display_name: "医療的ケア児と家族の暮らし" method: METHOD_LECTURE minutes: 60 }
  subjects { code: "2" display_name: "医療的ケアの実際" method: METHOD_LECTURE minutes: 120 }
  subjects { code: "3" display_name: "事業所での実習" method: METHOD_PRACTICUM minutes: 360 after: "2" }
)pb";

}  // namespace

const std::vector<v1::Curriculum>& Templates() {
  static const auto& templates = *[] {
    auto* all = new std::vector<v1::Curriculum>;
    for (const std::string& text :
         {std::string(kCoordinator), std::string(kCoordinatorFollowUp), std::string(kSupporter),
          absl::StrCat(kCareType1, kCareSubjects), absl::StrCat(kCareType2, kCareSubjects), std::string(kCareType3),
          std::string(kNurseEmployed), std::string(kNurseSeeking)}) {
      if (!google::protobuf::TextFormat::ParseFromString(text, &all->emplace_back())) std::abort();
    }
    return all;
  }();
  return templates;
}

}  // namespace tsunagu::training
