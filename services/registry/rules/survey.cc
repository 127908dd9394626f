#include "services/registry/rules/survey.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/base/utf8.h"
#include "common/jp/civil_day.h"

namespace tsunagu::registry::rules {
namespace {

using Answer = v1::SurveyResponse::Answer;
using Form = v1::SurveyForm;
using Response = v1::SurveyResponse;

// An answer has at most this many digits, so that no sum overflows.
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

constexpr int kMostRows = 200;

// Returns the people whom the registry counts for an item; nothing if it does not count the item.
std::optional<BodyCounts::People> PeopleFor(Form::Indicator indicator, const BodyCounts& counts) {
  switch (indicator) {
    case Form::INDICATOR_PLACING:
    case Form::INDICATOR_PERSONS:
      return counts.actual;
    case Form::INDICATOR_TRAINED_PERSONS: {
      BodyCounts::People trained = counts.actual;
      std::erase_if(trained, [&](const auto& one) { return counts.trained.count(one.first) == 0; });
      return trained;
    }
    case Form::INDICATOR_PLANNED_PERSONS:
      return counts.planned;
    default:
      return std::nullopt;
  }
}

void SayCounted(Form::Indicator indicator, const BodyCounts& counts, Answer& answer) {
  const std::optional<BodyCounts::People> people = PeopleFor(indicator, counts);
  if (!people) return;
  answer.set_counted(indicator == Form::INDICATOR_PLACING ? (people->empty() ? "0" : "1")
                                                          : absl::StrCat(people->size()));
  std::set<std::string> rows;
  for (const auto& [person, placements] : *people) rows.insert(placements.begin(), placements.end());
  for (const std::string& row : rows) {
    if (answer.rows_size() < kMostRows) answer.add_rows(row);
  }
}

// The source of a total is mixed if its parts have different sources.
void SayMixed(const Form& form, Response& response) {
  std::map<std::string, Answer*> answers;
  for (Answer& answer : *response.mutable_answers()) answers[answer.item()] = &answer;
  for (const Form::Total& total : form.totals()) {
    std::set<Response::Provenance> of_parts;
    for (const std::string& part : total.parts()) of_parts.insert(answers.at(part)->provenance());
    of_parts.erase(Response::PROVENANCE_UNSPECIFIED);
    Answer& whole = *answers.at(total.item());
    if (of_parts.size() > 1 && !whole.value().empty()) whole.set_provenance(Response::PROVENANCE_MIXED);
  }
}

// The answers to a form, and their cells.
class Answers {
 public:
  Answers(const Form& form, const Response& response, const CellOf& cell_of) : form_(form), cell_of_(cell_of) {
    for (const Answer& answer : response.answers()) values_[answer.item()] = answer.value();
  }

  std::string ValueOf(const std::string& code) const {
    const auto found = values_.find(code);
    return found == values_.end() ? std::string() : found->second;
  }
  std::string ShownOf(const std::string& code) const { return Shown(*Find(form_, code), ValueOf(code)); }
  std::string FieldOf(const std::string& code) const { return cell_of_ ? cell_of_(*Find(form_, code)) : "answers"; }
  std::string LabelOf(const std::string& code) const {
    const Form::Item& item = *Find(form_, code);
    return cell_of_ ? absl::StrCat(item.label(), "（", cell_of_(item), "）") : item.label();
  }

