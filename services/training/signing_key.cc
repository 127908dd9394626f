#include "services/training/signing_key.h"

#include <map>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/access/actor.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/jp/civil_day.h"
#include "common/records/records.h"
#include "common/records/secrets.h"
#include "common/records/store.h"
#include "common/service/service.h"
#include "common/service/standard.h"
#include "services/training/guards.h"
#include "tsunagu/training/v1/signing_key.pb.h"

namespace tsunagu::training {
namespace {

using Keys = std::map<int64_t, v1::SigningKey>;  // by the number that is their id

constexpr char kFirstKey[] = "certificates";  // the secret that signs until the first rotation

// Returns the name of the secret that holds the seed.
std::string SecretOf(int64_t number) { return number == 1 ? kFirstKey : absl::StrCat(kFirstKey, " ", number); }

int64_t NumberIn(const std::string& name) {
  int64_t number = 0;
  (void)absl::SimpleAtoi(absl::StripPrefix(name, "signingKeys/"), &number);
  return number;
}

absl::StatusOr<Keys> ReadKeys(store::View& view) {
  Keys keys;
  RETURN_IF_ERROR(store::Records<v1::SigningKey>::All(view).ForEach({}, [&](v1::SigningKey& key) {
    keys[NumberIn(key.name())] = key;
    return absl::OkStatus();
  }));
  return keys;
}

absl::StatusOr<std::string> SeedOf(store::View& view, int64_t number) {
  if (number == 1) return view.parts().Secret(kFirstKey);
  return store::ReadSecret(view, SecretOf(number));
}

absl::Status InsertKey(store::Tx& tx, int64_t number, v1::SigningKey& key) {
  ASSIGN_OR_RETURN(const std::string seed, SeedOf(tx, number));
  key.Clear();
  key.set_key_id(KeyIdOf(seed));
  return store::Records<v1::SigningKey>::Insert(tx, absl::StrCat(number), key);
}

absl::StatusOr<v1::SigningKey> Rotate(Service& service, const rpc::Call& call,
                                      const v1::RotateSigningKeyRequest& request) {
  v1::SigningKey key;
  RETURN_IF_ERROR(service.Change(call, request, key, [&](store::Tx& tx) -> absl::Status {
    RETURN_IF_ERROR(GuardSigningKeys(tx));
    ASSIGN_OR_RETURN(const Keys keys, ReadKeys(tx));
    if (keys.empty()) RETURN_IF_ERROR(InsertKey(tx, 1, key));
    const int64_t number = keys.empty() ? 2 : keys.rbegin()->first + 1;
    RETURN_IF_ERROR(store::MakeSecret(tx, SecretOf(number)));
    return InsertKey(tx, number, key);
  }));
  return key;
}

absl::StatusOr<v1::SigningKey> Retire(Service& service, const rpc::Call& call, Resource& resource,
                                      const v1::RetireSigningKeyRequest& request) {
  const jp::CivilDay today = service.Today();
  const jp::CivilDay day = request.has_retire_date() ? jp::DayOf(request.retire_date()) : today;
  if (day < today) return FailAt("retire_date", "RETIREMENT_DAY_OVER"_reason);
  return ChangeRecord<v1::SigningKey>(service, call, resource, request,
                                      [&](store::Tx& tx, v1::SigningKey& key) -> absl::Status {
                                        RETURN_IF_ERROR(GuardSigningKeys(tx));
                                        ASSIGN_OR_RETURN(const Keys keys, ReadKeys(tx));
                                        if (keys.rbegin()->second.name() == key.name())
                                          return Fail("SIGNING_KEY_IN_USE"_reason);
                                        if (key.has_retire_date() && jp::DayOf(key.retire_date()) <= today)
                                          return Fail("SIGNING_KEY_RETIRED"_reason);
                                        *key.mutable_retire_date() = jp::ToDate(day);
                                        key.set_reason(request.reason());
                                        return absl::OkStatus();
                                      });
}

}  // namespace

absl::StatusOr<std::vector<BadgeKey>> ReadSigningKeys(store::View& view) {
  ASSIGN_OR_RETURN(Keys keys, ReadKeys(view));
  if (keys.empty()) keys[1];  // the first key has no record yet
  std::vector<BadgeKey> read;
  for (const auto& [number, key] : keys) {
    read.emplace_back();
    ASSIGN_OR_RETURN(read.back().seed, SeedOf(view, number));
    if (key.has_retire_date()) read.back().retired = jp::DayOf(key.retire_date());
  }
  return read;
}

absl::StatusOr<std::string> SeedToSignWith(store::Tx& tx) {
  RETURN_IF_ERROR(GuardSigningKeys(tx));
  ASSIGN_OR_RETURN(const Keys keys, ReadKeys(tx));
  return SeedOf(tx, keys.empty() ? 1 : keys.rbegin()->first);
}

void AddSigningKeys(Service& service) {
  service.store().NameSecret(kFirstKey);
  Resource& keys = service.Add<v1::SigningKey>();
  BindStandard(service, "tsunagu.training.v1.SigningKeyService", keys)
      .Unary(
          "RotateSigningKey",
          [&](rpc::Call& call, const v1::RotateSigningKeyRequest& request) { return Rotate(service, call, request); })
      .Unary("RetireSigningKey", [&](rpc::Call& call, const v1::RetireSigningKeyRequest& request) {
        return Retire(service, call, keys, request);
      });
}

}  // namespace tsunagu::training
