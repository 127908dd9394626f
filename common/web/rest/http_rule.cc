#include "common/web/rest/http_rule.h"

#include <memory>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/web/rest/read_http_rules.h"
#include "common/web/rest/url.h"

namespace tsunagu::web {

using Segment = HttpRule::Segment;

std::string NameOf(const FieldPath& path) {
  return absl::StrJoin(path, ".", [](std::string* out, const auto* field) { absl::StrAppend(out, field->name()); });
}

std::string HttpRule::Route() const { return absl::StrCat("/", method->service()->full_name(), "/", method->name()); }

// Visits every node that the path matches, the most specific first, until one has a rule for the verb.
class HttpRules::Search {
 public:
  Search(absl::string_view verb, std::vector<absl::string_view> segments, absl::string_view custom)
      : verb_(verb), segments_(std::move(segments)), custom_(custom) {}

  const HttpRule* From(const Node& node, size_t at = 0) {
    if (at == segments_.size()) return At(node);
    const bool empty = segments_[at].empty();
    const auto text = node.texts.find(segments_[at]);
    const HttpRule* found = text == node.texts.end() ? nullptr : From(*text->second, at + 1);
    if (found == nullptr && node.one != nullptr && !empty) found = From(*node.one, at + 1);
    if (found == nullptr && node.rest != nullptr) found = At(*node.rest);
    return found;
  }

  const std::vector<absl::string_view>& segments() const { return segments_; }
  // The verbs of the matching rules, when none is for this verb.
  std::set<std::string>& others() { return others_; }

 private:
  const HttpRule* At(const Node& node) {
    const auto rules = node.rules.find(custom_);
    if (rules == node.rules.end()) return nullptr;
    for (const absl::string_view verb : {verb_, absl::string_view("*")}) {
      if (const auto found = rules->second.find(verb); found != rules->second.end()) return found->second;
    }
    for (const auto& [verb, rule] : rules->second) others_.insert(verb);
    return nullptr;
  }

  const absl::string_view verb_;
  const std::vector<absl::string_view> segments_;
  const absl::string_view custom_;
  std::set<std::string> others_;
};

namespace {

absl::StatusOr<HttpRules::Match> Bind(const HttpRule& rule, const std::vector<absl::string_view>& segments) {
  HttpRules::Match match{&rule};
  for (const HttpRule::Variable& variable : rule.variables) {
    const bool to_the_end = rule.segments[variable.end - 1].kind == Segment::kRest;
    const bool several = to_the_end || variable.end - variable.begin > 1;
    const auto end = to_the_end ? segments.end() : segments.begin() + variable.end;
    const std::string raw = absl::StrJoin(segments.begin() + variable.begin, end, "/");
    ASSIGN_OR_RETURN(std::string value, Decoded(raw, !several));
    match.values.emplace_back(&variable, std::move(value));
  }
  return match;
}

}  // namespace

absl::StatusOr<HttpRules> HttpRules::Create(const std::vector<const google::protobuf::MethodDescriptor*>& methods) {
  HttpRules rules;
  std::vector<std::string> faults;
  for (const auto* method : methods) {
    for (HttpRule& rule : ReadHttpRules(*method, faults)) {
      const std::string name = absl::StrCat(rule.method->full_name(), ": ", rule.verb, " ", rule.path);
      const HttpRule* rival = rules.Add(std::make_unique<const HttpRule>(std::move(rule)));
      if (rival != nullptr)
        faults.push_back(absl::StrCat(name, " means the same paths as ", rival->method->full_name()));
    }
  }
  if (!faults.empty()) return absl::FailedPreconditionError(absl::StrJoin(faults, "\n"));
  return rules;
}

const HttpRule* HttpRules::Add(std::unique_ptr<const HttpRule> rule) {
  Node* node = root_.get();
  for (const Segment& segment : rule->segments) {
    std::unique_ptr<Node>& next = segment.kind == Segment::kLiteral ? node->texts[segment.text]
                                  : segment.kind == Segment::kOne   ? node->one
                                                                    : node->rest;
    if (next == nullptr) next = std::make_unique<Node>();
    node = next.get();
  }
  const auto [there, fresh] = node->rules[rule->custom].emplace(rule->verb, rule.get());
  if (!fresh) return there->second;
  rules_.push_back(std::move(rule));
  return nullptr;
}

absl::StatusOr<HttpRules::Match> HttpRules::Find(absl::string_view verb, absl::string_view path) const {
  if (!absl::ConsumePrefix(&path, "/")) return Fail("PATH_NOT_FOUND"_reason);
  const size_t colon = path.rfind(':');
  const bool may_be_custom = colon != absl::string_view::npos && path.find('/', colon) == absl::string_view::npos;
  std::set<std::string> others;
  // A colon may also be part of the last segment.
  for (const bool custom : {true, false}) {
    if (custom && !may_be_custom) continue;
    Search search(verb, absl::StrSplit(custom ? path.substr(0, colon) : path, '/'),
                  custom ? path.substr(colon + 1) : "");
    if (custom && search.segments().back().empty()) continue;
    if (const HttpRule* rule = search.From(*root_)) return Bind(*rule, search.segments());
    // A GET rule may match when the colon is part of an id, but a caller of /a/b:cancel is not told so.
    if (others.empty()) others = search.others();
  }
  if (others.empty()) return Fail("PATH_NOT_FOUND"_reason);
  return Fail("VERB_NOT_ALLOWED"_reason, {{"allowed", absl::StrJoin(others, ", ")}});
}

}  // namespace tsunagu::web
