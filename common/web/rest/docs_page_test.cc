#include "common/web/rest/docs_page.h"

#include <fstream>
#include <iterator>
#include <regex>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "common/base/gzip.h"
#include "common/web/rest/contract_testing.h"
#include "common/web/rest/scalar.h"
#include "gmock/gmock.h"

namespace tsunagu::web {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string Reasons() {
  const Json reason = {
      {"reason", "TOO_MANY"}, {"status", "INVALID_ARGUMENT"}, {"code", 400}, {"ja", "<b>&数"}, {"en", "many"}};
  Json openapi;
  openapi["components"]["schemas"]["Error"]["x-tsunagu-reasons"] = Json::array({reason});
  return ReasonsPage(openapi);
}

// Returns the settings of Scalar, as it reads them.
Json Settings(Language language) {
  const std::string page = DocsPage(language);
  std::smatch found;
  EXPECT_TRUE(std::regex_search(page, found, std::regex("data-configuration=\"([^\"]*)\""))) << page;
  return Json::parse(
      absl::StrReplaceAll(found[1].str(), {{"&quot;", "\""}, {"&lt;", "<"}, {"&gt;", ">"}, {"&amp;", "&"}}));
}

TEST(DocsPageTest, ShowsReasonsAtTheirAnchors) {
  EXPECT_THAT(Reasons(), HasSubstr("<tr id=\"TOO_MANY\"><td><code>TOO_MANY</code></td><td>400 INVALID_ARGUMENT</td>"));
  TestContract contract(R"(
    service Rooms { rpc Get(Room) returns (Room) { option (google.api.http) = {get: "/rooms"}; } }
    message Room { string label = 1; }
  )");
  EXPECT_THAT(ReasonsPage(OpenApi(*HttpRules::Create(contract.methods()), Comments(""))),
              HasSubstr("<tr id=\"FIELD_REQUIRED\">"));
}

TEST(DocsPageTest, TextIsText) {
  EXPECT_THAT(Reasons(), HasSubstr("&lt;b&gt;&amp;数"));
  EXPECT_THAT(Reasons(), Not(HasSubstr("<b>")));
}

TEST(DocsPageTest, SpeaksTheLanguageOfItsReader) {
  EXPECT_THAT(DocsPage(Language::kJapanese), HasSubstr("<html lang=\"ja\">"));
  EXPECT_EQ(Settings(Language::kJapanese)["localization"]["translations"]["operation"]["testRequest"], "試す");
  EXPECT_THAT(DocsPage(Language::kEnglish), HasSubstr("<html lang=\"en\">"));
  EXPECT_FALSE(Settings(Language::kEnglish).contains("localization"));
}

// Japanese words for keys that Scalar no longer has would never be shown.
TEST(DocsPageTest, EveryJapaneseWordIsOneOfScalar) {
  const std::string script = *Gunzip(Scalar(), 100 << 20);
  const auto check = [&](const auto& self, const Json& words) -> void {
    for (const auto& [name, word] : words.items()) {
      EXPECT_TRUE(absl::StrContains(script, absl::StrCat(name, ":"))) << name;
      if (word.is_object()) self(self, word);
    }
  };
  check(check, Json::parse(kScalarInJapanese));
}

// Everything that a browser would load or follow is on this server.
TEST(DocsPageTest, NothingLeavesTheMachine) {
  const std::regex link("(?:href|src|action)=\"([^\"]*)\"");
  for (const std::string& page : {DocsPage(Language::kJapanese), DocsPage(Language::kEnglish), Reasons()}) {
    for (const char* word : {"//", "url(", "@import"}) EXPECT_THAT(page, Not(HasSubstr(word)));
    int links = 0;
    for (std::sregex_iterator one(page.begin(), page.end(), link), end; one != end; ++one, ++links) {
      const std::string target = (*one)[1];
      EXPECT_TRUE(target == "data:," || target[0] == '/') << target;
    }
    EXPECT_GT(links, 1);
  }
  EXPECT_THAT(Reasons(), Not(HasSubstr("<script")));
  const Json settings = Settings(Language::kEnglish);
  EXPECT_EQ(settings["url"], "/openapi.json");
  for (const char* off : {"withDefaultFonts", "telemetry", "persistAuth"}) EXPECT_EQ(settings[off], false) << off;
  EXPECT_EQ(settings["showDeveloperTools"], "never");
  EXPECT_EQ(settings["hideClientButton"], true);
  for (const char* off : {"agent", "mcp"}) EXPECT_EQ(settings[off]["disabled"], true) << off;
  EXPECT_FALSE(settings.contains("proxyUrl"));
}

// The download script compared the tarball with its pinned digest.
TEST(DocsPageTest, TheScriptIsTheOneThatWasFetched) {
  std::ifstream file(TSUNAGU_SCALAR, std::ios::binary);
  const std::string fetched{std::istreambuf_iterator<char>(file), {}};
  EXPECT_TRUE(fetched == Scalar());
  const std::string script = *Gunzip(Scalar(), 100 << 20);
  EXPECT_THAT(script.substr(script.size() - 1000), HasSubstr("window.Scalar={createApiReference:"));
}

}  // namespace
}  // namespace tsunagu::web
