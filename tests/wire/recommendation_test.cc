// Candidates for an opening and openings for a person, with what is missing; names only under a legal basis.
#include <map>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "common/jp/civil_day.h"
#include "google/protobuf/text_format.h"
#include "tests/wire/rounds.h"
#include "tests/wire/suite_test_base.h"
#include "tsunagu/matching/v1/legal_basis.pb.h"
#include "tsunagu/matching/v1/proposal.pb.h"
#include "tsunagu/matching/v1/recommendation.pb.h"

namespace tsunagu::wire {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr char kFacilities[] =
    "facility_id,display_name,area,latitude_e6,longitude_e6\n"
    "akane,見本あかね,areas/312011,35495111,134231278\n"
    "umi,見本うみ,areas/313025,35575000,134335000\n"
    "matsu,見本まつ,areas/322016,35468000,133048000\n"
    "unplaced,見本ふめい,areas/312011,,\n";

// A school: Monday, Wednesday and Friday from 8:15 to 15:00, not in the long holidays, care at 10:30, for 看護師 only.
constexpr char kOpenings[] =
    "opening_id,facility,area,display_name,posts,licences,required_skills,weekly_minutes,start_date,school_half_days,"
    "begins_at,ends_at,break_minutes,care_times,kind,supplier\n"
    "school,facilities/akane,areas/"
    "312011,学校,1,NURSE,SUCTION,1080,2050-04-10,MON_AM;MON_PM;WED_AM;WED_PM;FRI_AM;FRI_PM,"
    "8:15,15:00,45,10:30,,\n"
    "umi,facilities/umi,areas/313025,海,1,,OXYGEN,900,,,,,,,,\n"
    "umi2,facilities/umi,areas/313025,海二,1,,OXYGEN,900,,,,,,,,\n"
    "matsu,facilities/matsu,areas/322016,松,1,,,900,,,,,,,,\n"
    "unplaced,facilities/unplaced,areas/312011,不明,1,,,900,,,,,,,,\n"
    "visit,facilities/akane,areas/312011,訪問,1,,,600,,MON_AM,,,,,VISIT,VISITING_STATION\n";

constexpr char kNear[] = "53341198";     // 80 m from akane
constexpr char kFarther[] = "53341188";  // 846 m
constexpr char kWest[] = "53331063";

class RecommendationTest : public SuiteTest {
 protected:
  void SetUp() override {
    SuiteTest::SetUp();
    if (IsSkipped()) return;
    CreateAreas();
    EXPECT_EQ(ImportCsv(admin(), "facilities", kFacilities).summary, "4 rows: 4 created");
    const Imported openings = ImportCsv(admin(), "openings", kOpenings);
    EXPECT_EQ(openings.summary, "6 rows: 6 created") << absl::StrJoin(openings.rows, "; ");
    AddBasis("p", "areas/310000");
  }
  void AddBasis(const std::string& id, const std::string& area) {
    const Imported bases = ImportCsv(admin(), "legalBases",
                                     absl::StrCat("legal_basis_id,operator_code,area,kind,number,opening_kinds\n", id,
                                                  ",", area, ",", area, ",NOTICE,1,EMPLOYMENT\n"));
    EXPECT_EQ(bases.summary, "1 rows: 1 created") << absl::StrJoin(bases.rows, "; ");
  }
  // source_key, licence, skills, mesh, area, commute limit, seeking, half-days, unwanted facility, wish.
  void AddNurse(const std::string& key, const std::string& rest) {
    const Imported nurses = ImportCsv(
        reader(), "nurses",
        absl::StrCat(
            "source_key,display_name,weekly_minutes,licence,skills,home_mesh,home_area,commute_limit_metres,seeking,"
            "school_half_days,unwanted_facilities,wishes\n",
            key, ",見本", key, ",1200,", rest, "\n"));
    EXPECT_EQ(nurses.summary, "1 rows: 1 created") << absl::StrJoin(nurses.rows, "; ");
    keys_["nurses/" +
          Column(registry(), absl::StrCat("SELECT `id` FROM `nurses` WHERE `source_key` = '", key, "'")).at(0)] = key;
  }
  std::string NameOf(const std::string& key) {
    for (const auto& [name, known] : keys_) {
      if (known == key) return name;
    }
    return "";
  }
  void AddTraining(const std::string& key, const std::string& expiry) {
    EXPECT_EQ(ImportCsv(admin(), "nurseTrainings",
                        absl::StrCat("nurse,nurse_training_id,display_name,completion_date,expiry_date,skills\n",
                                     NameOf(key), ",t1,見本研修,2049-04-01,", expiry, ",SUCTION\n"))
                  .summary,
              "1 rows: 1 created");
  }
  void AddNurses() {
    AddNurse("near",
             absl::StrCat("NURSE,SUCTION,", kNear, ",areas/312011,8000,true,,,facilities/umi;facilities/akane"));
    AddNurse("able", absl::StrCat("NURSE,SUCTION;OXYGEN,", kFarther, ",areas/312011,8000,true,,,"));
    AddNurse("trained", absl::StrCat("NURSE,,", kFarther, ",areas/313025,8000,true,,,"));
    AddTraining("trained", "2050-04-03");
    AddNurse("assistant", absl::StrCat("ASSISTANT_NURSE,SUCTION,", kNear, ",areas/312011,8000,true,,,"));
    AddNurse("unskilled", absl::StrCat("NURSE,,", kNear, ",areas/312011,8000,true,,,"));
    AddTraining("unskilled", "2050-04-02");
    AddNurse("mornings",
             absl::StrCat("NURSE,SUCTION,", kNear, ",areas/312011,8000,true,MON_AM;WED_AM;FRI_AM;FRI_PM,,"));
    AddNurse("stays", absl::StrCat("NURSE,SUCTION,", kFarther, ",areas/312011,500,true,,,"));
    AddNurse("twice", absl::StrCat("NURSE,,", kFarther, ",areas/312011,500,true,,,"));
    AddNurse("never", absl::StrCat("NURSE,SUCTION,", kNear, ",areas/312011,8000,true,,facilities/akane,"));
    AddNurse("rests", absl::StrCat("NURSE,SUCTION,", kNear, ",areas/312011,8000,false,,,"));
    AddNurse("west", absl::StrCat("NURSE,SUCTION,", kWest, ",areas/322016,8000,true,,,"));
  }

