#include "services/matching/rules/candidate_text.h"

#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "google/protobuf/text_format.h"

namespace tsunagu::matching::rules {
namespace {

template <typename M>
M Read(const std::string& text) {
  M message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message)) << text;
  return message;
}

TEST(CandidateText, SaysWhatSpeaksForItOrWhatWouldHaveToChange) {
  struct Case {
    const char* name;
    const char* candidate;
    const char* said;
  };
  const Case cases[] = {
      {"nothing in the way", "facility: 'facilities/b' distance_metres: 3249",
       "必要なケアがすべてできます（吸引、経管栄養）|gives all care that is needed (suction, tube feeding)/"
       "ほかにできるケア: 酸素療法|other care: oxygen/自宅から3.2km（通勤上限12.0km）|3.2 km from her home (she goes "
       "up to 12.0 km)/"
       "本人の第2希望の事業所|her wish no. 2"},
      {"a facility that she does not name", "facility: 'facilities/c' distance_metres: 3250",
       "必要なケアがすべてできます（吸引、経管栄養）|gives all care that is needed (suction, tube feeding)/"
       "ほかにできるケア: 酸素療法|other care: oxygen/自宅から3.3km（通勤上限12.0km）|3.3 km from her home (she goes "
       "up to 12.0 km)"},
      {"the employer", "blocker: BLOCKER_EMPLOYER_RULE",
       "求人側が准看護師を受け入れれば|if the employer took her licence (assistant nurse)"},
      {"two skills", "blocker: BLOCKER_SKILLS missing_skills: SKILL_SEIZURE missing_skills: SKILL_CATHETER",
       "痙攣対応、導尿の研修を受ければ|with training in seizure, catheter"},
      {"half-days", "blocker: BLOCKER_HALF_DAYS missing_school_half_days: HALF_DAY_MON_PM",
       "月午後にも働ければ|if she also worked MON_PM"},
      {"half-days of the holidays", "blocker: BLOCKER_HALF_DAYS missing_holiday_half_days: HALF_DAY_SAT_AM",
       "長期休業中の土午前にも働ければ|if she also worked in the long holidays SAT_AM"},
      {"of both",
       "blocker: BLOCKER_HALF_DAYS missing_school_half_days: HALF_DAY_MON_PM missing_holiday_half_days: "
       "HALF_DAY_SAT_AM",
       "月午後、長期休業中の土午前にも働ければ|if she also worked MON_PM; in the long holidays SAT_AM"},
      {"more hours", "blocker: BLOCKER_HOURS missing_minutes: 120",
       "週にあと120分働ければ|if she worked 120 more minutes a week"},
      {"fewer hours", "blocker: BLOCKER_FEW_HOURS missing_minutes: 60",
       "勤務が希望より週60分少なくてよければ|if 60 minutes a week less were enough for her"},
      {"the start", "blocker: BLOCKER_START missing_days: 10",
       "本人が10日早く始めるか、求人が10日待てば|if she began 10 days sooner, or the opening waited as long"},
      {"the way", "blocker: BLOCKER_DISTANCE extra_metres: 346",
       "通勤上限をあと346m広げれば|if she went 346 m farther"},
      {"a long way", "blocker: BLOCKER_DISTANCE extra_metres: 16501",
       "通勤上限をあと16.6km広げれば|if she went 16.6 km farther"},
  };
  const auto nurse = Read<v1::SnapshotNurse>(
      "licence: LICENCE_ASSISTANT_NURSE skills: SKILL_SUCTION skills: SKILL_TUBE_FEEDING skills: SKILL_OXYGEN "
      "commute_limit_metres: 12000 wishes: 'facilities/a' wishes: 'facilities/b'");
  const auto opening = Read<v1::SnapshotOpening>("required_skills: SKILL_SUCTION required_skills: SKILL_TUBE_FEEDING");
  for (const Case& c : cases) {
    std::vector<std::string> said;
    for (const Label& reason : ReasonsOf(Read<v1::Candidate>(c.candidate), nurse, opening)) {
      said.push_back(absl::StrCat(reason.ja(), "|", reason.en()));
    }
    EXPECT_EQ(absl::StrJoin(said, "/"), c.said) << c.name;
  }
}

TEST(CandidateText, CountsWhatASkillWouldOpen) {
  EXPECT_EQ(TextOf(registry::v1::SKILL_SUCTION, 7, false).ja(), "吸引の研修で、求人があと7件");
  EXPECT_EQ(TextOf(registry::v1::SKILL_SUCTION, 7, false).en(), "with training in suction: 7 more openings");
  EXPECT_EQ(TextOf(registry::v1::SKILL_SUCTION, 1, true).ja(), "吸引の研修で、看護職員があと1人");
  EXPECT_EQ(TextOf(registry::v1::SKILL_SUCTION, 1, true).en(), "with training in suction: 1 more nurse");
}

}  // namespace
}  // namespace tsunagu::matching::rules
