#ifndef TSUNAGU_TESTS_WIRE_MODEL_RESOURCE_H_
#define TSUNAGU_TESTS_WIRE_MODEL_RESOURCE_H_

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "google/protobuf/message.h"
#include "tests/wire/server.h"

// Three resources of the registry by the text of their contracts, written again by hand: nothing here is read from the
// options of the contracts or from the code under test.
namespace tsunagu::wire::model {

// The values of a record by field, as text; several for a repeated field. Unset fields are absent.
using Row = std::map<std::string, std::vector<std::string>>;

enum class Privacy { kOpen, kIdentifying, kConfidential };

// A value that a caller may send, and the reason for which it is refused.
struct Candidate {
  std::string text;
  std::string fault;
};

struct Field {
  enum class Kind { kText, kEnum, kNumber, kBool, kDate };
  std::string name;
  Kind kind = Kind::kText;
  std::vector<Candidate> candidates;
  bool required = false, immutable = false, repeated = false, filterable = false, sortable = false, unique = false;
  Privacy privacy = Privacy::kOpen;
  std::string refers_to;  // a collection
};

struct Resource {
  std::string noun, nouns, collection, path;  // Facility, Facilities, facilities, facility
  std::vector<Field> fields;
  std::vector<std::string> access_by;  // "name": the record itself
  std::string access_while_period;     // the one of them that gives access only while the record is valid
  std::vector<std::string> exclusive;
  bool server_id = true, has_period = false, has_search = false;
  std::string import_key;

  const Field* Find(const std::string& name) const;
  std::string Word(const std::string& end) const;  // FACILITY_NOT_FOUND
  std::string Method(const std::string& verb, bool many = false) const;
  // An empty message of the registry's contracts: "Create" + noun + "Request".
  std::unique_ptr<google::protobuf::Message> New(const std::string& name) const;

  // Sends a request whose answer is a record, or a list of records.
  std::function<absl::Status(const Caller&, const std::string&method, const google::protobuf::Message&request,
                             google::protobuf::Message&answer)>
      send, send_list, send_search;
};

// facilities, nurses, placements.
std::vector<Resource> Resources();

void Set(google::protobuf::Message& message, const std::string& field, const std::vector<std::string>& values);
std::string TextOf(const google::protobuf::Message& message, const std::string& field);
// Returns the fields of a record that the resource names.
Row RowOf(const Resource& resource, const google::protobuf::Message& record);
void Fill(const Row& row, google::protobuf::Message& record);
google::protobuf::Message& Sub(google::protobuf::Message& message, const std::string& field);
// Returns the rows in the answer of a list method.
std::vector<const google::protobuf::Message*> RecordsIn(const google::protobuf::Message& list,
                                                        const std::string& field);

std::string First(const Row& row, const std::string& field);

}  // namespace tsunagu::wire::model

#endif  // TSUNAGU_TESTS_WIRE_MODEL_RESOURCE_H_
