#include "services/training/badge.h"

#include <algorithm>
#include <map>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "common/base/digest.h"
#include "common/base/ed25519.h"
#include "common/base/error.h"
#include "common/base/json_text.h"
#include "common/base/status_macros.h"
#include "common/jose/base64url.h"
#include "common/jose/token.h"
#include "google/protobuf/struct.pb.h"
#include "google/protobuf/util/json_util.h"
#include "services/training/bitstring.h"
#include "services/training/token_text.h"

namespace tsunagu::training {
namespace {

using google::protobuf::Struct;
using jose::FromBase64Url;
using jose::ToBase64Url;
using Response = v1::VerifyCertificateResponse;

constexpr absl::string_view kNumberSpace = "urn:tsunagu:certificate:";
constexpr absl::string_view kCurriculumSpace = "urn:tsunagu:";
constexpr absl::string_view kStatusList = "urn:tsunagu:status-list:1";
constexpr absl::string_view kContexts =
    "\"@context\":[\"https://www.w3.org/ns/credentials/v2\","
    "\"https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json\"]";

// The thumbprint of a key (RFC 7638), which names it.
std::string KeyId(absl::string_view public_key) {
  return ToBase64Url(Sha256(absl::StrCat(R"({"crv":"Ed25519","kty":"OKP","x":")", ToBase64Url(public_key), "\"}")));
}

std::string IssuerOf(absl::string_view public_key) {
  return absl::StrCat("urn:ietf:params:oauth:jwk-thumbprint:sha-256:", KeyId(public_key));  // RFC 9278
}

int64_t Seconds(jp::CivilDay day) {  // of its beginning in Japan
  return absl::ToUnixSeconds(absl::FromCivil(day, absl::FixedTimeZone(9 * 60 * 60)));
}

std::string Instant(jp::CivilDay day) { return absl::StrCat(jp::FormatIso(day), "T00:00:00+09:00"); }

std::string SignToken(const std::string& payload, absl::string_view seed) {
  const std::string header =
      absl::StrCat(R"({"alg":"EdDSA","kid":")", KeyId(ed25519::PublicKeyOf(seed)), R"(","typ":"JWT"})");
  const std::string text = absl::StrCat(ToBase64Url(header), ".", ToBase64Url(payload));
  return absl::StrCat(text, ".", ToBase64Url(ed25519::Sign(seed, text)));
}

absl::optional<Struct> ParseJson(absl::string_view text) {
  Struct object;
  const google::protobuf::StringPiece json(text.data(), static_cast<std::ptrdiff_t>(text.size()));
  if (!google::protobuf::util::JsonStringToMessage(json, &object).ok()) return absl::nullopt;
  return object;
}

const google::protobuf::Value& Member(const Struct& object, const char* name) {
  const auto found = object.fields().find(name);
  return found == object.fields().end() ? google::protobuf::Value::default_instance() : found->second;
}

// Returns nested members: Text(payload, {"credentialSubject", "achievement", "name"}).
std::string Text(const Struct& object, std::initializer_list<const char*> path) {
  const Struct* within = &object;
  const google::protobuf::Value* value = nullptr;
  for (const char* name : path) {
    value = &Member(*within, name);
    within = &value->struct_value();
  }
  return value->string_value();
}

struct PublicKey {
  std::string bytes;
  absl::optional<jp::CivilDay> retired;
};
using KeySet = std::map<std::string, PublicKey>;  // by their names

jp::CivilDay DayOfInstant(const std::string& instant) {
  const auto day = jp::ParseDay(absl::string_view(instant).substr(0, 10));
  return day.ok() ? *day : jp::CivilDay();
}

absl::StatusOr<KeySet> ReadKeySet(absl::string_view text) {
  const absl::optional<Struct> set = ParseJson(text);
  KeySet keys;
  for (const char* list : {"keys", "retired_keys"}) {  // a key in both is retired
    if (!set) break;
    for (const google::protobuf::Value& key : Member(*set, list).list_value().values()) {
      const absl::optional<std::string> bytes = FromBase64Url(Text(key.struct_value(), {"x"}));
      if (Text(key.struct_value(), {"crv"}) != "Ed25519" || !bytes) continue;
      PublicKey read{*bytes, absl::nullopt};
      const std::string retired = Text(key.struct_value(), {"retired"});
      // A retired key without a date counts as retired since the first possible day.
      if (!retired.empty() || list != absl::string_view("keys")) read.retired = DayOfInstant(retired);
      keys[KeyId(*bytes)] = std::move(read);
    }
  }
  if (keys.empty()) return Fail("NO_KEY_SET"_reason);
  return keys;
}

struct Opened {
  Response::Verdict verdict = Response::VERDICT_MALFORMED;
  Struct payload;
};

Opened Open(absl::string_view token, const KeySet& keys, jp::CivilDay day) {
  if (IsCutOff(token)) return {Response::VERDICT_CUT_OFF, {}};
  const absl::optional<jose::Compact> parts = jose::Compact::Split(token);
  if (!parts || parts->signature.size() != ed25519::kSignatureBytes) return {};
  const absl::optional<Struct> header = ParseJson(parts->header), payload = ParseJson(parts->payload);
  if (!header || !payload || Text(*header, {"alg"}) != "EdDSA") return {};
  const auto key = keys.find(Text(*header, {"kid"}));
  if (key == keys.end()) return {Response::VERDICT_UNKNOWN_KEY, {}};
  const bool good = ed25519::Verify(key->second.bytes, parts->signed_text, parts->signature) &&
                    Text(*payload, {"iss"}) == IssuerOf(key->second.bytes);
  if (!good) return {Response::VERDICT_FORGED, {}};
  // A person who has stolen the key can sign any day, so the days in the token do not matter.
  const bool retired = key->second.retired && day >= *key->second.retired;
  return {retired ? Response::VERDICT_RETIRED_KEY : Response::VERDICT_VALID, *payload};
}

Badge BadgeOf(const Struct& payload) {
  Badge badge;
  badge.number = std::string(absl::StripPrefix(Text(payload, {"id"}), kNumberSpace));
  badge.issuer = Text(payload, {"issuer", "name"});
  badge.achievement = Text(payload, {"credentialSubject", "achievement", "name"});
  badge.curriculum =
      std::string(absl::StripPrefix(Text(payload, {"credentialSubject", "achievement", "id"}), kCurriculumSpace));
  for (const auto& identifier :
       Member(Member(payload, "credentialSubject").struct_value(), "identifier").list_value().values()) {
    badge.holder = Text(identifier.struct_value(), {"identityHash"});
  }
  badge.issued = DayOfInstant(Text(payload, {"validFrom"}));
  const std::string until = Text(payload, {"validUntil"});
  if (!until.empty()) badge.expires = DayOfInstant(until) - 1;
  (void)absl::SimpleAtoi(Text(payload, {"credentialStatus", "statusListIndex"}), &badge.status_index);
  return badge;
}

}  // namespace