  static matching_v1::RecommendNursesRequest ForOpening(const std::string& id = "school",
                                                        const std::string& basis = "p",
                                                        const std::string& who = "areas/310000") {
    matching_v1::RecommendNursesRequest request;
    request.set_opening("openings/" + id);
    if (!basis.empty()) request.set_legal_basis("legalBases/" + basis);
    request.set_operator_code(who);
    return request;
  }
  static matching_v1::RecommendOpeningsRequest ForNurse(const std::string& nurse, const std::string& basis = "p") {
    matching_v1::RecommendOpeningsRequest request;
    request.set_nurse(nurse);
    if (!basis.empty()) request.set_legal_basis("legalBases/" + basis);
    request.set_operator_code("areas/310000");
    return request;
  }
  static absl::StatusOr<matching_v1::RecommendNursesResponse> Recommend(
      const Caller& caller, const matching_v1::RecommendNursesRequest& request) {
    return caller.Call<matching_v1::RecommendNursesResponse>("matching.v1.RecommendationService/RecommendNurses",
                                                             request);
  }
  static absl::StatusOr<matching_v1::RecommendOpeningsResponse> Recommend(
      const Caller& caller, const matching_v1::RecommendOpeningsRequest& request) {
    return caller.Call<matching_v1::RecommendOpeningsResponse>("matching.v1.RecommendationService/RecommendOpenings",
                                                               request);
  }

  // "assistant EMPLOYER_RULE", or "openings/umi SKILLS".
  std::vector<std::string> Named(const google::protobuf::RepeatedPtrField<matching_v1::Candidate>& rows,
                                 bool nurses = true) {
    std::vector<std::string> named;
    for (const auto& row : rows) {
      const auto known = keys_.find(row.nurse());
      const std::string who = nurses ? known == keys_.end() ? row.nurse() : known->second : row.opening();
      const std::string blocker = matching_v1::Blocker_Name(row.blocker()).substr(8);
      named.push_back(row.blocker() == matching_v1::BLOCKER_UNSPECIFIED ? who : absl::StrCat(who, " ", blocker));
    }
    return named;
  }
  // "3 of 10: SKILLS 2 (1 near)"
  static std::string Counted(const matching_v1::CandidateCounts& counts) {
    std::string text = absl::StrCat(counts.eligible_count(), " of ", counts.considered_count(), ":");
    for (const auto& row : counts.blockers()) {
      absl::StrAppend(&text, " ", matching_v1::Blocker_Name(row.blocker()).substr(8), " ", row.count(), "/",
                      row.near_miss_count());
    }
    return text;
  }
  template <typename Response>
  static std::vector<std::string> Withheld(const Response& response) {
    std::vector<std::string> words;
    for (const auto& why : response.withheld()) words.push_back(absl::StrCat(why.reason(), " ", why.opening_count()));
    return words;
  }
  static const matching_v1::Candidate& Row(const google::protobuf::RepeatedPtrField<matching_v1::Candidate>& rows,
                                           const std::string& nurse) {
    static const matching_v1::Candidate none;
    for (const auto& row : rows) {
      if (row.nurse() == nurse) return row;
    }
    return none;
  }
  static std::string Texts(const matching_v1::Candidate& row) {
    std::vector<std::string> texts;
    for (const auto& reason : row.reasons()) texts.push_back(absl::StrCat(reason.ja(), "|", reason.en()));
    return absl::StrJoin(texts, "; ");
  }
  std::vector<std::string> Logged() {
    const auto why = Column(matching(), "SELECT `purpose` FROM `access_log` ORDER BY `id`");
    auto rows = Column(matching(), "SELECT `names` FROM `access_log` ORDER BY `id`");
    for (size_t i = 0; i < rows.size(); ++i) rows[i] = absl::StrCat(why[i], " ", rows[i]);
    return rows;
  }

