#include "services/registry/rules/address.h"

#include <cstdint>
#include <string>

#include "gtest/gtest.h"

namespace tsunagu::registry::rules {
namespace {

v1::Area AnArea(const std::string& code, const std::string& name) {
  v1::Area area;
  area.set_name("areas/" + code);
  area.set_code(code);
  area.set_display_name(name);
  const bool is_designated = code[2] == '1' && name.find("市") == name.size() - std::string("市").size();
  area.set_kind(is_designated ? v1::AREA_KIND_DESIGNATED_CITY : v1::AREA_KIND_CITY);
  return area;
}

AddressBook Book() {
  AddressBook book;
  for (const auto& [code, name] : {
           std::pair{"011002", "札幌市"},
           {"011011", "札幌市中央区"},
           {"014605", "上富良野町"},
           {"133078", "檜原村"},
           {"261009", "京都市"},
           {"263036", "大山崎町"},
           {"273015", "島本町"},
           {"402168", "小郡市"},
           {"403415", "宇美町"},
           {"406210", "苅田町"},
           {"072036", "郡山市"},
           {"313025", "岩美町"},
           {"143413", "大磯町"},
           {"014036", "泊村"},
       }) {
    book.Add(AnArea(code, name), true);
  }
  book.Add(AnArea("016969", "泊村"), true);  // the other one, in 国後郡
  return book;
}

TEST(AddressBook, FindsTheLongestNameAndPassesTheCountyOver) {
  struct Case {
    const char* name;
    const char* address;
    const char* area;
  };
  const Case cases[] = {
      {"exact", "鳥取県岩美町", "areas/313025"},
      {"with street", "北海道札幌市北一条西2丁目", "areas/011002"},
      {"ward before city", "北海道札幌市中央区北一条西2丁目", "areas/011011"},
      {"county", "鳥取県岩美郡岩美町浦富1", "areas/313025"},
      {"county in 北海道", "北海道空知郡上富良野町", "areas/014605"},
      {"county in 東京都", "東京都西多摩郡檜原村", "areas/133078"},
      {"county in 京都府", "京都府乙訓郡大山崎町", "areas/263036"},
      {"county in 大阪府", "大阪府三島郡島本町", "areas/273015"},
      {"prefecture of four characters", "神奈川県中郡大磯町", "areas/143413"},
      {"county called 京都", "福岡県京都郡苅田町", "areas/406210"},
      {"city that holds 郡 at its end", "福岡県小郡市", "areas/402168"},
      {"city that begins with 郡", "福島県郡山市", "areas/072036"},
      {"a town that is not there", "福岡県糟屋郡須恵町", ""},
      {"another prefecture's town", "東京都岩美郡岩美町", ""},
      {"two of that name in one prefecture", "北海道古宇郡泊村", ""},
      {"no prefecture", "岩美郡岩美町", ""},
      {"prefecture only", "鳥取県", ""},
      {"county only", "鳥取県岩美郡", ""},
      {"one character", "県", ""},
      {"empty", "", ""},
  };
  const AddressBook book = Book();
  for (const Case& c : cases) {
    const AddressBook::Found found = book.Find(c.address, "");
    EXPECT_EQ(found.area, c.area) << c.name;
    EXPECT_EQ(found.warning, *c.area ? Reason() : "AREA_NOT_IN_ADDRESS"_reason) << c.name;
  }
  EXPECT_EQ(AddressBook().Find("鳥取県岩美町", "").area, "");
  EXPECT_EQ(book.Find("岩美郡岩美町", "31000").area, "areas/313025");
}

TEST(ParseMillionths, ReadsDegreesExactly) {
  struct Case {
    const char* text;
    int32_t millionths;
  };
  const Case cases[] = {{"43.08299855", 43'082'999},
                        {"43.0829984", 43'082'998},
                        {"35", 35'000'000},
                        {"35.", 35'000'000},
                        {"35.5", 35'500'000},
                        {"0.000001", 1},
                        {"0.0000005", 1},
                        {"0.0000004", 0},
                        {"134.9999999", 135'000'000},
                        {"141.29800845", 141'298'008}};
  for (const Case& c : cases) {
    int32_t millionths = -1;
    EXPECT_TRUE(ParseMillionths(c.text, millionths)) << c.text;
    EXPECT_EQ(millionths, c.millionths) << c.text;
  }
}

TEST(ParseMillionths, RefusesWhatIsNoNumber) {
  for (const char* text :
       {"", ".5", "-35.5", "+35.5", "1000.0", "35,5", "35.5.1", "35.x", "x", "３５.5", " 35", "35 "}) {
    int32_t millionths = 0;
    EXPECT_FALSE(ParseMillionths(text, millionths)) << text;
  }
}

}  // namespace
}  // namespace tsunagu::registry::rules
