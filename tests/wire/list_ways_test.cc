// However the rows of a list are accessed, the list is the same; and the cheapest access path is taken.
#include <algorithm>
#include <functional>
#include <limits>
#include <optional>
#include <random>
#include <set>
#include <tuple>

#include "absl/strings/numbers.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "common/contract/schema.h"
#include "common/db/parameters.h"
#include "common/db/sqlite/sqlite_session.h"
#include "common/records/store.h"
#include "common/records/table.h"
#include "common/service/service.h"
#include "common/text/filter.h"
#include "common/text/order.h"
#include "tests/wire/suite_test_base.h"

namespace tsunagu::wire {
namespace {

using identity::Scope;
using store::ListQuery;

constexpr char kToday[] = "2050-04-03";  // of the tests' clock

// The lists of one table, read within the server, so that a test can say which ways in count as small.
class ListWaysTest : public SuiteTest {
 protected:
  store::Store& store() { return server().host().Find("registry")->store(); }

  // The ids of one page.
  std::vector<std::string> Page(const std::string& collection, const Scope& scope, const ListQuery& query) {
    std::vector<std::string> ids;
    Reading(scope, [&](store::View& view) {
      ids.clear();
      return store().FindTable(collection)->List(view, query, [&](store::Record record) {
        ids.push_back(
            *store().FindTable(collection)->schema().IdOf(store().FindTable(collection)->schema().NameIn(*record)));
        return absl::OkStatus();
      });
    });
    return ids;
  }
  void Reading(const Scope& scope, const std::function<absl::Status(store::View&)>& body) {
    store::Actor actor;
    actor.principal = "tests";
    actor.scope = scope;
    const absl::Status read = store().Read(actor, Deadline::After(absl::Seconds(30)), body);
    ASSERT_TRUE(read.ok()) << read;
  }
  ListQuery Query(const std::string& collection, const std::string& filter, const std::string& order_by) {
    const contract::Schema& schema = store().FindTable(collection)->schema();
    const auto condition = contract::CompileFilter(schema, filter);
    EXPECT_TRUE(condition.ok()) << filter << ": " << condition.status();
    ListQuery query;
    query.Narrow(*condition);
    query.order = *contract::ParseOrderBy(schema, order_by);
    query.page = true;
    return query;
  }
};

// A placement as the model knows it. A day that is absent comes first in an order.
struct Placed {
  struct Key {
    std::string key;
    std::optional<std::string> from, to;
  };
  std::string id, coordinator, body, stage;
  std::optional<std::string> from, to;
  int64_t create_time, update_time;
  std::vector<Key> keys;

  bool Carries(const Scope::Keys& wanted) const {
    return std::any_of(keys.begin(), keys.end(), [&](const Key& key) {
      return wanted.count(key.key) != 0 && (!key.from || *key.from <= kToday) && (!key.to || *key.to >= kToday);
    });
  }
  bool Within(const Scope& scope) const {
    return std::all_of(scope.all_of().begin(), scope.all_of().end(),
                       [&](const Scope::Keys& one) { return Carries(one); });
  }
  contract::OrderValue Value(const std::string& column) const {
    if (column == "id") return id;
    if (column == "create_time") return create_time;
    if (column == "update_time") return update_time;
    return from ? contract::OrderValue(*from) : contract::OrderValue(absl::monostate());
  }
};

// A filter, and what it means.
struct Filter {
  std::string text;
  std::function<bool(const Placed&)> holds;
};

class Chance {
 public:
  explicit Chance(unsigned seed) : random_(seed) {}
  int Below(int bound) { return static_cast<int>(random_() % static_cast<unsigned>(bound)); }
  bool OneIn(int n) { return Below(n) == 0; }
  std::string Area() {
    const int number = Below(25);
    return absl::StrCat("areas/", CodeOf(200 + number, number % 2 == 0 ? "31" : "32"));
  }
  std::string Key() {
    const int kind = Below(6);
    return kind < 2 ? absl::StrCat("areas/", 31 + kind) : kind < 4 ? Area() : absl::StrCat("coordinators/c", Below(40));
  }
  std::string Day() { return absl::StrFormat("2050-%02d-%02d", 3 + Below(3), 1 + Below(28)); }
  std::optional<std::string> MaybeDay() { return OneIn(3) ? std::nullopt : std::optional(Day()); }

