#include "services/registry/rules/survey.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"

namespace tsunagu::registry::rules {
namespace {

using Form = v1::SurveyForm;
using Response = v1::SurveyResponse;

template <typename M>
M Read(const std::string& text) {
  M message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message)) << text;
  return message;
}

std::string Told(const Faults& faults) {
  std::string told;
  for (const Fault& fault : faults.all()) absl::StrAppend(&told, " ", fault.field(), ":", ReasonWord(fault));
  return told;
}

Form Asked() {
  return Read<Form>(R"pb(
    items { code: "placing" label: "配置の有無" kind: KIND_YES_NO required: true indicator: INDICATOR_PLACING }
    items { code: "persons" label: "配置人数" kind: KIND_NUMBER indicator: INDICATOR_PERSONS }
    items { code: "own" label: "直営" kind: KIND_NUMBER }
    items { code: "given" label: "委託" kind: KIND_NUMBER }
    items { code: "since" label: "開始日" kind: KIND_DATE }
    items { code: "remarks" label: "特記事項" kind: KIND_TEXT }
    items { code: "way" label: "方法" kind: KIND_CHOICE choices: "単独" choices: "共同" }
    totals { item: "persons" parts: "own" parts: "given" }
    checks { rule: RULE_AT_MOST item: "own" other: "persons" }
    checks { rule: RULE_REQUIRED_IF item: "since" other: "way" value: "共同" }
    checks { rule: RULE_REQUIRED_IF item: "remarks" other: "given" }
    checks { rule: RULE_EQUAL item: "since" other: "until" }
    items { code: "until" label: "終了日" kind: KIND_DATE }
  )pb");
}

TEST(SurveyTest, FormsThatCannotBeAsked) {
  const struct {
    const char* what;
    const char* more;
    const char* told;
  } kCases[] = {
      {"nothing is wrong", "", ""},
      {"an item twice", "items { code: 'own' kind: KIND_TEXT }", " items[8].code:SURVEY_ITEM_REPEATED"},
      {"a sum of nothing", "totals { item: 'all' parts: 'own' }", " totals[1].item:SURVEY_ITEM_UNKNOWN"},
      {"a part that is none", "totals { item: 'own' parts: 'x' }", " totals[1].parts[0]:SURVEY_ITEM_UNKNOWN"},
      {"a part that is a text", "totals { item: 'own' parts: 'remarks' }",
       " totals[1].parts[0]:SURVEY_TOTAL_OF_NO_NUMBER"},
      {"a part twice", "totals { item: 'persons' parts: 'own' parts: 'own' }",
       " totals[1].parts[1]:SURVEY_ITEM_REPEATED"},
      {"one choice", "items { code: 'x' kind: KIND_CHOICE choices: '単独' }", " items[8].choices:SURVEY_CHOICES_UNFIT"},
      {"a choice twice", "items { code: 'x' kind: KIND_CHOICE choices: 'a' choices: 'a' }",
       " items[8].choices:SURVEY_CHOICES_UNFIT"},
      {"a choice with a comma", "items { code: 'x' kind: KIND_CHOICE choices: 'a,b' choices: 'c' }",
       " items[8].choices:SURVEY_CHOICES_UNFIT"},
      {"choices of a number", "items { code: 'x' kind: KIND_NUMBER choices: 'a' choices: 'b' }",
       " items[8].choices:SURVEY_CHOICES_UNFIT"},
      {"a check of nothing", "checks { rule: RULE_EQUAL item: 'x' other: 'y' }",
       " checks[4].item:SURVEY_ITEM_UNKNOWN checks[4].other:SURVEY_ITEM_UNKNOWN"},
      {"a check of one", "checks { rule: RULE_EQUAL item: 'own' other: 'own' }", " checks[4]:SURVEY_CHECK_UNFIT"},
      {"a text at most a number", "checks { rule: RULE_AT_MOST item: 'remarks' other: 'own' }",
       " checks[4]:SURVEY_CHECK_UNFIT"},
      {"its own part", "totals { item: 'own' parts: 'own' }", " totals[1].parts[0]:SURVEY_ITEM_REPEATED"},
  };
  for (const auto& c : kCases) {
    Form form = Asked();
    form.MergeFrom(Read<Form>(c.more));
    Faults faults;
    CheckForm(form, faults);
    EXPECT_EQ(Told(faults), c.told) << c.what;
  }
}

