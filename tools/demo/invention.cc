#include "tools/demo/invention.h"

#include <algorithm>
#include <array>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "common/base/entropy.h"
#include "common/text/csv.h"
#include "tools/demo/draw.h"

namespace tsunagu::demo {
namespace {

// How often, in percent, a nurse can give a kind of care and a post requires it.
struct Care {
  const char* skill;
  int can;
  int needed;
};
constexpr Care kCares[] = {{"SUCTION", 88, 75},   {"TUBE_FEEDING", 80, 55}, {"TRACHEOSTOMY", 42, 18},
                           {"VENTILATOR", 25, 9}, {"OXYGEN", 52, 18},       {"INJECTION", 38, 6},
                           {"CATHETER", 40, 8},   {"SEIZURE", 50, 14}};

// About four of five are 看護師.
constexpr std::array<const char*, 4> kLicences = {"NURSE", "ASSISTANT_NURSE", "PUBLIC_HEALTH_NURSE", "MIDWIFE"};
constexpr std::array<int, 4> kLicenceWeights = {80, 14, 4, 2};
constexpr std::array<const char*, 4> kAccepted = {"", "NURSE;ASSISTANT_NURSE", "NURSE;PUBLIC_HEALTH_NURSE", "NURSE"};
constexpr std::array<int, 4> kAcceptedWeights = {55, 20, 10, 15};

constexpr std::array<int, 6> kPostHours = {10, 15, 20, 25, 30, 40};
constexpr std::array<int, 6> kPostHourWeights = {10, 20, 30, 10, 15, 15};
constexpr std::array<int, 6> kNurseHours = {12, 16, 20, 24, 30, 40};
constexpr std::array<int, 6> kNurseHourWeights = {8, 15, 25, 12, 20, 20};
constexpr std::array<int, 6> kLimitsKm = {5, 8, 10, 15, 20, 30};
constexpr std::array<int, 6> kLimitWeights = {12, 18, 25, 25, 14, 6};
constexpr std::array<int, 3> kPostWeights = {55, 30, 15};
constexpr std::array<int, 6> kWishWeights = {25, 15, 20, 20, 12, 8};

constexpr std::array<const char*, 4> kFamilyNames = {"見本", "架空", "例示", "仮名"};
constexpr std::array<const char*, 4> kFamilyKana = {"ミホン", "カクウ", "レイジ", "カメイ"};
constexpr std::array<const char*, 6> kGivenNames = {"花子", "太郎", "一花", "二葉", "三月", "四季"};
constexpr std::array<const char*, 6> kGivenKana = {"ハナコ", "タロウ", "イチカ", "フタバ", "ミツキ", "シキ"};

// Half the sides of the box around a facility in which its nurses live: its corners are about 15 km away.
constexpr int kReachNorthE6 = 95'000, kReachEastE6 = 115'000;

std::string Skills(Draw& draw, int Care::*chance, size_t most) {
  std::vector<absl::string_view> skills;
  for (const Care& care : kCares) {
    if (draw.Percent(care.*chance) && skills.size() < most) skills.push_back(care.skill);
  }
  return absl::StrJoin(skills, ";");
}

// Returns the cell of about 1 km of a point near the place; near points are more frequent.
std::string HomeNear(const Place& place, Draw& draw) {
  const auto offset = [&](int reach) {
    return static_cast<int32_t>((draw.Between(-reach, reach) + draw.Between(-reach, reach)) / 2);
  };
  const int32_t north = offset(kReachNorthE6), east = offset(kReachEastE6);
  const std::string mesh = jp::MeshOf({place.point.latitude_e6 + north, place.point.longitude_e6 + east});
  return mesh.empty() ? jp::MeshOf(place.point) : mesh;
}

std::string Wishes(std::vector<const Place*> near, Draw& draw) {
  const size_t count = std::min(draw.Weighted(kWishWeights), near.size());
  std::vector<absl::string_view> wishes;
  for (size_t i = 0; i < count; ++i) {
    std::swap(near[i], near[i + draw.Below(static_cast<int64_t>(near.size() - i))]);
    wishes.push_back(near[i]->name);
  }
  return absl::StrJoin(wishes, ";");
}

std::string NurseRow(absl::Span<const Place> homes, const PlaceGrid& wishable, int64_t seed, int64_t number) {
  Draw draw(seed, absl::StrCat("nurse/", number));
  const Place& place = homes[draw.Below(static_cast<int64_t>(homes.size()))];
  const size_t family = draw.Below(kFamilyNames.size()), given = draw.Below(kGivenNames.size());
  const std::string licence = kLicences[draw.Weighted(kLicenceWeights)];
  const std::string skills = Skills(draw, &Care::can, std::size(kCares));
  const int minutes = 60 * kNurseHours[draw.Weighted(kNurseHourWeights)];
  const int limit = 1000 * kLimitsKm[draw.Weighted(kLimitWeights)];
  const std::string home = HomeNear(place, draw);
  const std::string wishes = Wishes(wishable.Near(place.point), draw);
  return contract::CsvLine({absl::StrCat("demo-", seed, "-", number),
                            absl::StrFormat("%s %s%04d", kFamilyNames[family], kGivenNames[given], number),
                            absl::StrCat(kFamilyKana[family], " ", kGivenKana[given]), licence, skills,
                            absl::StrCat(minutes), home, place.area, absl::StrCat(limit), wishes, "true"});
}

std::string OpeningRow(const Place& place, int64_t seed, Draw& draw) {
  const std::string id = absl::StrCat("demo-", seed, "-", Base32(Sha256(place.key)).substr(0, 12));
  const int hours = kPostHours[draw.Weighted(kPostHourWeights)];
  const size_t posts = draw.Weighted(kPostWeights) + 1;
  const std::string accepted = kAccepted[draw.Weighted(kAcceptedWeights)];
  const std::string needed = Skills(draw, &Care::needed, 3);
  return contract::CsvLine({id, place.name, place.area, absl::StrCat("見本求人（架空）看護職員 週", hours, "時間"),
                            absl::StrCat(posts), accepted, needed, absl::StrCat(60 * hours), InventedSource(seed)});
}

}  // namespace

std::string InventedSource(int64_t seed) { return absl::StrCat("invented from seed ", seed); }

std::string InventOpenings(absl::Span<const Place> places, int64_t seed) {
  std::string csv = contract::CsvLine({"opening_id", "facility", "area", "display_name", "posts", "licences",
                                       "required_skills", "weekly_minutes", "source"});
  for (const Place& place : places) {
    Draw draw(seed, absl::StrCat("opening/", place.key));
    if (draw.Below(3) < 2) absl::StrAppend(&csv, OpeningRow(place, seed, draw));
  }
  return csv;
}

std::string InventNurses(absl::Span<const Place> homes, absl::Span<const Place> wishable, int64_t seed, int64_t count) {
  std::string csv = contract::CsvLine({"source_key", "display_name", "kana", "licence", "skills", "weekly_minutes",
                                       "home_mesh", "home_area", "commute_limit_metres", "wishes", "seeking"});
  if (homes.empty()) return csv;
  const PlaceGrid grid(wishable);
  for (int64_t number = 1; number <= count; ++number) absl::StrAppend(&csv, NurseRow(homes, grid, seed, number));
  return csv;
}

}  // namespace tsunagu::demo