  Placed Row(int i) {
    Placed row;
    row.id = absl::StrFormat("p%04d", i * 7919 % 10'000);
    row.coordinator = absl::StrCat("coordinators/c", Below(40));
    row.body = Area();
    row.stage = OneIn(3) ? "PLACEMENT_STAGE_PLANNED" : "PLACEMENT_STAGE_ACTUAL";
    row.from = OneIn(8) ? std::nullopt : std::optional(Day());
    row.to = MaybeDay();
    row.create_time = 1 + Below(20);
    row.update_time = 1 + Below(1'000'000);
    row.keys = {{row.body, std::nullopt, std::nullopt},
                {row.body.substr(0, 8), std::nullopt, std::nullopt},
                {row.coordinator, row.from, row.to}};
    return row;
  }

  Scope AScope() {
    Scope scope = Scope::Everything();
    for (int sets = Below(4); sets > 0; --sets) {
      Scope::Keys keys;
      for (int n = OneIn(4) ? Below(25) : 1 + Below(3); n > 0; --n) keys.insert(Key());
      scope = scope.Intersection(Scope::Of(keys));
    }
    return scope;
  }

  Filter AFilter(int depth) {
    if (depth == 0 || OneIn(3)) return Comparison();
    const Filter a = AFilter(depth - 1), b = AFilter(depth - 1);
    switch (Below(3)) {
      case 0:
        return {absl::StrCat("(", a.text, " AND ", b.text, ")"),
                [=](const Placed& p) { return a.holds(p) && b.holds(p); }};
      case 1:
        return {absl::StrCat("(", a.text, " OR ", b.text, ")"),
                [=](const Placed& p) { return a.holds(p) || b.holds(p); }};
      default:
        return {absl::StrCat("NOT (", a.text, ")"), [=](const Placed& p) { return !a.holds(p); }};
    }
  }

 private:
  Filter Comparison() {
    switch (Below(5)) {
      case 0: {
        const std::string body = Area();
        return {absl::StrCat("body = \"", body, "\""), [=](const Placed& p) { return p.body == body; }};
      }
      case 1: {
        const std::string coordinator = absl::StrCat("coordinators/c", Below(41));
        return {absl::StrCat("coordinator = \"", coordinator, "\""),
                [=](const Placed& p) { return p.coordinator == coordinator; }};
      }
      case 2:
        return {"stage != PLACEMENT_STAGE_ACTUAL", [](const Placed& p) { return p.stage != "PLACEMENT_STAGE_ACTUAL"; }};
      case 3: {
        const std::string day = Day();
        return OneIn(2) ? Filter{absl::StrCat("valid_from_date >= ", day),
                                 [=](const Placed& p) { return p.from && *p.from >= day; }}
                        : Filter{absl::StrCat("valid_from_date < ", day),
                                 [=](const Placed& p) { return p.from && *p.from < day; }};
      }
      default:
        return {"valid_to_date:*", [](const Placed& p) { return p.to.has_value(); }};
    }
  }

  std::mt19937 random_;
};

// Returns the rows that the list contains, in its order.
std::vector<const Placed*> Model(const std::vector<Placed>& rows, const Scope& scope, const Filter& filter,
                                 const std::vector<contract::OrderTerm>& order) {
  std::vector<const Placed*> list;
  for (const Placed& row : rows) {
    if (row.Within(scope) && filter.holds(row)) list.push_back(&row);
  }
  std::sort(list.begin(), list.end(), [&](const Placed* a, const Placed* b) {
    for (const contract::OrderTerm& term : order) {
      const contract::OrderValue x = a->Value(term.column), y = b->Value(term.column);
      if (x != y) return (x < y) != term.descending;
    }
    return false;
  });
  return list;
}

std::vector<std::string> IdsOf(const std::vector<const Placed*>& rows) {
  std::vector<std::string> ids;
  for (const Placed* row : rows) ids.push_back(row->id);
  return ids;
}

class SameListTest : public ListWaysTest {
 protected:
  static constexpr int kRows = 300;

