#include "common/access/coded_places.h"

#include <optional>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/jp/area_code.h"

namespace tsunagu::access {
namespace {

std::optional<jp::AreaCode> CodeIn(absl::string_view place, absl::string_view prefix) {
  if (!absl::ConsumePrefix(&place, prefix)) return std::nullopt;
  auto code = jp::AreaCode::Parse(place);
  if (!code.ok()) return std::nullopt;
  return *std::move(code);
}

}  // namespace

CodedPlaces::CodedPlaces(absl::string_view collection) : prefix_(absl::StrCat(collection, "/")) {}

std::vector<std::string> CodedPlaces::KeysOf(absl::string_view place) const {
  std::vector<std::string> keys = {std::string(place)};
  if (const auto code = CodeIn(place, prefix_)) keys.push_back(absl::StrCat(prefix_, code->prefecture()));
  return keys;
}

identity::Scope::Keys CodedPlaces::ReachOf(absl::string_view place, jp::CivilDay) const {
  const auto code = CodeIn(place, prefix_);
  if (!code && absl::StartsWith(place, prefix_)) return {};
  if (!code || !code->IsPrefecture()) return {std::string(place)};
  return {absl::StrCat(prefix_, code->prefecture())};
}

}  // namespace tsunagu::access
