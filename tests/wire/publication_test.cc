// Publications: tables of a day in which small figures are withheld, files that never change, and an attacker who has
// read all of them.
#include <algorithm>
#include <map>
#include <mutex>
#include <random>
#include <set>
#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/base/digest.h"
#include "common/jp/civil_day.h"
#include "google/protobuf/struct.pb.h"
#include "google/protobuf/text_format.h"
#include "google/protobuf/util/json_util.h"
#include "tests/wire/eight_writers.h"
#include "tests/wire/suite_test_base.h"
#include "tests/wire/suppression_attack.h"
#include "tsunagu/registry/v1/coordinator.pb.h"
#include "tsunagu/registry/v1/coordinator_training.pb.h"
#include "tsunagu/registry/v1/joint_group.pb.h"
#include "tsunagu/registry/v1/joint_group_member.pb.h"
#include "tsunagu/registry/v1/placement.pb.h"
#include "tsunagu/registry/v1/publication.pb.h"
#include "tsunagu/registry/v1/region.pb.h"
#include "tsunagu/registry/v1/region_member.pb.h"
#include "tsunagu/registry/v1/survey_form.pb.h"
#include "tsunagu/registry/v1/survey_response.pb.h"
#include "tsunagu/registry/v1/survey_round.pb.h"

namespace tsunagu::wire {
namespace {

using registry_v1::Publication;
using testing::AnyOf;
using testing::Ge;
using testing::HasSubstr;

constexpr char kDay[] = "2050-04-01";

class PublicationTest : public SuiteTest {
 protected:
  void SetUp() override {
    SuiteTest::SetUp();
    if (IsSkipped()) return;
    CreateAreas();
    bodies_ = {"areas/312011", "areas/313025"};
    for (int i = 0; i < 4; ++i) {
      const std::string code = CodeOf(i < 1 ? 202 : 310 + i);
      Create(AnArea(code, i < 1 ? registry_v1::AREA_KIND_CITY : registry_v1::AREA_KIND_TOWN,
                    absl::StrCat("見本", i, i < 1 ? "市" : "町"), "areas/310000"));
      bodies_.push_back("areas/" + code);
    }
    std::sort(bodies_.begin(), bodies_.end());
    for (const std::string id : {"east", "west"}) {
      registry_v1::CreateRegionRequest region;
      region.set_region_id(id);
      region.mutable_region()->set_display_name(id == "east" ? "東部圏域" : "西部圏域");
      region.mutable_region()->set_prefecture("areas/310000");
      region.mutable_region()->set_kind(registry_v1::REGION_KIND_MEDICAL);
      Make<registry_v1::Region>("RegionService/CreateRegion", region);
    }
    for (size_t i = 0; i < bodies_.size(); ++i) {
      registry_v1::CreateRegionMemberRequest member;
      const std::string region = i < 3 ? "regions/east" : "regions/west";
      member.mutable_region_member()->set_region(region);
      member.mutable_region_member()->set_area(bodies_[i]);
      Make<registry_v1::RegionMember>("RegionMemberService/CreateRegionMember", member);
      places_[region].insert(bodies_[i]);
      places_[bodies_[i]] = {bodies_[i]};
      places_["areas/310000"].insert(bodies_[i]);
      places_[i < 2 ? "kinds/city" : "kinds/town"].insert(bodies_[i]);
    }
  }

  template <typename M>
  absl::StatusOr<M> Ask(const Caller& caller, const std::string& method, const google::protobuf::Message& request) {
    return caller.Call<M>("registry.v1." + method, request);
  }
  template <typename M>
  M Make(const std::string& method, const google::protobuf::Message& request) {
    auto made = Ask<M>(admin(), method, request);
    EXPECT_EQ(Said(made), "OK") << method;
    return made.ok() ? *std::move(made) : M();
  }

