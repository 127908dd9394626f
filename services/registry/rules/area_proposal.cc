#include "services/registry/rules/area_proposal.h"

#include <map>
#include <string>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "common/jp/place_name.h"

namespace tsunagu::registry::rules {
namespace {

using Proposal = v1::AreaChangeProposal;
using Areas = std::vector<const v1::Area*>;  // by code

// The reasons for a proposal, and the open questions that only a person can answer.
struct Ground {
  const char *rests_ja, *rests_en, *decide_ja, *decide_en;
};
constexpr Ground kNewName = {"同じコードで名称だけが違います。", "The code has another name.",
                             "名称変更であることを確かめてください。", "See that it is a new name and nothing else."};
constexpr Ground kNewNameBesideGone = {
    "同じコードで名称が違い、なくなったコードもあります。", "The code has another name, and other codes are gone.",
    "名称変更か、なくなった団体との合併による新しい団体かを決めてください。",
    "Decide whether it is a new name, or a new body made of it and of those that are gone."};
constexpr Ground kNewKind = {
    "同じコードで、名称が別の種別のものになっています。", "The code has the name of another kind of body.",
    "市制・町制施行であることを確かめてください。", "See that the body became one of another kind."};
constexpr Ground kSameName = {"同じ名称が別のコードになっています。", "The same name has another code.",
                              "区域が同じままであることを確かめてください。", "See that its area is the same."};
constexpr Ground kSameStem = {
    "種別を除いて同じ名称が、別のコードになっています。", "The same name but for the kind of body has another code.",
    "市制・町制施行であることを確かめてください。", "See that the body became one of another kind."};
constexpr Ground kSameStemBesideGone = {
    "種別を除いて同じ名称が別のコードになり、ほかにもなくなったコードがあります。",
    "The same name but for the kind of body has another code, and other codes are gone.",
    "その団体だけの種別変更か、なくなった団体との合併かを決めてください。",
    "Decide whether that body became one of another kind by itself, or merged with those that are gone."};
constexpr Ground kOneOfEach = {
    "なくなったコードと新しいコードが一つずつです。", "One code is gone and one is new.",
    "同じ団体かを確かめてください。違うときは、編入先と、分割の元を記録してください。",
    "See whether it is the same body. Where it is not, record who took it in, and what was split."};
constexpr Ground kManyToOne = {
    "いくつかのコードがなくなり、新しいコードは一つです。", "Several codes are gone and one is new.",
    "すべてが合併したかを確かめてください。既存の団体も加わったとき、別の団体に編入されたときは直してください。",
    "See whether all of them merged. Correct it where a body that goes on took part, or took one in."};
constexpr Ground kOneToMany = {"一つのコードがなくなり、新しいコードがいくつかあります。",
                               "One code is gone and several are new.", "すべてがその分割によるかを確かめてください。",
                               "See whether all of them came from it."};
constexpr Ground kManyToMany = {
    "いくつかのコードがなくなり、いくつかの新しいコードがあります。", "Several codes are gone and several are new.",
    "一覧だけでは分かりません。変更ごとに、種別と前後の地域を記録してください。",
    "The list does not tell. Record each change with its kind and its areas before and after."};
constexpr Ground kGone = {
    "コードがなくなり、新しいコードはありません。", "Codes are gone and none is new.",
    "どの団体に編入されたか、既存のコードを引き継ぐ新しい団体になったかを、変更ごとに記録してください。",
    "Record for each change which body took them in, or which new body goes on with a code that was there."};
constexpr Ground kNew = {"コードが増え、なくなったコードはありません。", "A code is new and none is gone.",
                         "どの団体の分割かを記録してください。元がないときは、一覧の取込みだけで足ります。",
                         "Record what was split. Where it came from nothing, it is enough to import the list."};

// Bodies of one kind in one place: the municipalities of a prefecture, or the wards of a city.
struct Group {
  std::map<std::string, const v1::Area*> before, after;  // by code
  Areas gone, fresh;                                     // codes that no proposal explains yet
};

bool SameName(const v1::Area& a, const v1::Area& b) {
  const std::string &one = a.display_name(), &other = b.display_name();
  return jp::FoldPlace(one) == jp::FoldPlace(other) || jp::IsDamagedCopy(one, other) || jp::IsDamagedCopy(other, one);
}

// 那珂川 of 那珂川町 and 那珂川市.
std::string StemOf(const v1::Area& area) {
  for (const absl::string_view kind : {"市", "町", "村", "区"}) {
    if (!absl::EndsWith(area.display_name(), kind)) continue;
    return jp::FoldPlace(absl::string_view(area.display_name()).substr(0, area.display_name().size() - kind.size()));
  }
  return jp::FoldPlace(area.display_name());
}

Proposal Propose(v1::AreaChangeKind kind, jp::CivilDay day, const Areas& from, const Areas& to, const Ground& ground,
                 bool ambiguous) {
  Proposal proposal;
  v1::AreaChange& change = *proposal.mutable_area_change();
  change.set_kind(kind);
  *change.mutable_effective_date() = jp::ToDate(day);
  for (const v1::Area* area : from) {
    change.add_from_areas(absl::StrCat("areas/", area->code()));
    change.add_from_names(area->display_name());
  }
  for (const v1::Area* area : to) {
    change.add_to_areas(absl::StrCat("areas/", area->code()));
    change.add_to_names(area->display_name());
  }
  proposal.mutable_rests_on()->set_ja(ground.rests_ja);
  proposal.mutable_rests_on()->set_en(ground.rests_en);
  proposal.mutable_to_decide()->set_ja(ground.decide_ja);
  proposal.mutable_to_decide()->set_en(ground.decide_en);
  proposal.set_ambiguous(ambiguous);
  return proposal;
}

// Removes and returns the only matching pair of a gone and a new area; null if there is none.
template <typename Fits>
std::pair<const v1::Area*, const v1::Area*> TakePair(Areas& gone, Areas& fresh, Fits fits) {
  for (auto old = gone.begin(); old != gone.end(); ++old) {
    auto match = fresh.end();
    bool is_only = true;
    for (auto one = fresh.begin(); one != fresh.end(); ++one) {
      if (!fits(**old, **one)) continue;
      is_only = match == fresh.end();
      match = one;
      if (!is_only) break;
    }
    if (match == fresh.end() || !is_only) continue;
    for (auto other = gone.begin(); other != gone.end(); ++other)
      is_only = is_only && (other == old || !fits(**other, **match));
    if (!is_only) continue;
    const std::pair pair(*old, *match);
    gone.erase(old);
    fresh.erase(match);
    return pair;
  }
  return {nullptr, nullptr};
}

void ProposeRest(const Group& group, jp::CivilDay day, std::vector<Proposal>& proposals) {
  const Areas &gone = group.gone, &fresh = group.fresh;
  if (gone.empty()) {
    for (const v1::Area* one : fresh) {
      proposals.push_back(Propose(v1::AREA_CHANGE_KIND_UNSPECIFIED, day, {}, {one}, kNew, true));
    }
    return;
  }
  if (gone.size() == 1 && fresh.size() == 1) {
    const auto kind = gone[0]->kind() == fresh[0]->kind() ? v1::AREA_CHANGE_KIND_CODE : v1::AREA_CHANGE_KIND_NEW_KIND;
    proposals.push_back(Propose(kind, day, gone, fresh, kOneOfEach, true));
  } else if (fresh.size() == 1) {
    proposals.push_back(Propose(v1::AREA_CHANGE_KIND_MERGER, day, gone, fresh, kManyToOne, true));
  } else if (fresh.empty()) {
    proposals.push_back(Propose(v1::AREA_CHANGE_KIND_UNSPECIFIED, day, gone, fresh, kGone, true));
  } else if (gone.size() == 1) {
    proposals.push_back(Propose(v1::AREA_CHANGE_KIND_SPLIT, day, gone, fresh, kOneToMany, true));
  } else {
    proposals.push_back(Propose(v1::AREA_CHANGE_KIND_UNSPECIFIED, day, gone, fresh, kManyToMany, true));
  }
}

void ProposeFor(Group& group, jp::CivilDay day, std::vector<Proposal>& proposals) {
  Areas renamed;
  for (const auto& [code, area] : group.before) {
    const auto after = group.after.find(code);
    if (after == group.after.end())
      group.gone.push_back(area);
    else if (!SameName(*area, *after->second))
      renamed.push_back(area);
  }
  for (const auto& [code, area] : group.after) {
    if (group.before.count(code) == 0) group.fresh.push_back(area);
  }
  const auto same = [](const v1::Area& a, const v1::Area& b) { return a.kind() == b.kind() && SameName(a, b); };
  for (auto pair = TakePair(group.gone, group.fresh, same); pair.first != nullptr;
       pair = TakePair(group.gone, group.fresh, same)) {
    proposals.push_back(Propose(v1::AREA_CHANGE_KIND_CODE, day, {pair.first}, {pair.second}, kSameName, false));
  }
  const auto other_kind = [](const v1::Area& a, const v1::Area& b) {
    return a.kind() != b.kind() && StemOf(a) == StemOf(b);
  };
  std::vector<std::pair<const v1::Area*, const v1::Area*>> pairs;
  for (auto pair = TakePair(group.gone, group.fresh, other_kind); pair.first != nullptr;
       pair = TakePair(group.gone, group.fresh, other_kind)) {
    pairs.push_back(pair);
  }
  const bool some_gone = !group.gone.empty();  // for which no successor was found
  for (const auto& [old, one] : pairs) {
    proposals.push_back(Propose(v1::AREA_CHANGE_KIND_NEW_KIND, day, {old}, {one},
                                some_gone ? kSameStemBesideGone : kSameStem, some_gone));
  }
  for (const v1::Area* old : renamed) {
    const v1::Area* one = group.after[old->code()];
    if (old->kind() != one->kind()) {
      proposals.push_back(Propose(v1::AREA_CHANGE_KIND_NEW_KIND, day, {old}, {one}, kNewKind, false));
    } else {
      proposals.push_back(Propose(v1::AREA_CHANGE_KIND_RENAME, day, {old}, {one},
                                  some_gone ? kNewNameBesideGone : kNewName, some_gone));
    }
  }
  ProposeRest(group, day, proposals);
}

using Place = std::pair<std::string, std::string>;

Place GroupOf(const v1::Area& area) {
  return {area.code().substr(0, 2), area.kind() == v1::AREA_KIND_WARD ? area.parent() : ""};
}

}  // namespace

std::vector<Proposal> ProposeAreaChanges(const std::vector<v1::Area>& standing, const std::vector<v1::Area>& listed,
                                         jp::CivilDay day) {
  std::map<Place, Group> groups;
  std::map<std::string, Place> places;  // the place of a code, even if the list has the code elsewhere
  for (const v1::Area& area : standing) {
    const Place& place = places.emplace(area.code(), GroupOf(area)).first->second;
    groups[place].before[area.code()] = &area;
  }
  for (const v1::Area& area : listed) {
    const Place& place = places.emplace(area.code(), GroupOf(area)).first->second;
    groups[place].after[area.code()] = &area;
  }
  std::vector<Proposal> proposals;
  for (auto& [place, group] : groups) ProposeFor(group, day, proposals);
  return proposals;
}

}  // namespace tsunagu::registry::rules
