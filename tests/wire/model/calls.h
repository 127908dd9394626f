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

// Makes calls and holds each answer against the world, which then goes on as the answer says. The first answer that
// differs is a failure of the test, told with the calls before it.
class Calls {
 public:
  Calls(World& world, Chooser& chooser, std::vector<Person> people)
      : world_(world), choose_(chooser), people_(std::move(people)) {}

  // Makes one call of any kind.
  void MakeOne();
  // Everything that is there, and its history, as somebody sees it who may see all: the first of the people.
  void CompareAll();
  // Pages that were begun are not gone on with: a day has passed.
  void ForgetPages() { pages_.clear(); }
  // The latest calls, oldest first, and those before them that name the record that the last one is about.
  std::string Tail() const;
  // How many calls said OK.
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
    std::string day;  // only those that hold on it
    std::string token;
    std::vector<std::string> last;  // where the page before has ended
  };
  // A call that changes something.
  struct Change {
    const Person* person;
    const Resource* resource;
    std::string verb;
    std::shared_ptr<Message> request;
  };
  // What a change should say and, where it is OK, what the record is then.
  struct Outcome {
    Sayings says;
    std::string name;  // empty for one that the server is to make
    Row row;
    int revision = 0;
    bool again = false;  // said before, under the same request id
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
  void Mark(Message& request);  // with a request id, or as a trial, or neither

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
  // What becomes of the row in the world; the faults that are told, in every wording, where there are any.
  std::optional<std::set<std::string>> ImportRow(const File& file, const std::map<std::string, std::string>& cells,
                                                 platform_v1::ImportSummary& counts);
  // Gives the records that an import has made their names and times.
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
  std::vector<Change> changes_;       // those that may be sent again
  std::map<std::string, Kept> kept_;  // by caller, method and request id
  std::optional<File> file_;          // the last that was stored
  int fine_ = 0;
  std::vector<std::pair<std::string, std::string>> log_;  // what was called, and the record it is about
};

}  // namespace tsunagu::wire::model

#endif  // TSUNAGU_TESTS_WIRE_MODEL_CALLS_H_
