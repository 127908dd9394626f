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

// The paths of REST, as google.api.http says them in the contracts.
namespace tsunagu::web {

using FieldPath = std::vector<const google::protobuf::FieldDescriptor*>;

// "area.name"
std::string NameOf(const FieldPath& path);

// One binding of a method, taken apart.
struct HttpRule {
  struct Segment {
    enum Kind { kLiteral, kOne, kRest };  // text, *, **
    Kind kind;
    std::string text = {};
    friend bool operator==(const Segment&, const Segment&) = default;
  };
  // What the segments [begin, end) of a path say.
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
  // `data` of the request, where the body is the whole of it: a file may stand in its place as it is, and the query
  // says the rest.
  const google::protobuf::FieldDescriptor* file_field = nullptr;
  const google::protobuf::FieldDescriptor* response_field = nullptr;  // null: the whole answer

  // "/tsunagu.registry.v1.AreaService/GetArea"
  std::string Route() const;
  // Whether a query may say `field`, a field of the request itself; `file`: the body is a file.
  bool TakesQuery(const google::protobuf::FieldDescriptor& field, bool file) const {
    return file ? &field != file_field : body != Body::kAll && &field != body_field;
  }
};

// Which rule a path means. Thread-safe once created.
class HttpRules {
 public:
  struct Match {
    const HttpRule* rule;
    std::vector<std::pair<const HttpRule::Variable*, std::string>> values;  // decoded
  };

  // Those of `methods`, with their additional bindings; methods without a rule are left out. The error names every rule
  // that is malformed, that means the same paths as another, and that would put into a path or a query what tells or
  // says something of a person, or a secret: URLs end up in logs.
  static absl::StatusOr<HttpRules> Create(const std::vector<const google::protobuf::MethodDescriptor*>& methods);

  HttpRules(HttpRules&&) = default;
  HttpRules& operator=(HttpRules&&) = default;

  // `path` as it came, without a query. Of several rules that it fits the one with the most particular first segment
  // that differs: text before *, * before **. What a `*` stands for is decoded wholly; where a variable has several
  // segments, %2F stays. PATH_NOT_FOUND, VERB_NOT_ALLOWED {allowed}, MALFORMED_URL.
  absl::StatusOr<Match> Find(absl::string_view verb, absl::string_view path) const;

  // By method as given, bindings as in the contract. Stay where they are.
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
  // The rule that stands in its way; null where none does.
  const HttpRule* Add(std::unique_ptr<const HttpRule> rule);

  std::vector<std::unique_ptr<const HttpRule>> rules_;
  std::unique_ptr<Node> root_ = std::make_unique<Node>();
};

}  // namespace tsunagu::web

#endif  // TSUNAGU_COMMON_WEB_HTTP_RULE_H_