  void PlaceAlso(const std::string& coordinator, const std::string& body, registry_v1::PlacementStage stage) {
    registry_v1::CreatePlacementRequest placement;
    placement.mutable_placement()->set_coordinator(coordinator);
    placement.mutable_placement()->set_body(body);
    placement.mutable_placement()->set_stage(stage);
    *placement.mutable_placement()->mutable_valid_from_date() = jp::ToDate(*jp::ParseDay("2049-04-01"));
    Make<registry_v1::Placement>("PlacementService/CreatePlacement", placement);
  }
  // Places so many new people; returns the last one.
  std::string Place(const std::string& body, registry_v1::PlacementStage stage, bool trained, int count = 1) {
    std::string name;
    for (int i = 0; i < count; ++i) {
      registry_v1::CreateCoordinatorRequest person;
      person.mutable_coordinator()->set_display_name("見本 花子");
      person.mutable_coordinator()->set_home_area("areas/312011");
      name = Make<registry_v1::Coordinator>("CoordinatorService/CreateCoordinator", person).name();
      if (trained) {
        registry_v1::CreateCoordinatorTrainingRequest training;
        training.set_parent(name);
        training.mutable_coordinator_training()->set_display_name("見本研修");
        *training.mutable_coordinator_training()->mutable_completion_date() = jp::ToDate(*jp::ParseDay("2049-10-01"));
        Make<registry_v1::CoordinatorTraining>("CoordinatorTrainingService/CreateCoordinatorTraining", training);
      }
      PlaceAlso(name, body, stage);
    }
    return name;
  }
  // So many at each body, by stage and training.
  void PlaceAtRandom(uint64_t seed, int most) {
    std::mt19937_64 random(seed);
    std::uniform_int_distribution<int> count(0, most);
    for (const std::string& body : bodies_) {
      for (const auto stage : {registry_v1::PLACEMENT_STAGE_ACTUAL, registry_v1::PLACEMENT_STAGE_PLANNED}) {
        for (const bool trained : {true, false}) Place(body, stage, trained, count(random));
      }
    }
  }

  absl::StatusOr<Publication> Publish(const Caller& caller, const std::string& text, bool validate_only = false) {
    registry_v1::CreatePublicationRequest request;
    Publication& publication = *request.mutable_publication();
    EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &publication)) << text;
    publication.set_display_name("見本の公表");
    if (publication.prefecture().empty()) publication.set_prefecture("areas/310000");
    if (!publication.has_as_of_date()) *publication.mutable_as_of_date() = jp::ToDate(*jp::ParseDay(kDay));
    request.set_validate_only(validate_only);
    return Ask<Publication>(caller, "PublicationService/CreatePublication", request);
  }
  absl::StatusOr<Publication> Publish(const std::string& text) { return Publish(admin(), text); }

  template <typename Request = registry_v1::ReadPublicationFileRequest>
  absl::StatusOr<std::string> FileOf(const Caller& caller, const std::string& name,
                                     Publication::Format format = Publication::FORMAT_JSON) {
    constexpr bool kAudits = std::is_same_v<Request, registry_v1::AuditPublicationFileRequest>;
    Request request;
    request.set_name(name);
    request.set_format(format);
    const auto read = Ask<registry_v1::ReadPublicationFileResponse>(
        caller, kAudits ? "PublicationService/AuditPublicationFile" : "PublicationService/ReadPublicationFile",
        request);
    if (!read.ok()) return read.status();
    EXPECT_EQ(absl::BytesToHexString(Sha256(read->data())), read->sha256());
    return read->data();
  }
  absl::StatusOr<std::string> Audit(const Caller& caller, const std::string& name) {
    return FileOf<registry_v1::AuditPublicationFileRequest>(caller, name);
  }
  std::string Withdraw(const Caller& caller, const std::string& name) {
    registry_v1::WithdrawPublicationRequest request;
    request.set_name(name);
    request.set_reason("数に誤りがあった。");
    return Said(Ask<Publication>(caller, "PublicationService/WithdrawPublication", request));
  }

  // By place and column, "x" where it is withheld.
  using Cells = std::map<std::string, std::map<std::string, std::string>>;
  static Cells CellsOf(const std::string& json) {
    google::protobuf::Struct file;
    EXPECT_TRUE(google::protobuf::util::JsonStringToMessage(json, &file).ok()) << json;
    Cells cells;
    for (const auto& one : file.fields().at("tables").list_value().values()) {
      const auto& table = one.struct_value().fields();
      const auto& columns = table.at("columns").list_value();
      for (const auto& row : table.at("rows").list_value().values()) {
        const auto& values = row.struct_value().fields().at("values").list_value();
        EXPECT_EQ(values.values_size(), columns.values_size());
        for (int i = 0; i < values.values_size(); ++i) {
          const auto& value = values.values(i);
          std::string& cell = cells[row.struct_value().fields().at("place").string_value()]
                                   [columns.values(i).struct_value().fields().at("code").string_value()];
          const std::string told = value.has_null_value() ? "-"
                                   : value.has_string_value()
                                       ? value.string_value()
                                       : absl::StrCat(static_cast<int64_t>(value.number_value()));
          EXPECT_TRUE(cell.empty() || cell == told) << "one figure says two things";
          cell = told;
        }
      }
    }
    return cells;
  }

