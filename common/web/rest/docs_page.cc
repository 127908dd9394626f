#include "common/web/rest/docs_page.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "common/web/rest/scalar.h"

namespace tsunagu::web {
namespace {

constexpr char kReasonsStyle[] = R"(:root { color-scheme: light dark; }
body { font: 16px/1.6 "Noto Sans JP", "BIZ UDPGothic", "Yu Gothic", sans-serif; max-width: 72rem; margin: 0 auto;
  padding: 1rem; }
code { font-family: "Noto Sans Mono CJK JP", monospace; font-size: .95em; }
table { border-collapse: collapse; width: 100%; }
th, td { border: 1px solid color-mix(in srgb, currentColor 30%, transparent); padding: .3rem .5rem; text-align: left;
  vertical-align: top; }
:target { outline: 2px solid; outline-offset: -2px; })";

std::string Escape(absl::string_view text) {
  return absl::StrReplaceAll(text, {{"&", "&amp;"}, {"<", "&lt;"}, {">", "&gt;"}, {"\"", "&quot;"}});
}

std::string TextOf(const Json& json, const char* key) { return Escape(json.value(key, std::string())); }

std::string Page(const char* language, const std::string& title, const std::string& head, const std::string& body) {
  return absl::StrCat("<!DOCTYPE html>\n<html lang=\"", language, "\"><head><meta charset=\"utf-8\"><title>", title,
                      "</title><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">",
                      "<link rel=\"icon\" href=\"data:,\">", head, "</head><body>\n", body, "</body></html>\n");
}

Json Settings(bool japanese) {
  Json settings = {
      {"url", "/openapi.json"},
      {"documentDownloadType", "direct"},
      {"defaultOpenFirstTag", false},
      {"modelsSectionLabel", japanese ? "型" : "Schemas"},
      {"showExtensions",
       {"x-tsunagu-permission", "x-tsunagu-rpc", "x-tsunagu-reference", "x-tsunagu-privacy", "x-tsunagu-immutable"}},
      // Features that would contact Scalar's makers, or send people to them.
      {"withDefaultFonts", false},
      {"telemetry", false},
      {"hideClientButton", true},
      {"showDeveloperTools", "never"},
      {"agent", {{"disabled", true}}},
      {"mcp", {{"disabled", true}}},
      // A key that was typed in is forgotten with the page.
      {"persistAuth", false},
  };
  if (japanese) settings["localization"] = {{"locale", "ja"}, {"translations", Json::parse(kScalarInJapanese)}};
  return settings;
}

}  // namespace

std::string DocsPage(Language language) {
  const bool japanese = language == Language::kJapanese;
  const char* without_scripts = japanese ? "この画面には JavaScript が必要です。なくても読めるもの："
                                         : "This page needs JavaScript. What can be read without it: ";
  const std::string body =
      absl::StrCat("<noscript>", without_scripts,
                   "<a href=\"/openapi.json\">openapi.json</a>, <a href=\"/docs/reasons\">reasons</a></noscript>\n"
                   "<script id=\"api-reference\" type=\"application/json\" data-configuration=\"",
                   Escape(Settings(japanese).dump()), "\"></script>\n<script src=\"/docs/scalar.js\"></script>\n");
  return Page(japanese ? "ja" : "en", "tsunagu API", "", body);
}

std::string ReasonsPage(const Json& openapi) {
  std::string rows;
  for (const Json& one : openapi["components"]["schemas"]["Error"]["x-tsunagu-reasons"]) {
    const std::string word = TextOf(one, "reason");
    absl::StrAppend(&rows, "<tr id=\"", word, "\"><td><code>", word, "</code></td><td>", one["code"].dump(), " ",
                    TextOf(one, "status"), "</td><td>", TextOf(one, "ja"), "</td><td>", TextOf(one, "en"),
                    "</td></tr>\n");
  }
  return Page(
      "ja", "tsunagu API: 理由 Reasons", absl::StrCat("<style>", kReasonsStyle, "</style>"),
      absl::StrCat("<h1>理由 Reasons</h1>\n<p><a href=\"/docs\">/docs</a></p>\n<table><thead><tr><th>Reason</th>"
                   "<th>HTTP</th><th>日本語</th><th>English</th></tr></thead><tbody>\n",
                   rows, "</tbody></table>\n"));
}

}  // namespace tsunagu::web
