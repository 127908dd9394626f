#include "common/jose/json.h"

#include <cmath>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/strip.h"
#include "common/base/utf8.h"
#include "common/jp/cp932.h"

namespace tsunagu::jose {
namespace {

class Reader {
 public:
  explicit Reader(absl::string_view text) : rest_(text) {}

  absl::optional<Json> ReadAll() {
    Json value;
    if (!ReadValue(value, 1)) return absl::nullopt;
    SkipSpace();
    if (!rest_.empty()) return absl::nullopt;
    return value;
  }

 private:
  void SkipSpace() {
    const size_t end = rest_.find_first_not_of(" \t\r\n");
    rest_.remove_prefix(end == absl::string_view::npos ? rest_.size() : end);
  }
  bool Take(absl::string_view what) {
    SkipSpace();
    return absl::ConsumePrefix(&rest_, what);
  }

  bool ReadValue(Json& value, int level) {
    if (level > Json::kMostLevels) return false;
    SkipSpace();
    if (rest_.empty()) return false;
    switch (rest_.front()) {
      case '{':
        return ReadObject(value, level);
      case '[':
        return ReadList(value, level);
      case '"':
        value.kind = Json::Kind::kText;
        return ReadText(value.text);
      case 't':
      case 'f':
        value.kind = Json::Kind::kBool;
        value.truth = Take("true");
        return value.truth || Take("false");
      case 'n':
        return Take("null");
      default:
        return ReadNumber(value);
    }
  }

  bool ReadObject(Json& value, int level) {
    value.kind = Json::Kind::kObject;
    if (!Take("{")) return false;
    if (Take("}")) return true;
    do {
      std::string name;
      SkipSpace();
      if (!ReadText(name) || !Take(":")) return false;
      const auto [member, fresh] = value.members.try_emplace(std::move(name));
      if (!fresh || !ReadValue(member->second, level + 1)) return false;
    } while (Take(","));
    return Take("}");
  }

  bool ReadList(Json& value, int level) {
    value.kind = Json::Kind::kList;
    if (!Take("[")) return false;
    if (Take("]")) return true;
    do {
      if (!ReadValue(value.items.emplace_back(), level + 1)) return false;
    } while (Take(","));
    return Take("]");
  }

  bool ReadText(std::string& text) {
    if (!absl::ConsumePrefix(&rest_, "\"")) return false;
    while (!rest_.empty()) {
      const char c = rest_.front();
      rest_.remove_prefix(1);
      if (c == '"') return true;
      if (static_cast<unsigned char>(c) < 0x20) return false;
      if (c != '\\') {
        text += c;
      } else if (!ReadEscape(text)) {
        return false;
      }
    }
    return false;
  }

  bool ReadEscape(std::string& text) {
    if (rest_.empty()) return false;
    const char c = rest_.front();
    rest_.remove_prefix(1);
    if (c == 'u') return ReadCodePoint(text);
    constexpr absl::string_view kEscapes = "\"\\/bfnrt", kMeant = "\"\\/\b\f\n\r\t";
    const size_t at = kEscapes.find(c);
    if (at == absl::string_view::npos) return false;
    text += kMeant[at];
    return true;
  }

  bool ReadCodePoint(std::string& text) {
    char32_t c = 0, low = 0;
    if (!ReadUnit(c)) return false;
    if (c >= 0xDC00 && c < 0xE000) return false;
    if (c >= 0xD800 && c < 0xDC00) {
      if (!absl::ConsumePrefix(&rest_, "\\u") || !ReadUnit(low) || low < 0xDC00 || low >= 0xE000) return false;
      c = 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
    }
    AppendUtf8(c, text);
    return true;
  }

  bool ReadUnit(char32_t& unit) {
    if (rest_.size() < 4) return false;
    for (const char digit : rest_.substr(0, 4)) {
      if (!absl::ascii_isxdigit(static_cast<unsigned char>(digit))) return false;
      unit = unit * 16 +
             (absl::ascii_isdigit(static_cast<unsigned char>(digit)) ? digit - '0' : (digit | 0x20) - 'a' + 10);
    }
    rest_.remove_prefix(4);
    return true;
  }

  size_t Digits(size_t from) const {
    size_t end = from;
    while (end < rest_.size() && absl::ascii_isdigit(static_cast<unsigned char>(rest_[end]))) ++end;
    return end - from;
  }

  bool ReadNumber(Json& value) {
    value.kind = Json::Kind::kNumber;
    const auto at = [&](size_t i) { return i < rest_.size() ? rest_[i] : '\0'; };
    size_t end = at(0) == '-' ? 1 : 0;
    const size_t whole = Digits(end);
    if (whole == 0 || (whole > 1 && at(end) == '0')) return false;
    end += whole;
    if (at(end) == '.') {
      const size_t fraction = Digits(end + 1);
      if (fraction == 0) return false;
      end += 1 + fraction;
    }
    if ((at(end) | 0x20) == 'e') {
      ++end;
      if (at(end) == '+' || at(end) == '-') ++end;
      const size_t exponent = Digits(end);
      if (exponent == 0) return false;
      end += exponent;
    }
    const bool read = absl::SimpleAtod(rest_.substr(0, end), &value.number) && std::isfinite(value.number);
    rest_.remove_prefix(end);
    return read;
  }

  absl::string_view rest_;
};

}  // namespace

absl::optional<Json> Json::Parse(absl::string_view text) {
  if (!jp::IsUtf8(text)) return absl::nullopt;
  return Reader(text).ReadAll();
}

const Json* Json::Find(absl::string_view name) const {
  const auto found = members.find(name);
  return found == members.end() ? nullptr : &found->second;
}

std::vector<absl::string_view> Json::Texts() const {
  if (Is(Kind::kText)) return {text};
  std::vector<absl::string_view> texts;
  for (const Json& item : items) {
    if (item.Is(Kind::kText)) texts.push_back(item.text);
  }
  return texts;
}

}  // namespace tsunagu::jose