  // Returns the parts of a column's sum, which readers know from its heading.
  static std::vector<std::string> PartsOf(const std::string& column) {
    if (column == "actual" || column == "persons") return {"actual-trained", "actual-untrained"};
    if (column == "planned") return {"planned-trained", "planned-untrained"};
    if (column == "total") return {"actual-trained", "actual-untrained", "planned-trained", "planned-untrained"};
    if (column == "children") return {"own", "given"};
    return {column};
  }
  Attacker::Sum SumOf(const Cells& cells, const std::string& place, const std::string& column, bool is_corrected) {
    Attacker::Sum sum;
    for (const std::string& body : places_.at(place)) {
      if (cells.at(body).at(column) == "-") continue;  // it has not answered
      for (const std::string& part : PartsOf(column)) {
        const bool is_another = is_corrected && column != "persons" && absl::StrCat(body, " ", part) == corrected_;
        sum[absl::StrCat(body, " ", part, is_another ? " corrected" : "")] = 1;
      }
    }
    return sum;
  }

  // Reads all files of the day, and tries to work out what is withheld in any of them. Returns how many figures are.
  // From the file of this index on, the count corrected_ is another one, which she knows.
  int Attack(const std::vector<std::string>& files, size_t corrected_from = 1000) {
    Attacker attacker;
    for (const Attacker::Sum& sum : nothing_) attacker.Learn(sum, 0);
    std::map<Attacker::Sum, std::string> withheld;
    for (size_t i = 0; i < files.size(); ++i) {
      const Cells cells = CellsOf(files[i]);
      for (const auto& [place, row] : cells) {
        for (const auto& [column, cell] : row) {
          const Attacker::Sum sum = SumOf(cells, place, column, i >= corrected_from);
          if (cell == "x") {
            withheld[sum] = absl::StrCat(place, " ", column, " of file ", i);
          } else if (cell != "-") {
            attacker.Learn(sum, std::stoll(cell));
          }
        }
      }
    }
    for (const auto& [sum, figure] : withheld) {
      int possible = 0;
      for (int value = 0; value <= 200 && possible < 2; ++value)
        possible += attacker.ThinksPossible(sum, value, value) ? 1 : 0;
      EXPECT_EQ(possible, 2) << figure << " can be worked out";
    }
    return static_cast<int>(withheld.size());
  }