 private:
  const Form& form_;
  const CellOf& cell_of_;
  std::map<std::string, std::string> values_;
};

void CheckTotal(const Form::Total& total, const Answers& answers, Faults& faults) {
  const std::string said = answers.ValueOf(total.item());
  if (said.empty()) return;
  int64_t sum = 0;
  std::vector<std::string> parts;
  for (const std::string& part : total.parts()) {
    sum += NumberOf(answers.ValueOf(part));
    parts.push_back(answers.LabelOf(part));
  }
  const int64_t difference = NumberOf(said) - sum;
  if (difference == 0) return;
  faults.Add(answers.FieldOf(total.item()), "TOTAL_DIFFERS"_reason,
             {{"label", answers.LabelOf(total.item())},
              {"said", said},
              {"parts", absl::StrJoin(parts, "、")},
              {"sum", absl::StrCat(sum)},
              {"difference", absl::StrCat(difference)}});
}

bool IsWanted(const Form::Check& check, const std::string& other) {
  return check.value().empty() ? !other.empty() && other != "0" : other == check.value();
}

void CheckPair(const Form::Check& check, const Answers& answers, Faults& faults) {
  const std::string said = answers.ValueOf(check.item()), other = answers.ValueOf(check.other());
  const auto add = [&](Reason reason) {
    faults.Add(answers.FieldOf(check.item()), reason,
               {{"label", answers.LabelOf(check.item())},
                {"said", answers.ShownOf(check.item())},
                {"other", answers.LabelOf(check.other())},
                {"other_said", answers.ShownOf(check.other())}});
  };
  if (check.rule() == Form::RULE_REQUIRED_IF) {
    if (said.empty() && IsWanted(check, other)) add("ANSWER_MISSING_THEN"_reason);
    return;
  }
  if (said.empty() || other.empty()) return;
  if (check.rule() == Form::RULE_EQUAL && said != other) add("ANSWERS_UNEQUAL"_reason);
  if (check.rule() == Form::RULE_AT_MOST && NumberOf(said) > NumberOf(other)) add("ANSWER_ABOVE_OTHER"_reason);
}

// The largest number that fits into a drop-down of a file.
constexpr int64_t kMostOfChoices = 200;

bool ChoicesFit(const Form::Item& item) {
  if (item.kind() != Form::KIND_CHOICE) return item.choices().empty();
  const std::set<std::string> different(item.choices().begin(), item.choices().end());
  int64_t characters = 0;
  for (const std::string& choice : item.choices()) {
    if (choice.empty() || choice.find_first_of(",\"\n\r\t_") != std::string::npos) return false;
    if (choice.front() == ' ' || choice.back() == ' ') return false;
    characters += CountCharacters(choice);
  }
  return different.size() == static_cast<size_t>(item.choices_size()) && different.size() >= 2 &&
         characters <= kMostOfChoices;
}

void CheckCheck(const Form& form, int index, Faults& faults) {
  const Form::Check& check = form.checks(index);
  const std::string path = absl::StrCat("checks[", index, "]");
  const Form::Item* item = Find(form, check.item());
  const Form::Item* other = Find(form, check.other());
  if (item == nullptr) faults.Add(path + ".item", "SURVEY_ITEM_UNKNOWN"_reason, {{"item", check.item()}});
  if (other == nullptr) faults.Add(path + ".other", "SURVEY_ITEM_UNKNOWN"_reason, {{"item", check.other()}});
  if (item == nullptr || other == nullptr) return;
  const bool of_numbers = item->kind() == Form::KIND_NUMBER && other->kind() == Form::KIND_NUMBER;
  if (item == other || (check.rule() == Form::RULE_AT_MOST && !of_numbers)) {
    faults.Add(path, "SURVEY_CHECK_UNFIT"_reason, {{"item", check.item()}});
  }
}

}  // namespace

void CheckForm(const Form& form, Faults& faults) {
  std::set<std::string> codes;
  for (int i = 0; i < form.items_size(); ++i) {
    const std::string& code = form.items(i).code();
    if (!ChoicesFit(form.items(i))) faults.Add(absl::StrCat("items[", i, "].choices"), "SURVEY_CHOICES_UNFIT"_reason);
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
  for (int i = 0; i < form.checks_size(); ++i) CheckCheck(form, i, faults);
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
    case Form::KIND_CHOICE:
      if (std::find(item.choices().begin(), item.choices().end(), value) == item.choices().end()) {
        faults.Add(field, "ANSWER_NO_CHOICE"_reason, {{"choices", absl::StrJoin(item.choices(), "、")}});
      }
      return;
    default:
      return;
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

void CheckComplete(const Form& form, const Response& response, Faults& faults, const CellOf& cell_of) {
  const Answers answers(form, response, cell_of);
  for (const Form::Item& item : form.items()) {
    if (item.required() && answers.ValueOf(item.code()).empty()) {
      faults.Add(answers.FieldOf(item.code()), "ANSWER_MISSING"_reason, {{"label", item.label()}});
    }
  }
  for (const Form::Total& total : form.totals()) CheckTotal(total, answers, faults);
  for (const Form::Check& check : form.checks()) CheckPair(check, answers, faults);
}

std::string Shown(const Form::Item& item, const std::string& value) {
  if (item.kind() != Form::KIND_YES_NO || value.empty()) return value;
  return value == "1" ? "有" : "無";
}

Form Without(Form form, const std::set<std::string>& items) {
  for (Form::Item& item : *form.mutable_items()) {
    if (items.count(item.code()) > 0) item.set_required(false);
  }
  auto& totals = *form.mutable_totals();
  totals.erase(std::remove_if(totals.begin(), totals.end(),
                              [&](const Form::Total& total) {
                                return items.count(total.item()) > 0 ||
                                       std::any_of(total.parts().begin(), total.parts().end(),
                                                   [&](const std::string& part) { return items.count(part) > 0; });
                              }),
               totals.end());
  auto& checks = *form.mutable_checks();
  checks.erase(std::remove_if(checks.begin(), checks.end(),
                              [&](const Form::Check& check) {
                                return items.count(check.item()) > 0 || items.count(check.other()) > 0;
                              }),
               checks.end());
  return form;
}

void Complete(const Form& form, const BodyCounts& counts, bool prefill, Response& response) {
  std::map<std::string, std::string> values;
  for (const Answer& answer : response.answers()) values.emplace(answer.item(), answer.value());
  response.clear_answers();
  for (const Form::Item& item : form.items()) {
    Answer& answer = *response.add_answers();
    answer.set_item(item.code());
    SayCounted(item.indicator(), counts, answer);
    const auto value = values.find(item.code());
    if (value != values.end()) answer.set_value(value->second);
    if (prefill && answer.value().empty()) answer.set_value(answer.counted());
    if (answer.value().empty()) continue;
    answer.set_provenance(answer.value() == answer.counted() ? Response::PROVENANCE_ROWS
                                                             : Response::PROVENANCE_ATTESTED);
  }
  SayMixed(form, response);
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