TEST(SurveyTest, AnswersThatAreNone) {
  const struct {
    const char* item;
    const char* value;
    const char* told;
  } kCases[] = {
      {"persons", "0", ""},
      {"persons", "999999999999", ""},
      {"persons", "", ""},
      {"persons", "1000000000000", " answers[0].value:ANSWER_NOT_A_NUMBER"},
      {"persons", "-1", " answers[0].value:ANSWER_NOT_A_NUMBER"},
      {"persons", "1.5", " answers[0].value:ANSWER_NOT_A_NUMBER"},
      {"persons", "三", " answers[0].value:ANSWER_NOT_A_NUMBER"},
      {"placing", "1", ""},
      {"placing", "2", " answers[0].value:ANSWER_NOT_YES_OR_NO"},
      {"since", "2026-02-28", ""},
      {"since", "2026-02-29", " answers[0].value:ANSWER_NOT_A_DAY"},
      {"since", "2026/2/1", " answers[0].value:ANSWER_NOT_A_DAY"},
      {"remarks", "特になし", ""},
      {"way", "共同", ""},
      {"way", "別", " answers[0].value:ANSWER_NO_CHOICE"},
      {"other", "1", " answers[0].item:SURVEY_ITEM_UNKNOWN"},
  };
  for (const auto& c : kCases) {
    Response response;
    response.add_answers()->set_item(c.item);
    response.mutable_answers(0)->set_value(c.value);
    Faults faults;
    CheckAnswers(Asked(), response, faults);
    EXPECT_EQ(Told(faults), c.told) << c.item << " " << c.value;
  }
  Faults twice;
  CheckAnswers(Asked(), Read<Response>("answers { item: 'own' value: '1' } answers { item: 'own' value: '1' }"), twice);
  EXPECT_EQ(Told(twice), " answers[1].item:SURVEY_ITEM_REPEATED");
}

TEST(SurveyTest, WhatIsHandedInIsComplete) {
  const struct {
    const char* what;
    const char* answers;
    const char* told;
  } kCases[] = {
      {"all of it", "placing=1 persons=3 own=1 given=2 remarks=a", ""},
      {"a blank part is 0", "placing=1 persons=3 own=3", ""},
      {"no sum is said", "placing=0 own=3", ""},
      {"what is asked is blank", "persons=0", " answers:ANSWER_MISSING"},
      {"one too many", "placing=1 persons=4 own=1 given=2 remarks=a", " answers:TOTAL_DIFFERS"},
      {"more than all", "placing=1 persons=0 own=1", " answers:TOTAL_DIFFERS answers:ANSWER_ABOVE_OTHER"},
      {"asked for by a choice", "placing=1 way=共同", " answers:ANSWER_MISSING_THEN"},
      {"not by another", "placing=1 way=単独", ""},
      {"asked for by a number", "placing=1 given=1", " answers:ANSWER_MISSING_THEN"},
      {"not by 0", "placing=1 given=0", ""},
      {"not the same", "placing=1 since=2026-04-01 until=2026-04-02", " answers:ANSWERS_UNEQUAL"},
      {"one of them is said", "placing=1 since=2026-04-01", ""},
      {"both", "persons=4", " answers:ANSWER_MISSING answers:TOTAL_DIFFERS"},
  };
  for (const auto& c : kCases) {
    Response response;
    for (const absl::string_view one : absl::StrSplit(c.answers, ' ')) {
      const std::vector<std::string> parts = absl::StrSplit(one, '=');
      response.add_answers()->set_item(parts[0]);
      response.mutable_answers(response.answers_size() - 1)->set_value(parts[1]);
    }
    Faults faults;
    CheckComplete(Asked(), response, faults);
    EXPECT_EQ(Told(faults), c.told) << c.what;
  }
}

