// Arbitrary XML. The tokens do not depend on how a document is cut into pieces; every element that begins also ends,
// text is well-formed, and a refused document stays refused.
#include "common/text/sheet/xml.h"

#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/text/sheet/characters.h"
#include "tests/fuzz/fuzz.h"

namespace tsunagu::fuzz {
namespace {

using sheet::XmlReader;
using Token = XmlReader::Token;

constexpr size_t kMaxDepth = 64;

XmlReader Over(absl::string_view xml, size_t piece) {
  return XmlReader("part", [xml, piece, at = size_t{0}](absl::Span<char> into) mutable -> absl::StatusOr<size_t> {
    const size_t count = std::min({piece, into.size(), xml.size() - at});
    std::copy_n(xml.data() + at, count, into.data());
    at += count;
    return count;
  });
}

std::string Read(absl::string_view xml, size_t piece) {
  XmlReader reader = Over(xml, piece);
  std::string shown;
  size_t depth = 0;
  for (;;) {
    const absl::StatusOr<Token> token = reader.Next();
    if (!token.ok()) {
      Require(ReasonOf(token.status()) != "INTERNAL"_reason, "a refusal says what is wrong", token.status().message());
      Require(reader.Next().status() == token.status(), "what is refused stays refused");
      return absl::StrCat(shown, "!", token.status().message());
    }
    if (*token == Token::kFinish) {
      Require(depth == 0 && !shown.empty(), "what ends has begun", shown);
      return shown;
    }
    if (*token == Token::kText) Require(sheet::IsXmlText(reader.text()), "text is well-formed", reader.text());
    if (*token == Token::kText) absl::StrAppend(&shown, reader.text());
    if (*token == Token::kStart) absl::StrAppend(&shown, reader.name(), "(", reader.Attribute("k"));
    if (*token == Token::kEnd) shown += ")";
    depth += *token == Token::kStart ? 1 : 0;
    depth -= *token == Token::kEnd ? 1 : 0;
    Require(depth == reader.depth() && depth <= kMaxDepth, "what begins is open until it ends", shown);
  }
}

// Escapes of spreadsheets: they are used only on well-formed text.
void CheckEscapes(absl::string_view text) {
  if (!sheet::IsXmlText(text)) return;
  Require(sheet::IsXmlText(sheet::Escape(text)), "what is escaped can be written", text);
  Require(sheet::Unescape(sheet::Escape(text)) == text, "an escape comes off again", text);
}

}  // namespace
}  // namespace tsunagu::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tsunagu::fuzz;
  Input input(data, size);
  const size_t piece = static_cast<size_t>(input.Byte()) + 1;
  const std::string whole = Read(input.Rest(), input.Rest().size() + 1);
  const std::string cut = Read(input.Rest(), piece);
  Require(whole == cut, "the same tokens, wherever the pieces are cut", absl::StrCat(whole, "\n", cut));
  CheckEscapes(input.Rest());
  return 0;
}
