// Rules of the training service over several rows, with eight concurrent writers on every method: exactly one succeeds.
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "tests/wire/eight_writers.h"
#include "tests/wire/training_test_base.h"
#include "tsunagu/training/v1/permit_rule.pb.h"

namespace tsunagu::wire {
namespace {

using testing::ElementsAre;
using testing::Pair;
using training_v1::Curriculum;
using training_v1::PermitRule;

class TrainingWritersTest : public TrainingTest {
 protected:
  static std::string Outcome(const std::string& said) {
    return absl::StrContains(said, "PERIODS_OVERLAP") ? "overlap" : said;
  }
  template <typename M>
  static void SetDays(M& record, const std::string& from, const std::string& to) {
    *record.mutable_valid_from_date() = Day(from);
    *record.mutable_valid_to_date() = Day(to);
  }
  // Of one series; each has a name of its own.
  std::string Create(const std::string& id, const std::string& from, const std::string& to,
                     std::string* name = nullptr) {
    Curriculum curriculum;
    curriculum.set_display_name("見本");
    curriculum.set_series("one");
    auto& subject = *curriculum.add_subjects();
    subject.set_code("1");
    subject.set_display_name("講義");
    subject.set_method(Curriculum::METHOD_LECTURE);
    subject.set_minutes(60);
    SetDays(curriculum, from, to);
    const auto made = MakeCurriculum(curriculum, id);
    if (name != nullptr && made.ok()) *name = made->name();
    return Outcome(Said(made));
  }
  std::string Move(const std::string& name, const std::string& from, const std::string& to) {
    training_v1::UpdateCurriculumRequest request;
    request.mutable_curriculum()->set_name(name);
    SetDays(*request.mutable_curriculum(), from, to);
    for (const char* path : {"valid_from_date", "valid_to_date"}) request.mutable_update_mask()->add_paths(path);
    return Outcome(Said(Ask<Curriculum>("CurriculumService/UpdateCurriculum", request)));
  }
  // Of one prefecture.
  std::string CreateRule(const std::string& from, const std::string& to, std::string* name = nullptr) {
    training_v1::CreatePermitRuleRequest request;
    PermitRule& rule = *request.mutable_permit_rule();
    rule.set_prefecture("areas/310000");
    rule.set_any_client(PermitRule::UNIT_WORKER);
    rule.set_one_client(PermitRule::UNIT_WORKER);
    SetDays(rule, from, to);
    const auto made = Ask<PermitRule>("PermitRuleService/CreatePermitRule", request);
    if (name != nullptr && made.ok()) *name = made->name();
    return Outcome(Said(made));
  }
  std::string MoveRule(const std::string& name, const std::string& from, const std::string& to) {
    training_v1::UpdatePermitRuleRequest request;
    request.mutable_permit_rule()->set_name(name);
    SetDays(*request.mutable_permit_rule(), from, to);
    for (const char* path : {"valid_from_date", "valid_to_date"}) request.mutable_update_mask()->add_paths(path);
    return Outcome(Said(Ask<PermitRule>("PermitRuleService/UpdatePermitRule", request)));
  }
  // In a month of its own.
  static std::string First(int i) { return absl::StrCat("2051-0", i + 1, "-01"); }
  static std::string Last(int i) { return absl::StrCat("2051-0", i + 1, "-20"); }

  static constexpr char kFrom[] = "2060-01-01", kTo[] = "2060-01-31";  // what everybody wants
};
WIRE_TEST_ON_BOTH(TrainingWritersTest);

TEST_P(TrainingWritersTest, OfASeriesThereIsOneCurriculumOnADay) {
  EXPECT_THAT(EightAtOnce([&](int i) { return Create(absl::StrCat("c-", i), kFrom, kTo); }),
              ElementsAre(Pair("OK", 1), Pair("overlap", 7)));
  std::vector<std::string> own(8);
  for (int i = 0; i < 8; ++i) ASSERT_EQ(Create(absl::StrCat("m-", i), First(i), Last(i), &own[i]), "OK");
  EXPECT_THAT(EightAtOnce([&](int i) { return Move(own[i], "2061-01-01", "2061-01-31"); }),
              ElementsAre(Pair("OK", 1), Pair("overlap", 7)));
}

TEST_P(TrainingWritersTest, OfAPrefectureThereIsOnePermitRuleOnADay) {
  EXPECT_THAT(EightAtOnce([&](int) { return CreateRule(kFrom, kTo); }), ElementsAre(Pair("OK", 1), Pair("overlap", 7)));
  std::vector<std::string> own(8);
  for (int i = 0; i < 8; ++i) ASSERT_EQ(CreateRule(First(i), Last(i), &own[i]), "OK");
  EXPECT_THAT(EightAtOnce([&](int i) { return MoveRule(own[i], "2061-01-01", "2061-01-31"); }),
              ElementsAre(Pair("OK", 1), Pair("overlap", 7)));
}

}  // namespace
}  // namespace tsunagu::wire
