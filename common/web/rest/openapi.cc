#include "common/web/rest/openapi.h"

#include <set>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"
#include "common/text/json_values.h"
#include "common/web/rest/http_error.h"
#include "common/web/rest/openapi_path.h"
#include "common/web/rest/read_http_rules.h"
#include "common/web/rest/transcode.h"
#include "tsunagu/options.pb.h"

namespace tsunagu::web {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::MethodDescriptor;

constexpr char kAbout[] =
    "tsunagu の各サービスを HTTP で使う方法です。契約から作られています。同じメソッドは gRPC、gRPC-Web、Connect "
    "でも使えます。\n\n"
    "API キーは `Authorization: Bearer …` で送ります。本文は UTF-8 の JSON で、名前は契約のとおりです（display_name。"
    "displayName でも受け付けます）。既定値の項目は応答に含まれません。知らない項目は読み飛ばしてください。"
    "`Idempotency-Key` を付ければ、安全に再送できます。応答の `ETag` を `If-Match` "
    "で返せば、ほかの人の変更を上書きしません。"
    "エラーは、変わることのない `reason`（[一覧](/docs/reasons)）と、`Accept-Language` の言語の文章で返ります。"
    "`Accept: application/problem+json` なら RFC 9457 の形です。\n\n"
    "個人情報には目的が必要です。`tsunagu-purpose` にパーセントエンコードして送ります。個人情報が URL "
    "に入ることはありません。\n\n"
    "The services of tsunagu over HTTP, made from their contracts. The same methods are offered by gRPC, gRPC-Web and "
    "Connect.\n\n"
    "Send an API key as `Authorization: Bearer …`. Bodies are JSON in UTF-8; names are those of the contracts "
    "(display_name), displayName is taken too. Answers leave out fields that have their default value; whoever reads "
    "them has to pass over fields that are new. `Idempotency-Key` makes a retry safe. `ETag` of an answer goes back as "
    "`If-Match`, so that nobody's change is overwritten. Errors tell a `reason` that stays the same "
    "([all of them](/docs/reasons)), and a text in the language that `Accept-Language` asks for; `Accept: "
    "application/problem+json` gets them as RFC 9457.\n\n"
    "Personal data needs a purpose, percent-encoded in `tsunagu-purpose`, and never stands in a URL.";

// Returns the text up to the first full stop.
std::string FirstSentence(absl::string_view comment) {
  const size_t end = comment.find(". ");
  return std::string(absl::StripSuffix(comment.substr(0, end), "."));
}

Json Header(const char* name, const char* description, Json schema) {
  return {{"name", name}, {"in", "header"}, {"description", description}, {"schema", std::move(schema)}};
}

Json Parameters() {
  return {
      {"IdempotencyKey",
       Header("Idempotency-Key",
              "The request_id: the same key with the same request gets the same answer for at least 7 days.",
              {{"type", "string"}, {"maxLength", 64}})},
      {"IfMatch", Header("If-Match", "The ETag as last read, \"3\": ETAG_MISMATCH (412) where somebody was faster.",
                         {{"type", "string"}})},
      {"ServerTimeout", Header("X-Server-Timeout",
                               "How many seconds the answer is worth waiting for, 2.5: DEADLINE_EXCEEDED (504) later.",
                               {{"type", "string"}, {"pattern", "^[0-9]{1,8}(\\.[0-9]{1,6})?$"}})},
      {"AcceptLanguage", Header("Accept-Language", "The language of texts: ja or en.", {{"type", "string"}})},
      {"Purpose", Header("tsunagu-purpose", "Why personal data is read, percent-encoded; it goes into the access log.",
                         {{"type", "string"}})},
  };
}

Json SecuritySchemes() {
  return {
      {"ApiKey",
       {{"type", "http"},
        {"scheme", "bearer"},
        {"bearerFormat", "API key"},
        {"description", "tsunagu keys create で作ります。tsunagu keys create makes one."}}},
      {"Jwt",
       {{"type", "http"},
        {"scheme", "bearer"},
        {"bearerFormat", "JWT"},
        {"description", "Of an issuer that the installation knows."}}},
      {"MutualTls", {{"type", "mutualTLS"}, {"description", "A client certificate that the installation knows."}}},
  };
}

// Returns the reasons of the platform and of every service that is offered.
Json Reasons(const HttpRules& rules) {
  std::set<std::string> packages = {"tsunagu.platform.v1"};
  for (const auto& rule : rules.all()) packages.insert(rule->method->file()->package());
  Json reasons = Json::array();
  for (const std::string& package : packages) {
    const auto* type = google::protobuf::DescriptorPool::generated_pool()->FindEnumTypeByName(package + ".Reason");
    for (int i = 1; type != nullptr && i < type->value_count(); ++i) {
      const ReasonRule& rule = type->value(i)->options().GetExtension(tsunagu::refusal);
      if (rule.code() == 0) continue;  // a warning
      const std::string word(absl::StripPrefix(type->value(i)->name(), "REASON_"));
      const auto code = static_cast<grpc::StatusCode>(rule.code());
      reasons.push_back({{"reason", word},
                         {"status", std::string(NameOf(code))},
                         {"code", HttpStatusOf(code, word, false)},
                         {"ja", rule.ja()},
                         {"en", rule.en()}});
    }
  }
  return reasons;
}

Json ErrorSchemas(const HttpRules& rules) {
  const Json text = {{"type", "string"}}, number = {{"type", "integer"}};
  const Json details = {
      {"type", "array"},
      {"description",
       "ErrorInfo with the reason, BadRequest with every fault by its field, RetryInfo and others of google.rpc."},
      {"items", {{"type", "object"}, {"properties", {{"@type", text}, {"reason", text}}}, {"required", {"@type"}}}}};
  Json error = {{"type", "object"},
                {"description",
                 "An error (AIP-193). The reason in its ErrorInfo is one of x-tsunagu-reasons, or names a resource: "
                 "AREA_NOT_FOUND, AREA_EXISTS."},
                {"properties",
                 {{"error",
                   {{"type", "object"},
                    {"properties", {{"code", number}, {"message", text}, {"status", text}, {"details", details}}},
                    {"required", {"code", "message", "status"}}}}}},
                {"required", {"error"}},
                {"x-tsunagu-reasons", Reasons(rules)}};
  const Json field = {{"type", "object"}, {"properties", {{"field", text}, {"reason", text}, {"detail", text}}}};
  Json problem = {{"type", "object"},
                  {"description", "The same as problem details (RFC 9457)."},
                  {"properties",
                   {{"type", text},
                    {"title", text},
                    {"status", number},
                    {"detail", text},
                    {"code", text},
                    {"reason", text},
                    {"errors", {{"type", "array"}, {"items", field}}},
                    {"details", details}}},
                  {"required", {"type", "title", "status"}}};
  return {{"Error", std::move(error)}, {"Problem", std::move(problem)}};
}

bool HasEtag(const Descriptor& message) { return message.FindFieldByName("etag") != nullptr; }

bool IsPersonal(const Descriptor& message) {
  if (message.options().GetExtension(tsunagu::record).personal()) return true;
  for (int i = 0; i < message.field_count(); ++i) {
    const auto* type = message.field(i)->message_type();
    if (type != nullptr && type->options().GetExtension(tsunagu::record).personal()) return true;
  }
  return false;
}

// Returns the ids of the offered services, as in paths: registry.
Json ServiceIds(const HttpRules& rules) {
  std::set<std::string> ids;
  for (const auto& rule : rules.all()) {
    absl::string_view package = rule->method->file()->package();
    if (!absl::ConsumePrefix(&package, "tsunagu.") || !absl::ConsumeSuffix(&package, ".v1")) continue;
    if (package != "platform") ids.insert(std::string(package));
  }
  return ids;
}

// Builds the operation of one binding.
class Operation {
 public:
  Operation(const HttpRule& rule, const OpenApiPath& path, const Json& services, Schemas& schemas,
            const Comments& comments)
      : rule_(rule), method_(*rule.method), path_(path), services_(services), schemas_(schemas), comments_(comments) {
    for (const HttpRule::Variable& variable : rule.variables) bound_.insert(NameOf(variable.field));
  }

