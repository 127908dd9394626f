#include "common/records/access_keys.h"

#include <map>

#include "common/records/table_shape.h"

namespace tsunagu::store {

std::vector<AccessKey> AccessKeysOf(const contract::Schema& schema, const identity::Places& places,
                                    const google::protobuf::Message& record) {
  std::map<std::string, jp::Period> found;
  for (const std::string& name : schema.rule().access_by()) {
    const jp::Period days = schema.IsWhilePeriod(name) ? schema.PeriodOf(record) : jp::Period();
    for (const std::string& value : TextValues(record, *schema.Find(name))) {
      if (value.empty()) continue;
      for (std::string& key : places.KeysOf(value)) {
        const auto [kept, fresh] = found.try_emplace(std::move(key), days);
        // All fields of a record have the same period, so the longer of two is the one without an end.
        if (!fresh && days == jp::Period()) kept->second = days;
      }
    }
  }
  std::vector<AccessKey> keys;
  for (auto& [key, days] : found) keys.push_back({key, days});
  return keys;
}

std::vector<std::string> KeysOn(const std::vector<AccessKey>& keys, jp::CivilDay day) {
  std::vector<std::string> found;
  for (const AccessKey& key : keys) {
    if (key.days.Contains(day)) found.push_back(key.key);
  }
  return found;
}

std::vector<std::string> AccessKeysOn(const contract::Schema& schema, const identity::Places& places,
                                      const google::protobuf::Message& record, jp::CivilDay day) {
  return KeysOn(AccessKeysOf(schema, places, record), day);
}

}  // namespace tsunagu::store