  void Keep(const Placed& row) {
    store::Parameters p;
    const auto day = [&](const std::optional<std::string>& text) { text ? p.AddText(*text) : p.AddNull(); };
    p.AddText(row.id);
    p.Add(row.create_time);
    p.Add(row.update_time);
    for (const std::string& text : {row.coordinator, row.body, row.stage}) p.AddText(text);
    day(row.from);
    day(row.to);
    Execute(registry(),
            "INSERT INTO placements (id, revision, contract, create_time, update_time, coordinator, body, "
            "stage, valid_from_date, valid_to_date) VALUES (?, 1, 1, ?, ?, ?, ?, ?, ?, ?)",
            p.values());
    for (const Placed::Key& key : row.keys) {
      store::Parameters access;
      access.AddText(key.key);
      access.AddText(row.id);
      key.from ? access.AddText(*key.from) : access.AddNull();
      key.to ? access.AddText(*key.to) : access.AddNull();
      Execute(registry(), "INSERT INTO placements_access (`key`, id, valid_from, valid_to) VALUES (?, ?, ?, ?)",
              access.values());
    }
    ASSERT_EQ(Said(store().FindTable("placements")->SignRows()), "OK");
  }
};
WIRE_TEST_ON_BOTH(SameListTest);

TEST_P(SameListTest, WhicheverWayEachPageTakes) {
  const unsigned seed = std::random_device()();
  SCOPED_TRACE(absl::StrCat("seed ", seed));
  Chance chance(seed);
  std::vector<Placed> rows;
  for (int i = 0; i < kRows; ++i) Keep(rows.emplace_back(chance.Row(i)));

  const char* orders[] = {"",
                          "name desc",
                          "update_time desc",
                          "create_time, valid_from_date desc",
                          "valid_from_date",
                          "valid_from_date desc, update_time"};
  for (int round = 0; round < 150; ++round) {
    const Scope scope = chance.AScope();
    const Filter filter = chance.OneIn(3) ? Filter{"", [](const Placed&) { return true; }} : chance.AFilter(2);
    const std::string order_by = orders[chance.Below(6)];
    ListQuery query = Query("placements", filter.text, order_by);
    const std::vector<const Placed*> expected = Model(rows, scope, filter, query.order);
    std::vector<std::string> found;
    const int size = 1 + chance.Below(60);
    for (bool more = true; more;) {
      query.limit = size;
      query.few = absl::nullopt;
      if (!chance.OneIn(4)) query.few = chance.OneIn(3) ? 0 : chance.OneIn(2) ? 10 : 5000;
      query.page = !chance.OneIn(4);
      const std::vector<std::string> page = Page("placements", scope, query);
      found.insert(found.end(), page.begin(), page.end());
      more = static_cast<int>(page.size()) == size && found.size() <= expected.size();
      if (!more) break;
      query.after.clear();
      for (const contract::OrderTerm& term : query.order) {
        query.after.push_back(expected[found.size() - 1]->Value(term.column));
      }
    }
    ASSERT_EQ(found, IdsOf(expected)) << "filter " << filter.text << ", order " << order_by << ", size " << size << ", "
                                      << scope.all_of().size() << " sets";
  }
}

// 20,000 facilities, 118 of them in the reach of one town, all in that of a prefecture.
class SmallWayTest : public ListWaysTest {
 protected:
  void SetUp() override {
    ListWaysTest::SetUp();
    if (IsSkipped()) return;
    Execute(
        registry(),
        "INSERT INTO facilities (id, revision, contract, create_time, update_time, display_name, kana, area, "
        "service_kind) WITH d AS (SELECT 0 AS n UNION SELECT 1 UNION SELECT 2 UNION SELECT 3 UNION SELECT 4 UNION "
        "SELECT 5 UNION SELECT 6 UNION SELECT 7 UNION SELECT 8 UNION SELECT 9), s AS (SELECT a.n + 10 * b.n + 100 * "
        "c.n + 1000 * e.n AS n FROM d a, d b, d c, d e UNION ALL SELECT 10000 + a.n + 10 * b.n + 100 * c.n + 1000 * "
        "e.n FROM d a, d b, d c, d e) SELECT 100000 + n * 7919 % 20000, 1, 1, n, n * 6007 % 20000, 'x', 'y', CASE "
        "WHEN n % 170 = 5 THEN 'areas/312011' ELSE 'areas/313025' END, CASE WHEN n % 2 = 0 THEN "
        "'FACILITY_SERVICE_KIND_CHILD_DEVELOPMENT_SUPPORT' ELSE 'FACILITY_SERVICE_KIND_NURSERY_VISIT_SUPPORT' END "
        "FROM s");
    Execute(registry(),
            "UPDATE facilities SET identifiers = '{\"identifiers\":[\"office/1\"]}' WHERE create_time = 7000");
    ASSERT_EQ(Said(store().FindTable("facilities")->SignRows()), "OK");
    Execute(registry(), "INSERT INTO facilities_access (`key`, id) SELECT area, id FROM facilities");
    Execute(registry(), "INSERT INTO facilities_access (`key`, id) SELECT 'areas/31', id FROM facilities");
    Execute(registry(),
            "INSERT INTO facilities_identifiers (`value`, id) SELECT 'office/1', id FROM facilities WHERE "
            "create_time = 7000");
  }