  // Children are the sum of own and given ones, or people who are placed are.
  void AskAndLock(const std::string& id, bool lock, bool of_persons = false) {
    registry_v1::CreateSurveyFormRequest form;
    form.set_survey_form_id(id);
    EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(
        R"pb(
          display_name: "見本調査票"
          items { code: "persons" label: "配置人数" kind: KIND_NUMBER indicator: INDICATOR_PERSONS }
          items { code: "children" label: "児童数" kind: KIND_NUMBER }
          items { code: "own" label: "直営" kind: KIND_NUMBER }
          items { code: "given" label: "委託" kind: KIND_NUMBER }
          items { code: "note" label: "備考" kind: KIND_TEXT }
          totals { item: "children" parts: "own" parts: "given" })pb",
        form.mutable_survey_form()));
    if (of_persons) form.mutable_survey_form()->mutable_totals(0)->set_item("persons");
    Make<registry_v1::SurveyForm>("SurveyFormService/CreateSurveyForm", form);
    registry_v1::CreateSurveyRoundRequest round;
    round.set_survey_round_id(id);
    round.mutable_survey_round()->set_display_name("見本調査");
    round.mutable_survey_round()->set_form("surveyForms/" + id);
    round.mutable_survey_round()->set_prefecture("areas/310000");
    *round.mutable_survey_round()->mutable_as_of_date() = jp::ToDate(*jp::ParseDay(kDay));
    *round.mutable_survey_round()->mutable_due_date() = jp::ToDate(*jp::ParseDay("2050-04-30"));
    Make<registry_v1::SurveyRound>("SurveyRoundService/CreateSurveyRound", round);
    // The last body does not answer.
    for (size_t i = 0; i + 1 < bodies_.size(); ++i) {
      const std::string name = absl::StrCat("surveyRounds/", id, "/surveyResponses/", bodies_[i].substr(6));
      registry_v1::GetSurveyResponseRequest get;
      get.set_name(name);
      registry_v1::UpdateSurveyResponseRequest update;
      *update.mutable_survey_response() =
          Make<registry_v1::SurveyResponse>("SurveyResponseService/GetSurveyResponse", get);
      for (auto& answer : *update.mutable_survey_response()->mutable_answers()) {
        const int persons = std::stoi(update.survey_response().answers(0).value());
        const int own = of_persons ? persons / 2 : static_cast<int>(i * 4 % 7);
        const int given = of_persons ? persons - own : static_cast<int>(8 + i);
        if (answer.item() == "own") answer.set_value(absl::StrCat(own));
        if (answer.item() == "given") answer.set_value(absl::StrCat(given));
        if (answer.item() == "children" && !of_persons) answer.set_value(absl::StrCat(own + given));
      }
      update.mutable_update_mask()->add_paths("answers");
      Make<registry_v1::SurveyResponse>("SurveyResponseService/UpdateSurveyResponse", update);
      registry_v1::SubmitSurveyResponseRequest submit;
      submit.set_name(name);
      Make<registry_v1::SurveyResponse>("SurveyResponseService/SubmitSurveyResponse", submit);
      registry_v1::AcceptSurveyResponseRequest accept;
      accept.set_name(name);
      Make<registry_v1::SurveyResponse>("SurveyResponseService/AcceptSurveyResponse", accept);
    }
    if (!lock) return;
    registry_v1::LockSurveyRoundRequest request;
    request.set_name("surveyRounds/" + id);
    request.set_leave_out_others(true);
    Make<registry_v1::SurveyRound>("SurveyRoundService/LockSurveyRound", request);
  }

  std::vector<std::string> bodies_;
  std::string corrected_;
  std::vector<Attacker::Sum> nothing_;                   // what everybody knows to be 0
  std::map<std::string, std::set<std::string>> places_;  // of tables, with their bodies
};
WIRE_TEST_ON_BOTH(PublicationTest);

TEST_P(PublicationTest, SmallFiguresAndOthersForTheirSakeAreUnknown) {
  for (const std::string& body : bodies_)
    Place(body, registry_v1::PLACEMENT_STAGE_ACTUAL, false, body == bodies_[1] ? 2 : 7);
  Place(bodies_[0], registry_v1::PLACEMENT_STAGE_PLANNED, true, 6);
  const auto tried = Publish(admin(), "tables: TABLE_STAGES groupings: GROUPING_REGIONS", true);
  ASSERT_EQ(Said(tried), "OK");
  const auto published = Publish("tables: TABLE_STAGES groupings: GROUPING_REGIONS");
  ASSERT_EQ(Said(published), "OK");
  EXPECT_EQ(published->json_sha256(), tried->json_sha256()) << "a trial stores nothing, and shows what comes";
  EXPECT_EQ(published->state(), Publication::STATE_PUBLISHED);
  EXPECT_EQ(published->least_count(), 5);
  EXPECT_EQ(published->zeros(), Publication::ZEROS_TOLD);
  EXPECT_EQ(published->figure_count(), 27);
  EXPECT_EQ(published->publisher(), "admin");
  const std::string json = *FileOf(admin(), published->name());
  EXPECT_EQ(absl::BytesToHexString(Sha256(json)), published->json_sha256());
  auto cells = CellsOf(json);
  EXPECT_EQ(cells[bodies_[1]]["actual"], "x");
  EXPECT_EQ(cells[bodies_[1]]["planned"], "0");
  EXPECT_EQ(cells[bodies_[1]]["total"], "x");
  EXPECT_EQ(cells["regions/east"]["actual"], "16") << "the sum stays";
  EXPECT_EQ(cells["regions/west"]["actual"], "21");
  EXPECT_EQ(cells["areas/310000"]["total"], "43");
  EXPECT_EQ(published->withheld_count(), 4) << json;
  EXPECT_EQ(Attack({json}), 4);
  // One row a figure, in the same words.
  const std::string csv = *FileOf(admin(), published->name(), Publication::FORMAT_CSV);
  EXPECT_EQ(absl::BytesToHexString(Sha256(csv)), published->csv_sha256());
  EXPECT_THAT(csv,
              HasSubstr(absl::StrCat("2050-04-01,配置人数（実績・予定）,", bodies_[1], ",見本0市,actual,実績,x\r\n")));
  EXPECT_EQ(absl::StrSplit(csv, "\r\n").operator std::vector<std::string>().size(), 1 + 9 * 3 + 1);
  // The records may change afterwards.
  Place(bodies_[1], registry_v1::PLACEMENT_STAGE_ACTUAL, true, 9);
  EXPECT_EQ(*FileOf(admin(), published->name()), json);
  EXPECT_EQ(*FileOf(admin(), published->name(), Publication::FORMAT_CSV), csv);
}

