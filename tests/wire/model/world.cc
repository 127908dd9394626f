#include "tests/wire/model/world.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace tsunagu::wire::model {
namespace {

constexpr char kForEver[] = "9999-12-31";

std::string FirstDay(const Row& row) { return First(row, "valid_from_date"); }
std::string LastDay(const Row& row) {
  const std::string day = First(row, "valid_to_date");
  return day.empty() ? kForEver : day;
}

// A prefecture's code ends in 000 and a check digit, and includes every area that begins with the same two digits.
bool ScopeHolds(const std::string& scope, const std::string& key) {
  if (scope == "*" || scope == key) return true;
  const bool prefecture = scope.size() == 12 && absl::StartsWith(scope, "areas/") && scope.substr(8, 3) == "000";
  return prefecture && absl::StartsWith(key, scope.substr(0, 8));
}

}  // namespace

bool Person::May(const std::string& permission) const {
  return std::any_of(rights.begin(), rights.end(), [&](const Right& right) {
    return right.permissions.count("*") != 0 || right.permissions.count(permission) != 0;
  });
}

const Resource& World::Find(const std::string& collection) const {
  return *std::find_if(resources_.begin(), resources_.end(),
                       [&](const Resource& r) { return r.collection == collection; });
}

Record* World::FindRecord(const std::string& name) {
  for (Record& record : records_[name.substr(0, name.find('/'))]) {
    if (record.name == name) return &record;
  }
  return nullptr;
}

bool World::Holds(const Row& row, const std::string& day) { return FirstDay(row) <= day && day <= LastDay(row); }

std::set<std::string> World::KeysOf(const Resource& resource, const std::string& name, const Row& row) const {
  std::set<std::string> keys;
  for (const std::string& field : resource.access_by) {
    if (field == resource.access_while_period && !Holds(row, today)) continue;
    const std::string key = field == "name" ? name : First(row, field);
    if (!key.empty()) keys.insert(key);
  }
  return keys;
}

bool World::Reaches(const Person& person, const std::string& permission, const Resource& resource,
                    const std::string& name, const Row& row) const {
  const std::set<std::string> keys = KeysOf(resource, name, row);
  for (const Right& right : person.rights) {
    if (right.permissions.count("*") == 0 && right.permissions.count(permission) == 0) continue;
    if (right.scope == "*") return true;
    for (const std::string& key : keys) {
      if (ScopeHolds(right.scope, key)) return true;
    }
  }
  return false;
}

Record* World::Visible(const Person& person, const std::string& permission, const Resource& resource,
                       const std::string& name) {
  Record* record = FindRecord(name);
  return record != nullptr && Reaches(person, permission, resource, name, record->now()) ? record : nullptr;
}

Row World::Masked(const Person& person, const Resource& resource, const std::string& name, const Row& row) const {
  Row shown = row;
  const auto may = [&](const char* what) {
    return person.purpose && Reaches(person, absl::StrCat(resource.collection, ".", what), resource, name, row);
  };
  for (const Field& field : resource.fields) {
    if (field.privacy == Privacy::kIdentifying && !may("identity")) shown.erase(field.name);
    if (field.privacy == Privacy::kConfidential && !may("confidential")) shown.erase(field.name);
  }
  return shown;
}

std::set<std::string> World::Blind(const Person& person, const Resource& resource, const Record& before,
                                   const std::vector<std::string>& named) const {
  std::set<std::string> blind;
  for (const std::string& name : named) {
    const Field* field = resource.Find(name);
    if (field == nullptr || field->privacy == Privacy::kOpen) continue;
    const char* what = field->privacy == Privacy::kIdentifying ? ".identity" : ".confidential";
    const bool seen =
        person.purpose && Reaches(person, resource.collection + what, resource, before.name, before.now());
    if (!seen) blind.insert(name);
  }
  return blind;
}

Row World::Without(Row row, const std::set<std::string>& fields) {
  for (const std::string& field : fields) row.erase(field);
  return row;
}

