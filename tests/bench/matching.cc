#include "tests/bench/matching.h"

#include <random>
#include <set>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "tests/bench/rounds.h"
#include "tsunagu/matching/v1/round.pb.h"

namespace tsunagu::bench {
namespace {

namespace v1 = matching::v1;

const int kNurses = Sized(5'000, 200), kOpenings = Sized(500, 40);

// A square of about 40 km, with as many posts as nurses, skills that only some nurses have, and commute limits of 5 to
// 20 km.
v1::Snapshot ASnapshot() {
  std::mt19937_64 random(1);
  const auto below = [&](int bound) { return static_cast<int>(random() % static_cast<uint64_t>(bound)); };
  v1::Snapshot snapshot;
  for (int i = 0; i < kNurses; ++i) {
    v1::SnapshotNurse& nurse = *snapshot.add_nurses();
    nurse.set_name(absl::StrFormat("nurses/bench-%05d", i));
    nurse.set_licence(registry::v1::LICENCE_NURSE);
    for (int skill = 1; skill <= 4; ++skill) {
      if (below(2) == 0) nurse.add_skills(static_cast<registry::v1::Skill>(skill));
    }
    nurse.set_weekly_minutes(600 * (1 + below(4)));
    nurse.set_home_mesh(absl::StrFormat("5334%d%d%d%d", below(4), below(4), below(10), below(10)));
    nurse.set_commute_limit_metres(5'000 + below(15'000));
    std::set<int> wishes;
    for (int wish = below(4); wish > 0; --wish) wishes.insert(below(kOpenings));
    for (const int wish : wishes) nurse.add_wishes(absl::StrCat("facilities/bench-", wish));
  }
  for (int i = 0; i < kOpenings; ++i) {
    v1::SnapshotOpening& opening = *snapshot.add_openings();
    opening.set_name(absl::StrFormat("openings/bench-%04d", i));
    opening.set_facility(absl::StrCat("facilities/bench-", i));
    opening.set_latitude_e6(35'333'000 + below(333'000));
    opening.set_longitude_e6(134'000'000 + below(500'000));
    opening.set_posts(1 + below(19));
    opening.set_weekly_minutes(600 * (1 + below(3)));
    if (below(2) == 0) opening.add_required_skills(static_cast<registry::v1::Skill>(1 + below(4)));
  }
  return snapshot;
}

// Nurses of one prefecture and 10,000 openings with 100,000 posts, all in a square of about 40 km as above.
std::string ManyNurses(int count) {
  std::mt19937_64 random(2);
  const auto below = [&](int bound) { return static_cast<int>(random() % static_cast<uint64_t>(bound)); };
  std::string csv =
      "source_key,display_name,licence,skills,weekly_minutes,home_mesh,home_area,commute_limit_metres,seeking\n";
  for (int i = 0; i < count; ++i) {
    absl::StrAppendFormat(&csv, "bench-%d,見本 %d,NURSE,%s,%d,5334%d%d%d%d,areas/312011,%d,true\n", i, i,
                          below(2) == 0 ? "SUCTION" : "SUCTION;OXYGEN", 600 * (1 + below(4)), below(4), below(4),
                          below(10), below(10), 5'000 + below(15'000));
  }
  return csv;
}

const int kManyOpenings = Sized(10'000, 60);

// Facilities, then openings.
std::pair<std::string, std::string> ManyOpenings() {
  std::mt19937_64 random(3);
  const auto below = [&](int bound) { return static_cast<int>(random() % static_cast<uint64_t>(bound)); };
  std::string facilities = "facility_id,display_name,area,latitude_e6,longitude_e6\n";
  std::string openings = "opening_id,facility,area,posts,weekly_minutes,required_skills\n";
  for (int i = 0; i < kManyOpenings; ++i) {
    absl::StrAppendFormat(&facilities, "bench-%d,見本 %d,areas/312011,%d,%d\n", i, i, 35'333'000 + below(333'000),
                          134'000'000 + below(500'000));
    absl::StrAppendFormat(&openings, "bench-%d,facilities/bench-%d,areas/312011,10,%d,%s\n", i, i, 600 * (1 + below(3)),
                          below(2) == 0 ? "OXYGEN" : "");
  }
  return {facilities, openings};
}

struct Large {
  double freeze = 0, solve = 0, memory = 0;
};

Large SolveLarge(int nurses) {
  Rounds rounds({"tsunagu", "serve"});
  rounds.Import("registry", "areas",
                "code,kind,display_name,parent\n310000,PREFECTURE,鳥取県,\n312011,CITY,鳥取市,areas/310000\n", 2);
  const auto [facilities, openings] = ManyOpenings();
  rounds.Import("registry", "facilities", facilities, kManyOpenings);
  rounds.Import("matching", "openings", openings, kManyOpenings);
  rounds.Import("registry", "nurses", ManyNurses(nurses), nurses);
  Large large;
  large.freeze = rounds.Freeze("large", nullptr);
  large.solve = rounds.Solve("large", nurses / 3);
  large.memory = rounds.Memory();
  return large;
}

}  // namespace

std::vector<Line> MeasureLargeRounds() {
  const Large tenth = SolveLarge(Sized(10'000, 30)), whole = SolveLarge(Sized(100'000, 300));
  const auto once = [](double value) { return Spread{value, value, value}; };
  const double ratio = (whole.freeze + whole.solve) / (tenth.freeze + tenth.solve);
  return {
      {"FreezeRound from the registry, 100,000 nurses and 10,000 openings", "SQLite", once(whole.freeze), "s", "-"},
      {"SolveRound of it", "SQLite", once(whole.solve), "s", "-"},
      {"both ÷ the same with 10,000 nurses", "SQLite", once(ratio), "×", "10 at most"},
      {"memory of the whole suite at most, from the imports on", "SQLite", once(whole.memory), "MiB", "1024 at most"}};
}

std::vector<Line> MeasureRounds() {
  Rounds rounds({"tsunagu-matching"});
  const v1::Snapshot snapshot = ASnapshot();
  std::vector<double> seconds;
  for (int i = 0; i < kRounds; ++i) {
    const std::string id = absl::StrCat("bench-", i);
    rounds.Freeze(id, &snapshot);
    seconds.push_back(rounds.Solve(id, kNurses / 3));
  }
  const double memory = rounds.Memory();
  return {{"SolveRound of a frozen round, 5,000 nurses and 500 openings", "SQLite", SpreadOf(seconds), "s", "2"},
          {"memory of the service at most, meanwhile", "SQLite", {memory, memory, memory}, "MiB", "-"}};
}

}  // namespace tsunagu::bench
