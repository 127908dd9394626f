#ifndef TSUNAGU_TESTS_WIRE_MODEL_CALLS_H_
#define TSUNAGU_TESTS_WIRE_MODEL_CALLS_H_

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tests/wire/model/chooser.h"
#include "tests/wire/suite_test_base.h"

namespace tsunagu::wire::model {

// Makes calls, compares each answer with the world, and updates the world by the answer. The first difference fails the
// test, and is reported with the calls before it.
class Calls {
 public:
  Calls(World& world, Chooser& chooser, std::vector<Person> people)
      : world_(world), choose_(chooser), people_(std::move(people)) {}

  // Makes one call of any kind.
  void MakeOne();
  // Compares all records and their history, as seen by a caller with all permissions: the first of the people.
  void CompareAll();
  // Unfinished pages are not continued: a day has passed.
  void ForgetPages() { pages_.clear(); }
  // Returns the latest calls, oldest first, and earlier calls that name the record of the last one.
  std::string Tail() const;
  // Returns how many calls returned OK.
  int fine() const { return fine_; }
  // "700 calls, 350 of them OK, 80 records, 200 revisions".
  std::string Summary();

 private:
  using Message = google::protobuf::Message;

  struct Page {
    const Person* person;
    const Resource* resource;
    Filter filter;
    Order order;
    std::string day;  // only those that are valid on the day
    std::string token;
    std::vector<std::string> last;  // the end of the previous page
  };
  // A mutating call.
  struct Change {
    const Person* person;
    const Resource* resource;
    std::string verb;
    std::shared_ptr<Message> request;
  };
  // The expected answer of a change and, if it is OK, the record afterwards.
  struct Outcome {
    Sayings says;
    std::string name;  // empty if the server is to create it
    Row row;
    int revision = 0;
    bool again = false;  // a repetition under the same request id
  };
  struct Kept {
    std::string bytes, name;
    int revision;
  };
  struct File {
    const Person* person;
    const Resource* resource;
    platform_v1::ImportRowsRequest options;
    std::string text;
    std::vector<std::string> columns;
    std::vector<std::map<std::string, std::string>> cells;
    Imported outcome;
  };

  void Get(const Person& person, const Resource& resource);
  void List(Page page);
  void Search(const Person& person, const Resource& resource);
  void Create(const Person& person, const Resource& resource);
  void Update(const Person& person, const Resource& resource);
  void End(const Person& person, const Resource& resource);
  void Mark(Message& request);  // adds a request id, or marks it as a trial, or neither

  void Make(const Change& change);
  Outcome Foresee(const Change& change);
  Outcome ForeseeCreate(const Change& change);
  Outcome ForeseeUpdate(const Change& change);
  Outcome ForeseeEnd(const Change& change);
  Outcome ForeseeChange(const Change& change, const std::string& path, const Record& before, Row after,
                        const std::set<std::string>& blind = {});
  void Apply(const Change& change, const Outcome& outcome, const Message& answer);

  void Import(const Person& person, const Resource& resource);
  void ImportAgain();
  File AFile(const Person& person, const Resource& resource);
  // Applies a row to the world; returns the expected faults, in every permitted wording, if there are any.
  std::optional<std::set<std::string>> ImportRow(const File& file, const std::map<std::string, std::string>& cells,
                                                 platform_v1::ImportSummary& counts);
  // Sets the names and times of the records that an import has created.
  void Adopt(const Resource& resource);

  std::vector<std::string> KeyOf(const Record& record, const Order& order) const;
  void CompareRecord(const Person& person, const Resource& resource, const Message& shown, const Record& record,
                     int revision);
  void CompareHistory(const Resource& resource, const Record& record);

  static std::string TextOfRequest(const Message& request);
  void Note(const Person& person, const std::string& what, const std::string& record = "");
  void Says(const std::string& said, const Sayings& expected);

  World& world_;
  Chooser& choose_;
  const std::vector<Person> people_;
  std::vector<Page> pages_;
  std::vector<Change> changes_;       // changes that may be sent again
  std::map<std::string, Kept> kept_;  // by caller, method and request id
  std::optional<File> file_;          // the last file that was stored
  int fine_ = 0;
  std::vector<std::pair<std::string, std::string>> log_;  // the call, and the record that it is about
};

}  // namespace tsunagu::wire::model

#endif  // TSUNAGU_TESTS_WIRE_MODEL_CALLS_H_