  std::map<std::string, std::string> keys_;  // by name
};
WIRE_TEST_ON_BOTH(RecommendationTest);

TEST_P(RecommendationTest, AnOpeningIsToldWhoCouldTakeItAndWhatIsMissing) {
  AddNurses();
  const auto told = Recommend(reader(), ForOpening());
  ASSERT_EQ(Said(told), "OK");
  EXPECT_THAT(Named(told->candidates()), ElementsAre("able", "near", "trained"))
      << "more care first, then the way; a training counts on its last day";
  EXPECT_THAT(Named(told->near_misses()), testing::UnorderedElementsAre("assistant EMPLOYER_RULE", "unskilled SKILLS",
                                                                        "mornings HALF_DAYS", "stays DISTANCE"));
  EXPECT_EQ(Counted(told->counts()), "3 of 9: EMPLOYER_RULE 1/1 SKILLS 2/1 HALF_DAYS 1/1 EXCLUDED 1/0 DISTANCE 1/1");
  EXPECT_THAT(Withheld(*told), IsEmpty());
  const matching_v1::Candidate& near = Row(told->candidates(), NameOf("near"));
  EXPECT_EQ(near.opening(), "openings/school");
  EXPECT_EQ(near.facility(), "facilities/akane");
  EXPECT_EQ(near.distance_metres(), 80);
  EXPECT_EQ(Texts(near),
            "必要なケアがすべてできます（吸引）|gives all care that is needed (suction); "
            "自宅から0.1km（通勤上限8.0km）|0.1 km from "
            "her home (she goes up to 8.0 km); 本人の第2希望の事業所|her wish no. 2");
  EXPECT_THAT(Texts(Row(told->candidates(), NameOf("able"))),
              HasSubstr("ほかにできるケア: 酸素療法|other care: oxygen"));
  ASSERT_EQ(told->counts().skills_size(), 1);
  EXPECT_EQ(told->counts().skills(0).text().ja(), "吸引の研修で、看護職員があと1人");
  EXPECT_EQ(told->counts().skills(0).text().en(), "with training in suction: 1 more nurse");
  // Those of another prefecture, where it is asked for.
  auto everywhere = ForOpening();
  everywhere.set_area("areas/-");
  EXPECT_EQ(Recommend(reader(), everywhere)->counts().considered_count(), 10);
  everywhere.set_area("areas/313025");
  EXPECT_THAT(Named(Recommend(reader(), everywhere)->candidates()), ElementsAre("trained"));
  everywhere.set_area("areas/313024");
  EXPECT_EQ(Said(Recommend(reader(), everywhere)), "INVALID_ARGUMENT INVALID_REQUEST area:MALFORMED_AREA_CODE");
  auto few = ForOpening();
  few.set_page_size(1);
  EXPECT_THAT(Named(Recommend(reader(), few)->candidates()), ElementsAre("able"));
  EXPECT_EQ(Counted(Recommend(reader(), few)->counts()), Counted(told->counts())) << "all are counted";
}

// Cases that others have met: a post for 看護師 only, and the week of a school.
TEST_P(RecommendationTest, TheEmployersRuleIsNotTheLawsAndASchoolWeekIsWorkedWhole) {
  AddNurses();
  const auto told = Recommend(reader(), ForOpening());
  ASSERT_EQ(Said(told), "OK");
  const matching_v1::Candidate& p4 = Row(told->near_misses(), NameOf("assistant"));
  EXPECT_EQ(p4.blocker(), matching_v1::BLOCKER_EMPLOYER_RULE);
  EXPECT_EQ(Texts(p4), "求人側が准看護師を受け入れれば|if the employer took her licence (assistant nurse)");
  const matching_v1::Candidate& p5 = Row(told->near_misses(), NameOf("mornings"));
  EXPECT_THAT(p5.missing_school_half_days(), ElementsAre(registry_v1::HALF_DAY_MON_PM, registry_v1::HALF_DAY_WED_PM));
  EXPECT_THAT(p5.missing_holiday_half_days(), IsEmpty()) << "it has no work in the long holidays";
  EXPECT_EQ(Texts(p5), "月午後、水午後にも働ければ|if she also worked MON_PM, WED_PM");
  EXPECT_EQ(Texts(Row(told->near_misses(), NameOf("unskilled"))), "吸引の研修を受ければ|with training in suction");
  EXPECT_EQ(Row(told->near_misses(), NameOf("stays")).extra_metres(), 346);
  EXPECT_EQ(Texts(Row(told->near_misses(), NameOf("stays"))), "通勤上限をあと346m広げれば|if she went 346 m farther");
}

TEST_P(RecommendationTest, ANurseIsToldWhatSheCouldTakeInHerOrder) {
  AddNurses();
  AddBasis("s", "areas/320005");
  const auto told = Recommend(reader(), ForNurse(NameOf("near")));
  ASSERT_EQ(Said(told), "OK");
  EXPECT_THAT(Named(told->candidates(), false), ElementsAre("openings/school"));
  EXPECT_EQ(Counted(told->counts()), "1 of 3: SKILLS 2/0") << "the sea is out of her reach as well";
  EXPECT_EQ(told->left_out_count(), 2) << "one has no place, one is for visits";
  EXPECT_EQ(told->candidates(0).nurse(), NameOf("near"));
  auto farther = ForNurse("");
  matching_v1::SnapshotNurse& person = *farther.mutable_person();
  person.set_name("電話の人");
  person.set_licence(registry_v1::LICENCE_NURSE);
  person.add_skills(registry_v1::SKILL_SUCTION);
  person.set_weekly_minutes(1200);
  person.set_home_mesh(kNear);
  person.set_commute_limit_metres(30'000);
  person.add_wishes("facilities/umi");
  const auto phone = Recommend(reader(), farther);
  ASSERT_EQ(Said(phone), "OK");
  EXPECT_THAT(Named(phone->candidates(), false), ElementsAre("openings/school"));
  EXPECT_EQ(phone->candidates(0).nurse(), "") << "nothing is kept of her, her word neither";
  EXPECT_THAT(Named(phone->near_misses(), false), ElementsAre("openings/umi SKILLS", "openings/umi2 SKILLS"));
  EXPECT_EQ(Counted(phone->counts()), "1 of 4: SKILLS 2/2 DISTANCE 1/1") << "nobody knows where she lives: everywhere";
  ASSERT_EQ(phone->counts().skills_size(), 1);
  EXPECT_EQ(phone->counts().skills(0).text().en(), "with training in oxygen: 2 more openings");
  EXPECT_EQ(phone->counts().skills(0).text().ja(), "酸素療法の研修で、求人があと2件");
  EXPECT_THAT(Withheld(*phone), ElementsAre("OUTSIDE_BASIS 1"))
      << "the opening of the other prefecture is counted, not named";
  person.add_skills(registry_v1::SKILL_OXYGEN);
  EXPECT_THAT(Named(Recommend(reader(), farther)->candidates(), false),
              ElementsAre("openings/umi", "openings/umi2", "openings/school"))
      << "her wish first";
  for (const bool both : {false, true}) {
    auto odd = ForNurse(both ? NameOf("near") : "");
    if (both) *odd.mutable_person() = person;
    EXPECT_EQ(Said(Recommend(reader(), odd)), "INVALID_ARGUMENT INVALID_REQUEST nurse:NURSE_OR_PERSON");
  }
  EXPECT_EQ(Said(Recommend(reader(), ForNurse("nurses/none"))), "NOT_FOUND NURSE_NOT_FOUND");
}

TEST_P(RecommendationTest, WhatTheChildrenOfAHalfDayNeedIsAskedOfHer) {
  AddNurses();
  EXPECT_EQ(ImportCsv(admin(), "openings",
                      "opening_id,facility,area,posts,required_skills,weekly_minutes,school_half_days,care_needs\n"
                      "needs,facilities/akane,areas/312011,1,SUCTION,600,MON_AM,"
                      "\"{\"\"half_day\"\":\"\"HALF_DAY_MON_AM\"\",\"\"skills\"\":[\"\"SKILL_OXYGEN\"\"]}\"\n")
                .summary,
            "1 rows: 1 created");
  const auto told = Recommend(reader(), ForOpening("needs"));
  ASSERT_EQ(Said(told), "OK");
  EXPECT_THAT(Named(told->candidates()), ElementsAre("able"));
  EXPECT_THAT(Row(told->near_misses(), NameOf("near")).missing_skills(), ElementsAre(registry_v1::SKILL_OXYGEN));
  EXPECT_THAT(Row(told->near_misses(), NameOf("unskilled")).missing_skills(),
              ElementsAre(registry_v1::SKILL_SUCTION, registry_v1::SKILL_OXYGEN));
  EXPECT_EQ(told->counts().skills(0).text().en(), "with training in oxygen: 4 more nurses")
      << "near, trained, assistant, mornings";
}

TEST_P(RecommendationTest, CareOfHalfDaysTakesTheWordsOfTheOtherColumns) {
  const std::string heading = "opening_id,facility,area,posts,weekly_minutes,school_half_days,care_needs\n";
  const auto row = [](const std::string& id, const std::string& care) {
    return absl::StrCat(id, ",facilities/akane,areas/312011,1,1200,月午前;水午前,\"",
                        absl::StrReplaceAll(care, {{"\"", "\"\""}}), "\"\n");
  };
  const Imported taken = ImportCsv(
      admin(), "openings",
      heading + row("c1", R"({"half_day": "月午前", "skills": ["吸引", "人工呼吸器"], "children_3_to_15": 3})") +
          row("c2", R"({"half_day": "MON_AM", "skills": ["SUCTION", "VENTILATOR"], "children_3_to_15": 3})") +
          row("c3",
              R"({"half_day": "HALF_DAY_MON_AM", "skills": ["SKILL_SUCTION", "SKILL_VENTILATOR"], "children_3_to_15": 3})"));
  EXPECT_EQ(taken.summary, "3 rows: 3 created") << absl::StrJoin(taken.rows, "; ");
  std::vector<std::string> needs;
  for (const char* id : {"c1", "c2", "c3"}) {
    matching_v1::GetOpeningRequest request;
    request.set_name(absl::StrCat("openings/", id));
    const auto opening = admin().Call<matching_v1::Opening>("matching.v1.OpeningService/GetOpening", request);
    ASSERT_EQ(Said(opening), "OK");
    needs.push_back(opening->care_needs(0).ShortDebugString());
  }
  EXPECT_THAT(
      needs,
      testing::Each("half_day: HALF_DAY_MON_AM skills: SKILL_SUCTION skills: SKILL_VENTILATOR children_3_to_15: 3"));
  const Imported refused =
      ImportCsv(admin(), "openings",
                heading + row("c4", R"({"half_day": "月朝", "children_3_to_15": 1})") + row("c5", "月午前 吸引"));
  EXPECT_THAT(refused.rows,
              ElementsAre("2 refused care_needs:UNKNOWN_ENUM_VALUE", "3 refused care_needs:MALFORMED_JSON"));
}

TEST_P(RecommendationTest, WithoutALegalBasisThereAreOnlyCounts) {
  AddNurses();
  AddBasis("s", "areas/320005");
  EXPECT_EQ(ImportCsv(admin(), "legalBases",
                      "legal_basis_id,operator_code,area,kind,number,opening_kinds,valid_to_date\n"
                      "old,areas/310000,areas/310000,NOTICE,1,EMPLOYMENT,2050-04-02\n")
                .summary,
            "1 rows: 1 created");
  Execute(matching(), "DELETE FROM `access_log`");
  struct Case {
    const char* name;
    const char* basis;
    const char* who;
    std::vector<std::string> withheld;
  };
  const Case cases[] = {
      {"none", "", "areas/310000", {"LEGAL_BASIS_NOT_NAMED 1"}},
      {"one that is not there", "none", "areas/310000", {"NO_LEGAL_BASIS 1"}},
      {"that of another", "p", "areas/320005", {"NAME_LENT 1"}},
      {"nobody's", "p", "", {"NAME_LENT 1"}},
      {"one that is over", "old", "areas/310000", {"BASIS_NOT_VALID 1"}},
      {"one for another area", "s", "areas/320005", {"OUTSIDE_BASIS 1"}},
  };
  for (const Case& c : cases) {
    const auto told = Recommend(reader(), ForOpening("school", c.basis, c.who));
    ASSERT_EQ(Said(told), "OK") << c.name;
    EXPECT_EQ(told->candidates_size() + told->near_misses_size(), 0) << c.name;
    EXPECT_EQ(Withheld(*told), c.withheld) << c.name;
    EXPECT_EQ(told->counts().eligible_count(), 3) << c.name;
    EXPECT_FALSE(absl::StrContains(told->DebugString(), "nurses/")) << c.name;
  }
  EXPECT_THAT(Logged(), IsEmpty()) << "nobody was named";
  const auto openings = Recommend(reader(), ForNurse(NameOf("near"), ""));
  ASSERT_EQ(Said(openings), "OK");
  EXPECT_EQ(openings->candidates_size() + openings->near_misses_size(), 0);
  EXPECT_THAT(Withheld(*openings), ElementsAre("LEGAL_BASIS_NOT_NAMED 3"));
  EXPECT_EQ(openings->counts().eligible_count(), 1);
  EXPECT_FALSE(absl::StrContains(openings->DebugString(), "openings/"));
}

TEST_P(RecommendationTest, ABasisForOneOccupationNamesNobodyOfAnother) {
  AddNurses();
  EXPECT_EQ(ImportCsv(admin(), "legalBases",
                      "legal_basis_id,operator_code,area,kind,number,opening_kinds,licences\n"
                      "a,areas/310000,areas/310000,NOTICE,1,EMPLOYMENT,ASSISTANT_NURSE\n")
                .summary,
            "1 rows: 1 created");
  EXPECT_EQ(ImportCsv(admin(), "openings",
                      "opening_id,facility,area,posts,weekly_minutes\nany,facilities/akane,areas/312011,9,600\n")
                .summary,
            "1 rows: 1 created");
  const auto all = Recommend(reader(), ForOpening("any"));
  Execute(matching(), "DELETE FROM `access_log`");
  const auto told = Recommend(reader(), ForOpening("any", "a"));
  ASSERT_EQ(Said(told), "OK");
  std::vector<std::string> assistants;
  for (const std::string& name : Named(all->candidates())) {
    if (absl::StrContains(name, "assistant")) assistants.push_back(name);
  }
  EXPECT_FALSE(assistants.empty());
  EXPECT_EQ(Named(told->candidates()), assistants);
  EXPECT_THAT(Withheld(*told), ElementsAre("NURSE_OUTSIDE_BASIS 1"));
  const int others =
      all->candidates_size() + all->near_misses_size() - told->candidates_size() - told->near_misses_size();
  EXPECT_EQ(told->withheld(0).nurse_count(), others);
  EXPECT_TRUE(absl::StrContains(told->withheld(0).text().ja(), "准看護師")) << told->withheld(0).text().ja();
  EXPECT_EQ(Counted(told->counts()), Counted(all->counts())) << "counts tell of nobody";
  EXPECT_THAT(Logged(),
              ElementsAre(testing::AllOf(HasSubstr(NameOf("assistant")), testing::Not(HasSubstr(NameOf("near"))))));

  const auto nurse = Recommend(reader(), ForNurse(NameOf("near"), "a"));
  ASSERT_EQ(Said(nurse), "OK");
  EXPECT_THAT(Named(nurse->candidates(), false), testing::Not(testing::Contains("openings/any")));
  EXPECT_THAT(Withheld(*nurse), testing::Contains(testing::StartsWith("NURSE_OUTSIDE_BASIS")));
  const auto assistant = Recommend(reader(), ForNurse(NameOf("assistant"), "a"));
  ASSERT_EQ(Said(assistant), "OK");
  EXPECT_THAT(Named(assistant->candidates(), false), testing::Contains("openings/any"));
}

TEST_P(RecommendationTest, WhoHasAcceptedAPostIsToldOfIt) {
  AddNurses();
  const std::string nurse = NameOf("near");
  EXPECT_EQ(Recommend(reader(), ForNurse(nurse))->engagements_size(), 0);
  const auto step = [&](const std::string& method, auto request, const std::string& fields) {
    decltype(request) more;
    EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(fields, &more)) << fields;
    request.MergeFrom(more);
    const auto made = reader().Call<matching_v1::Proposal>("matching.v1.ProposalService/" + method, request);
    EXPECT_EQ(Said(made), "OK") << method;
    return made.ok() ? made->name() : "";
  };
  const std::string name =
      step("CreateProposal", matching_v1::CreateProposalRequest(),
           absl::StrCat("proposal { nurse: '", nurse, "' opening: 'openings/school' legal_basis: 'legalBases/p' }"));
  const std::string named = absl::StrCat("name: '", name, "' ");
  step("ConsentProposal", matching_v1::ConsentProposalRequest(),
       absl::StrCat(named, "nurse: '", nurse, "' nurse_display_name: '見本' evidence: '電話'"));
  step("AgreeProposal", matching_v1::AgreeProposalRequest(), named);
  step("RecordInterview", matching_v1::RecordInterviewRequest(),
       named + "interview_date { year: 2050 month: 4 day: 3 }");
  step("DecideProposal", matching_v1::DecideProposalRequest(),
       named + "hired: true start_date { year: 2050 month: 4 day: 20 }");
  EXPECT_EQ(Recommend(reader(), ForNurse(nurse))->engagements_size(), 0) << "an offer binds nobody";
  const auto before = Recommend(reader(), ForOpening("umi"));
  ASSERT_EQ(Said(before), "OK");
  EXPECT_EQ(before->promised_count(), 0);
  step("AcceptProposal", matching_v1::AcceptProposalRequest(), absl::StrCat(named, "nurse: '", nurse, "'"));
  const auto told = Recommend(reader(), ForNurse(nurse));
  ASSERT_EQ(Said(told), "OK");
  ASSERT_EQ(told->engagements_size(), 1);
  EXPECT_EQ(told->engagements(0).start_date().day(), 20);
  EXPECT_FALSE(told->engagements(0).has_leave_date());
  EXPECT_TRUE(absl::StrContains(told->engagements(0).text().ja(), "2050-04-20")) << told->engagements(0).text().ja();
  const auto after = Recommend(reader(), ForOpening("umi"));
  ASSERT_EQ(Said(after), "OK");
  EXPECT_EQ(after->promised_count(), 1);
  EXPECT_EQ(after->counts().considered_count(), before->counts().considered_count() - 1);
}

TEST_P(RecommendationTest, WhoeverIsNamedIsLogged) {
  AddNurses();
  Execute(matching(), "DELETE FROM `access_log`");
  EXPECT_EQ(Said(Recommend(admin(), ForOpening())), "INVALID_ARGUMENT PURPOSE_REQUIRED");
  EXPECT_EQ(Said(Recommend(admin(), ForNurse(NameOf("near")))), "INVALID_ARGUMENT PURPOSE_REQUIRED");
  EXPECT_THAT(Logged(), IsEmpty());
  auto one = ForOpening();
  one.set_page_size(1);
  const auto told = Recommend(admin().For("school post"), one);
  ASSERT_EQ(Said(told), "OK");
  EXPECT_THAT(Logged(), ElementsAre(absl::StrCat("school post ", NameOf("able"), " ", told->near_misses(0).nurse())));
  Execute(matching(), "DELETE FROM `access_log`");
  ASSERT_EQ(Said(Recommend(admin().For("telephone"), ForNurse(NameOf("stays")))), "OK");
  EXPECT_THAT(Logged(), ElementsAre("telephone " + NameOf("stays")));
}

TEST_P(RecommendationTest, WhoMayRecommend) {
  AddNurses();
  const auto caller = [&](const std::string& id, const std::string& grant) {
    const std::string role = grant.substr(0, grant.find('@'));
    Grant(id, {AGrant(role, grant.substr(role.size() + 1))}, "registry");
    return CallerWith(id, {grant}, "matching").For("recommending");
  };
  const auto said = Recommend(caller("operating", "matching-operator@areas/310000"), ForOpening());
  ASSERT_EQ(Said(said), "OK");
  EXPECT_THAT(Named(said->candidates()), ElementsAre("able", "near", "trained"));
  EXPECT_EQ(Said(Recommend(caller("officer", "prefecture-officer@areas/310000"), ForOpening())), "OK");
  EXPECT_EQ(Said(Recommend(caller("elsewhere", "matching-operator@areas/320005"), ForOpening())),
            "NOT_FOUND OPENING_NOT_FOUND");
  for (const char* grant :
       {"facility-manager@facilities/akane", "municipality-officer@areas/312011", "centre-staff@areas/310000"}) {
    EXPECT_EQ(Said(Recommend(caller(absl::StrReplaceAll(grant, {{"@", "-"}, {"/", "-"}}), grant), ForOpening())),
              "PERMISSION_DENIED PERMISSION_DENIED")
        << grant;
  }
  // A caller who may not see where nurses live gets nothing that depends on it.
  SetRole("blind", {"nurses.read", "facilities.read"}, "registry");
  SetRole("blind", {"openings.read", "recommendations.read", "legalBases.read"}, "matching");
  const Caller blind = caller("blind", "blind@*");
  EXPECT_EQ(Said(Recommend(blind, ForOpening())), "PERMISSION_DENIED PERMISSION_DENIED");
  EXPECT_EQ(Said(Recommend(blind, ForNurse(NameOf("near")))), "PERMISSION_DENIED PERMISSION_DENIED");
}

TEST_P(RecommendationTest, AnOpeningThatNobodyIsMatchedTo) {
  EXPECT_EQ(Said(Recommend(reader(), ForOpening("none"))), "NOT_FOUND OPENING_NOT_FOUND");
  EXPECT_EQ(Said(Recommend(reader(), ForOpening("visit"))), "FAILED_PRECONDITION OPENING_NOT_MATCHED");
  EXPECT_EQ(Said(Recommend(reader(), ForOpening("unplaced"))), "FAILED_PRECONDITION OPENING_NOT_MATCHED");
  matching_v1::RefuseOpeningRequest refuse;
  refuse.set_name("openings/matsu");
  refuse.set_legal_basis("legalBases/p");
  ASSERT_EQ(Said(admin().Call<matching_v1::Opening>("matching.v1.OpeningService/RefuseOpening", refuse)), "OK");
  EXPECT_EQ(Said(Recommend(reader(), ForOpening("matsu"))), "FAILED_PRECONDITION OPENING_REFUSED");
  matching_v1::EndOpeningRequest end;
  end.set_name("openings/umi");
  *end.mutable_end_date() = jp::ToDate(*jp::ParseDay("2050-04-02"));
  ASSERT_EQ(Said(admin().Call<matching_v1::Opening>("matching.v1.OpeningService/EndOpening", end)), "OK");
  EXPECT_EQ(Said(Recommend(reader(), ForOpening("umi"))), "FAILED_PRECONDITION OPENING_OVER");
}

// Without a registry the caller sends the rows; the listed nurses are those whom a round of this opening alone would
// take.
TEST_P(RecommendationTest, SentRowsGiveWhatARoundGives) {
  Server::Options options;
  options.services = {"matching"};
  Server alone(GetParam(), clock(), Entropy::System(), options);
  const Caller caller = alone.admin().For("tests");
  matching_v1::Snapshot snapshot = ASnapshot(30);
  snapshot.mutable_openings()->DeleteSubrange(0, 1);
  snapshot.mutable_openings()->DeleteSubrange(1, 2);  // b alone, which asks for a skill that half of them have
  EXPECT_EQ(
      ImportCsv(
          alone.admin(), "openings",
          "opening_id,facility,area,posts,required_skills,weekly_minutes\nb,facilities/b,areas/312011,2,SUCTION,1200\n")
          .summary,
      "1 rows: 1 created");
  EXPECT_EQ(
      ImportCsv(alone.admin(), "legalBases",
                "legal_basis_id,operator_code,area,kind,number,opening_kinds\np,areas/310000,areas/310000,NOTICE,1,"
                "EMPLOYMENT\n")
          .summary,
      "1 rows: 1 created");
  auto request = ForOpening("b");
  EXPECT_EQ(Said(Recommend(caller, request)), "FAILED_PRECONDITION NO_REGISTRY");
  EXPECT_EQ(Said(Recommend(caller, ForNurse("nurses/n1000"))), "FAILED_PRECONDITION NO_REGISTRY");
  *request.mutable_snapshot() = snapshot;
  request.set_seed(7);
  const auto told = Recommend(caller, request);
  ASSERT_EQ(Said(told), "OK");
  EXPECT_EQ(Counted(told->counts()), "15 of 30: SKILLS 15/15");
  ASSERT_EQ(Said(CreateRound(alone.admin(), "r1", 7)), "OK");
  ASSERT_EQ(Said(SolveRound(alone.admin(), "r1", &snapshot)), "OK");
  std::vector<std::string> placed, first;
  const auto rows = ListAssignments(alone.admin(), "r1");
  for (const auto& row : rows->assignments()) {
    if (!row.opening().empty()) placed.push_back(row.nurse());
  }
  for (int i = 0; i < 2; ++i) first.push_back(told->candidates(i).nurse());
  EXPECT_THAT(placed, testing::UnorderedElementsAreArray(first)) << "the posts go to the first of the list";

  auto hers = ForNurse("nurses/n1000");
  *hers.mutable_snapshot() = snapshot;
  EXPECT_THAT(Named(Recommend(caller, hers)->candidates(), false), ElementsAre("openings/b"));
  hers.set_nurse("nurses/nobody");
  EXPECT_EQ(Said(Recommend(caller, hers)), "FAILED_PRECONDITION ROW_NOT_SENT");
  request.mutable_snapshot()->clear_openings();
  EXPECT_EQ(Said(Recommend(caller, request)), "FAILED_PRECONDITION OPENING_NOT_MATCHED")
      << "nobody says where it stands";
  *request.mutable_snapshot() = snapshot;
  *request.mutable_snapshot()->add_nurses() = snapshot.nurses(0);
  EXPECT_EQ(Said(Recommend(caller, request)), "INVALID_ARGUMENT INVALID_REQUEST snapshot.nurses:DUPLICATE_PARTICIPANT");
}

}  // namespace
}  // namespace tsunagu::wire
