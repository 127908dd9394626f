// Compares the report of placements with an independent second implementation: random placements of all bodies of 2019,
// with every population, measure and mode. TSUNAGU_CASES sets the number of questions, TSUNAGU_SEED repeats a failure.
#include <algorithm>
#include <cstdlib>
#include <functional>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <tuple>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "tests/wire/bodies_of_2019.h"
#include "tests/wire/report_test_base.h"

namespace tsunagu::wire {
namespace {

// Days are numbers here, counted from 2016-01-01.
using DayNumber = int;
constexpr DayNumber kForEver = 1'000'000;

std::string IsoOf(DayNumber day) { return jp::FormatIso(jp::CivilDay(2016, 1, 1) + day); }
std::string IsoOrNothing(DayNumber day) { return day == kForEver ? "" : IsoOf(day); }

struct Span {
  DayNumber from = 0, to = kForEver;
  bool Has(DayNumber day) const { return from <= day && day <= to; }
};

struct World {
  struct Body {
    char kind = 'V';
    Span days;
  };
  struct Member {
    int group;
    std::string area;
    Span days;
  };
  struct Placed {
    int person;
    std::string body;  // areas/…, or empty: the group
    int group = -1;
    bool planned = false;
    Span days;
    int hundredths = 0;
    std::set<std::string> served;
  };
  struct Trained {
    Span days;
    bool revoked = false;
  };
  std::map<std::string, Body> bodies;
  std::map<std::string, Span> core;
  std::vector<Member> members;
  std::vector<Placed> placed;
  std::map<int, std::vector<Trained>> trained;
};

// "26 = 12/47" for a quotient, "12" for a number, by "population/measure".
using Table = std::map<std::string, std::string>;

std::string Said(int64_t top, int64_t bottom, int decimals, int factor = 1) {
  const std::string raw = absl::StrCat(" = ", top, "/", bottom);
  if (bottom == 0) return "-" + raw;
  int64_t tens = 1;
  for (int i = 0; i < decimals; ++i) tens *= 10;
  // Half up: the half is added before what is left over is dropped.
  const int64_t steps = (top * factor * tens * 2 + bottom) / (bottom * 2);
  std::string digits = absl::StrCat(steps);
  if (decimals == 0) return digits + raw;
  while (static_cast<int>(digits.size()) <= decimals) digits.insert(digits.begin(), '0');
  digits.insert(digits.size() - decimals, ".");
  return digits + raw;
}

// Counts body by body.
class Recount {
 public:
  Recount(const World& world, DayNumber day, char mode) : world_(world), day_(day), mode_(mode) {
    const jp::CivilDay civil = jp::CivilDay(2016, 1, 1) + day;
    const std::string iso = jp::FormatIso(civil);
    int year = 0;
    (void)absl::SimpleAtoi(iso.substr(0, 4), &year);
    const std::string april = iso.substr(0, 4) + "-04-01";
    year_end_ = static_cast<int>(jp::CivilDay(iso < april ? year : year + 1, 3, 31) - jp::CivilDay(2016, 1, 1));
    for (const World::Placed& one : world_.placed) {
      if (IsThere(one) || IsToCome(one)) Spread(one);
    }
    for (const auto& [body, all] : at_) {
      for (const auto& [one, later] : all) {
        if (!later) placing_.insert(body);
      }
    }
    for (const World::Placed& one : world_.placed) {
      if (IsThere(one)) served_.insert(one.served.begin(), one.served.end());
    }
  }

  Table Count(const std::function<bool(const std::string&)>& counts) const {
    Table table;
    const std::pair<const char*, std::function<bool(const std::string&, char)>> populations[] = {
        {"prefectures", [](const std::string&, char kind) { return kind == 'P'; }},
        {"designated_cities", [](const std::string&, char kind) { return kind == 'D'; }},
        {"municipalities", [](const std::string&, char kind) { return kind != 'P'; }},
        {"other_municipalities", [](const std::string&, char kind) { return kind != 'P' && kind != 'D'; }},
        {"whole_prefecture", [](const std::string&, char) { return true; }},
        {"prefecture_own", [&](const std::string& body, char kind) { return kind != 'D' && !IsCore(body); }}};
    for (const auto& [name, belongs] : populations) {
      std::vector<std::string> bodies;
      for (const auto& [body, about] : world_.bodies) {
        if (about.kind == 'N' || !about.days.Has(day_)) continue;
        if (belongs(body, about.kind) && counts(body)) bodies.push_back(body);
      }
      CountIn(name, bodies, table);
    }
    return table;
  }