  Json Describe(const std::string& id) {
    const std::string comment(comments_.Of(method_.full_name()));
    const std::string& permission = method_.options().GetExtension(tsunagu::method).permission();
    Json operation = {{"operationId", id}, {"tags", {method_.service()->name()}}};
    operation["summary"] = comment.empty() ? method_.name() : FirstSentence(comment);
    if (!comment.empty()) operation["description"] = comment;
    operation["parameters"] = Parameters();
    if (rule_.body != HttpRule::Body::kNone) operation["requestBody"] = Body();
    operation["responses"] = {{"200", Answer()}, {"4XX", Error()}, {"5XX", Error()}};
    if (permission == "public") operation["security"] = Json::array();
    operation["x-tsunagu-permission"] = permission;
    operation["x-tsunagu-rpc"] = rule_.Route();
    return operation;
  }

 private:
  static Json Error() { return {{"$ref", "#/components/responses/Error"}}; }

  Json Parameters() {
    Json parameters = Json::array();
    for (const OpenApiPath::Parameter& one : path_.parameters) {
      Json schema = one.whole == nullptr ? Json{{"type", "string"}} : schemas_.OfField(*one.whole);
      if (one.name == "service" && !services_.empty()) schema["enum"] = services_;
      parameters.push_back({{"name", one.name}, {"in", "path"}, {"required", true}, {"schema", std::move(schema)}});
      if (one.rest) parameters.back()["description"] = "May hold slashes.";
    }
    AddQuery(*method_.input_type(), "", {}, parameters);
    const auto add = [&](const char* name) {
      parameters.push_back({{"$ref", absl::StrCat("#/components/parameters/", name)}});
    };
    if (method_.input_type()->FindFieldByName("request_id") != nullptr) add("IdempotencyKey");
    if (TakesIfMatch()) add("IfMatch");
    if (IsPersonal(*method_.output_type())) add("Purpose");
    add("ServerTimeout");
    add("AcceptLanguage");
    return parameters;
  }

