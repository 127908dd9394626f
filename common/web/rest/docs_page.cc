#include "common/web/rest/docs_page.h"

#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"

namespace tsunagu::web {

const char kDocsStyle[] = R"(:root { color-scheme: light dark; }
body { font: 16px/1.6 "Noto Sans JP", "BIZ UDPGothic", "Yu Gothic", sans-serif; max-width: 72rem; margin: 0 auto;
  padding: 1rem; }
code { font-family: "Noto Sans Mono CJK JP", monospace; font-size: .95em; overflow-wrap: anywhere; }
nav ul { columns: 18rem; padding-left: 1.2rem; }
section { border-top: 1px solid; margin-top: 2rem; }
details { margin: .4rem 0 .4rem 1rem; }
summary { cursor: pointer; margin-left: -1rem; }
table { border-collapse: collapse; width: 100%; }
th, td { border: 1px solid color-mix(in srgb, currentColor 30%, transparent); padding: .3rem .5rem; text-align: left;
  vertical-align: top; }
:target { outline: 2px solid; outline-offset: 2px; }
.verb { display: inline-block; min-width: 4rem; font-weight: bold; }
)";

namespace {

std::string Escape(absl::string_view text) {
  return absl::StrReplaceAll(text, {{"&", "&amp;"}, {"<", "&lt;"}, {">", "&gt;"}, {"\"", "&quot;"}});
}

std::string Code(absl::string_view text) { return absl::StrCat("<code>", Escape(text), "</code>"); }

std::string Paragraphs(absl::string_view text) {
  return text.empty() ? "" : absl::StrCat("<p>", absl::StrReplaceAll(Escape(text), {{"\n\n", "</p><p>"}}), "</p>");
}

std::string TextOf(const Json& json, const char* key) { return json.value(key, std::string()); }

std::string Row(const std::vector<std::string>& cells) {
  return absl::StrCat("<tr><td>", absl::StrJoin(cells, "</td><td>"), "</td></tr>");
}

std::string Table(const std::vector<std::string>& heading, const std::string& rows) {
  if (rows.empty()) return "";
  return absl::StrCat("<table><thead><tr><th>", absl::StrJoin(heading, "</th><th>"), "</th></tr></thead><tbody>", rows,
                      "</tbody></table>");
}

// "list of Area, at most 100", with a link.
std::string TypeOf(const Json& schema) {
  if (schema.contains("$ref")) {
    const std::string name(absl::StripPrefix(schema["$ref"].get<std::string>(), "#/components/schemas/"));
    return absl::StrCat("<a href=\"#", Escape(name), "\">", Escape(name.substr(name.rfind('.') + 1)), "</a>");
  }
  if (schema.contains("allOf")) return TypeOf(schema["allOf"][0]);
  if (!schema.contains("type")) return "";
  std::string type = schema["type"].is_array() ? "integer" : schema["type"].get<std::string>();
  if (type == "array") type = absl::StrCat("list of ", TypeOf(schema["items"]));
  if (schema.contains("additionalProperties") && schema["additionalProperties"].is_object()) {
    type = absl::StrCat("map of ", TypeOf(schema["additionalProperties"]));
  }
  for (const char* limit : {"format", "contentEncoding", "maxLength", "minimum", "maximum", "maxItems", "pattern"}) {
    if (!schema.contains(limit) || (schema["type"].is_array() && limit == absl::string_view("pattern"))) continue;
    const Json& value = schema[limit];
    absl::StrAppend(&type, ", ", limit, " ", Escape(value.is_string() ? value.get<std::string>() : value.dump()));
  }
  return type;
}

std::string Remarks(const Json& schema) {
  std::vector<std::string> remarks;
  if (schema.value("readOnly", false)) remarks.push_back("answers only");
  if (schema.value("writeOnly", false)) remarks.push_back("requests only");
  if (schema.value("x-tsunagu-immutable", false)) remarks.push_back("never changes");
  if (schema.contains("x-tsunagu-privacy")) remarks.push_back(TextOf(schema, "x-tsunagu-privacy"));
  if (schema.contains("x-tsunagu-reference"))
    remarks.push_back(absl::StrCat("name of ", TextOf(schema, "x-tsunagu-reference")));
  return absl::StrJoin(remarks, ", ");
}

std::string Fields(const Json& schema) {
  std::string rows;
  const Json required = schema.value("required", Json::array());
  for (const auto& [name, field] : schema["properties"].items()) {
    std::string remarks = Remarks(field);
    for (const Json& one : required) {
      if (one == name) remarks = absl::StrCat("required", remarks.empty() ? "" : ", ", remarks);
    }
    rows += Row({Code(name), Escape(TextOf(field, "title")), TypeOf(field), Escape(remarks),
                 Paragraphs(TextOf(field, "description"))});
  }
  return Table({"Field", "日本語", "Type", "", ""}, rows);
}

std::string Values(const Json& schema) {
  std::string rows;
  const Json ja = schema.value("x-enum-ja", Json::array());
  for (size_t i = 0; i < schema["enum"].size(); ++i) {
    rows += Row({Code(schema["enum"][i].get<std::string>()), ja.empty() ? "" : Escape(ja[i].get<std::string>()),
                 Paragraphs(schema["x-enum-descriptions"][i].get<std::string>())});
  }
  return Table({"Value", "日本語", ""}, rows);
}

std::string ParametersOf(const Json& operation) {
  std::string rows;
  for (const Json& one : operation["parameters"]) {
    if (!one.contains("name")) continue;  // headers that every method takes
    const Json& schema = one["schema"];
    const bool required = one.value("required", false);
    rows += Row({Code(one["name"].get<std::string>()), TextOf(one, "in"), TypeOf(schema), required ? "required" : "",
                 Paragraphs(TextOf(one, "description"))});
  }
  return Table({"Parameter", "in", "Type", "", ""}, rows);
}

std::string Contents(const Json& content) {
  std::string text;
  for (const auto& [type, media] : content.items()) {
    absl::StrAppend(&text, "<p>", Code(type), " ");
    if (media.empty()) {
      absl::StrAppend(&text, "a file</p>");
      continue;
    }
    const Json& schema = media["schema"];
    const bool lines = type == "application/x-ndjson";
    absl::StrAppend(
        &text,
        lines ? absl::StrCat("lines of ", Code("{\"result\": …}"), " with ", TypeOf(schema["properties"]["result"]))
              : TypeOf(schema),
        "</p>");
    if (!lines && schema.contains("properties")) text += Fields(schema);
  }
  return text;
}

std::string OperationOf(const std::string& path, const std::string& verb, const Json& operation) {
  std::string text = absl::StrCat("<details id=\"", Escape(TextOf(operation, "operationId")),
                                  "\"><summary><span class=\"verb\">", absl::AsciiStrToUpper(verb), "</span> ",
                                  Code(path), " ", Escape(TextOf(operation, "summary")), "</summary>");
  absl::StrAppend(&text, Paragraphs(TextOf(operation, "description")),
                  "<p>権限 Permission: ", Code(TextOf(operation, "x-tsunagu-permission")),
                  " gRPC: ", Code(TextOf(operation, "x-tsunagu-rpc")), "</p>");
  text += ParametersOf(operation);
  if (operation.contains("requestBody"))
    absl::StrAppend(&text, "<h4>本文 Body</h4>", Contents(operation["requestBody"]["content"]));
  absl::StrAppend(&text, "<h4>応答 Answer</h4>", Contents(operation["responses"]["200"]["content"]), "</details>\n");
  return text;
}

std::string Services(const Json& openapi) {
  std::map<std::string, std::string> by_tag;
  for (const auto& [path, verbs] : openapi["paths"].items()) {
    for (const auto& [verb, operation] : verbs.items()) {
      by_tag[operation["tags"][0].get<std::string>()] += OperationOf(path, verb, operation);
    }
  }
  std::string text, links;
  for (const Json& tag : openapi["tags"]) {
    const std::string name = Escape(TextOf(tag, "name"));
    absl::StrAppend(&links, "<li><a href=\"#", name, "\">", name, "</a></li>");
    absl::StrAppend(&text, "<section><h2 id=\"", name, "\">", name, "</h2>", Paragraphs(TextOf(tag, "description")),
                    by_tag[TextOf(tag, "name")], "</section>\n");
  }
  return absl::StrCat(
      "<nav><ul>", links,
      "<li><a href=\"#schemas\">型 Schemas</a></li><li><a href=\"#reasons\">理由 Reasons</a></li></ul></nav>", text);
}

std::string SchemasOf(const Json& openapi) {
  std::string text = "<section><h2 id=\"schemas\">型 Schemas</h2>";
  for (const auto& [name, schema] : openapi["components"]["schemas"].items()) {
    absl::StrAppend(&text, "<details id=\"", Escape(name), "\"><summary>", Code(name), " ",
                    Escape(TextOf(schema, "title")), "</summary>", Paragraphs(TextOf(schema, "description")));
    if (schema.contains("properties")) text += Fields(schema);
    if (schema.contains("enum")) text += Values(schema);
    absl::StrAppend(&text, "</details>\n");
  }
  return absl::StrCat(text, "</section>\n");
}

std::string ReasonsOf(const Json& openapi) {
  std::string rows;
  for (const Json& one : openapi["components"]["schemas"]["Error"]["x-tsunagu-reasons"]) {
    const std::string word = Escape(TextOf(one, "reason"));
    absl::StrAppend(&rows, "<tr id=\"", word, "\"><td>", Code(word), "</td><td>", one["code"].dump(), " ",
                    TextOf(one, "status"), "</td><td>", Escape(TextOf(one, "ja")), "</td><td>",
                    Escape(TextOf(one, "en")), "</td></tr>\n");
  }
  return absl::StrCat("<section><h2 id=\"reasons\">理由 Reasons</h2>",
                      Table({"Reason", "HTTP", "日本語", "English"}, rows), "</section>\n");
}

}  // namespace

std::string DocsPage(const Json& openapi) {
  return absl::StrCat(
      "<!DOCTYPE html>\n<html lang=\"ja\"><head><meta charset=\"utf-8\"><title>tsunagu API</title>"
      "<meta name=\"viewport\" content=\"width=device-width\"><link rel=\"stylesheet\" "
      "href=\"/docs/style.css\"></head><body>\n"
      "<header><h1>tsunagu API ",
      Escape(TextOf(openapi["info"], "version")), "</h1>", Paragraphs(TextOf(openapi["info"], "description")),
      "<p><a href=\"/openapi.json\">openapi.json</a> <a "
      "href=\"/descriptors.binpb\">descriptors.binpb</a></p></header>\n<main>",
      Services(openapi), SchemasOf(openapi), ReasonsOf(openapi), "</main></body></html>\n");
}

}  // namespace tsunagu::web