 private:
  bool IsCore(const std::string& body) const {
    const auto found = world_.core.find(body);
    return found != world_.core.end() && found->second.Has(day_);
  }
  bool IsPlannedSoon(const World::Placed& one) const {
    return one.planned && one.days.to >= day_ && one.days.from <= year_end_;
  }
  bool IsThere(const World::Placed& one) const {
    if (one.planned) return mode_ == 'i' && IsPlannedSoon(one);
    return one.days.Has(day_);
  }
  bool IsToCome(const World::Placed& one) const { return mode_ == 'a' && IsPlannedSoon(one); }

  void Spread(const World::Placed& one) {
    const std::pair<const World::Placed*, bool> entry(&one, IsToCome(one));
    if (one.group < 0) {
      at_[one.body].push_back(entry);
      return;
    }
    const DayNumber asked = one.planned && one.days.from > day_ ? one.days.from : day_;
    for (const World::Member& member : world_.members) {
      if (member.group == one.group && member.days.Has(asked)) at_[member.area].push_back(entry);
    }
  }

  bool IsTrained(int person) const {
    const auto found = world_.trained.find(person);
    if (found == world_.trained.end()) return false;
    return std::any_of(found->second.begin(), found->second.end(),
                       [&](const World::Trained& one) { return !one.revoked && one.days.Has(day_); });
  }

  void CountIn(const std::string& population, const std::vector<std::string>& bodies, Table& table) const {
    std::set<int> people, trained, later_people;
    std::set<const World::Placed*> counted;
    std::vector<int64_t> sizes;
    int64_t placing = 0, alone = 0, covered = 0, later_bodies = 0, hundredths = 0;
    for (const std::string& body : bodies) {
      std::set<int> here;
      bool by_itself = false, later = false;
      const auto found = at_.find(body);
      if (found != at_.end()) {
        for (const auto& [one, to_come] : found->second) {
          if (to_come) {
            later = true;
            later_people.insert(one->person);
            continue;
          }
          here.insert(one->person);
          by_itself = by_itself || one->group < 0;
          counted.insert(one);
        }
      }
      people.insert(here.begin(), here.end());
      if (!here.empty()) sizes.push_back(static_cast<int64_t>(here.size()));
      placing += here.empty() ? 0 : 1;
      alone += by_itself ? 1 : 0;
      later_bodies += later && here.empty() ? 1 : 0;
      const bool is_served = served_.count(body) + served_.count(Above(body)) > 0;
      covered += body != Above(body) && placing_.count(body) == 0 && is_served ? 1 : 0;
    }
    for (const int person : people) {
      if (IsTrained(person)) trained.insert(person);
      later_people.erase(person);
    }
    for (const World::Placed* one : counted) hundredths += one->hundredths;
    std::sort(sizes.begin(), sizes.end());
    const auto n = static_cast<int64_t>(bodies.size()), persons = static_cast<int64_t>(people.size());
    const auto number = [&](const char* measure, int64_t value) {
      table[absl::StrCat(population, "/", measure)] = absl::StrCat(value);
    };
    const auto quotient = [&](const char* measure, const std::string& value) {
      table[absl::StrCat(population, "/", measure)] = value;
    };
    number("bodies", n);
    number("placing_bodies", placing);
    number("joint_bodies", placing - alone);
    number("single_bodies", alone);
    number("covered_bodies", covered);
    number("persons", persons);
    number("trained_persons", static_cast<int64_t>(trained.size()));
    quotient("placing_share", Said(placing, n, 0, 100));
    quotient("trained_share", Said(static_cast<int64_t>(trained.size()), persons, 0, 100));
    quotient("persons_per_placing_body_mean", Said(persons, placing, 1));
    quotient("persons_per_body_mean", Said(persons, n, 1));
    quotient("fte", Said(hundredths, 100, 2));
    const size_t half = sizes.size() / 2;
    quotient("persons_per_placing_body_median", sizes.empty()           ? Said(0, 0, 1)
                                                : sizes.size() % 2 == 1 ? Said(sizes[half], 1, 1)
                                                                        : Said(sizes[half - 1] + sizes[half], 2, 1));
    if (mode_ != 'a') return;
    number("planned_bodies", later_bodies);
    number("planned_persons", static_cast<int64_t>(later_people.size()));
  }