TEST(SurveyTest, OfAFileFaultsNameTheirCells) {
  const Response response =
      Read<Response>("answers { item: 'placing' value: '1' } answers { item: 'persons' value: '3' }");
  Faults faults;
  CheckComplete(Asked(), response, faults, [](const Form::Item& item) { return "D" + item.code(); });
  EXPECT_EQ(Told(faults), " Dpersons:TOTAL_DIFFERS");
  EXPECT_EQ(faults.all()[0].args().at("label"), "配置人数（Dpersons）");
  EXPECT_EQ(faults.all()[0].args().at("parts"), "直営（Down）、委託（Dgiven）");
  Faults none;
  CheckComplete(Without(Asked(), {"own"}), response, none);
  EXPECT_EQ(Told(none), "") << "of what cannot be read, nothing else is said";
}

TEST(SurveyTest, AnswersSayWhereTheyComeFrom) {
  const BodyCounts counts = {{{"a", {"p2"}}, {"b", {"p1", "p3"}}, {"c", {"p1"}}}, {}, {"a"}};
  Response response = Read<Response>("answers { item: 'persons' value: '4' } answers { item: 'own' value: '4' }");
  Complete(Asked(), counts, false, response);
  ASSERT_EQ(response.answers_size(), 8);
  EXPECT_EQ(response.answers(0).item(), "placing");
  EXPECT_EQ(response.answers(0).counted(), "1");
  EXPECT_EQ(response.answers(0).value(), "");
  EXPECT_EQ(response.answers(0).provenance(), Response::PROVENANCE_UNSPECIFIED);
  EXPECT_EQ(response.answers(1).counted(), "3");
  EXPECT_THAT(response.answers(1).rows(), testing::ElementsAre("p1", "p2", "p3"));
  EXPECT_EQ(response.answers(1).provenance(), Response::PROVENANCE_ATTESTED);
  EXPECT_EQ(response.answers(2).provenance(), Response::PROVENANCE_ATTESTED) << "nothing is counted for it";
  Complete(Asked(), counts, true, response);
  EXPECT_EQ(response.answers(0).value(), "1");
  EXPECT_EQ(response.answers(0).provenance(), Response::PROVENANCE_ROWS);
  EXPECT_EQ(response.answers(1).value(), "4") << "what is answered stays";
}

TEST(SurveyTest, ATotalOfBothKindsIsMixed) {
  auto form = Asked();
  form.mutable_items(2)->set_indicator(v1::SurveyForm::INDICATOR_TRAINED_PERSONS);  // own, a part of persons
  const BodyCounts counts = {{{"a", {"p"}}, {"b", {"p"}}}, {}, {"a"}};
  const auto provenance = [&](const std::string& answers) {
    Response response = Read<Response>(answers);
    Complete(form, counts, false, response);
    return Response::Provenance_Name(response.answers(1).provenance());
  };
  const std::string total = "answers { item: 'persons' value: '2' } ";
  EXPECT_EQ(provenance(total + "answers { item: 'own' value: '1' } answers { item: 'given' value: '1' }"),
            "PROVENANCE_MIXED");
  EXPECT_EQ(provenance(total + "answers { item: 'own' value: '1' }"), "PROVENANCE_ROWS");
  EXPECT_EQ(provenance(total + "answers { item: 'given' value: '2' }"), "PROVENANCE_ROWS")
      << "what was counted is counted";
  EXPECT_EQ(provenance("answers { item: 'own' value: '1' } answers { item: 'given' value: '1' }"),
            "PROVENANCE_UNSPECIFIED");
}

TEST(SurveyTest, TheStepsInTheirOrder) {
  const struct {
    const char* from;
    const char* may_become;
  } kCases[] = {
      {"STATE_UNSPECIFIED", " STATE_DRAFT"},
      {"STATE_DRAFT", " STATE_SUBMITTED"},
      {"STATE_SUBMITTED", " STATE_RETURNED STATE_ACCEPTED"},
      {"STATE_RETURNED", " STATE_SUBMITTED"},
      {"STATE_ACCEPTED", " STATE_RETURNED"},
  };
  for (const auto& c : kCases) {
    Response::State from;
    ASSERT_TRUE(Response::State_Parse(c.from, &from));
    std::string may;
    for (int to = Response::State_MIN; to <= Response::State_MAX; ++to) {
      const auto state = static_cast<Response::State>(to);
      if (MayGo(from, state)) absl::StrAppend(&may, " ", Response::State_Name(state));
    }
    EXPECT_EQ(may, c.may_become) << c.from;
  }
}

}  // namespace
}  // namespace tsunagu::registry::rules