std::string SignBadge(const Badge& badge, absl::string_view seed) {
  const std::string issuer = IssuerOf(ed25519::PublicKeyOf(seed));
  const std::string id = absl::StrCat(kNumberSpace, badge.number);
  std::string payload = absl::StrCat("{", kContexts, ",\"id\":", JsonText(id),
                                     R"(,"type":["VerifiableCredential","OpenBadgeCredential"],"issuer":{"id":)",
                                     JsonText(issuer), R"(,"type":["Profile"],"name":)", JsonText(badge.issuer), "}");
  absl::StrAppend(&payload, R"(,"validFrom":")", Instant(badge.issued), "\"");
  if (badge.expires) absl::StrAppend(&payload, R"(,"validUntil":")", Instant(*badge.expires + 1), "\"");
  absl::StrAppend(&payload,
                  R"(,"credentialSubject":{"type":["AchievementSubject"],"identifier":[{"type":"IdentityObject",)",
                  R"("identityType":"name","hashed":false,"identityHash":)", JsonText(badge.holder),
                  R"(}],"achievement":{"id":)", JsonText(absl::StrCat(kCurriculumSpace, badge.curriculum)),
                  R"(,"type":["Achievement"],"name":)", JsonText(badge.achievement),
                  R"(,"description":"研修の修了","criteria":{"narrative":"修了の要件をすべて満たした。"}}})");
  absl::StrAppend(&payload, R"(,"credentialStatus":{"id":")", kStatusList, "#", badge.status_index,
                  R"(","type":"BitstringStatusListEntry","statusPurpose":"revocation","statusListIndex":")",
                  badge.status_index, R"(","statusListCredential":")", kStatusList, "\"}");
  absl::StrAppend(&payload, R"(,"iss":)", JsonText(issuer), R"(,"jti":)", JsonText(id), R"(,"nbf":)",
                  Seconds(badge.issued));
  if (badge.expires) absl::StrAppend(&payload, R"(,"exp":)", Seconds(*badge.expires + 1));
  absl::StrAppend(&payload, "}");
  return SignToken(payload, seed);
}

