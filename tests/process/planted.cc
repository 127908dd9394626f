#include "tests/process/planted.h"

#include <cstring>
#include <filesystem>

#include "absl/strings/str_cat.h"
#include "common/jp/code_points.h"
#include "common/jp/cp932.h"
#include "gtest/gtest.h"
#include "tests/process/process.h"

namespace tsunagu::process {
namespace {

// No two of them are adjacent in any text of ours or of a database server.
constexpr const char* kKanji[] = {"鰯", "鱈", "鮪", "鯖", "鰹", "鯛", "鮎", "鯉", "鮫", "鰐",
                                  "鷺", "鷹", "鶯", "鴎", "鵜", "鶉", "鴨", "鳶", "鳩", "雉",
                                  "柊", "椿", "楓", "榊", "樫", "橘", "檜", "梓", "栂", "杷"};
constexpr const char* kKana[] = {"ヌ", "ヲ", "ヅ", "ヂ", "ヘ", "ホ", "ユ", "ヨ", "ロ", "ワ",
                                 "ギ", "グ", "ゲ", "ザ", "ゼ", "ゾ", "ダ", "デ", "バ", "ビ",
                                 "ブ", "ベ", "ボ", "パ", "ピ", "プ", "ペ", "ポ", "ミ", "メ"};
constexpr int kKinds = 30;

// Returns number `i` in four digits of base 30, scattered so that neighbours differ in all digits.
std::string Word(const char* const (&letters)[kKinds], int i) {
  int64_t number = int64_t{i} * 7'919 % (int64_t{kKinds} * kKinds * kKinds * kKinds);
  std::string word;
  for (int digit = 0; digit < 4; ++digit) {
    absl::StrAppend(&word, letters[number % kKinds]);
    number /= kKinds;
  }
  return word;
}

std::string Utf16(absl::string_view text, bool big_endian) {
  std::string bytes;
  for (const char32_t point : jp::ToCodePoints(text)) {
    const char high = static_cast<char>(point >> 8), low = static_cast<char>(point & 0xff);
    bytes += big_endian ? high : low;
    bytes += big_endian ? low : high;
  }
  return bytes;
}

uint64_t Beginning(const char* bytes) {
  uint64_t value;
  std::memcpy(&value, bytes, sizeof(value));
  return value;
}

}  // namespace

PlantedNames::PlantedNames(int count) {
  for (int i = 0; i < count; ++i) {
    names_.push_back(Word(kKanji, i));
    kanas_.push_back(Word(kKana, i));
    for (const std::string& word : {names_.back(), kanas_.back()}) {
      Add("UTF-8", word);
      Add("UTF-16LE", Utf16(word, false));
      Add("UTF-16BE", Utf16(word, true));
      Add("CP932", jp::ToCp932(word).bytes);
    }
  }
}

void PlantedNames::Add(const char* encoding, const std::string& bytes) {
  ASSERT_GE(bytes.size(), 8u);
  by_beginning_[Beginning(bytes.data())] = encoding;
}

void PlantedNames::Find(absl::string_view bytes, std::vector<std::string>& found) const {
  for (size_t i = 0; i + 8 <= bytes.size(); ++i) {
    const auto hit = by_beginning_.find(Beginning(bytes.data() + i));
    if (hit == by_beginning_.end()) continue;
    // Eight bytes are sufficient: four characters, or in UTF-8 two and most of a third.
    found.push_back(absl::StrCat(hit->second, " at ", i));
  }
}

std::vector<std::string> PlantedNames::FindInFiles(const std::string& path) const {
  std::vector<std::string> found;
  auto look = [&](const std::string& file) {
    std::vector<std::string> here;
    Find(ReadFile(file), here);
    for (const std::string& one : here) found.push_back(absl::StrCat(file, ": ", one));
  };
  if (std::filesystem::is_regular_file(path)) look(path);
  if (!std::filesystem::is_directory(path)) return found;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(path)) {
    if (entry.is_regular_file()) look(entry.path().string());
  }
  return found;
}

}  // namespace tsunagu::process
