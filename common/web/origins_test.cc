// Web pages: which of them may call, and what their browsers get.
#include "common/web/origins.h"

#include "common/web/ways_in.h"
#include "gmock/gmock.h"

namespace tsunagu::web {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;

constexpr char kConsole[] = "https://console.example.jp";

Request From(const std::string& origin, Fields fields = {}) {
  Request request;
  request.method = "POST";
  request.authority = "registry.example.jp:8443";
  request.fields = std::move(fields);
  if (!origin.empty()) request.fields.emplace_back("origin", origin);
  return request;
}

TEST(OriginsTest, WhoIsNamedMayCall) {
  const Origins origins = *Origins::Of({kConsole, "http://localhost:3000"});
  for (const char* one : {kConsole, "http://localhost:3000"}) {
    EXPECT_TRUE(origins.Judge(From(one)).ok());
    EXPECT_THAT(origins.Granted(From(one)), Contains(Pair("access-control-allow-origin", one)));
  }
  for (const char* one : {"", "https://registry.example.jp:8443", "https://REGISTRY.example.jp:8443"}) {
    EXPECT_TRUE(origins.Judge(From(one)).ok()) << one << ": no browser, or a page of our own";
    EXPECT_THAT(origins.Granted(From(one)), IsEmpty());
  }
  for (const char* one : {"null", "https://evil.example", "http://console.example.jp",
                          "https://console.example.jp:8443", "https://console.example.jp.evil.example",
                          "https://registry.example.jp", "https://", "registry.example.jp:8443"}) {
    EXPECT_EQ(ReasonOf(origins.Judge(From(one))).word(), "ORIGIN_NOT_ALLOWED") << one;
    EXPECT_THAT(origins.Granted(From(one)), IsEmpty()) << one;
  }
}

TEST(OriginsTest, WhoNamesNoHostHasNoPages) {
  Request request = From("null");
  request.authority.clear();
  EXPECT_FALSE(Origins().Judge(request).ok());
}

// Otherwise a cache could give a page a document that was fetched without an origin, and that the page then cannot
// read.
TEST(OriginsTest, WhatACacheKeepsDependsOnTheOrigin) {
  Request request = From("");
  request.method = "GET";
  EXPECT_THAT(Origins::Of({kConsole})->Granted(request), ElementsAre(Pair("vary", "origin")));
  EXPECT_THAT(Origins().Granted(request), IsEmpty());
}

TEST(OriginsTest, ABrowserAsksFirst) {
  const Origins origins = *Origins::Of({kConsole});
  Request asked = From(kConsole, {{"access-control-request-method", "POST"}});
  EXPECT_FALSE(origins.Preflight(asked).has_value()) << "that is the call";
  asked.method = "OPTIONS";
  EXPECT_THAT(*origins.Preflight(asked), Contains(Pair("access-control-allow-headers", HasSubstr("authorization"))));
  asked.fields.pop_back();
  EXPECT_FALSE(origins.Preflight(asked).has_value());
  asked.fields.emplace_back("origin", "https://evil.example");
  EXPECT_FALSE(origins.Preflight(asked).has_value());
}

TEST(OriginsTest, WhatIsNoOriginIsTold) {
  for (const char* one : {"*", "console.example.jp", "https://", "https://console.example.jp/",
                          "https://Console.example.jp", "ftp://x", "https://a b"}) {
    EXPECT_THAT(std::string(Origins::Of({one}).status().message()), HasSubstr("in --web-origins is no origin")) << one;
  }
  rpc::EchoServer echo;
  Server::Options options;
  options.origins = {"*"};
  EXPECT_FALSE(Server::Start(*echo.router, std::move(options)).ok());
}

}  // namespace
}  // namespace tsunagu::web