  // The prefecture of a municipality, by what its code begins with.
  std::string Above(const std::string& body) const {
    for (const auto& [name, about] : world_.bodies) {
      if (about.kind == 'P' && name.compare(0, 8, body, 0, 8) == 0) return above_[body] = name;
    }
    return "";
  }

  const World& world_;
  const DayNumber day_;
  const char mode_;  // e: planned are excluded, i: included, a: apart
  DayNumber year_end_ = 0;
  std::map<std::string, std::vector<std::pair<const World::Placed*, bool>>> at_;  // and whether it is to come
  std::set<std::string> placing_, served_;
  mutable std::map<std::string, std::string> above_;
};

class PlacementArithmeticTest : public ReportTest {
 protected:
  static constexpr int kPeople = 900, kGroups = 30, kBatches = 3, kPlacedInBatch = 500;

  void SetUp() override {
    SuiteTest::SetUp();
    if (IsSkipped()) return;
    const char* seed = std::getenv("TSUNAGU_SEED");
    unsigned chosen = 0;
    if (seed == nullptr || !absl::SimpleAtoi(seed, &chosen)) chosen = std::random_device()();
    seed_ = absl::StrCat("TSUNAGU_SEED=", chosen);
    random_.seed(chosen);
  }

  int Below(int bound) { return static_cast<int>(random_() % static_cast<unsigned>(bound)); }
  bool OneIn(int n) { return Below(n) == 0; }
  const std::string& AnyBody() { return names_[Below(static_cast<int>(names_.size()))]; }
  // Nobody is placed at a code without a body.
  const std::string& AnyPlacingBody() {
    for (;;) {
      const std::string& body = AnyBody();
      if (world_.bodies[body].kind != 'N') return body;
    }
  }

  void Take(const std::string& collection, const std::string& file) {
    const Imported imported = ImportCsv(reader(), collection, file);
    ASSERT_EQ(imported.counts.refused_count(), 0) << absl::StrJoin(imported.rows, "\n");
    ASSERT_GT(imported.counts.created_count(), 0) << imported.summary;
  }

  // Some towns come and go; the rest is there for ever.
  void MakeBodies() {
    std::vector<BodyOf2019> bodies = BodiesOf2019();
    for (const BodyOf2019& none : CodesWithoutABody()) bodies.push_back(none);
    std::map<std::string, std::pair<std::string, std::string>> days;
    std::string roles = "area_role_id,area,role,valid_from_date,valid_to_date\n";
    for (const BodyOf2019& body : bodies) {
      World::Body& about = world_.bodies[body.name()];
      about.kind = body.kind;
      names_.push_back(body.name());
      if (body.kind == 'T' && OneIn(20)) {
        about.days = {Below(900), 1300 + Below(900)};
        days[body.code] = {IsoOf(about.days.from), IsoOf(about.days.to)};
      }
      if (body.kind == 'C' && OneIn(8)) {
        world_.core[body.name()] = {Below(1500), OneIn(2) ? kForEver : 1500 + Below(700)};
        const Span& span = world_.core[body.name()];
        absl::StrAppend(&roles, "core-", body.code, ",", body.name(), ",CORE_CITY,", IsoOf(span.from), ",",
                        IsoOrNothing(span.to), "\n");
      }
    }
    ASSERT_NO_FATAL_FAILURE(Take("areas", AreasFile(bodies, days)));
    Take("areaRoles", roles);
  }

  void MakePeople() {
    std::string file = "source_key,display_name,home_area\n";
    for (int i = 0; i < kPeople; ++i) absl::StrAppend(&file, "c", i, ",見本 花子,areas/310000\n");
    Take("coordinators", file);
    std::map<std::string, std::string> names;
    registry_v1::ListCoordinatorsRequest request;
    request.set_page_size(1000);
    const auto list =
        admin().Call<registry_v1::ListCoordinatorsResponse>("registry.v1.CoordinatorService/ListCoordinators", request);
    ASSERT_EQ(wire::Said(list), "OK");
    for (const auto& person : list->coordinators()) names[person.source_key()] = person.name();
    std::string trainings = "coordinator,coordinator_training_id,display_name,completion_date,expiry_date,revoked\n";
    for (int i = 0; i < kPeople; ++i) {
      for (int nth = 0; nth < Below(3); ++nth) {
        const int from = Below(1800);
        const World::Trained one{{from, OneIn(3) ? from + Below(700) : kForEver}, OneIn(6)};
        world_.trained[i].push_back(one);
        absl::StrAppend(&trainings, names[absl::StrCat("c", i)], ",t", nth, ",見本研修,", IsoOf(from), ",",
                        IsoOrNothing(one.days.to), ",", one.revoked ? "true" : "false", "\n");
      }
    }
    Take("coordinatorTrainings", trainings);
  }

