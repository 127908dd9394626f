#include <algorithm>
#include <cstdint>
#include <numeric>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/base/clock.h"
#include "tests/bench/matching.h"
#include "tests/bench/rounds.h"
#include "tsunagu/matching/v1/visit_event.pb.h"
#include "tsunagu/matching/v1/visit_supply.pb.h"

namespace tsunagu::bench {
namespace {

namespace v1 = matching::v1;

const int kSupplies = Sized(1'000, 100), kOpenings = Sized(400, 40);
constexpr int kHalfDaysOfOpening = 5;                         // 2,000 half-days
constexpr int kSkills = 8, kHalfDays = 10;                    // those of the enums; from Monday to Friday
const int kMayQuit = Sized(700, 70);                          // of the supplies
const int kRequests = Sized(100, 5), kMost = Sized(100, 20);  // requests of a few events, then of the most
constexpr int kFew = 4;

// Stations and children of one prefecture: twenty towns of different sizes in a square of some 60 km.
class Prefecture {
 public:
  std::string Facilities() {
    std::string csv = "facility_id,display_name,area,latitude_e6,longitude_e6\n";
    for (int i = 0; i < kOpenings; ++i) {
      absl::StrAppend(&csv, "bench-", i, ",見本 ", i, ",areas/312011,", Point(), "\n");
    }
    return csv;
  }
  std::string Openings() {
    std::string csv =
        "opening_id,facility,area,kind,posts,weekly_minutes,required_skills,school_half_days,holiday_half_days\n";
    for (int i = 0; i < kOpenings; ++i) {
      absl::StrAppend(&csv, "bench-", i, ",facilities/bench-", i, ",areas/312011,VISIT,1,60,", Skills(Below(3)), ",",
                      HalfDays(kHalfDaysOfOpening - 1), ",", HalfDays(1), "\n");
    }
    return csv;
  }
  v1::CreateVisitSupplyRequest Supply(int i) {
    v1::CreateVisitSupplyRequest create;
    create.set_visit_supply_id(absl::StrCat("bench-", i));
    v1::VisitSupply& supply = *create.mutable_visit_supply();
    supply.set_supplier_code(create.visit_supply_id());
    supply.set_kind(v1::SUPPLIER_VISITING_STATION);
    supply.set_area("areas/312011");
    const auto [latitude, longitude] = At();
    supply.set_latitude_e6(latitude);
    supply.set_longitude_e6(longitude);
    supply.set_reach_metres(4'000 + Below(9'000));
    supply.set_licence(registry::v1::LICENCE_NURSE);
    for (const int skill : Some(2 + Below(6), kSkills)) supply.add_skills(static_cast<registry::v1::Skill>(skill));
    for (const int half_day : Some(2 + Below(4), kHalfDays)) {
      supply.add_school_half_days(static_cast<registry::v1::HalfDay>(half_day));
    }
    for (const int half_day : Some(1 + Below(2), kHalfDays)) {
      supply.add_holiday_half_days(static_cast<registry::v1::HalfDay>(half_day));
    }
    supply.set_concurrent_visit_count(1 + Below(2));
    supply.set_max_weekly_visit_count(1 + Below(5));
    return create;
  }

  // Returns all but those that must first end their contracts.
  void MayQuit(const std::set<std::string>& hold) {
    for (int i = 0; i < kMayQuit; ++i) {
      const std::string name = absl::StrCat("visitSupplies/bench-", i);
      if (hold.count(name) == 0) may_quit_.push_back(name);
    }
  }

  // Returns the n-th event: a station closes, a station opens, a child needs one more nurse, a station can do one more
  // visit, or goes 1 km farther.
  v1::VisitChange Change(int n) {
    v1::VisitChange change;
    if (n % 5 == 0) {
      Require(!may_quit_.empty(), "too few supplies hold nothing");
      change.mutable_remove_supply()->set_supply(may_quit_.back());
      may_quit_.pop_back();
    } else if (n % 5 == 1) {
      *change.mutable_add_supply()->mutable_row() = Row(absl::StrCat("visitSupplies/new-", n));
      change.mutable_add_supply()->set_supply(change.add_supply().row().name());
    } else if (n % 5 == 2) {
      v1::VisitChange::ChangeHalfDay& half_day = *change.mutable_change_half_day();
      half_day.set_opening(absl::StrCat("openings/bench-", Below(kOpenings)));
      half_day.set_half_day(static_cast<registry::v1::HalfDay>(1 + Below(kHalfDays)));
      half_day.set_posts(1);
    } else {
      v1::VisitChange::ChangeSupply& more = *change.mutable_change_supply();
      more.set_supply(absl::StrCat("visitSupplies/bench-", kMayQuit + Below(kSupplies - kMayQuit)));
      if (n % 5 == 3) more.set_extra_school_visits(1);
      if (n % 5 == 4) more.set_extra_metres(1'000);
    }
    return change;
  }

 private:
  v1::SnapshotSupply Row(const std::string& name) {
    v1::SnapshotSupply row;
    row.set_name(name);
    row.set_kind(v1::SUPPLIER_VISITING_STATION);
    const auto [latitude, longitude] = At();
    row.set_latitude_e6(latitude);
    row.set_longitude_e6(longitude);
    row.set_reach_metres(8'000);
    row.set_licence(registry::v1::LICENCE_NURSE);
    for (const int skill : Some(4, kSkills)) row.add_skills(static_cast<registry::v1::Skill>(skill));
    for (const int half_day : Some(4, kHalfDays)) {
      v1::SnapshotSupply::Given& given = *row.add_given();
      given.set_half_day(static_cast<registry::v1::HalfDay>(half_day));
      given.set_visit_count(1);
    }
    row.set_school_visit_count(3);
    row.set_all_visit_count(3);
    return row;
  }
  int Below(int bound) { return static_cast<int>(random_() % static_cast<uint64_t>(bound)); }
  std::pair<int, int> At() {
    const int town = std::min(Below(20), Below(20));  // the first are the largest
    return {35'000'000 + town * 7 % 20 * 27'000 + Below(60'000), 134'000'000 + town * 3 % 20 * 33'000 + Below(70'000)};
  }
  std::string Point() {
    const auto [latitude, longitude] = At();
    return absl::StrCat(latitude, ",", longitude);
  }
  // Returns `count` of the first `of` numbers from 1.
  std::vector<int> Some(int count, int of) {
    std::vector<int> numbers(of);
    std::iota(numbers.begin(), numbers.end(), 1);
    std::shuffle(numbers.begin(), numbers.end(), random_);
    numbers.resize(count);
    return numbers;
  }
  std::string Skills(int count) { return Names(registry::v1::Skill_descriptor(), "SKILL_", Some(count, kSkills)); }
  std::string HalfDays(int count) {
    return Names(registry::v1::HalfDay_descriptor(), "HALF_DAY_", Some(count, kHalfDays));
  }
  static std::string Names(const google::protobuf::EnumDescriptor* type, absl::string_view prefix,
                           const std::vector<int>& numbers) {
    return absl::StrJoin(numbers, ";", [&](std::string* out, int number) {
      *out += type->FindValueByNumber(number)->name().substr(prefix.size());
    });
  }

  std::mt19937_64 random_{1};
  std::vector<std::string> may_quit_;
};

}  // namespace

std::vector<Line> MeasureVisits() {
  Rounds rounds({"tsunagu", "serve"});
  Prefecture prefecture;
  rounds.Import("registry", "areas",
                "code,kind,display_name,parent\n310000,PREFECTURE,鳥取県,\n312011,CITY,鳥取市,areas/310000\n", 2);
  rounds.Import("registry", "facilities", prefecture.Facilities(), kOpenings);
  rounds.Import("matching", "openings", prefecture.Openings(), kOpenings);
  for (int i = 0; i < kSupplies; ++i) {
    rounds.Ask<v1::VisitSupply>("matching.v1.VisitSupplyService/CreateVisitSupply", prefecture.Supply(i));
  }
  std::vector<double> solving, events, whole;
  for (int i = 0; i < kRounds; ++i) {
    const std::string id = absl::StrCat("bench-", i);
    rounds.Freeze(id, nullptr, v1::OPENING_KIND_VISIT);
    solving.push_back(rounds.Solve(id, kOpenings));
  }
  v1::PublishRoundRequest publish;
  publish.set_name("rounds/bench-0");
  rounds.Ask<v1::Round>("matching.v1.RoundService/PublishRound", publish);
  prefecture.MayQuit(rounds.OpenVisitContracts("rounds/bench-0"));
  int happened = 0;
  const auto apply = [&](int count) {
    v1::ApplyVisitEventsRequest request;
    request.set_name("rounds/bench-0");
    for (int i = 0; i < count; ++i) *request.add_changes() = prefecture.Change(happened++);
    const Stopwatch watch;
    rounds.Ask<v1::ApplyVisitEventsResponse>("matching.v1.VisitEventService/ApplyVisitEvents", request);
    return absl::ToDoubleSeconds(watch.Elapsed());
  };
  for (int i = 0; i < kRequests; ++i) events.push_back(apply(kFew) * 1'000 / kFew);
  for (int i = 0; i < kRounds; ++i) whole.push_back(apply(kMost));
  std::sort(events.begin(), events.end());
  const auto once = [](double value) { return Spread{value, value, value}; };
  return {{absl::StrCat("SolveRound of ", kSupplies, " supplies and ", kOpenings * kHalfDaysOfOpening, " half-days"),
           "SQLite", SpreadOf(solving), "s", "-"},
          {absl::StrCat("an event of it, in the middle one of ", kRequests, " requests of ", kFew), "SQLite",
           once(events[kRequests / 2]), "ms", "-"},
          {"the same, in 99 of these at most", "SQLite", once(events[kRequests - 2]), "ms", "-"},
          {absl::StrCat("a request of ", kMost, " events"), "SQLite", SpreadOf(whole), "s", "-"},
          {"memory of the suite at most, meanwhile", "SQLite", once(rounds.Memory()), "MiB", "-"}};
}

}  // namespace tsunagu::bench
