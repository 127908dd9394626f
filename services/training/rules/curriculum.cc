#include "services/training/rules/curriculum.h"

#include <algorithm>
#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "common/jp/civil_day.h"
#include "common/jp/fiscal_year.h"
#include "google/protobuf/util/message_differencer.h"

namespace tsunagu::training::rules {
namespace {

std::string At(const char* field, int index, const char* part) { return absl::StrCat(field, "[", index, "].", part); }

const v1::Curriculum::Subject* FindSubject(const v1::Curriculum& curriculum, const std::string& code) {
  const auto found = std::find_if(curriculum.subjects().begin(), curriculum.subjects().end(),
                                  [&](const v1::Curriculum::Subject& subject) { return subject.code() == code; });
  return found == curriculum.subjects().end() ? nullptr : &*found;
}

// A teacher of a subject must have one of the licences that it requires.
bool MayTeach(const v1::Session::Lesson& lesson, const v1::Curriculum::Subject& subject) {
  if (subject.teachers().empty()) return true;
  return !lesson.teachers().empty() &&
         std::all_of(lesson.teachers().begin(), lesson.teachers().end(), [&](int licence) {
           return std::find(subject.teachers().begin(), subject.teachers().end(), licence) != subject.teachers().end();
         });
}

void CheckTimes(const v1::Session& session, Faults& faults) {
  if (session.mode() == v1::Session::MODE_ON_DEMAND) return;
  if (session.end_minute() <= session.start_minute())
    return faults.Add("end_minute", "SESSION_ENDS_BEFORE_START"_reason);
  int minutes = 0;
  for (const v1::Session::Lesson& lesson : session.lessons()) minutes += lesson.minutes();
  const int lasts = session.end_minute() - session.start_minute();
  if (minutes > lasts) {
    faults.Add("lessons", "LESSONS_LONGER_THAN_SESSION"_reason,
               {{"lessons", absl::StrCat(minutes)}, {"session", absl::StrCat(lasts)}});
  }
}

}  // namespace

void CheckCurriculum(const v1::Curriculum& curriculum, Faults& faults) {
  std::set<std::string> codes;
  for (int i = 0; i < curriculum.subjects_size(); ++i) {
    const v1::Curriculum::Subject& subject = curriculum.subjects(i);
    for (const std::string& before : subject.after()) {
      // A stage must not wait for a later one: nobody could ever complete such a curriculum.
      const v1::Curriculum::Subject* first = FindSubject(curriculum, before);
      const bool is_later = curriculum.staged() && first != nullptr && first->method() > subject.method();
      if (codes.count(before) == 0 || is_later) {
        faults.Add(At("subjects", i, "after"), "SUBJECT_AFTER_UNKNOWN"_reason, {{"subject", before}});
      }
    }
    if (!codes.insert(subject.code()).second) {
      faults.Add(At("subjects", i, "code"), "CODE_REPEATED"_reason, {{"code", subject.code()}});
    }
  }
  std::set<std::string> tests;
  for (int i = 0; i < curriculum.tests_size(); ++i) {
    if (!tests.insert(curriculum.tests(i).code()).second) {
      faults.Add(At("tests", i, "code"), "CODE_REPEATED"_reason, {{"code", curriculum.tests(i).code()}});
    }
  }
  std::set<int> acts;
  for (int i = 0; i < curriculum.acts_size(); ++i) {
    const v1::Curriculum::ActRule& rule = curriculum.acts(i);
    if (!acts.insert(rule.act()).second) {
      faults.Add(At("acts", i, "act"), "CODE_REPEATED"_reason, {{"code", v1::Act_Name(rule.act())}});
    }
    if (rule.exercises() == 0 && rule.tries() == 0 && !rule.until_judged_sound()) {
      faults.Add(At("acts", i, "act"), "ACT_ASKS_NOTHING"_reason);
    }
    if (rule.last_successes() > rule.tries()) {
      faults.Add(At("acts", i, "last_successes"), "OUT_OF_RANGE"_reason,
                 {{"min", "0"}, {"max", absl::StrCat(rule.tries())}});
    }
  }
}

bool AsksTheSame(const v1::Curriculum& before, const v1::Curriculum& after) {
  v1::Curriculum old_rule = before;
  v1::Curriculum new_rule = after;
  for (v1::Curriculum* rule : {&old_rule, &new_rule}) {
    rule->clear_display_name();
    rule->clear_source();
    rule->clear_trains();
    rule->clear_skills();
    rule->clear_valid_from_date();
    rule->clear_valid_to_date();
    rule->clear_create_time();
    rule->clear_update_time();
    rule->clear_etag();
  }
  return google::protobuf::util::MessageDifferencer::Equals(old_rule, new_rule);
}

bool GivesTheSame(const v1::Session& before, const v1::Session& after) {
  const auto same = [](const google::protobuf::Message& a, const google::protobuf::Message& b) {
    return google::protobuf::util::MessageDifferencer::Equals(a, b);
  };
  return before.start_minute() == after.start_minute() && before.end_minute() == after.end_minute() &&
         before.mode() == after.mode() && same(before.held_date(), after.held_date()) &&
         std::equal(before.lessons().begin(), before.lessons().end(), after.lessons().begin(), after.lessons().end(),
                    same);
}

void CheckCourse(const v1::Course& course, const v1::Curriculum& curriculum, Faults& faults) {
  for (int i = 0; i < course.hosts_size(); ++i) {
    const auto here = course.hosts().begin() + i;
    if (std::find(course.hosts().begin(), here, *here) != here) {
      faults.Add(absl::StrCat("hosts[", i, "]"), "CODE_REPEATED"_reason, {{"code", *here}});
    }
  }
  if (!jp::CheckDate(course.start_date()).ok() || !jp::CheckDate(course.end_date()).ok()) return;  // already reported
  const jp::CivilDay first = jp::DayOf(course.start_date());
  const jp::CivilDay last = jp::DayOf(course.end_date());
  if (last < first) faults.Add("end_date", "PERIOD_ENDS_BEFORE_START"_reason);
  const bool closes = course.has_nomination_end_date() && jp::CheckDate(course.nomination_end_date()).ok();
  if (closes && jp::DayOf(course.nomination_end_date()) > last) {
    faults.Add("nomination_end_date", "NOMINATIONS_AFTER_COURSE"_reason);
  }
  if (!jp::FiscalYear(course.fiscal_year()).Contains(first)) {
    faults.Add("start_date", "COURSE_OUTSIDE_FISCAL_YEAR"_reason, {{"year", absl::StrCat(course.fiscal_year())}});
  }
  const bool too_early = curriculum.has_valid_from_date() && first < jp::DayOf(curriculum.valid_from_date());
  const bool too_late = curriculum.has_valid_to_date() && first > jp::DayOf(curriculum.valid_to_date());
  if (too_early || too_late) faults.Add("curriculum", "CURRICULUM_NOT_IN_FORCE"_reason);
}

void CheckSession(const v1::Session& session, const v1::Course& course, const v1::Curriculum& curriculum,
                  Faults& faults) {
  CheckTimes(session, faults);
  if (jp::CheckDate(session.held_date()).ok()) {
    const jp::CivilDay day = jp::DayOf(session.held_date());
    if (day < jp::DayOf(course.start_date()) || day > jp::DayOf(course.end_date())) {
      faults.Add("held_date", "SESSION_OUTSIDE_COURSE"_reason,
                 {{"first", jp::FormatIso(jp::DayOf(course.start_date()))},
                  {"last", jp::FormatIso(jp::DayOf(course.end_date()))}});
    }
  }
  std::set<std::string> subjects;
  for (int i = 0; i < session.lessons_size(); ++i) {
    const v1::Session::Lesson& lesson = session.lessons(i);
    const v1::Curriculum::Subject* subject = FindSubject(curriculum, lesson.subject());
    if (subject == nullptr) {
      faults.Add(At("lessons", i, "subject"), "SUBJECT_UNKNOWN"_reason, {{"subject", lesson.subject()}});
    } else if (!MayTeach(lesson, *subject)) {
      faults.Add(At("lessons", i, "teachers"), "TEACHER_WITHOUT_LICENCE"_reason, {{"subject", lesson.subject()}});
    }
    if (!subjects.insert(lesson.subject()).second) {
      faults.Add(At("lessons", i, "subject"), "CODE_REPEATED"_reason, {{"code", lesson.subject()}});
    }
  }
}

bool GroupsTheSame(const v1::Session& before, const v1::Session& after) {
  return before.group_size() == after.group_size() &&
         std::equal(
             before.groups().begin(), before.groups().end(), after.groups().begin(), after.groups().end(),
             [](const auto& a, const auto& b) { return google::protobuf::util::MessageDifferencer::Equals(a, b); });
}

void CheckGroups(const v1::Session& session, const std::set<std::string>& accepted, Faults& faults) {
  std::set<std::string> labels, members;
  for (int i = 0; i < session.groups_size(); ++i) {
    const v1::Session::Group& group = session.groups(i);
    if (!labels.insert(group.label()).second) {
      faults.Add(At("groups", i, "label"), "CODE_REPEATED"_reason, {{"code", group.label()}});
    }
    if (session.group_size() > 0 && group.enrollments_size() > session.group_size()) {
      faults.Add(At("groups", i, "enrollments"), "GROUP_TOO_LARGE"_reason,
                 {{"size", absl::StrCat(session.group_size())}});
    }
    for (const std::string& member : group.enrollments()) {
      if (accepted.count(member) == 0) {
        faults.Add(At("groups", i, "enrollments"), "GROUP_MEMBER_UNKNOWN"_reason, {{"name", member}});
      } else if (!members.insert(member).second) {
        faults.Add(At("groups", i, "enrollments"), "CODE_REPEATED"_reason, {{"code", member}});
      }
    }
  }
}

}  // namespace tsunagu::training::rules
