#include "common/text/sheet/xml.h"

#include <algorithm>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "common/text/sheet/archive_test.h"
#include "gtest/gtest.h"

namespace tsunagu::sheet {
namespace {

using Token = XmlReader::Token;

std::string Repeat(size_t count, absl::string_view text) {
  std::string all;
  for (size_t i = 0; i < count; ++i) absl::StrAppend(&all, text);
  return all;
}

XmlReader::Source InPieces(std::string xml, size_t piece) {
  return [xml, piece, at = size_t{0}](absl::Span<char> into) mutable -> absl::StatusOr<size_t> {
    const size_t count = std::min({piece, into.size(), xml.size() - at});
    std::copy_n(xml.data() + at, count, into.data());
    at += count;
    return count;
  };
}

// Returns "a(text)" for <a>text</a>, and the error at the end. Shows the attributes k and r:k.
std::string Read(const std::string& xml, size_t piece) {
  XmlReader reader("part", InPieces(xml, piece));
  std::string shown;
  for (;;) {
    const absl::StatusOr<Token> token = reader.Next();
    if (!token.ok()) {
      EXPECT_EQ(reader.Next().status(), token.status());
      return absl::StrCat(shown, "!", testing::Said(token.status()));
    }
    if (*token == Token::kFinish) return shown;
    if (*token == Token::kText) absl::StrAppend(&shown, reader.text());
    if (*token == Token::kEnd) shown += ")";
    if (*token != Token::kStart) continue;
    absl::StrAppend(&shown, reader.name(), "(", reader.Attribute("k"), reader.PrefixedAttribute("k"));
  }
}

struct Document {
  const char* name;
  std::string xml;
  std::string shown;
};

class Xml : public ::testing::TestWithParam<Document> {};

TEST_P(Xml, ReadsTheSameHoweverItIsCut) {
  const Document& document = GetParam();
  for (const size_t piece : {size_t{1}, size_t{3}, document.xml.size() + 1}) {
    EXPECT_EQ(Read(document.xml, piece), document.shown) << "in pieces of " << piece;
  }
}

// Returns the expected error text.
std::string Damaged(absl::string_view detail, size_t place) {
  return absl::StrCat("!WORKBOOK_DAMAGED {part=part, detail=", detail, " at byte ", place, "}");
}

INSTANTIATE_TEST_SUITE_P(
    WellFormed, Xml,
    ::testing::Values(
        Document{"Empty", "<a/>", "a()"}, Document{"Nested", "<a><b>x</b>y<c/></a>", "a(b(x)yc())"},
        Document{"Declaration", "<?xml version='1.0' encoding='UTF-8' standalone=\"yes\"?>\n<a/>\n", "a()"},
        Document{"ByteOrderMark", "\xEF\xBB\xBF<?xml version=\"1.0\"?><a/>", "a()"},
        Document{"Prefix", "<x:a><x:b/></x:a>", "a(b())"},
        Document{"Attribute", "<a j='1' k = \"&lt;2'\n3\"/>", "a(<2' 3)"},
        Document{"PrefixedAttribute", "<a rk='1' r:k='2'/>", "a(2)"},
        Document{"Entities", "<a>&lt;&gt;&amp;&quot;&apos;</a>", "a(<>&\"')"},
        Document{"References", "<a>&#65;&#x20BB7;&#x3042;</a>", "a(A𠮷あ)"},
        Document{"LineEnds", "<a>1\r\n2\r3\n4&#13;</a>", "a(1\n2\n3\n4\r)"},
        Document{"CharacterData", "<a>x<![CDATA[<&]]]]><![CDATA[>]]>y]</a>", "a(x<&]]>y])"},
        Document{"Brackets", "<a>]] ]&gt; ]]]</a>", "a(]] ]> ]]])"},
        Document{"Comments", "<!-- - --><a><!----><b/><!-- <c> --></a><!-- x -->", "a(b())"},
        Document{"Instructions", "<?a b?><a><?x ? ?></a><?y?>", "a()"},
        Document{"LongText", "<a>" + Repeat(20'000, "𠮷") + "</a>", "a(" + Repeat(20'000, "𠮷") + ")"},
        Document{"DeepEnough", Repeat(64, "<a>") + Repeat(64, "</a>"), Repeat(64, "a(") + Repeat(64, ")")}),
    [](const auto& row) { return row.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Malformed, Xml,
    ::testing::Values(
        Document{"Nothing", "", Damaged("the document is cut", 0)},
        Document{"Cut", "<a><b></b>", "a(b()" + Damaged("the document is cut", 10)},
        Document{"CutTag", "<a k='1", Damaged("a value is not closed", 7)},
        Document{"Crossed", "<a><b></a>", "a(b(" + Damaged("a tag closes another element", 10)},
        Document{"ClosedByAnotherPrefix", "<x:a></y:a>", "a(" + Damaged("a tag closes another element", 11)},
        Document{"TwoRoots", "<a/><b/>", "a()" + Damaged("a second root element", 5)},
        Document{"TextOutside", "x<a/>", Damaged("text outside the root element", 0)},
        Document{"TextBehind", "<a/>x", "a()" + Damaged("text outside the root element", 4)},
        Document{"AttributeTwice", "<a k='1' k='2'/>", Damaged("an attribute is given twice", 10)},
        Document{"NoSpace", "<a j='1'k='2'/>", Damaged("no space before an attribute", 8)},
        Document{"NoQuotes", "<a k=1/>", Damaged("a value without quotes", 6)},
        Document{"LessInValue", "<a k='<'/>", Damaged("a value is not closed", 6)},
        Document{"UnknownEntity", "<a>&nbsp;</a>", "a(" + Damaged("an entity that XML does not have", 9)},
        Document{"OpenEntity", "<a>& b</a>", "a(" + Damaged("an entity that XML does not have", 10)},
        Document{"NoCharacter", "<a>&#0;</a>", "a(" + Damaged("an entity that XML does not have", 7)},
        Document{"HalfCharacter", "<a>&#xD842;</a>", "a(" + Damaged("an entity that XML does not have", 11)},
        Document{"SignedReference", "<a>&#+65;</a>", "a(" + Damaged("an entity that XML does not have", 9)},
        Document{"EndOfCharacterData", "<a>]]></a>", "a(" + Damaged("]]> in text", 6)},
        Document{"OpenCharacterData", "<a><![CDATA[x]]", "a(" + Damaged("a CDATA section is not closed", 15)},
        Document{"Control", "<a>\x01</a>", "a(" + Damaged("characters that are not allowed", 4)},
        Document{"NotUtf8", "<a>\xE3\x81</a>", "a(" + Damaged("characters that are not allowed", 5)},
        Document{"Utf16", "\xFF\xFE<", Damaged("the document is not in UTF-8", 0)},
        Document{"OtherEncoding", "<?xml version='1.0' encoding='Shift_JIS'?><a/>",
                 Damaged("the document is not in UTF-8", 42)},
        Document{"LateDeclaration", "\n<?xml version='1.0'?><a/>", Damaged("a declaration inside the document", 6)},
        Document{"DashesInComment", "<a><!-- -- --></a>", "a(" + Damaged("-- inside a comment", 10)},
        Document{"OpenComment", "<a><!-- ", "a(" + Damaged("a comment is not closed", 8)},
        Document{"Doctype", "<!DOCTYPE a><a/>", "!WORKBOOK_UNSAFE {part=part}"},
        Document{"BillionLaughs",
                 "<?xml version=\"1.0\"?><!DOCTYPE z [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;\">]><z>&b;</z>",
                 "!WORKBOOK_UNSAFE {part=part}"},
        Document{"ExternalEntity", "<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><a>&x;</a>",
                 "!WORKBOOK_UNSAFE {part=part}"},
        Document{"TooDeep", Repeat(65, "<a>"), Repeat(64, "a(") + Damaged("too many levels", 193)},
        Document{"LongName", "<" + Repeat(300, "n") + "/>", Damaged("a name is too long", 257)}),
    [](const auto& row) { return row.param.name; });

TEST(XmlReader, RefusesTooManyAttributes) {
  std::string xml = "<a";
  for (int i = 0; i < 65; ++i) absl::StrAppend(&xml, " k", i, "=''");
  EXPECT_TRUE(absl::StrContains(Read(xml + "/>", 1000), "too many attributes"));
}

TEST(XmlReader, RefusesLongAttributes) {
  EXPECT_TRUE(
      absl::StrContains(Read("<a k='" + Repeat(1024 * 1024 + 1, "x") + "'/>", 1000), "attributes are too long"));
}

TEST(XmlReader, GivesLongTextInPieces) {
  for (const std::string& text : {Repeat(100'000, "x"), Repeat(100'000, "]"), Repeat(50'000, "é")}) {
    XmlReader reader("part", InPieces("<a>" + text + "</a>", 1000));
    size_t total = 0;
    for (auto token = reader.Next(); token.ok() && *token != Token::kFinish; token = reader.Next()) {
      if (*token != Token::kText) continue;
      EXPECT_LT(reader.text().size(), 17'000u);
      total += reader.text().size();
    }
    EXPECT_EQ(total, text.size());
  }
}

TEST(XmlReader, SkipsAnElement) {
  XmlReader reader("part", InPieces("<a><b><c/>x<b/></b><d/><e/></a>", 1000));
  ASSERT_TRUE(reader.Next().ok());
  ASSERT_TRUE(reader.Next().ok());
  EXPECT_TRUE(reader.Skip().ok());
  EXPECT_EQ(reader.Next().value(), Token::kStart);
  EXPECT_EQ(reader.name(), "d");
  EXPECT_TRUE(reader.Skip().ok());
  EXPECT_EQ(reader.Next().value(), Token::kStart);
  EXPECT_EQ(reader.name(), "e");
  EXPECT_EQ(reader.depth(), 2u);
}

TEST(XmlReader, PassesTheErrorOfItsSourceOn) {
  XmlReader reader("part", [](absl::Span<char>) -> absl::StatusOr<size_t> { return absl::DataLossError("disk"); });
  EXPECT_EQ(reader.Next().status(), absl::DataLossError("disk"));
  EXPECT_EQ(reader.Next().status(), absl::DataLossError("disk"));
}

}  // namespace
}  // namespace tsunagu::sheet
