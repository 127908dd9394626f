#include "services/registry/rules/survey.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/jp/civil_day.h"

namespace tsunagu::registry::rules {
namespace {

using Answer = v1::SurveyResponse::Answer;
using Form = v1::SurveyForm;
using Response = v1::SurveyResponse;

// No answer is a number with more digits, so that no sum runs over.
constexpr size_t kMostDigits = 12;

const Form::Item* Find(const Form& form, const std::string& code) {
  for (const Form::Item& item : form.items()) {
    if (item.code() == code) return &item;
  }
  return nullptr;
}

bool IsNumber(const std::string& value) {
  return !value.empty() && value.size() <= kMostDigits &&
         std::all_of(value.begin(), value.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool IsDay(const std::string& value) {
  const auto day = jp::ParseDay(value);
  return day.ok() && jp::FormatIso(*day) == value;
}

int64_t NumberOf(const std::string& value) {
  int64_t number = 0;
  return IsNumber(value) && absl::SimpleAtoi(value, &number) ? number : 0;
}

void CheckValue(const Form::Item& item, const std::string& value, const std::string& field, Faults& faults) {
  if (value.empty()) return;
  switch (item.kind()) {
    case Form::KIND_NUMBER:
      if (!IsNumber(value)) faults.Add(field, "ANSWER_NOT_A_NUMBER"_reason);
      return;
    case Form::KIND_YES_NO:
      if (value != "0" && value != "1") faults.Add(field, "ANSWER_NOT_YES_OR_NO"_reason);
      return;
    case Form::KIND_DATE:
      if (!IsDay(value)) faults.Add(field, "ANSWER_NOT_A_DAY"_reason);
      return;
    default:
      return;
  }
}

// What the registry counts for an item; empty where it counts nothing.
std::string CountedFor(Form::Indicator indicator, const BodyCounts& counts) {
  switch (indicator) {
    case Form::INDICATOR_PLACING:
      return counts.persons > 0 ? "1" : "0";
    case Form::INDICATOR_PERSONS:
      return absl::StrCat(counts.persons);
    case Form::INDICATOR_TRAINED_PERSONS:
      return absl::StrCat(counts.trained_persons);
    case Form::INDICATOR_PLANNED_PERSONS:
      return absl::StrCat(counts.planned_persons);
    default:
      return "";
  }
}

void CheckTotal(const Form& form, const Form::Total& total, const std::map<std::string, std::string>& values,
                Faults& faults) {
  const auto value = [&](const std::string& code) {
    const auto found = values.find(code);
    return found == values.end() ? std::string() : found->second;
  };
  const std::string said = value(total.item());
  if (said.empty()) return;
  int64_t sum = 0;
  std::vector<std::string> parts;
  for (const std::string& part : total.parts()) {
    sum += NumberOf(value(part));
    parts.push_back(Find(form, part)->label());
  }
  const int64_t difference = NumberOf(said) - sum;
  if (difference == 0) return;
  faults.Add("answers", "TOTAL_DIFFERS"_reason,
             {{"label", Find(form, total.item())->label()},
              {"said", said},
              {"parts", absl::StrJoin(parts, "、")},
              {"sum", absl::StrCat(sum)},
              {"difference", absl::StrCat(difference)}});
}

}  // namespace

void CheckForm(const Form& form, Faults& faults) {
  std::set<std::string> codes;
  for (int i = 0; i < form.items_size(); ++i) {
    const std::string& code = form.items(i).code();
    if (codes.insert(code).second) continue;
    faults.Add(absl::StrCat("items[", i, "].code"), "SURVEY_ITEM_REPEATED"_reason, {{"item", code}});
  }
  for (int i = 0; i < form.totals_size(); ++i) {
    const auto check = [&](const std::string& code, absl::string_view field) {
      const Form::Item* item = Find(form, code);
      const std::string path = absl::StrCat("totals[", i, "].", field);
      if (item == nullptr) return faults.Add(path, "SURVEY_ITEM_UNKNOWN"_reason, {{"item", code}});
      if (item->kind() == Form::KIND_NUMBER) return;
      faults.Add(path, "SURVEY_TOTAL_OF_NO_NUMBER"_reason, {{"item", code}});
    };
    const Form::Total& total = form.totals(i);
    check(total.item(), "item");
    std::set<std::string> parts = {total.item()};
    for (int j = 0; j < total.parts_size(); ++j) {
      const std::string field = absl::StrCat("parts[", j, "]");
      check(total.parts(j), field);
      if (parts.insert(total.parts(j)).second) continue;
      faults.Add(absl::StrCat("totals[", i, "].", field), "SURVEY_ITEM_REPEATED"_reason, {{"item", total.parts(j)}});
    }
  }
}

void CheckAnswers(const Form& form, const Response& response, Faults& faults) {
  std::set<std::string> answered;
  for (int i = 0; i < response.answers_size(); ++i) {
    const Answer& answer = response.answers(i);
    const std::string field = absl::StrCat("answers[", i, "]");
    const Form::Item* item = Find(form, answer.item());
    if (item == nullptr) {
      faults.Add(field + ".item", "SURVEY_ITEM_UNKNOWN"_reason, {{"item", answer.item()}});
      continue;
    }
    if (!answered.insert(answer.item()).second) {
      faults.Add(field + ".item", "SURVEY_ITEM_REPEATED"_reason, {{"item", answer.item()}});
    }
    CheckValue(*item, answer.value(), field + ".value", faults);
  }
}

void CheckComplete(const Form& form, const Response& response, Faults& faults) {
  std::map<std::string, std::string> values;
  for (const Answer& answer : response.answers()) values[answer.item()] = answer.value();
  for (const Form::Item& item : form.items()) {
    if (item.required() && values[item.code()].empty()) {
      faults.Add("answers", "ANSWER_MISSING"_reason, {{"label", item.label()}});
    }
  }
  for (const Form::Total& total : form.totals()) CheckTotal(form, total, values, faults);
}

void Complete(const Form& form, const BodyCounts& counts, bool prefill, Response& response) {
  std::map<std::string, std::string> values;
  for (const Answer& answer : response.answers()) values.emplace(answer.item(), answer.value());
  response.clear_answers();
  for (const Form::Item& item : form.items()) {
    Answer& answer = *response.add_answers();
    answer.set_item(item.code());
    answer.set_counted(CountedFor(item.indicator(), counts));
    const auto value = values.find(item.code());
    if (value != values.end()) answer.set_value(value->second);
    if (prefill && answer.value().empty()) answer.set_value(answer.counted());
    if (answer.value().empty()) continue;
    answer.set_provenance(answer.value() == answer.counted() ? Response::PROVENANCE_ROWS
                                                             : Response::PROVENANCE_ATTESTED);
  }
}

bool MayGo(Response::State from, Response::State to) {
  switch (to) {
    case Response::STATE_DRAFT:
      return from == Response::STATE_UNSPECIFIED;
    case Response::STATE_SUBMITTED:
      return from == Response::STATE_DRAFT || from == Response::STATE_RETURNED;
    case Response::STATE_RETURNED:
      return from == Response::STATE_SUBMITTED || from == Response::STATE_ACCEPTED;
    case Response::STATE_ACCEPTED:
      return from == Response::STATE_SUBMITTED;
    default:
      return false;
  }
}

}  // namespace tsunagu::registry::rules