  // Two bodies belong to each group for ever, so that it can place, and others for some time.
  void MakeGroups() {
    std::string groups = "joint_group_id,display_name\n", members = "joint_group,area,valid_from_date,valid_to_date\n";
    for (int group = 0; group < kGroups; ++group) {
      absl::StrAppend(&groups, "g", group, ",見本共同配置\n");
      std::set<std::string> taken;
      for (int i = 0; i < 2 + Below(5); ++i) {
        const std::string& area = AnyBody();
        const World::Body& about = world_.bodies[area];
        if (about.kind == 'P' || about.kind == 'N' || about.days.to != kForEver || !taken.insert(area).second) continue;
        World::Member member{group, area, {}};
        if (taken.size() > 2) member.days = {Below(1500), 0};
        if (taken.size() > 2) member.days.to = member.days.from + Below(800);
        world_.members.push_back(member);
        absl::StrAppend(&members, "jointGroups/g", group, ",", area, ",",
                        member.days.to == kForEver ? "" : IsoOf(member.days.from), ",", IsoOrNothing(member.days.to),
                        "\n");
      }
      if (taken.size() >= 2) placing_groups_.push_back(group);
    }
    Take("jointGroups", groups);
    Take("jointGroupMembers", members);
  }

  std::optional<World::Placed> AnyPlaced() {
    World::Placed one;
    one.person = Below(kPeople);
    one.planned = OneIn(3);
    one.days = {Below(2000), 0};
    one.days.to = OneIn(3) ? kForEver : one.days.from + Below(900);
    one.hundredths = OneIn(3) ? 0 : 1 + Below(100);
    if (OneIn(6)) {
      one.group = placing_groups_[Below(static_cast<int>(placing_groups_.size()))];
    } else {
      one.body = OneIn(8) ? PrefectureNames()[Below(47)] : AnyPlacingBody();
    }
    for (int i = 0; i < (OneIn(3) ? 1 + Below(4) : 0); ++i)
      one.served.insert(OneIn(25) ? PrefectureNames()[Below(47)] : AnyBody());
    // Everything that it names exists on all of its days, and no person is twice at one body.
    std::set<std::string> named = one.served;
    if (one.group < 0) named.insert(one.body);
    for (const std::string& name : named) {
      const Span& days = world_.bodies[name].days;
      if (one.days.from < days.from || days.to < one.days.to) return std::nullopt;
    }
    for (const World::Placed& other : world_.placed) {
      const bool is_same = std::tie(other.person, other.body, other.group) == std::tie(one.person, one.body, one.group);
      if (is_same && other.days.from <= one.days.to && one.days.from <= other.days.to) return std::nullopt;
    }
    return one;
  }
  const std::vector<std::string>& PrefectureNames() {
    if (prefectures_.empty()) {
      for (const auto& [name, about] : world_.bodies) {
        if (about.kind == 'P') prefectures_.push_back(name);
      }
    }
    return prefectures_;
  }

  void PlaceSome() {
    std::string file = "source_key,coordinator,body,stage,valid_from_date,valid_to_date,fte_hundredths,territory\n";
    for (int i = 0; i < kPlacedInBatch; ++i) {
      const std::optional<World::Placed> one = AnyPlaced();
      if (!one) continue;
      absl::StrAppend(&file, "p", world_.placed.size(), ",c", one->person, ",",
                      one->group < 0 ? one->body : absl::StrCat("jointGroups/g", one->group), ",",
                      one->planned ? "PLANNED," : "ACTUAL,", IsoOf(one->days.from), ",", IsoOrNothing(one->days.to),
                      ",", one->hundredths == 0 ? "" : absl::StrCat(one->hundredths), ",",
                      absl::StrJoin(one->served, ";"), "\n");
      world_.placed.push_back(*one);
    }
    Take("placements", file);
  }