  bool TakesIfMatch() const {
    if (HasEtag(*method_.input_type())) return true;
    for (const HttpRule::Variable& variable : rule_.variables) {
      if (variable.field.size() > 1 && HasEtag(*variable.field.back()->containing_type())) return true;
    }
    return false;
  }

  void AddQuery(const Descriptor& message, const std::string& prefix, std::set<const Descriptor*> within,
                Json& parameters) {
    if (!within.insert(&message).second) return;
    for (int i = 0; i < message.field_count(); ++i) {
      const FieldDescriptor& field = *message.field(i);
      const std::string name = prefix + field.name();
      const bool with_file = rule_.file_field != nullptr;
      if (bound_.count(name) != 0 || (prefix.empty() && !rule_.TakesQuery(field, with_file))) continue;
      const bool object = field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE &&
                          contract::IsJsonObject(*field.message_type()) &&
                          field.message_type()->full_name() != "google.type.Date";
      if (object && !field.is_repeated()) AddQuery(*field.message_type(), name + ".", within, parameters);
      if (object) continue;
      Json schema = schemas_.OfField(field);
      Json parameter = {{"name", name}, {"in", "query"}};
      std::string description = schema.value("description", "");
      schema.erase("description");
      if (IsMaskOfPatch(field)) description = "The fields to change; without it those that the body names.";
      if (with_file) description = absl::StrCat("Where the body is a file. ", description);
      if (!description.empty()) parameter["description"] = description;
      if (!with_file && IsRequired(field)) parameter["required"] = true;
      // In a URL a day is text.
      if (field.message_type() != nullptr && field.message_type()->full_name() == "google.type.Date") {
        schema = {{"type", "string"}, {"format", "date"}};
      }
      parameter["schema"] = std::move(schema);
      parameters.push_back(std::move(parameter));
    }
  }

  // A PATCH without a mask takes the fields of its body as the mask.
  bool IsMaskOfPatch(const FieldDescriptor& field) const {
    return rule_.verb == "PATCH" && field.name() == "update_mask";
  }
  bool IsRequired(const FieldDescriptor& field) const {
    if (IsMaskOfPatch(field)) return false;
    for (const Json& name : Schemas::Required(*field.containing_type())) {
      if (name == field.name()) return true;
    }
    return false;
  }

