#ifndef TSUNAGU_COMMON_RECORDS_ACCESS_KEYS_H_
#define TSUNAGU_COMMON_RECORDS_ACCESS_KEYS_H_

#include <string>
#include <vector>

#include "common/contract/schema.h"
#include "common/identity/places.h"
#include "common/jp/period.h"
#include "google/protobuf/message.h"

namespace tsunagu::store {

// Whoever has been granted `key` may see the record, on the days of `days`.
struct AccessKey {
  std::string key;
  jp::Period days;

  friend bool operator==(const AccessKey& a, const AccessKey& b) { return a.key == b.key && a.days == b.days; }
  friend bool operator<(const AccessKey& a, const AccessKey& b) {
    return a.key != b.key ? a.key < b.key : a.days.from < b.days.from;
  }
};

// All access keys of a record, sorted, each once: what its contract's access_by names. A key that one field gives for
// ever and another while the period lasts is given for ever.
std::vector<AccessKey> AccessKeysOf(const contract::Schema& schema, const identity::Places& places,
                                    const google::protobuf::Message& record);

// Of `keys`, those that count on `day`.
std::vector<std::string> KeysOn(const std::vector<AccessKey>& keys, jp::CivilDay day);

// Those that count on `day`, sorted, of a record whose contract says them.
std::vector<std::string> AccessKeysOn(const contract::Schema& schema, const identity::Places& places,
                                      const google::protobuf::Message& record, jp::CivilDay day);

}  // namespace tsunagu::store

#endif  // TSUNAGU_COMMON_RECORDS_ACCESS_KEYS_H_