TEST_P(PublicationTest, PeopleCountOnceForEachBodyAndStage) {
  registry_v1::CreateJointGroupRequest group;
  group.set_joint_group_id("joint");
  group.mutable_joint_group()->set_display_name("見本共同");
  Make<registry_v1::JointGroup>("JointGroupService/CreateJointGroup", group);
  for (const int i : {0, 1}) {
    registry_v1::CreateJointGroupMemberRequest member;
    member.mutable_joint_group_member()->set_joint_group("jointGroups/joint");
    member.mutable_joint_group_member()->set_area(bodies_[i]);
    Make<registry_v1::JointGroupMember>("JointGroupMemberService/CreateJointGroupMember", member);
  }
  const std::string both = Place("jointGroups/joint", registry_v1::PLACEMENT_STAGE_ACTUAL, true);
  PlaceAlso(both, bodies_[0], registry_v1::PLACEMENT_STAGE_ACTUAL);
  PlaceAlso(both, bodies_[1], registry_v1::PLACEMENT_STAGE_PLANNED);
  Place(bodies_[2], registry_v1::PLACEMENT_STAGE_ACTUAL, false, 3);
  const auto published = Publish("tables: TABLE_STAGES_AND_TRAININGS least_count: 1 groupings: GROUPING_KINDS");
  ASSERT_EQ(Said(published), "OK");
  EXPECT_EQ(published->withheld_count(), 0);
  auto cells = CellsOf(*FileOf(admin(), published->name()));
  using Row = std::map<std::string, std::string>;
  const auto row = [](const char* actual_trained, const char* actual_untrained, const char* actual,
                      const char* planned_trained, const char* total) {
    return Row{{"actual-trained", actual_trained},
               {"actual-untrained", actual_untrained},
               {"actual", actual},
               {"planned-trained", planned_trained},
               {"planned-untrained", "0"},
               {"planned", planned_trained},
               {"total", total}};
  };
  EXPECT_EQ(cells[bodies_[0]], row("1", "0", "1", "0", "1"));
  EXPECT_EQ(cells[bodies_[1]], row("1", "0", "1", "1", "2"));
  EXPECT_EQ(cells[bodies_[2]], row("0", "3", "3", "0", "3"));
  EXPECT_EQ(cells["kinds/city"], row("2", "0", "2", "1", "3"));
  EXPECT_EQ(cells["areas/310000"], row("2", "3", "5", "1", "6"));
}

TEST_P(PublicationTest, NothingIsWorkedOutFromAllThatWasPublishedOfADay) {
  PlaceAtRandom(GetParam() == Engine::kSqlite ? 1 : 2, 6);
  AskAndLock("r1", true);
  std::vector<std::string> files;
  int refused = 0;
  const auto publish = [&](const std::string& text) {
    const auto published = Publish(text);
    if (published.ok()) {
      files.push_back(*FileOf(admin(), published->name()));
    } else {
      ++refused;
      EXPECT_THAT(Said(published), AnyOf(HasSubstr("PUBLICATION_TOLD_ALREADY"), HasSubstr("PUBLICATION_NOT_SAFE")));
    }
  };
  publish("tables: TABLE_STAGES least_count: 5 groupings: GROUPING_REGIONS");
  publish("tables: TABLE_TRAININGS least_count: 3");
  // The figures that are small now were published before.
  publish("tables: TABLE_STAGES least_count: 50");
  EXPECT_EQ(refused, 1);
  // One record is corrected in between.
  corrected_ = bodies_[4] + " actual-trained";
  const size_t corrected_from = files.size();
  Place(bodies_[4], registry_v1::PLACEMENT_STAGE_ACTUAL, true, 2);
  publish("tables: TABLE_STAGES_AND_TRAININGS least_count: 4 groupings: GROUPING_KINDS groupings: GROUPING_REGIONS");
  publish(
      "tables: TABLE_ANSWERS survey_round: 'surveyRounds/r1' least_count: 3 zeros: ZEROS_WITHHELD groupings: "
      "GROUPING_REGIONS");
  publish(
      "tables: TABLE_ANSWERS survey_round: 'surveyRounds/r1' least_count: 3 items: 'children' groupings: "
      "GROUPING_KINDS");
  publish("tables: TABLE_STAGES tables: TABLE_TRAININGS least_count: 2 groupings: GROUPING_KINDS");
  EXPECT_THAT(files.size(), Ge(4));
  // The survey was answered before the correction, and she knows that too.
  EXPECT_GT(Attack(files, corrected_from), 20);
}