  Json Body() {
    Json schema;
    bool required = false;
    if (rule_.body == HttpRule::Body::kAll) {
      schema = schemas_.OfBody(*method_.input_type(), bound_);
      required = schema.contains("required");
    } else {
      const Descriptor& message = *rule_.body_field->message_type();
      schema = schemas_.Ref(message);
      if (const Json names = Schemas::Required(message); rule_.verb != "PATCH" && !names.empty()) {
        schema = {{"allOf", Json::array({schema, {{"required", names}}})}};
      }
      required = IsRequired(*rule_.body_field);
    }
    Json content = {{kJson, {{"schema", std::move(schema)}}}};
    for (const std::string& type : BodyTypes(rule_)) {
      if (type != kJson) content[type] = Json::object();
    }
    return {{"required", required}, {"content", std::move(content)}};
  }

  Json Answer() {
    Json schema = rule_.response_field == nullptr ? schemas_.Ref(*method_.output_type())
                                                  : schemas_.OfField(*rule_.response_field);
    Json content;
    if (method_.server_streaming()) {
      content["application/x-ndjson"]["schema"] = {
          {"type", "object"},
          {"description", "Of each line; an error is the last one."},
          {"properties",
           {{"result", std::move(schema)}, {"error", {{"$ref", "#/components/schemas/Error/properties/error"}}}}}};
    } else {
      const absl::string_view type = AnswerTypeOf(rule_);
      content[std::string(type)] = type == kJson ? Json{{"schema", std::move(schema)}} : Json::object();
    }
    if (FindData(*method_.output_type()) != nullptr) {
      for (const char* type : {kCsv, kXlsx, "application/pdf", kBytes}) content[type] = Json::object();
    }
    Json answer = {{"description", "The answer."}, {"content", std::move(content)}};
    if (!method_.server_streaming() && HasEtag(*method_.output_type())) {
      answer["headers"]["ETag"] = {{"description", "For If-Match."}, {"schema", {{"type", "string"}}}};
    }
    return answer;
  }

  const HttpRule& rule_;
  const MethodDescriptor& method_;
  const OpenApiPath& path_;
  const Json& services_;
  Schemas& schemas_;
  const Comments& comments_;
  std::set<std::string> bound_;
};

}  // namespace

Json OpenApi(const HttpRules& rules, const Comments& comments) {
  Schemas schemas(comments);
  const IdNames ids = IdNamesIn(rules);
  const Json services = ServiceIds(rules);
  Json paths = Json::object(), tags = Json::array();
  std::map<std::string, int> of_method;
  std::set<std::string> tagged;
  for (const auto& rule : rules.all()) {
    const auto& service = *rule->method->service();
    if (tagged.insert(service.name()).second) {
      tags.push_back({{"name", service.name()}, {"description", std::string(comments.Of(service.full_name()))}});
    }
    std::string id = absl::StrCat(service.name(), "_", rule->method->name());
    if (const int before = of_method[id]++; before > 0) absl::StrAppend(&id, "_", before + 1);
    const OpenApiPath path = PathOf(*rule, ids);
    paths[path.text][absl::AsciiStrToLower(rule->verb)] =
        Operation(*rule, path, services, schemas, comments).Describe(id);
  }
  Json components = {
      {"schemas", schemas.components()}, {"parameters", Parameters()}, {"securitySchemes", SecuritySchemes()}};
  components["schemas"].update(ErrorSchemas(rules));
  components["responses"]["Error"] = {
      {"description", "The refusal, and what to do."},
      {"content",
       {{kJson, {{"schema", {{"$ref", "#/components/schemas/Error"}}}}},
        {"application/problem+json", {{"schema", {{"$ref", "#/components/schemas/Problem"}}}}}}}};
  return {{"openapi", "3.1.0"},
          {"info", {{"title", "tsunagu"}, {"version", TSUNAGU_VERSION}, {"description", kAbout}}},
          {"servers", Json::array({{{"url", "/"}}})},
          {"security",
           Json::array({{{"ApiKey", Json::array()}}, {{"Jwt", Json::array()}}, {{"MutualTls", Json::array()}}})},
          {"tags", std::move(tags)},
          {"paths", std::move(paths)},
          {"components", std::move(components)}};
}

}  // namespace tsunagu::web