  static Table TableOf(const platform_v1::Report& report, const std::string& group) {
    Table table;
    for (const platform_v1::Figure& figure : report.figures()) {
      if (figure.group() != group) continue;
      std::string said = figure.value().empty() ? "-" : figure.value();
      if (figure.has_denominator()) absl::StrAppend(&said, " = ", figure.numerator(), "/", figure.denominator());
      table[absl::StrCat(figure.population(), "/", figure.measure())] = said;
    }
    return table;
  }

  void ExpectSame(const Table& expected, const Table& reported) {
    EXPECT_EQ(expected.size(), reported.size());
    for (const auto& [key, said] : expected) {
      const auto found = reported.find(key);
      EXPECT_EQ(found == reported.end() ? "nothing" : found->second, said) << key;
    }
  }

  // One question: a day, a mode, perhaps an area, groups, an earlier state.
  void Ask() {
    const DayNumber day = Below(2200);
    const char mode = "eia"[Below(3)];
    registry_v1::GetPlacementReportRequest request = Asking(IsoOf(day));
    request.set_planned(mode == 'i'   ? registry_v1::PLANNED_PLACEMENTS_INCLUDED
                        : mode == 'a' ? registry_v1::PLANNED_PLACEMENTS_APART
                        : OneIn(2)    ? registry_v1::PLANNED_PLACEMENTS_EXCLUDED
                                      : registry_v1::PLANNED_PLACEMENTS_UNSPECIFIED);
    const std::string area = !OneIn(4) ? "" : OneIn(3) ? AnyBody() : PrefectureNames()[Below(47)];
    request.set_area(area);
    const std::string group = OneIn(4) && area.empty() ? PrefectureNames()[Below(47)] : "";
    if (!group.empty()) request.set_group_by(registry_v1::PLACEMENT_GROUPING_PREFECTURES);
    const size_t known = OneIn(5) ? Below(static_cast<int>(worlds_.size())) : worlds_.size();
    if (known < worlds_.size()) *request.mutable_as_known_at() = worlds_[known].first;
    SCOPED_TRACE(absl::StrCat(seed_, " ", IsoOf(day), " mode ", std::string(1, mode), " area ", area, " group ", group,
                              known < worlds_.size() ? " as known before" : ""));
    const auto report = Report(admin(), request);
    ASSERT_EQ(wire::Said(report), "OK");
    const Recount recount(known < worlds_.size() ? worlds_[known].second : world_, day, mode);
    const auto lies_in = [](const std::string& body, const std::string& place) {
      return body == place || (place.substr(8, 3) == "000" && body.compare(0, 8, place, 0, 8) == 0);
    };
    ExpectSame(recount.Count([&](const std::string& body) { return area.empty() || lies_in(body, area); }),
               TableOf(*report, ""));
    if (group.empty()) return;
    ExpectSame(recount.Count([&](const std::string& body) { return lies_in(body, group); }), TableOf(*report, group));
  }

  std::mt19937 random_;
  std::string seed_;
  World world_;
  std::vector<std::pair<google::protobuf::Timestamp, World>> worlds_;
  std::vector<std::string> names_, prefectures_;
  std::vector<int> placing_groups_;
};
WIRE_TEST_ON_BOTH(PlacementArithmeticTest);

TEST_P(PlacementArithmeticTest, AgreesWithARecount) {
  const char* text = std::getenv("TSUNAGU_CASES");
  int cases = 0;
  if (text == nullptr || !absl::SimpleAtoi(text, &cases)) cases = 60;
  ASSERT_NO_FATAL_FAILURE(MakeBodies());
  ASSERT_NO_FATAL_FAILURE(MakePeople());
  ASSERT_NO_FATAL_FAILURE(MakeGroups());
  for (int batch = 0; batch < kBatches; ++batch) {
    ASSERT_NO_FATAL_FAILURE(PlaceSome());
    if (batch + 1 == kBatches) break;
    const auto report = Report(admin(), Asking("2019-08-01"));
    ASSERT_EQ(wire::Said(report), "OK");
    worlds_.emplace_back(report->known_time(), world_);
    clock().Advance(absl::Seconds(1));
  }
  for (int i = 0; i < cases && !HasFailure(); ++i) Ask();
}

}  // namespace
}  // namespace tsunagu::wire