  // How many rows the engine has looked at so far in this session, roughly.
  static int64_t Looked(store::Session& session) {
    if (auto* sqlite = dynamic_cast<store::SqliteSession*>(&session)) return sqlite->steps() / 10;
    return Counted(session, "SHOW SESSION STATUS LIKE 'Handler_read%'");
  }

  // How many temporary tables MariaDB or MySQL has written to the disk so far in this session.
  static int64_t TablesOnDisk(store::Session& session) {
    if (session.dialect() != store::Dialect::kMysql) return 0;
    return Counted(session, "SHOW SESSION STATUS LIKE 'Created_tmp_disk_tables'");
  }

 private:
  // Returns the sum of the counters.
  static int64_t Counted(store::Session& session, const char* statement) {
    int64_t sum = 0;
    const absl::Status shown = session.Query(statement, {}, [&](const store::Row& row) {
      int64_t count = 0;
      EXPECT_TRUE(absl::SimpleAtoi(row.Bytes(1), &count));
      sum += count;
      return absl::OkStatus();
    });
    EXPECT_TRUE(shown.ok()) << shown;
    return sum;
  }
};
WIRE_TEST_ON_BOTH(SmallWayTest);

TEST_P(SmallWayTest, IsTaken) {
  const Scope everything = Scope::Everything(), town = Scope::Of({"areas/312011"}), wide = Scope::Of({"areas/31"}),
              both = wide.Intersection(town), several = Scope::Of({"areas/312011", "areas/313025", "areas/999999"});
  const char kind[] = "service_kind = FACILITY_SERVICE_KIND_CHILD_DEVELOPMENT_SUPPORT";
  const struct {
    const char* name;
    Scope scope;
    std::string filter, order_by;
  } cases[] = {
      {"everything", everything, "", ""},
      {"everything, another order", everything, "", "update_time desc"},
      {"everything, half of it, another order", everything, kind, "update_time"},
      {"everything, a value among several", everything, "identifiers:\"office/1\"", ""},
      {"everything, one of two", everything, "area = areas/312011 OR identifiers:\"office/1\"", "kana"},
      {"everything, few of a range", everything, "area < areas/312012", ""},
      {"a town", town, "", ""},
      {"a town, the other way around", town, "", "name desc"},
      {"a town, another order", town, "", "update_time desc"},
      {"a town, half of it", town, kind, ""},
      {"a town, half of it, another order", town, kind, "create_time desc"},
      {"a prefecture", wide, "", ""},
      {"a prefecture, another order", wide, "", "update_time desc"},
      {"a prefecture, half of it", wide, kind, ""},
      {"a prefecture, half of it, another order", wide, kind, "update_time"},
      {"a prefecture, a town of it", wide, "area = areas/312011", "update_time"},
      {"a prefecture, a value among several", wide, "identifiers:\"office/1\"", ""},
      {"both", both, "", ""},
      {"both, another order", both, "", "update_time"},
      {"several", several, "", ""},
      {"several, another order", several, "", "update_time"},
  };
  for (const auto& c : cases) {
    for (const bool from_the_middle : {false, true}) {
      ListQuery query = Query("facilities", c.filter, c.order_by);
      query.limit = 51;
      if (from_the_middle) {
        for (const contract::OrderTerm& term : query.order) {
          query.after.push_back(term.text ? contract::OrderValue(term.column == "id" ? "110000" : "y")
                                          : int64_t{10'000});
        }
      }
      Reading(c.scope, [&](store::View& view) -> absl::Status {
        const int64_t tables = TablesOnDisk(view.session());
        const int64_t before = Looked(view.session()), looking = Looked(view.session()) - before;
        const absl::Status listed =
            store().FindTable("facilities")->List(view, query, [](store::Record) { return absl::OkStatus(); });
        EXPECT_LT(Looked(view.session()) - before - 2 * looking, 3000)
            << c.name << (from_the_middle ? ", from the middle" : "");
        EXPECT_EQ(TablesOnDisk(view.session()), tables) << c.name << (from_the_middle ? ", from the middle" : "");
        return listed;
      });
    }
  }
}

}  // namespace
}  // namespace tsunagu::wire