TEST_P(PublicationTest, AnswersAreTheirSums) {
  PlaceAtRandom(3, 9);
  AskAndLock("r1", true);
  const auto published = Publish("tables: TABLE_ANSWERS survey_round: 'surveyRounds/r1' groupings: GROUPING_REGIONS");
  ASSERT_EQ(Said(published), "OK");
  const std::string json = *FileOf(admin(), published->name());
  auto cells = CellsOf(json);
  EXPECT_EQ(cells.at(bodies_[0]).size(), 4) << "what is no number is no column";
  EXPECT_EQ(cells[bodies_.back()]["children"], "-") << "who has not answered is not 0";
  EXPECT_EQ(cells[bodies_[2]]["own"], "x");
  EXPECT_NE(cells[bodies_[3]]["children"], "-");
  EXPECT_GT(Attack({json}), 3);
}

// The form says that they are the sum of two answers, and the registry counts them by training.
TEST_P(PublicationTest, AnAnswerCanBeTwoSums) {
  PlaceAtRandom(5, 7);
  AskAndLock("r1", true, true);
  for (size_t i = 0; i + 1 < bodies_.size(); ++i) {
    nothing_.push_back({{bodies_[i] + " own", 1},
                        {bodies_[i] + " given", 1},
                        {bodies_[i] + " actual-trained", -1},
                        {bodies_[i] + " actual-untrained", -1}});
  }
  std::vector<std::string> files;
  for (const char* text :
       {"tables: TABLE_TRAININGS least_count: 3",
        "tables: TABLE_ANSWERS survey_round: 'surveyRounds/r1' least_count: 4 items: 'own' items: 'given'",
        "tables: TABLE_ANSWERS survey_round: 'surveyRounds/r1' least_count: 4 groupings: GROUPING_REGIONS"}) {
    const auto published = Publish(text);
    ASSERT_EQ(Said(published), "OK");
    files.push_back(*FileOf(admin(), published->name()));
  }
  EXPECT_EQ(CellsOf(files[2])[bodies_[0]]["persons"], CellsOf(files[0])[bodies_[0]]["actual"]);
  EXPECT_GT(Attack(files), 5);
}

TEST_P(PublicationTest, WhatIsWithdrawnIsForAuditAndStaysKnown) {
  for (const std::string& body : bodies_)
    Place(body, registry_v1::PLACEMENT_STAGE_ACTUAL, false, body == bodies_[1] ? 2 : 7);
  const std::string name = Publish("tables: TABLE_STAGES")->name();
  const std::string file = *FileOf(admin(), name);
  const Caller officer = CallerWith("officer", {"prefecture-officer@areas/310000"});
  const Caller staff = CallerWith("staff", {"centre-staff@areas/310000"});
  EXPECT_EQ(Said(FileOf(staff, name)), "OK");
  EXPECT_EQ(Withdraw(staff, name), "PERMISSION_DENIED PERMISSION_DENIED");
  ASSERT_EQ(Withdraw(officer, name), "OK");
  EXPECT_EQ(Withdraw(officer, name), "FAILED_PRECONDITION PUBLICATION_WITHDRAWN");
  for (const Caller& caller : {staff, officer, admin()}) {
    EXPECT_EQ(Said(FileOf(caller, name)), "FAILED_PRECONDITION PUBLICATION_WITHDRAWN");
  }
  EXPECT_EQ(Said(Audit(staff, name)), "PERMISSION_DENIED PERMISSION_DENIED");
  EXPECT_EQ(*Audit(officer, name), file);
  registry_v1::GetPublicationRequest get;
  get.set_name(name);
  const auto withdrawn = Make<Publication>("PublicationService/GetPublication", get);
  EXPECT_EQ(withdrawn.state(), Publication::STATE_WITHDRAWN);
  EXPECT_EQ(withdrawn.withdrawer(), "officer");
  EXPECT_EQ(withdrawn.withdraw_reason(), "数に誤りがあった。");
  // Everybody still has it: what it withholds stays withheld, what it tells cannot become small.
  const auto later = Publish("tables: TABLE_STAGES least_count: 1");
  ASSERT_EQ(Said(later), "OK");
  EXPECT_EQ(CellsOf(*FileOf(admin(), later->name()))[bodies_[1]]["actual"], "x");
  EXPECT_THAT(Said(Publish("tables: TABLE_STAGES least_count: 8")), "FAILED_PRECONDITION PUBLICATION_TOLD_ALREADY");
}

