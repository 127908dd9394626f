#include "services/training/rules/line.h"

#include <algorithm>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"
#include "tsunagu/options.pb.h"

namespace tsunagu::training::rules {
namespace {

const google::protobuf::EnumValueDescriptor& ValueOf(v1::Act act) {
  const auto* value = v1::Act_descriptor()->FindValueByNumber(act);
  return value == nullptr ? *v1::Act_descriptor()->FindValueByNumber(v1::ACT_UNSPECIFIED) : *value;
}

// For requirements that count how often something was done.
void AddTimes(const Uncounted& uncounted, v1::Progress::Line& line) {
  if (line.met()) return;
  if (uncounted.early > 0) {
    absl::StrAppend(line.mutable_ja(), "（先に必要な科目や試験を終える前の", uncounted.early, "回は数えません）");
    absl::StrAppend(line.mutable_en(), " (", uncounted.early, " before what comes first was done do not count)");
  }
  if (uncounted.late > 0) {
    absl::StrAppend(line.mutable_ja(), "（期限を過ぎてからの", uncounted.late, "回は数えません）");
    absl::StrAppend(line.mutable_en(), " (", uncounted.late, " after the months for it do not count)");
  }
}

void AddMinutes(const Uncounted& uncounted, v1::Progress::Line& line) {
  if (line.met()) return;
  if (uncounted.in_part > 0) {
    absl::StrAppend(line.mutable_ja(), "（一部だけ受講した", uncounted.in_part, "分は算入されません）");
    absl::StrAppend(line.mutable_en(), " (", uncounted.in_part, " of lessons taken in part do not count)");
  }
  if (uncounted.early > 0) {
    absl::StrAppend(line.mutable_ja(), "（先に必要な科目や試験を終える前の", uncounted.early, "分は算入されません）");
    absl::StrAppend(line.mutable_en(), " (", uncounted.early, " before what comes first was done do not count)");
  }
}

v1::Progress::Line Line(const char* rule, const std::string& of, bool met, std::string ja, std::string en) {
  v1::Progress::Line line;
  line.set_rule(rule);
  line.set_of(of);
  line.set_met(met);
  line.set_ja(std::move(ja));
  line.set_en(std::move(en));
  return line;
}

}  // namespace

std::string JapaneseOf(v1::Act act) { return ValueOf(act).options().GetExtension(tsunagu::ja); }

std::string EnglishOf(v1::Act act) {
  const std::string word = absl::AsciiStrToLower(absl::StripPrefix(ValueOf(act).name(), "ACT_"));
  return absl::StrReplaceAll(word, {{"_", " "}});
}

v1::Progress::Line LineOf(const v1::Curriculum::Subject& subject, const v1::Progress::Minutes& minutes,
                          const Uncounted& uncounted) {
  const int missing = minutes.required() - minutes.earned();
  v1::Progress::Line line =
      Line("SUBJECT_MINUTES", subject.code(), minutes.has_complete_date(),
           absl::StrCat("科目「", subject.display_name(), "」：必要", minutes.required(), "分、修得", minutes.earned(),
                        "分", missing > 0 ? absl::StrCat("、不足", missing, "分") : ""),
           absl::StrCat(subject.display_name(), ": ", minutes.required(), " minutes required, ", minutes.earned(),
                        " earned", missing > 0 ? absl::StrCat(", ", missing, " missing") : ""));
  AddMinutes(uncounted, line);
  return line;
}

v1::Progress::Line LineOf(const v1::Curriculum::TestRule& rule, const v1::Progress::Test& test,
                          const Uncounted& uncounted) {
  v1::Progress::Line line = Line("TEST", rule.code(), test.has_pass_date(),
                                 absl::StrCat("「", rule.display_name(), "」：", rule.questions(), "問中",
                                              test.required(), "問以上で合格、最高", test.best(), "問"),
                                 absl::StrCat(rule.display_name(), ": ", test.required(), " of ", rule.questions(),
                                              " right to pass, best result ", test.best()));
  AddTimes(uncounted, line);
  return line;
}

v1::Progress::Line ExerciseLineOf(const v1::Curriculum::ActRule& rule, const v1::Progress::Practice& practice,
                                  const Uncounted& uncounted) {
  v1::Progress::Line line =
      Line("EXERCISES", v1::Act_Name(rule.act()), practice.has_exercise_date(),
           absl::StrCat("演習「", JapaneseOf(rule.act()), "」：", rule.exercises(),
                        "回以上、最後の回を手順どおりに実施すること。実施", practice.exercises(), "回"),
           absl::StrCat("Exercise, ", EnglishOf(rule.act()), ": ", rule.exercises(),
                        " times or more, the last one in order; done ", practice.exercises(), " times"));
  AddTimes(uncounted, line);
  return line;
}

v1::Progress::Line PracticumLineOf(const v1::Curriculum::ActRule& rule, const v1::Progress::Practice& practice,
                                   const Uncounted& uncounted) {
  std::string ja = absl::StrCat("実地研修「", JapaneseOf(rule.act()), "」：");
  std::string en = absl::StrCat("Practicum, ", EnglishOf(rule.act()), ": ");
  if (rule.tries() > 0) {
    absl::StrAppend(&ja, rule.tries(), "回以上、成功", rule.success_percent(), "％以上、最後の", rule.last_successes(),
                    "回連続成功。");
    absl::StrAppend(&en, rule.tries(), " times or more, ", rule.success_percent(), " % successful, the last ",
                    rule.last_successes(), " in a row; ");
  }
  if (rule.until_judged_sound()) {
    absl::StrAppend(&ja, "指導看護師等が修得と判断するまで。");
    absl::StrAppend(&en, "until the supervising nurse judges it sound; ");
  }
  absl::StrAppend(&ja, "実施", practice.tries(), "回、成功", practice.successes(), "回、最後の連続成功",
                  practice.last_successes(), "回");
  absl::StrAppend(&en, "done ", practice.tries(), " times, ", practice.successes(), " successful, the last ",
                  practice.last_successes(), " in a row");
  v1::Progress::Line line =
      Line("PRACTICUM", v1::Act_Name(rule.act()), practice.has_practicum_date(), std::move(ja), std::move(en));
  AddTimes(uncounted, line);
  return line;
}

}  // namespace tsunagu::training::rules