void World::AddReferences(const Person& person, const Field& field, const Row* before, const Row& after,
                          std::vector<Fault>& faults) {
  static const std::set<std::string> areas = {"areas/310000", "areas/312011", "areas/313025", "areas/320005",
                                              "areas/322016"};
  const auto found = after.find(field.name);
  if (found == after.end()) return;
  std::vector<std::string> kept;
  if (before != nullptr && before->count(field.name) != 0) kept = before->at(field.name);
  for (size_t i = 0; i < found->second.size(); ++i) {
    const std::string& name = found->second[i];
    if (!absl::StrContains(name, '/') || std::find(kept.begin(), kept.end(), name) != kept.end()) continue;
    bool seen = areas.count(name) != 0;
    if (field.refers_to == "coordinators") {  // none of the three: they only have an area
      const Resource coordinators{"", "", "coordinators", "", {}, {"home_area", "name"}};
      seen = Visible(person, "coordinators.read", coordinators, name) != nullptr;
    } else if (field.refers_to != "areas") {
      seen = Visible(person, absl::StrCat(field.refers_to, ".read"), Find(field.refers_to), name) != nullptr;
    }
    if (!seen)
      faults.push_back({field.repeated ? absl::StrCat(field.name, "[", i, "]") : field.name, {"REFERENCE_NOT_FOUND"}});
  }
}

void World::AddOverlaps(const Person& person, const Resource& resource, const std::string& name, const Row* before,
                        const Row& after, std::vector<Fault>& faults) {
  const auto same = [&](const Row& other) {
    return std::all_of(resource.exclusive.begin(), resource.exclusive.end(),
                       [&](const std::string& field) { return First(other, field) == First(after, field); });
  };
  if (before != nullptr && same(*before) && FirstDay(*before) == FirstDay(after) &&
      LastDay(*before) == LastDay(after)) {
    return;
  }
  std::set<std::string> words;
  for (const Record& other : records_[resource.collection]) {
    const bool overlaps = FirstDay(other.now()) <= LastDay(after) && FirstDay(after) <= LastDay(other.now());
    if (other.name == name || !same(other.now()) || !overlaps) continue;
    const bool seen = Reaches(person, "placements.read", resource, other.name, other.now());
    words.insert(seen ? "PERIODS_OVERLAP" : "PERIODS_OVERLAP_UNSEEN");
  }
  if (!words.empty()) faults.push_back({"valid_from_date", words});
}

void World::AddRepeatedIdentifiers(const Person& person, const std::string& name, const Row& after,
                                   std::vector<Fault>& faults) {
  const auto found = after.find("identifiers");
  if (found == after.end()) return;
  for (const std::string& identifier : found->second) {
    std::set<std::string> words;
    for (const Record& other : records_["facilities"]) {
      const auto others = other.now().find("identifiers");
      if (other.name == name || others == other.now().end()) continue;
      if (std::find(others->second.begin(), others->second.end(), identifier) == others->second.end()) continue;
      const bool seen = Reaches(person, "facilities.read", Find("facilities"), other.name, other.now());
      words.insert(seen ? "REPEATED_IDENTIFIER" : "REPEATED_IDENTIFIER_UNSEEN");
    }
    if (!words.empty()) faults.push_back({"identifiers", words, true});
  }
}

bool World::HasPlaces(const Person& person, const Resource& resource, const Row* before, const Row& after) {
  for (const std::string& field : resource.access_by) {
    const std::string is = First(after, field), was = before == nullptr ? "" : First(*before, field);
    if (is == was) continue;
    for (const std::string& value : {is, was}) {
      const Resource place{"", "", "", "", {}, {"place"}};
      const bool is_place = absl::StartsWith(value, "areas/");
      if (is_place && !Reaches(person, resource.collection + ".write", place, "", {{"place", {value}}})) return false;
    }
  }
  return true;
}