TEST_P(PublicationTest, WhatCannotBePublished) {
  for (const std::string& body : bodies_)
    Place(body, registry_v1::PLACEMENT_STAGE_ACTUAL, false, body == bodies_[1] ? 2 : 7);
  AskAndLock("open", false);
  EXPECT_EQ(Said(Publish("tables: TABLE_STAGES as_of_date { year: 2050 month: 4 day: 4 }")),
            "INVALID_ARGUMENT INVALID_REQUEST publication.as_of_date:PUBLICATION_AHEAD");
  EXPECT_EQ(Said(Publish("tables: TABLE_STAGES tables: TABLE_ANSWERS items: 'own'")),
            "INVALID_ARGUMENT INVALID_REQUEST publication.items[0]:PUBLICATION_ITEM_NOT_COUNTED "
            "publication.tables[1]:PUBLICATION_TABLE_UNFIT");
  EXPECT_EQ(Said(Publish("tables: TABLE_STAGES survey_round: 'surveyRounds/open' items: 'own' items: 'note' "
                         "as_of_date { year: 2050 month: 3 day: 31 }")),
            "INVALID_ARGUMENT INVALID_REQUEST publication.items[1]:PUBLICATION_ITEM_NOT_COUNTED "
            "publication.survey_round:PUBLICATION_OF_ANOTHER_ROUND publication.survey_round:PUBLICATION_ROUND_OPEN "
            "publication.tables[0]:PUBLICATION_TABLE_UNFIT");
  EXPECT_EQ(Said(Publish("tables: TABLE_STAGES least_count: 1000 zeros: ZEROS_WITHHELD")),
            "FAILED_PRECONDITION PUBLICATION_NOTHING_LEFT");
  EXPECT_THAT(Said(Publish("tables: TABLE_STAGES survey_round: 'surveyRounds/none'")),
              HasSubstr("publication.survey_round:"));
}

TEST_P(PublicationTest, ATableHasALimit) {
  registry_v1::CreateSurveyFormRequest form;
  form.set_survey_form_id("long");
  form.mutable_survey_form()->set_display_name("長い調査票");
  for (int i = 0; i < 200; ++i) {
    auto& item = *form.mutable_survey_form()->add_items();
    item.set_code(absl::StrCat("item-", i));
    item.set_label(absl::StrCat("項目", i));
    item.set_kind(registry_v1::SurveyForm::KIND_NUMBER);
  }
  Make<registry_v1::SurveyForm>("SurveyFormService/CreateSurveyForm", form);
  std::string areas = "団体コード,種別,名称,上位の地域\n";
  for (int i = 0; i < 50; ++i) absl::StrAppend(&areas, CodeOf(320 + i), ",町,見本", i, "町,areas/310000\n");
  ASSERT_EQ(ImportCsv(admin(), "areas", areas).counts.created_count(), 50);
  registry_v1::CreateSurveyRoundRequest round;
  round.set_survey_round_id("long");
  round.mutable_survey_round()->set_display_name("見本調査");
  round.mutable_survey_round()->set_form("surveyForms/long");
  round.mutable_survey_round()->set_prefecture("areas/310000");
  *round.mutable_survey_round()->mutable_as_of_date() = jp::ToDate(*jp::ParseDay(kDay));
  *round.mutable_survey_round()->mutable_due_date() = jp::ToDate(*jp::ParseDay("2050-04-30"));
  Make<registry_v1::SurveyRound>("SurveyRoundService/CreateSurveyRound", round);
  registry_v1::LockSurveyRoundRequest lock;
  lock.set_name("surveyRounds/long");
  lock.set_leave_out_others(true);
  Make<registry_v1::SurveyRound>("SurveyRoundService/LockSurveyRound", lock);
  EXPECT_EQ(Said(Publish("tables: TABLE_ANSWERS survey_round: 'surveyRounds/long'")),
            "INVALID_ARGUMENT INVALID_REQUEST publication.tables:PUBLICATION_TOO_LARGE");
  EXPECT_EQ(Said(Publish("tables: TABLE_ANSWERS survey_round: 'surveyRounds/long' items: 'item-1'")), "OK")
      << "nobody has answered, and nothing is withheld";
}

