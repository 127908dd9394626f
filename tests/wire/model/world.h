#ifndef TSUNAGU_TESTS_WIRE_MODEL_WORLD_H_
#define TSUNAGU_TESTS_WIRE_MODEL_WORLD_H_

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "tests/wire/model/resource.h"

namespace tsunagu::wire::model {

// Permissions within a scope: "*", or the name of an area or a record.
struct Right {
  std::set<std::string> permissions;
  std::string scope;
};

// A caller. Two persons with one id are the same principal, with and without a purpose.
struct Person {
  std::string id;
  bool purpose;
  std::vector<Right> rights;
  Caller caller;

  bool May(const std::string& permission) const;
};

struct Record {
  std::string name;
  std::vector<Row> revisions;                // the first is revision 1
  int64_t create_time = 0, update_time = 0;  // microseconds

  const Row& now() const { return revisions.back(); }
};

// The permitted answers of a call: nearly always exactly one. If several records conflict, any of them may be reported.
using Sayings = std::set<std::string>;
inline const Sayings kFine = {"OK"};

// A fault of a field; any of several reasons is permitted.
struct Fault {
  std::string field;
  std::set<std::string> words;
  bool warning = false;
};

// The records and answers of the registry, as its contracts promise them. Days are ISO text.
class World {
 public:
  explicit World(std::vector<Resource> resources) : resources_(std::move(resources)) {}

  const std::vector<Resource>& resources() const { return resources_; }
  const Resource& Find(const std::string& collection) const;
  std::vector<Record>& Of(const std::string& collection) { return records_[collection]; }
  Record* FindRecord(const std::string& name);

  std::string today;
  // Returns whether a record with a period is valid on a day.
  static bool Holds(const Row& row, const std::string& day);

  // Returns whether a record is in the person's scope for the permission.
  bool Reaches(const Person& person, const std::string& permission, const Resource& resource, const std::string& name,
               const Row& row) const;
  Record* Visible(const Person& person, const std::string& permission, const Resource& resource,
                  const std::string& name);
  // Returns the row as the person may see it.
  Row Masked(const Person& person, const Resource& resource, const std::string& name, const Row& row) const;

  // Returns, of the fields `named` for a change of `before`, those that the person may not see. No answer may depend on
  // their values.
  std::set<std::string> Blind(const Person& person, const Resource& resource, const Record& before,
                              const std::vector<std::string>& named) const;
  // Returns the record without these fields.
  static Row Without(Row row, const std::set<std::string>& fields);
  // Returns the faults of a record that is to be written; `before` is null for a new record.
  std::vector<Fault> Faults(const Person& person, const Resource& resource, const std::string& name, const Row* before,
                            const Row& after);
  // The checks after the faults of the record itself: scope, id, unique values. The last result is OK.
  Sayings Stores(const Person& person, const Resource& resource, const std::string& name, const Row* before,
                 const Row& after);

 private:
  std::set<std::string> KeysOf(const Resource& resource, const std::string& name, const Row& row) const;
  void AddReferences(const Person& person, const Field& field, const Row* before, const Row& after,
                     std::vector<Fault>& faults);
  // Returns whether the person's scope includes each place that the record enters or leaves.
  bool HasPlaces(const Person& person, const Resource& resource, const Row* before, const Row& after);
  void AddOverlaps(const Person& person, const Resource& resource, const std::string& name, const Row* before,
                   const Row& after, std::vector<Fault>& faults);
  void AddRepeatedIdentifiers(const Person& person, const std::string& name, const Row& after,
                              std::vector<Fault>& faults);

  const std::vector<Resource> resources_;
  std::map<std::string, std::vector<Record>> records_;
};

// Returns "INVALID_ARGUMENT INVALID_REQUEST a:X b:Y" in every wording that the faults permit; OK without faults.
// Warnings are not included.
Sayings Refusal(const std::vector<Fault>& faults, const std::string& path);
// Returns only the faults, "a:X b:Y".
std::set<std::string> Words(const std::vector<Fault>& faults, const std::string& path, bool with_warnings);

}  // namespace tsunagu::wire::model

#endif  // TSUNAGU_TESTS_WIRE_MODEL_WORLD_H_
