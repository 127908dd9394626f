#include "services/training/report.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/contract/schema.h"
#include "services/peers/registry_places.h"
#include "services/training/evidence.h"
#include "services/training/names.h"
#include "services/training/rules/viewing.h"
#include "tsunagu/training/v1/attendance.pb.h"
#include "tsunagu/training/v1/certificate.pb.h"
#include "tsunagu/training/v1/course.pb.h"
#include "tsunagu/training/v1/curriculum.pb.h"
#include "tsunagu/training/v1/enrollment.pb.h"
#include "tsunagu/training/v1/session.pb.h"
#include "tsunagu/training/v1/viewing.pb.h"

namespace tsunagu::training {
namespace {

using contract::Where;
using platform::v1::FigureRow;

v1::TrainingPopulation PopulationOf(const std::string& trains) {
  v1::Curriculum::Trains known = v1::Curriculum::TRAINS_UNSPECIFIED;
  v1::Curriculum::Trains_Parse(trains, &known);
  switch (known) {
    case v1::Curriculum::TRAINS_COORDINATORS:
      return v1::TRAINING_POPULATION_COORDINATORS;
    case v1::Curriculum::TRAINS_NURSES:
      return v1::TRAINING_POPULATION_NURSES;
    case v1::Curriculum::TRAINS_CARE_WORKERS:
      return v1::TRAINING_POPULATION_CARE_WORKERS;
    case v1::Curriculum::TRAINS_SUPPORTERS:
      return v1::TRAINING_POPULATION_SUPPORTERS;
    default:
      return v1::TRAINING_POPULATION_ALL;
  }
}

FigureRow RowOf(const std::string& name, int64_t value) {
  FigureRow row;
  row.set_resource_name(name);
  row.set_value(value);
  return row;
}

// The numbers of one population in one group.
struct Numbers {
  std::set<std::string> courses;
  std::vector<FigureRow> learners, completions, facts;
  int64_t minutes = 0;
};

class Counter {
 public:
  Counter(ReportRun& run, const v1::GetTrainingReportRequest& request, const peers::RegistryPlaces& places)
      : run_(run), request_(request), places_(places) {}

  absl::Status ReadCourses();
  absl::Status ReadEnrollments();
  absl::Status ReadCompletions();
  absl::Status ReadAttendances();
  absl::Status ReadViewings();
  void Say();

 private:
  struct Course {
    v1::TrainingPopulation population;
    int64_t fiscal_year;
  };
  using Group = std::string;  // "" for the total

  // The numbers in which a record of a course counts that a body nominated for; without a body: the course itself.
  std::vector<Numbers*> At(const Course& course, const std::string& body);
  void AddMinutes(const std::string& enrollment, const std::string& fact, int64_t minutes);
  // What one learner viewed, by name of the viewing; `given`: the minutes of a session's subject.
  using Lesson = std::pair<std::string, std::string>;
  void AddViewed(const std::vector<std::string>& viewings, const std::vector<rules::Watched>& watched,
                 const std::map<Lesson, int32_t>& given);
  bool IsPast(const std::string& day) const { return day <= jp::FormatIso(run_.day()); }