// A small figure may be published already, or follow from published figures.
TEST_P(PublicationTest, WhatEarlierOnesGiveAwayIsRefused) {
  AskAndLock("r1", true);
  const std::string answers = "tables: TABLE_ANSWERS survey_round: 'surveyRounds/r1' ";
  ASSERT_EQ(Said(Publish(answers + "items: 'children' items: 'given' least_count: 1")), "OK");
  EXPECT_EQ(Said(Publish(answers + "items: 'own'")), "FAILED_PRECONDITION PUBLICATION_NOT_SAFE");
  EXPECT_EQ(Said(Publish(answers + "items: 'given' least_count: 10")), "FAILED_PRECONDITION PUBLICATION_TOLD_ALREADY");
  // Another day is another matter.
  ASSERT_EQ(Said(Publish("tables: TABLE_STAGES least_count: 1")), "OK");
}

TEST_P(PublicationTest, EachPublishesItsOwn) {
  for (const std::string& body : bodies_) Place(body, registry_v1::PLACEMENT_STAGE_ACTUAL, false, 7);
  const Caller officer = CallerWith("officer", {"prefecture-officer@areas/310000"});
  const Caller elsewhere = CallerWith("elsewhere", {"prefecture-officer@areas/320005"});
  const Caller town = CallerWith("town", {"municipality-officer@areas/312011"});
  const auto published = Publish(officer, "tables: TABLE_STAGES");
  ASSERT_EQ(Said(published), "OK");
  EXPECT_EQ(published->publisher(), "officer");
  EXPECT_NE(Said(Publish(elsewhere, "tables: TABLE_STAGES")), "OK");
  EXPECT_EQ(Said(Publish(town, "tables: TABLE_STAGES")), "PERMISSION_DENIED PERMISSION_DENIED");
  EXPECT_EQ(Said(FileOf(elsewhere, published->name())), "NOT_FOUND PUBLICATION_NOT_FOUND");
  EXPECT_EQ(Said(Audit(elsewhere, published->name())), "NOT_FOUND PUBLICATION_NOT_FOUND");
  EXPECT_EQ(Withdraw(elsewhere, published->name()), "NOT_FOUND PUBLICATION_NOT_FOUND");
}

// Each has another least count and other tables: a later publication takes the earlier ones into account.
TEST_P(PublicationTest, EightPublishTheSameDayAtOnce) {
  PlaceAtRandom(4, 5);
  std::vector<Caller> officers;
  for (int i = 0; i < 8; ++i) {
    officers.push_back(CallerWith(absl::StrCat("officer-", i), {"prefecture-officer@areas/310000"}));
  }
  std::mutex mutex;
  std::vector<std::string> names;
  const auto told = EightAtOnce([&](int i) {
    const auto published =
        Publish(officers[i], absl::StrCat("tables: ", i % 2 == 0 ? "TABLE_STAGES" : "TABLE_STAGES_AND_TRAININGS",
                                          " least_count: ", 2 + i, i % 3 == 0 ? " groupings: GROUPING_REGIONS" : ""));
    const std::lock_guard lock(mutex);
    if (published.ok()) names.push_back(published->name());
    return Said(published);
  });
  EXPECT_GE(told.at("OK"), 1);
  for (const auto& [outcome, count] : told) {
    EXPECT_THAT(outcome, AnyOf("OK", HasSubstr("PUBLICATION_TOLD_ALREADY"), HasSubstr("PUBLICATION_NOT_SAFE"),
                               HasSubstr("PUBLICATION_NOTHING_LEFT")));
  }
  std::vector<std::string> files;
  for (const std::string& name : names) files.push_back(*FileOf(admin(), name));
  EXPECT_GT(Attack(files), 0);
}

}  // namespace
}  // namespace tsunagu::wire