std::vector<Fault> World::Faults(const Person& person, const Resource& resource, const std::string& name,
                                 const Row* before, const Row& after) {
  std::vector<Fault> faults;
  for (const Field& field : resource.fields) {
    const auto found = after.find(field.name);
    if (found == after.end()) {
      // 0 and an unset number look the same, so the error states the permitted range.
      if (field.required)
        faults.push_back({field.name, {field.kind == Field::Kind::kNumber ? "OUT_OF_RANGE" : "FIELD_REQUIRED"}});
      continue;
    }
    for (const std::string& value : found->second) {
      for (const Candidate& candidate : field.candidates) {
        if (candidate.text == value && !candidate.fault.empty()) faults.push_back({field.name, {candidate.fault}});
      }
    }
  }
  if (resource.has_period && !FirstDay(after).empty() && LastDay(after) < FirstDay(after)) {
    faults.push_back({"valid_to_date", {"PERIOD_ENDS_BEFORE_START"}});
  }
  const bool well_formed = faults.empty();
  for (const Field& field : resource.fields) {
    if (!field.refers_to.empty()) AddReferences(person, field, before, after, faults);
  }
  if (!HasPlaces(person, resource, before, after)) return faults;  // what others say there is not told
  if (!resource.exclusive.empty() && well_formed) AddOverlaps(person, resource, name, before, after, faults);
  if (resource.collection == "facilities") AddRepeatedIdentifiers(person, name, after, faults);
  return faults;
}

Sayings World::Stores(const Person& person, const Resource& resource, const std::string& name, const Row* before,
                      const Row& after) {
  const std::string write = resource.collection + ".write";
  if (!Reaches(person, write, resource, name, after)) return {"PERMISSION_DENIED OUT_OF_SCOPE"};
  if (!HasPlaces(person, resource, before, after)) return {"PERMISSION_DENIED OUT_OF_SCOPE"};
  // Leaving a place is a move, unless the new place lies within it.
  for (const std::string& field : resource.access_by) {
    const std::string is = First(after, field), was = before == nullptr ? "" : First(*before, field);
    if (was.empty() || is == was || ScopeHolds(was, is)) continue;
    const std::string move = resource.collection + ".move";
    const bool may = Reaches(person, move, resource, name, *before) && Reaches(person, move, resource, name, after);
    if (!may) return {"PERMISSION_DENIED PERMISSION_DENIED"};
  }
  const Record* there = FindRecord(name);
  if (before == nullptr && there != nullptr) {
    const bool mine = Reaches(person, write, resource, name, there->now());
    return {absl::StrCat("ALREADY_EXISTS ", mine ? resource.Word("EXISTS") : "KEY_UNAVAILABLE")};
  }
  Sayings said;
  for (const Field& field : resource.fields) {
    const std::string value = First(after, field.name);
    if (!field.unique || value.empty()) continue;
    for (const Record& other : records_[resource.collection]) {
      if (other.name == name || First(other.now(), field.name) != value) continue;
      const bool mine = Reaches(person, write, resource, other.name, other.now());
      said.insert(absl::StrCat("ALREADY_EXISTS ", mine ? "VALUE_TAKEN" : "KEY_UNAVAILABLE"));
    }
  }
  return said.empty() ? kFine : said;
}

std::set<std::string> Words(const std::vector<Fault>& faults, const std::string& path, bool with_warnings) {
  std::set<std::vector<std::string>> wordings = {{}};
  for (const Fault& fault : faults) {
    if (fault.warning && !with_warnings) continue;
    std::set<std::vector<std::string>> longer;
    for (const std::vector<std::string>& wording : wordings) {
      for (const std::string& word : fault.words) {
        std::vector<std::string> one = wording;
        one.push_back(absl::StrCat(path, path.empty() ? "" : ".", fault.field, ":", word));
        longer.insert(std::move(one));
      }
    }
    wordings = std::move(longer);
  }
  std::set<std::string> words;
  for (std::vector<std::string> wording : wordings) {
    std::sort(wording.begin(), wording.end());
    wording.erase(std::unique(wording.begin(), wording.end()), wording.end());
    words.insert(absl::StrJoin(wording, " "));
  }
  return words;
}

Sayings Refusal(const std::vector<Fault>& faults, const std::string& path) {
  const std::set<std::string> words = Words(faults, path, false);
  if (words.count("") != 0) return kFine;
  Sayings said;
  for (const std::string& word : words) said.insert(absl::StrCat("INVALID_ARGUMENT INVALID_REQUEST ", word));
  return said;
}

}  // namespace tsunagu::wire::model
