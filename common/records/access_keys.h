#ifndef TSUNAGU_COMMON_RECORDS_ACCESS_KEYS_H_
#define TSUNAGU_COMMON_RECORDS_ACCESS_KEYS_H_

#include <string>
#include <vector>

#include "common/contract/schema.h"
#include "common/identity/places.h"
#include "common/jp/period.h"
#include "google/protobuf/message.h"

namespace tsunagu::store {

// A caller with a grant on `key` may see the record on the days of `days`.
struct AccessKey {
  std::string key;
  jp::Period days;

  friend bool operator==(const AccessKey& a, const AccessKey& b) { return a.key == b.key && a.days == b.days; }
  friend bool operator<(const AccessKey& a, const AccessKey& b) {
    return a.key != b.key ? a.key < b.key : a.days.from < b.days.from;
  }
};

// Returns all access keys of a record, sorted, each once, as the contract's access_by names them. When one field gives
// a key without end and another gives it only during the period, the key has no end.
std::vector<AccessKey> AccessKeysOf(const contract::Schema& schema, const identity::Places& places,
                                    const google::protobuf::Message& record);

// Returns the keys of `keys` that are valid on `day`.
std::vector<std::string> KeysOn(const std::vector<AccessKey>& keys, jp::CivilDay day);

// Returns, sorted, the access keys that are valid on `day`, for a record whose own contract has access_by.
std::vector<std::string> AccessKeysOn(const contract::Schema& schema, const identity::Places& places,
                                      const google::protobuf::Message& record, jp::CivilDay day);

}  // namespace tsunagu::store

#endif  // TSUNAGU_COMMON_RECORDS_ACCESS_KEYS_H_
