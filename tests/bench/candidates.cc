#include "tests/bench/candidates.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numeric>
#include <string>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "boost/geometry.hpp"
#include "boost/geometry/index/rtree.hpp"
#include "boost/iterator/function_output_iterator.hpp"
#include "common/jp/mesh.h"
#include "services/matching/coverage/testing/random_problem.h"
#include "services/matching/rules/candidates.h"
#include "services/matching/rules/distance.h"
#include "services/matching/rules/eligibility.h"
#include "services/matching/rules/way.h"

namespace tsunagu::bench {
namespace {

using matching::coverage::Country;
using matching::coverage::Dice;
using matching::coverage::Shape;
using matching::rules::Blocker;
using matching::rules::Candidates;
using matching::rules::Instance;
using matching::rules::Nurse;
using matching::rules::Opening;

constexpr size_t kAll = std::numeric_limits<size_t>::max();

// Converts metres in a country to a point, approximately.
jp::GeoPoint PointOf(const Country::Site& site) { return {31'000'000 + 9 * site.y, 130'000'000 + 11 * site.x}; }

const int32_t kNurses = Sized(1'700'000, 20'000), kOpenings = Sized(30'000, 300);

// Returns nurses who live where the registry has them, in the middle of a mesh, and openings. The order is independent
// of the homes, like the order of lots, which rounds use.
Instance MakeNation(bool in_meshes) {
  const Country country(Shape{kNurses, kOpenings}, 11);
  Instance nation;
  for (const Country::Site& site : country.sites) {
    Opening& opening = nation.openings.emplace_back();
    opening.name = absl::StrCat("openings/", nation.openings.size() * 7919 % 30'011);
    opening.place = PointOf(site);
    opening.posts = 1;
    opening.licences = 1;
    opening.required_skills = site.skills;
  }
  nation.nurses.reserve(country.homes.size());
  for (const Country::Site& home : country.homes) {
    Nurse& nurse = nation.nurses.emplace_back();
    nurse.home = PointOf(home);
    if (in_meshes) nurse.home = *jp::MeshCentre(jp::MeshOf(nurse.home));
    nurse.licences = 1;
    nurse.skills = home.skills;
    nurse.commute_limit_metres = 20'000;
  }
  Dice dice(1);
  for (auto left = static_cast<int32_t>(nation.nurses.size()); left > 1; --left) {
    std::swap(nation.nurses[left - 1], nation.nurses[dice.Below(left)]);
  }
  return nation;
}

// The same lists from boost's R-tree: everything in the box around the nurse, by the same rules and in the same order.
class TreeLists {
 public:
  explicit TreeLists(const Instance& instance) : instance_(instance), name_rank_(instance.openings.size()) {
    std::vector<Value> values;
    for (const Opening& opening : instance.openings) {
      values.emplace_back(Point(opening.place.longitude_e6, opening.place.latitude_e6), values.size());
    }
    tree_ = Tree(values);
    std::vector<int32_t> order(values.size());
    std::iota(order.begin(), order.end(), 0);
    std::sort(order.begin(), order.end(),
              [&](int32_t a, int32_t b) { return instance.openings[a].name < instance.openings[b].name; });
    for (size_t i = 0; i < order.size(); ++i) name_rank_[order[i]] = static_cast<int32_t>(i);
  }

  std::vector<int32_t> First(const Nurse& nurse, size_t most) const {
    std::vector<std::tuple<int32_t, int32_t, int32_t>> found;  // metres, rank of the name, opening
    const matching::rules::Box box = matching::rules::BoxAround(nurse.home, nurse.commute_limit_metres);
    const boost::geometry::model::box<Point> around(Point(box.west_e6, box.south_e6), Point(box.east_e6, box.north_e6));
    const auto take = [&](const Value& value) {
      const Opening& opening = instance_.openings[value.second];
      if (FirstBlockerAnywhere(nurse, opening) != Blocker::kNone) return;
      const auto metres = static_cast<int32_t>(WayMetres(nurse, opening));
      if (metres <= nurse.commute_limit_metres) found.emplace_back(metres, name_rank_[value.second], value.second);
    };
    tree_.query(boost::geometry::index::intersects(around), boost::make_function_output_iterator(take));
    const auto count = static_cast<std::ptrdiff_t>(std::min(found.size(), most));
    std::partial_sort(found.begin(), found.begin() + count, found.end());
    std::vector<int32_t> list;
    for (std::ptrdiff_t i = 0; i < count; ++i) list.push_back(std::get<2>(found[i]));
    return list;
  }

 private:
  using Point = boost::geometry::model::point<int32_t, 2, boost::geometry::cs::cartesian>;
  using Value = std::pair<Point, int32_t>;
  using Tree = boost::geometry::index::rtree<Value, boost::geometry::index::rstar<16>>;

  const Instance& instance_;
  std::vector<int32_t> name_rank_;
  Tree tree_;
};

// Reads the lists of all nurses once, or of a sample, in as many parts as there are rounds of measuring; from the tree
// for one nurse in 85.
class Nation {
 public:
  Nation(const Instance& instance, size_t most, size_t one_in)
      : instance_(instance), most_(most), one_in_(one_in), candidates_(instance), tree_(instance) {}

  Line Measure(const std::string& what, const std::string& wanted) {
    return {what, "-",
            Alternate(
                what, [&] { return OurRate(); }, [&] { return TreeRate(); }),
            "×", wanted};
  }

 private:
  static constexpr size_t kTreeOneIn = 85;

  std::vector<int32_t> ListOf(size_t nurse) {
    return candidates_.First(static_cast<int32_t>(nurse), most_, [](int32_t) { return true; });
  }

  double OurRate() {
    const size_t begin = end_;
    end_ += instance_.nurses.size() / kRounds;
    const double start = ProcessorTime();
    for (size_t i = begin; i < end_; i += one_in_) found_ += ListOf(i).size();
    const double taken = ProcessorTime() - start;
    for (size_t i = begin; i < end_; i += 1'000 * one_in_) {
      Require(ListOf(i) == tree_.First(instance_.nurses[i], most_), "the lists differ");
    }
    return static_cast<double>(end_ - begin) / static_cast<double>(one_in_) / taken;
  }

  double TreeRate() {
    const size_t begin = end_ - instance_.nurses.size() / kRounds;
    const double start = ProcessorTime();
    for (size_t i = begin; i < end_; i += kTreeOneIn) found_ += tree_.First(instance_.nurses[i], most_).size();
    return static_cast<double>(end_ - begin) / kTreeOneIn / (ProcessorTime() - start);
  }

  const Instance& instance_;
  const size_t most_, one_in_;
  Candidates candidates_;
  const TreeLists tree_;
  size_t end_ = 0;  // of the present part
  size_t found_ = 0;
};

}  // namespace

std::vector<Line> MeasureCandidates() {
  const std::string whose = absl::StrCat(" of ", kNurses, " nurses, ", kOpenings, " openings, up to 20 km");
  std::vector<Line> lines;
  {
    const Instance nation = MakeNation(true);
    lines.push_back(Nation(nation, kAll, 1).Measure(absl::StrCat("whole lists", whose, " ÷ boost R-tree"), "3"));
    lines.push_back(Nation(nation, 32, 1).Measure(absl::StrCat("the first 32", whose, " ÷ boost R-tree"), "3"));
  }
  const Instance nation = MakeNation(false);
  lines.push_back(Nation(nation, kAll, 85)
                      .Measure(absl::StrCat("whole lists", whose, ", each at a home of her own ÷ boost R-tree"), "-"));
  return lines;
}

}  // namespace tsunagu::bench