  ReportRun& run_;
  const v1::GetTrainingReportRequest& request_;
  const peers::RegistryPlaces& places_;
  std::map<std::string, Course> courses_;
  std::map<std::string, std::vector<Numbers*>> enrollments_;  // where each counts
  std::map<Group, std::map<v1::TrainingPopulation, Numbers>> numbers_;
  std::map<Group, tsunagu::Group> groups_;
};

std::vector<Numbers*> Counter::At(const Course& course, const std::string& body) {
  std::vector<Group> groups = {""};
  if (request_.group_by() == v1::TRAINING_GROUPING_BODIES && !body.empty()) {
    groups.push_back(body);
    groups_[body] = {body, places_.DisplayNameOf(body)};
  }
  if (request_.group_by() == v1::TRAINING_GROUPING_FISCAL_YEARS) {
    groups.push_back(absl::StrCat("fiscalYears/", course.fiscal_year));
    groups_[groups.back()] = {groups.back(), absl::StrCat(course.fiscal_year)};
  }
  std::vector<Numbers*> at;
  for (const Group& group : groups) {
    at.push_back(&numbers_[group][v1::TRAINING_POPULATION_ALL]);
    if (course.population != v1::TRAINING_POPULATION_ALL) at.push_back(&numbers_[group][course.population]);
  }
  return at;
}

absl::Status Counter::ReadCourses() {
  std::map<std::string, v1::TrainingPopulation> curricula;
  RETURN_IF_ERROR(run_.ScanEver<v1::Curriculum>({}, {"trains"}, [&](const store::Cells& curriculum) {
    curricula[curriculum.name()] = PopulationOf(curriculum.Text(0));
    return absl::OkStatus();
  }));
  const Where wanted = request_.fiscal_year() == 0 ? Where() : Where("fiscal_year", int64_t{request_.fiscal_year()});
  return run_.ScanEver<v1::Course>(wanted, {"curriculum", "fiscal_year", "start_date"}, [&](const store::Cells& row) {
    if (!IsPast(row.Text(2))) return absl::OkStatus();
    Course course{curricula[row.Text(0)], 0};
    if (!absl::SimpleAtoi(row.Text(1), &course.fiscal_year)) return absl::DataLossError("fiscal year of a course");
    courses_.emplace(row.name(), course);
    if (run_.is_narrowed()) return absl::OkStatus();  // it counts where somebody takes part
    for (Numbers* numbers : At(course, "")) numbers->courses.insert(row.name());
    return absl::OkStatus();
  });
}

absl::Status Counter::ReadEnrollments() {
  return run_.Scan<v1::Enrollment>(
      Where("state", v1::Enrollment::STATE_ACCEPTED), {"nominating_body"}, [&](const store::Cells& row) {
        const auto course = courses_.find(ParentOf(row.name()));
        if (course == courses_.end() || !run_.Covers(row.Text(0))) return absl::OkStatus();
        const std::vector<Numbers*>& at = enrollments_[row.name()] = At(course->second, row.Text(0));
        for (Numbers* numbers : at) {
          numbers->courses.insert(course->first);
          numbers->learners.push_back(RowOf(row.name(), 1));
        }
        return absl::OkStatus();
      });
}

absl::Status Counter::ReadCompletions() {
  return run_.Scan<v1::Certificate>(Where("state", v1::Certificate::STATE_ISSUED), {"enrollment", "completion_date"},
                                    [&](const store::Cells& row) {
                                      const auto enrollment = enrollments_.find(row.Text(0));
                                      if (enrollment == enrollments_.end() || !IsPast(row.Text(1)))
                                        return absl::OkStatus();
                                      for (Numbers* numbers : enrollment->second)
                                        numbers->completions.push_back(RowOf(row.name(), 1));
                                      return absl::OkStatus();
                                    });
}

absl::Status Counter::ReadAttendances() {
  std::set<std::string> held;
  RETURN_IF_ERROR(run_.ScanEver<v1::Session>({}, {"held_date"}, [&](const store::Cells& session) {
    if (IsPast(session.Text(0))) held.insert(session.name());
    return absl::OkStatus();
  }));
  struct Attended {
    std::string name;
    int64_t minutes;
  };
  std::vector<Attended> attended;
  std::set<std::string> replaced;
  RETURN_IF_ERROR(run_.Scan<v1::Attendance>({}, {"session", "minutes", "replaces"}, [&](const store::Cells& row) {
    if (!row.Text(2).empty()) replaced.insert(row.Text(2));
    if (held.count(row.Text(0)) == 0) return absl::OkStatus();
    Attended one{row.name(), 0};
    if (!row.Text(1).empty() && !absl::SimpleAtoi(row.Text(1), &one.minutes)) {
      return absl::DataLossError("minutes of an attendance");
    }
    attended.push_back(std::move(one));
    return absl::OkStatus();
  }));
  for (const Attended& one : attended) {
    if (replaced.count(one.name) == 0) AddMinutes(ParentOf(one.name), one.name, one.minutes);
  }
  return absl::OkStatus();
}

void Counter::AddMinutes(const std::string& enrollment, const std::string& fact, int64_t minutes) {
  const auto at = enrollments_.find(enrollment);
  if (at == enrollments_.end()) return;
  for (Numbers* numbers : at->second) {
    numbers->minutes += minutes;
    if (run_.explains()) numbers->facts.push_back(RowOf(fact, minutes));
  }
}

void Counter::AddViewed(const std::vector<std::string>& viewings, const std::vector<rules::Watched>& watched,
                        const std::map<Lesson, int32_t>& given) {
  std::map<std::pair<std::string, Lesson>, int32_t> seen;  // by enrollment
  std::map<std::string, int32_t> minutes;                  // by viewing
  for (const rules::Credit& credit : rules::CreditOf(watched)) {
    if (credit.day > run_.day()) continue;
    const Lesson lesson(watched[credit.watched].session, watched[credit.watched].subject);
    const auto whole = given.find(lesson);
    if (whole == given.end()) continue;
    int32_t& so_far = seen[{ParentOf(viewings[credit.watched]), lesson}];
    const int32_t counts = std::min(credit.minutes, whole->second - so_far);
    so_far += counts;
    minutes[viewings[credit.watched]] += counts;
  }
  for (const auto& [viewing, counted] : minutes) AddMinutes(ParentOf(viewing), viewing, counted);
}

// Each minute of a learner counts once, regardless of which of her enrollments the caller may see.
absl::Status Counter::ReadViewings() {
  std::map<Lesson, int32_t> given;
  // The minutes of a session do not change once it was viewed.
  RETURN_IF_ERROR(run_.Now<v1::Session>().ForEach({}, [&](const v1::Session& session) {
    for (const auto& lesson : session.lessons()) given[{session.name(), lesson.subject()}] = lesson.minutes();
    return absl::OkStatus();
  }));
  std::map<std::string, std::string> learners;
  RETURN_IF_ERROR(run_.ScanAll<v1::Enrollment>({}, {"learner"}, [&](const store::Cells& enrollment) {
    learners[enrollment.name()] = enrollment.Text(0);
    return absl::OkStatus();
  }));
  std::map<std::string, rules::Watched> viewings;
  std::set<std::string> replaced;
  RETURN_IF_ERROR(run_.ScanAll<v1::Viewing>(
      {}, {"session", "subject", "start_date", "start_minute", "end_date", "end_minute", "replaces"},
      [&](const store::Cells& row) {
        if (!row.Text(6).empty()) replaced.insert(row.Text(6));
        const auto start = jp::ParseDay(row.Text(2));
        const auto end = jp::ParseDay(row.Text(4));
        int32_t start_minute = 0;
        int32_t end_minute = 0;
        if (!start.ok() || !end.ok() || !absl::SimpleAtoi(row.Text(3), &start_minute) ||
            !absl::SimpleAtoi(row.Text(5), &end_minute)) {
          return absl::DataLossError("times of a viewing");
        }
        viewings[row.name()] = {row.Text(0), row.Text(1), rules::MinuteAt(*start, start_minute),
                                rules::MinuteAt(*end, end_minute)};
        return absl::OkStatus();
      }));
  std::map<std::string, std::pair<std::vector<std::string>, std::vector<rules::Watched>>> by_learner;
  for (auto& [name, watched] : viewings) {
    if (replaced.count(name) != 0) continue;
    auto& [names, all] = by_learner[learners[ParentOf(name)]];
    names.push_back(name);
    all.push_back(std::move(watched));
  }
  for (const auto& [learner, viewed] : by_learner) AddViewed(viewed.first, viewed.second, given);
  return absl::OkStatus();
}

void Counter::Say() {
  numbers_[""];
  const auto* populations = v1::TrainingPopulation_descriptor();
  for (auto& [name, of_group] : numbers_) {
    const tsunagu::Group* group = name.empty() ? nullptr : &groups_.at(name);
    for (int i = 1; i < populations->value_count(); ++i) {
      Numbers& numbers = of_group[static_cast<v1::TrainingPopulation>(populations->value(i)->number())];
      if (group != nullptr && numbers.courses.empty()) continue;
      const Slice slice(populations->value(i), group);
      std::vector<FigureRow> courses;
      for (const std::string& course : numbers.courses) courses.push_back(RowOf(course, 1));
      const auto learners = static_cast<int64_t>(numbers.learners.size());
      const auto completions = static_cast<int64_t>(numbers.completions.size());
      run_.Add(slice, v1::TRAINING_MEASURE_COURSES, {static_cast<int64_t>(courses.size()), {}, courses});
      run_.Add(slice, v1::TRAINING_MEASURE_LEARNERS, {learners, {}, numbers.learners});
      run_.Add(slice, v1::TRAINING_MEASURE_COMPLETIONS, {completions, {}, numbers.completions});
      run_.Add(slice, v1::TRAINING_MEASURE_COMPLETION_SHARE, {completions, learners, numbers.completions});
      run_.Add(slice, v1::TRAINING_MEASURE_HOURS, {numbers.minutes, 60, numbers.facts});
    }
  }
}

}  // namespace

absl::Status ReportTraining(ReportRun& run, const v1::GetTrainingReportRequest& request,
                            const peers::RegistryPlaces& places) {
  Counter counter(run, request, places);
  RETURN_IF_ERROR(counter.ReadCourses());
  RETURN_IF_ERROR(counter.ReadEnrollments());
  RETURN_IF_ERROR(counter.ReadCompletions());
  RETURN_IF_ERROR(counter.ReadAttendances());
  RETURN_IF_ERROR(counter.ReadViewings());
  counter.Say();
  return absl::OkStatus();
}

absl::Status CollectExpiringCertificates(DueRun& run) {
  const Where expires = Where::AtLeast("expiry_date", jp::FormatIso(run.days().from)) &&
                        Where::AtMost("expiry_date", jp::FormatIso(run.days().to)) &&
                        Where("state", v1::Certificate::STATE_ISSUED);
  std::map<std::string, std::string> renewed_by;  // by curriculum, each read once
  return run.records<v1::Certificate>().ForEach(expires, [&](const v1::Certificate& certificate) -> absl::Status {
    const auto [series, is_new] = renewed_by.try_emplace(certificate.curriculum());
    if (is_new) {
      ASSIGN_OR_RETURN(const auto curriculum,
                       store::Records<v1::Curriculum>::All(run.view()).Get(certificate.curriculum()));
      series->second = curriculum.renewed_by().empty() ? curriculum.series() : curriculum.renewed_by();
    }
    run.Add({jp::DayOf(certificate.expiry_date()), certificate.name(), "CERTIFICATE_EXPIRES",
             absl::StrCat("修了証", certificate.number(), "の有効期限です。更新の研修（系列: ", series->second,
                          "）を案内してください。"),
             absl::StrCat("Certificate ", certificate.number(), " expires. Tell her of a course of ", series->second,
                          ", which renews it.")});
    return absl::OkStatus();
  });
}

absl::Status CollectOutOfReach(DueRun& run) {
  std::vector<std::string> courses;
  RETURN_IF_ERROR(run.records<v1::Course>().ForEach(Where::AtLeast("end_date", jp::FormatIso(run.days().from)),
                                                    [&](const v1::Course& course) {
                                                      courses.push_back(course.name());
                                                      return absl::OkStatus();
                                                    }));
  for (const std::string& course : courses) {
    std::vector<v1::Enrollment> accepted;
    RETURN_IF_ERROR(run.records<v1::Enrollment>().ForEach(
        Where::Under(course) && Where("state", v1::Enrollment::STATE_ACCEPTED), [&](v1::Enrollment& enrollment) {
          accepted.push_back(std::move(enrollment));
          return absl::OkStatus();
        }));
    if (accepted.empty()) continue;
    ASSIGN_OR_RETURN(const CourseRule rule, ReadCourseRule(run.view(), course));
    RETURN_IF_ERROR(ReadProgressOfAll(run.view(), rule, accepted, run.days().from, [&](const v1::Progress& progress) {
      const auto line = std::find_if(progress.lines().begin(), progress.lines().end(),
                                     [](const v1::Progress::Line& one) { return one.out_of_reach(); });
      if (line == progress.lines().end()) return;
      run.Add({run.days().from, progress.enrollment(), "COMPLETION_OUT_OF_REACH",
               absl::StrCat("「", rule.course.display_name(), "」の残りの日程では修了できません（", line->ja(),
                            "）。補講か次の研修を案内してください。"),
               absl::StrCat("What is left of ", rule.course.display_name(), " is not enough to complete it (",
                            line->en(), "). Tell the learner of a make-up or another course.")});
    }));
  }
  return absl::OkStatus();
}

absl::Status CollectClosingNominations(DueRun& run) {
  const Where closes = Where::AtLeast("nomination_end_date", jp::FormatIso(run.days().from)) &&
                       Where::AtMost("nomination_end_date", jp::FormatIso(run.days().to));
  return run.records<v1::Course>().ForEach(closes, [&](const v1::Course& course) {
    run.Add({jp::DayOf(course.nomination_end_date()), course.name(), "NOMINATIONS_CLOSE",
             absl::StrCat("「", course.display_name(), "」の推薦の締切日です。"),
             absl::StrCat("Nominations for ", course.display_name(), " close.")});
    return absl::OkStatus();
  });
}

}  // namespace tsunagu::training