std::string SignStatusList(const std::vector<int64_t>& ended, jp::CivilDay day, absl::string_view seed) {
  const std::string issuer = IssuerOf(ed25519::PublicKeyOf(seed));
  return SignToken(
      absl::StrCat(R"({"@context":["https://www.w3.org/ns/credentials/v2"],"id":")", kStatusList,
                   R"(","type":["VerifiableCredential","BitstringStatusListCredential"],"issuer":)", JsonText(issuer),
                   R"(,"validFrom":")", Instant(day), R"(","credentialSubject":{"id":")", kStatusList,
                   R"(#list","type":"BitstringStatusList","statusPurpose":"revocation","encodedList":"u)",
                   ToBase64Url(PackBits(ended)), R"("},"iss":)", JsonText(issuer), R"(,"nbf":)", Seconds(day), "}"),
      seed);
}

std::string KeyIdOf(absl::string_view seed) { return KeyId(ed25519::PublicKeyOf(seed)); }

std::string KeySetOf(const std::vector<BadgeKey>& keys, jp::CivilDay day) {
  std::vector<std::string> good, retired;
  for (const BadgeKey& one : keys) {
    const std::string key = ed25519::PublicKeyOf(one.seed);
    std::string text = absl::StrCat(R"({"kty":"OKP","crv":"Ed25519","use":"sig","alg":"EdDSA","kid":")", KeyId(key),
                                    R"(","x":")", ToBase64Url(key), "\"");
    if (one.retired) absl::StrAppend(&text, R"(,"retired":")", jp::FormatIso(*one.retired), "\"");
    (one.retired && day >= *one.retired ? retired : good).push_back(text + "}");
  }
  std::string set = absl::StrCat(R"({"keys":[)", absl::StrJoin(good, ","), "]");
  if (!retired.empty()) absl::StrAppend(&set, R"(,"retired_keys":[)", absl::StrJoin(retired, ","), "]");
  return set + "}";
}

absl::optional<Badge> ReadBadge(absl::string_view token) {
  const std::vector<absl::string_view> parts = absl::StrSplit(token, '.');  // its signature may be cut off
  const auto json = parts.size() == 3 ? FromBase64Url(parts[1]) : absl::nullopt;
  const auto payload = json ? ParseJson(*json) : absl::nullopt;
  if (!payload) return absl::nullopt;
  return BadgeOf(*payload);
}

absl::StatusOr<Checked> CheckBadge(absl::string_view token, absl::string_view key_set, absl::string_view status_list,
                                   jp::CivilDay day) {
  ASSIGN_OR_RETURN(const auto keys, ReadKeySet(key_set));
  std::string ended;
  if (!status_list.empty()) {
    const Opened list = Open(status_list, keys, day);
    const std::string encoded = Text(list.payload, {"credentialSubject", "encodedList"});
    const auto packed = FromBase64Url(absl::StripPrefix(encoded, "u"));
    const auto bits = packed ? UnpackBits(*packed) : absl::nullopt;
    if (list.verdict != Response::VERDICT_VALID || !bits) return Fail("NO_STATUS_LIST"_reason);
    ended = *bits;
  }
  const Opened opened = Open(token, keys, day);
  Checked checked{opened.verdict, {}};
  const std::string issued = AsIssued(token);
  if (opened.verdict == Response::VERDICT_MALFORMED && issued != token) {
    const Response::Verdict verdict = Open(issued, keys, day).verdict;
    checked.verdict = verdict == Response::VERDICT_VALID ? Response::VERDICT_REWRITTEN : verdict;
    return checked;
  }
  if (opened.verdict != Response::VERDICT_VALID && opened.verdict != Response::VERDICT_RETIRED_KEY) return checked;
  checked.badge = BadgeOf(opened.payload);
  if (!absl::StartsWith(Text(opened.payload, {"id"}), kNumberSpace)) {
    checked = {};  // signed by us, but not a certificate
  } else if (checked.verdict == Response::VERDICT_RETIRED_KEY) {
    // No other field of it is reliable.
  } else if (HasBit(ended, checked.badge.status_index)) {
    checked.verdict = Response::VERDICT_REVOKED;
  } else if (checked.badge.expires && day > *checked.badge.expires) {
    checked.verdict = Response::VERDICT_EXPIRED;
  }
  return checked;
}

}  // namespace tsunagu::training
