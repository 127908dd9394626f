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

// Somebody who calls. Two of them with one id are one principal, with and without a purpose.
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

// What a call may say: in nearly every case one thing. Where several records are in the way, any of them may be told.
using Sayings = std::set<std::string>;
inline const Sayings kFine = {"OK"};

// A fault of a field, as one of several words.
struct Fault {
  std::string field;
  std::set<std::string> words;
  bool warning = false;
};

// What the registry holds and says, as its contracts promise it. Days are ISO text.
class World {
 public:
  explicit World(std::vector<Resource> resources) : resources_(std::move(resources)) {}

  const std::vector<Resource>& resources() const { return resources_; }
  const Resource& Find(const std::string& collection) const;
  std::vector<Record>& Of(const std::string& collection) { return records_[collection]; }
  Record* FindRecord(const std::string& name);

  std::string today;
  // Whether a record with a period holds on a day.
  static bool Holds(const Row& row, const std::string& day);

  // Whether a record lies in the scope of what `person` may do.
  bool Reaches(const Person& person, const std::string& permission, const Resource& resource, const std::string& name,
               const Row& row) const;
  Record* Visible(const Person& person, const std::string& permission, const Resource& resource,
                  const std::string& name);
  // As the person is shown it.
  Row Masked(const Person& person, const Resource& resource, const std::string& name, const Row& row) const;

  // Of the fields `named` for a change of `before`, those that the person is not shown: nothing may depend on what they
  // hold.
  std::set<std::string> Blind(const Person& person, const Resource& resource, const Record& before,
                              const std::vector<std::string>& named) const;
  // The record without them.
  static Row Without(Row row, const std::set<std::string>& fields);
  // What is wrong with a record that is to be written; `before` where there is one.
  std::vector<Fault> Faults(const Person& person, const Resource& resource, const std::string& name, const Row* before,
                            const Row& after);
  // The checks on the way to the row, once its faults are known: scope, its id, unique values. Ends with OK.
  Sayings Stores(const Person& person, const Resource& resource, const std::string& name, const Row* before,
                 const Row& after);

 private:
  std::set<std::string> KeysOf(const Resource& resource, const std::string& name, const Row& row) const;
  void AddReferences(const Person& person, const Field& field, const Row* before, const Row& after,
                     std::vector<Fault>& faults);
  // Whether each place that the record enters or leaves is the person's.
  bool HasPlaces(const Person& person, const Resource& resource, const Row* before, const Row& after);
  void AddOverlaps(const Person& person, const Resource& resource, const std::string& name, const Row* before,
                   const Row& after, std::vector<Fault>& faults);
  void AddRepeatedIdentifiers(const Person& person, const std::string& name, const Row& after,
                              std::vector<Fault>& faults);

  const std::vector<Resource> resources_;
  std::map<std::string, std::vector<Record>> records_;
};

// "INVALID_ARGUMENT INVALID_REQUEST a:X b:Y" in every wording that the faults leave open; OK without faults. Warnings
// are not told.
Sayings Refusal(const std::vector<Fault>& faults, const std::string& path);
// The faults "a:X b:Y" alone.
std::set<std::string> Words(const std::vector<Fault>& faults, const std::string& path, bool with_warnings);

}  // namespace tsunagu::wire::model

#endif  // TSUNAGU_TESTS_WIRE_MODEL_WORLD_H_
