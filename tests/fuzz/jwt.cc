// Arbitrary tokens and key sets. Of all texts, only the signed one is accepted: no other encoding of it, and nothing
// added. Any header, claims and key set are either read or refused.
#include <string>

#include "absl/strings/str_cat.h"
#include "common/base/ed25519.h"
#include "common/base/error.h"
#include "common/jose/base64url.h"
#include "common/jose/issuers.h"
#include "common/jose/token.h"
#include "tests/fuzz/fuzz.h"

namespace {

using tsunagu::fuzz::Require;
namespace jose = tsunagu::jose;

const std::string& Seed() {
  static const auto& seed = *new std::string(32, 's');
  return seed;
}

std::string Signed(absl::string_view header, absl::string_view claims) {
  const std::string text = absl::StrCat(jose::ToBase64Url(header), ".", jose::ToBase64Url(claims));
  return absl::StrCat(text, ".", jose::ToBase64Url(tsunagu::ed25519::Sign(Seed(), text)));
}

jose::Issuers& Issuers() {
  static auto& issuers = *[] {
    auto* all = new jose::Issuers;
    const std::string x = jose::ToBase64Url(tsunagu::ed25519::PublicKeyOf(Seed()));
    all->Set({{"i",
               {"a"},
               absl::ZeroDuration(),
               *jose::KeySet::Parse(absl::StrCat(R"({"keys":[{"kty":"OKP","crv":"Ed25519","x":")", x, "\"}]}"))}});
    return all;
  }();
  return issuers;
}

const std::string& Good() {
  static const auto& good = *new std::string(Signed(R"({"alg":"EdDSA"})", R"({"iss":"i","aud":"a","exp":2000000000})"));
  return good;
}

bool IsTaken(absl::string_view token) {
  const auto claims = Issuers().Verify(token, absl::FromUnixSeconds(1'900'000'000));
  if (!claims.ok()) {
    Require(absl::IsUnauthenticated(claims.status()), "a refusal says what is wrong", claims.status().ToString());
  }
  return claims.ok();
}

// Bytes of the valid token, moved or changed.
std::string Changed(tsunagu::fuzz::Input input) {
  std::string token = Good();
  while (!input.Rest().empty()) {
    const uint8_t what = input.Byte();
    const size_t at = (input.Byte() * 256u + input.Byte()) % (token.size() + 1);
    const char byte = static_cast<char>(input.Byte());
    if (what % 3 == 0) {
      token.insert(at, 1, byte);
    } else if (what % 3 == 1 && at < token.size()) {
      token[at] = byte;
    } else if (at < token.size()) {
      token.erase(at, 1);
    }
  }
  return token;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  tsunagu::fuzz::Input input(data, size);
  const uint8_t what = input.Byte();
  const absl::string_view rest = input.Rest();
  switch (what % 5) {
    case 0:
      Require(!IsTaken(rest) || rest == Good(), "what nobody signed is refused", rest);
      break;
    case 1: {
      const std::string changed = Changed(input);
      Require(IsTaken(changed) == (changed == Good()), "only what was signed is taken", changed);
      break;
    }
    case 2:  // signed claims with arbitrary content
      IsTaken(Signed(R"({"alg":"EdDSA"})", rest));
      break;
    case 3:
      IsTaken(Signed(rest, R"({"iss":"i","aud":"a","exp":2000000000})"));
      break;
    default: {
      const auto keys = jose::KeySet::Parse(rest);
      Require(!keys.ok() || keys->size() > 0, "a set of keys has one");
      const auto bytes = jose::FromBase64Url(rest);
      Require(!bytes || jose::ToBase64Url(*bytes) == rest, "two texts are never the same bytes", rest);
    }
  }
  return 0;
}
