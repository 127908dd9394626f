#ifndef TSUNAGU_COMMON_WEB_HTTP_RULE_H_
#define TSUNAGU_COMMON_WEB_HTTP_RULE_H_

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/descriptor.h"

// The REST paths that google.api.http defines in the contracts.
namespace tsunagu::web {

using FieldPath = std::vector<const google::protobuf::FieldDescriptor*>;

// Returns "area.name".
std::string NameOf(const FieldPath& path);

// One parsed binding of a method.
struct HttpRule {
  struct Segment {
    enum Kind { kLiteral, kOne, kRest };  // text, *, **
    Kind kind;
    std::string text = {};
    friend bool operator==(const Segment&, const Segment&) = default;
  };
  // A field that takes its value from the segments [begin, end) of a path.
  struct Variable {
    FieldPath field;
    size_t begin = 0, end = 0;
  };
  enum class Body { kNone, kAll, kField };

  const google::protobuf::MethodDescriptor* method = nullptr;
  std::string verb;  // "GET"; "*" for any
  std::string path;  // "/registry/v1/{name=areas/*}:end"
  std::vector<Segment> segments;
  std::string custom;  // "end"
  std::vector<Variable> variables;
  Body body = Body::kNone;
  const google::protobuf::FieldDescriptor* body_field = nullptr;
  // The field `data` of the request, when the body is the whole request. A file may then be sent as the body instead,
  // and the query carries the other fields.
  const google::protobuf::FieldDescriptor* file_field = nullptr;
  const google::protobuf::FieldDescriptor* response_field = nullptr;  // null: the whole answer

  // Returns "/tsunagu.registry.v1.AreaService/GetArea".
  std::string Route() const;
  // Returns whether a query may set `field`, a field of the request itself; `file`: the body is a file.
  bool TakesQuery(const google::protobuf::FieldDescriptor& field, bool file) const {
    return file ? &field != file_field : body != Body::kAll && &field != body_field;
  }
};

// Finds the rule for a path. Thread-safe once created.
class HttpRules {
 public:
  struct Match {
    const HttpRule* rule;
    std::vector<std::pair<const HttpRule::Variable*, std::string>> values;  // decoded
  };

  // Takes the rules of `methods`, with their additional bindings; methods without a rule are left out. The error names
  // every rule that is malformed, that matches the same paths as another, or that would put personal data or a secret
  // into a path or a query: URLs end up in logs.
  static absl::StatusOr<HttpRules> Create(const std::vector<const google::protobuf::MethodDescriptor*>& methods);

  HttpRules(HttpRules&&) = default;
  HttpRules& operator=(HttpRules&&) = default;

  // `path` is as received, without a query. When several rules match, the most specific first segment that differs
  // decides: text before *, * before **. The text for a `*` is decoded completely; in a variable of several segments,
  // %2F stays. Errors: PATH_NOT_FOUND, VERB_NOT_ALLOWED {allowed}, MALFORMED_URL.
  absl::StatusOr<Match> Find(absl::string_view verb, absl::string_view path) const;

  // Methods in the order given, bindings as in the contract. Their addresses never change.
  const std::vector<std::unique_ptr<const HttpRule>>& all() const { return rules_; }

 private:
  struct Node {
    std::map<std::string, std::unique_ptr<Node>, std::less<>> texts;
    std::unique_ptr<Node> one;
    std::unique_ptr<Node> rest;
    // By custom verb and HTTP verb.
    std::map<std::string, std::map<std::string, const HttpRule*, std::less<>>, std::less<>> rules;
  };
  class Search;

  HttpRules() = default;
  // Returns the existing rule that conflicts with `rule`; null when there is none.
  const HttpRule* Add(std::unique_ptr<const HttpRule> rule);

  std::vector<std::unique_ptr<const HttpRule>> rules_;
  std::unique_ptr<Node> root_ = std::make_unique<Node>();
};

}  // namespace tsunagu::web

#endif  // TSUNAGU_COMMON_WEB_HTTP_RULE_H_
