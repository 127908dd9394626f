#include "services/registry/surveys/survey_difference.h"

#include <map>
#include <set>
#include <string>
#include <utility>

#include "absl/strings/numbers.h"
#include "common/base/status_macros.h"
#include "common/records/records.h"
#include "tsunagu/registry/v1/area.pb.h"
#include "tsunagu/registry/v1/survey_form.pb.h"
#include "tsunagu/registry/v1/survey_round.pb.h"

namespace tsunagu::registry {
namespace {

using contract::Where;
using Answer = v1::SurveyResponse::Answer;
using Form = v1::SurveyForm;

// One round: its form, and its answers by body and item.
struct Year {
  Form form;
  std::map<std::string, std::map<std::string, Answer>> answers;
};

absl::StatusOr<Year> Read(store::View& view, const std::string& name) {
  Year year;
  ASSIGN_OR_RETURN(const auto round, store::Records<v1::SurveyRound>(view).Get(name));
  ASSIGN_OR_RETURN(year.form, store::Records<Form>::All(view).Get(round.form()));
  RETURN_IF_ERROR(store::Records<v1::SurveyResponse>::All(view).ForEach(
      Where::Under(name), [&](const v1::SurveyResponse& response) {
        auto& answers = year.answers[response.body()];
        for (const Answer& answer : response.answers()) answers[answer.item()] = answer;
        return absl::OkStatus();
      }));
  return year;
}

// Returns the items of both forms, each once; of an item in both, the version of the newer form.
std::vector<Form::Item> ItemsOf(const Year& now, const Year& then) {
  std::vector<Form::Item> items(now.form.items().begin(), now.form.items().end());
  std::set<std::string> codes;
  for (const Form::Item& item : items) codes.insert(item.code());
  for (const Form::Item& item : then.form.items()) {
    if (codes.insert(item.code()).second) items.push_back(item);
  }
  return items;
}

const Answer& AnswerOf(const Year& year, const std::string& body, const std::string& item) {
  const auto answers = year.answers.find(body);
  if (answers == year.answers.end()) return Answer::default_instance();
  const auto answer = answers->second.find(item);
  return answer == answers->second.end() ? Answer::default_instance() : answer->second;
}

v1::SurveyDifference Between(const Form::Item& item, const Answer& then, const Answer& now) {
  v1::SurveyDifference difference;
  difference.set_item(item.code());
  difference.set_label(item.label());
  difference.set_unit(item.unit());
  difference.set_previous_value(then.value());
  difference.set_previous_provenance(then.provenance());
  difference.set_value(now.value());
  difference.set_provenance(now.provenance());
  int64_t before = 0, after = 0;
  const bool are_numbers = item.kind() == Form::KIND_NUMBER && absl::SimpleAtoi(then.value(), &before) &&
                           absl::SimpleAtoi(now.value(), &after);
  if (are_numbers) difference.set_difference(after - before);
  return difference;
}

}  // namespace

absl::StatusOr<std::vector<v1::SurveyDifference>> DifferencesOf(store::View& view,
                                                                const v1::CompareSurveyRoundsRequest& request) {
  ASSIGN_OR_RETURN(const Year now, Read(view, request.parent()));
  ASSIGN_OR_RETURN(const Year then, Read(view, request.previous()));
  std::set<std::string> bodies;
  for (const Year* year : {&now, &then}) {
    for (const auto& [body, answers] : year->answers) bodies.insert(body);
  }
  const std::vector<Form::Item> items = ItemsOf(now, then);
  std::vector<v1::SurveyDifference> all;
  for (const std::string& body : bodies) {
    ASSIGN_OR_RETURN(const v1::Area area, store::Records<v1::Area>::All(view).Get(body));
    for (const Form::Item& item : items) {
      const Answer& before = AnswerOf(then, body, item.code());
      const Answer& after = AnswerOf(now, body, item.code());
      if (request.changed_only() && before.value() == after.value()) continue;
      v1::SurveyDifference& difference = all.emplace_back(Between(item, before, after));
      difference.set_body(body);
      difference.set_body_name(area.display_name());
    }
  }
  return all;
}

}  // namespace tsunagu::registry
