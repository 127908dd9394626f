#include "tests/wire/model/calls.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "google/protobuf/text_format.h"
#include "google/protobuf/timestamp.pb.h"
#include "google/protobuf/util/time_util.h"
#include "tsunagu/platform/v1/revision.pb.h"

namespace tsunagu::wire::model {
namespace {

constexpr size_t kTail = 12;

int64_t Micros(const google::protobuf::Message& record, const std::string& field) {
  return google::protobuf::util::TimeUtil::TimestampToMicroseconds(static_cast<const google::protobuf::Timestamp&>(
      record.GetReflection()->GetMessage(record, record.GetDescriptor()->FindFieldByName(field))));
}

constexpr char kDenied[] = "PERMISSION_DENIED PERMISSION_DENIED";

std::string OrderText(const Order& order) {
  return absl::StrJoin(order, ", ", [](std::string* out, const auto& term) {
    absl::StrAppend(out, term.first, term.second ? " desc" : "");
  });
}

// Returns whether `key` comes after `last`. Between equal keys the id decides, in the direction of the last term.
bool Behind(const std::vector<std::string>& key, const std::vector<std::string>& last, const Order& order) {
  for (size_t i = 0; i < key.size(); ++i) {
    const bool falling = i < order.size() ? order[i].second : !order.empty() && order.back().second;
    const int compared = key[i].compare(last[i]);
    if (compared != 0) return falling ? compared < 0 : compared > 0;
  }
  return false;
}

}  // namespace

std::string Calls::TextOfRequest(const Message& request) {
  google::protobuf::TextFormat::Printer printer;
  printer.SetSingleLineMode(true);
  printer.SetUseUtf8StringEscaping(true);
  std::string text;
  printer.PrintToString(request, &text);
  return text;
}

void Calls::Note(const Person& person, const std::string& what, const std::string& record) {
  log_.emplace_back(
      absl::StrCat("#", log_.size() + 1, " ", person.id, person.purpose ? " (with a purpose): " : ": ", what), record);
}

void Calls::Says(const std::string& said, const Sayings& expected) {
  absl::StrAppend(&log_.back().first, " -> ", said);
  fine_ += said == "OK" ? 1 : 0;
  EXPECT_EQ(expected.count(said), 1u) << "said " << said << "\nand should have said "
                                      << absl::StrJoin(expected, "\nor ");
}

std::string Calls::Tail() const {
  const size_t from = log_.size() > kTail ? log_.size() - kTail : 0;
  const std::string about = log_.empty() ? "" : log_.back().second;
  std::string tail;
  for (size_t i = 0; i < log_.size(); ++i) {
    if (i >= from || (!about.empty() && log_[i].second == about)) absl::StrAppend(&tail, log_[i].first, "\n");
  }
  return tail;
}

std::string Calls::Summary() {
  size_t records = 0, revisions = 0;
  for (const Resource& resource : world_.resources()) {
    records += world_.Of(resource.collection).size();
    for (const Record& record : world_.Of(resource.collection)) revisions += record.revisions.size();
  }
  return absl::StrCat(log_.size(), " calls, ", fine_, " of them OK, ", records, " records, ", revisions, " revisions");
}

void Calls::MakeOne() {
  const Person& person = choose_.OneOf(people_);
  const Resource& resource = choose_.OneOf(world_.resources());
  const int what = choose_.Below(100);
  if (what < 24) return Create(person, resource);
  if (what < 48) return Update(person, resource);
  if (what < 58) return Get(person, resource);
  if (what < 70) {
    Page page{&person, &resource, choose_.Percent(30) ? Filter() : choose_.AFilter(resource),
              choose_.AnOrder(resource)};
    if (resource.has_period && choose_.Percent(30)) page.day = choose_.Values(*resource.Find("valid_to_date"))[0];
    return List(std::move(page));
  }
  if (what < 78) {
    if (pages_.empty()) return;
    const size_t which = static_cast<size_t>(choose_.Below(static_cast<int>(pages_.size())));
    Page page = pages_[which];
    pages_.erase(pages_.begin() + static_cast<int64_t>(which));
    return List(std::move(page));
  }
  if (what < 83) return End(person, world_.Find("placements"));
  if (what < 86) return Search(person, world_.Find("nurses"));
  if (what < 93) {
    if (!changes_.empty()) Make(Change(choose_.OneOf(changes_)));
    return;
  }
  if (what < 98) return Import(person, resource);
  ImportAgain();
}

void Calls::CompareRecord(const Person& person, const Resource& resource, const Message& shown, const Record& record,
                          int revision) {
  const Row& row = record.revisions[static_cast<size_t>(revision) - 1];
  EXPECT_EQ(TextOf(shown, "name"), record.name);
  EXPECT_EQ(RowOf(resource, shown), world_.Masked(person, resource, record.name, row)) << record.name;
  EXPECT_EQ(TextOf(shown, "etag"), absl::StrCat(revision)) << record.name;
  EXPECT_EQ(Micros(shown, "create_time"), record.create_time) << record.name;
  if (revision == static_cast<int>(record.revisions.size())) {
    EXPECT_EQ(Micros(shown, "update_time"), record.update_time) << record.name;
  }
}

void Calls::Get(const Person& person, const Resource& resource) {
  const std::string name = choose_.Name(resource);
  const auto request = resource.New(absl::StrCat("Get", resource.noun, "Request"));
  Set(*request, "name", {name});
  Note(person, "Get " + name, name);
  const auto answer = resource.New(resource.noun);
  const std::string said = wire::Said(resource.send(person.caller, resource.Method("Get"), *request, *answer));
  const std::string read = resource.collection + ".read";
  if (!person.May(read)) return Says(said, {kDenied});
  const Record* record = world_.Visible(person, read, resource, name);
  if (record == nullptr) return Says(said, {"NOT_FOUND " + resource.Word("NOT_FOUND")});
  Says(said, kFine);
  if (said == "OK") CompareRecord(person, resource, *answer, *record, static_cast<int>(record->revisions.size()));
}

std::vector<std::string> Calls::KeyOf(const Record& record, const Order& order) const {
  std::vector<std::string> key;
  for (const auto& [field, falling] : order) {
    if (field == "name") break;  // the terms after it decide nothing, even if their values change between two pages
    key.push_back(field == "create_time"   ? absl::StrFormat("%020d", record.create_time)
                  : field == "update_time" ? absl::StrFormat("%020d", record.update_time)
                                           : First(record.now(), field));
  }
  key.push_back(record.name);
  return key;
}

void Calls::List(Page page) {
  const Person& person = *page.person;
  const Resource& resource = *page.resource;
  const int size = 1 + choose_.Below(8);
  const auto request = resource.New(absl::StrCat("List", resource.nouns, "Request"));
  Set(*request, "filter", {page.filter.text});
  Set(*request, "order_by", {OrderText(page.order)});
  Set(*request, "page_token", {page.token});
  if (!page.day.empty()) Set(*request, "as_of_date", {page.day});
  Set(*request, "page_size", {absl::StrCat(size)});
  Note(person,
       absl::StrCat("List ", resource.collection, page.token.empty() ? "" : " (next page)", " of ", size, " where ",
                    page.filter.text, " by ", OrderText(page.order), page.day.empty() ? "" : " on ", page.day));
  const auto answer = resource.New(absl::StrCat("List", resource.nouns, "Response"));
  const std::string said =
      wire::Said(resource.send_list(person.caller, resource.Method("List", true), *request, *answer));
  const std::string read = resource.collection + ".read";
  if (!person.May(read)) return Says(said, {kDenied});
  Says(said, kFine);
  if (said != "OK") return;

  std::vector<const Record*> expected;
  for (const Record& record : world_.Of(resource.collection)) {
    const bool seen = world_.Reaches(person, read, resource, record.name, record.now()) &&
                      page.filter.holds(record.now()) && (page.day.empty() || World::Holds(record.now(), page.day));
    if (seen && (page.last.empty() || Behind(KeyOf(record, page.order), page.last, page.order)))
      expected.push_back(&record);
  }
  std::sort(expected.begin(), expected.end(), [&](const Record* a, const Record* b) {
    return Behind(KeyOf(*b, page.order), KeyOf(*a, page.order), page.order);
  });
  const bool more = expected.size() > static_cast<size_t>(size);
  if (more) expected.resize(static_cast<size_t>(size));
  const auto shown = RecordsIn(*answer, resource.collection);
  std::vector<std::string> names, wanted;
  for (const Message* record : shown) names.push_back(TextOf(*record, "name"));
  for (const Record* record : expected) wanted.push_back(record->name);
  EXPECT_EQ(names, wanted);
  if (names != wanted) return;
  for (size_t i = 0; i < shown.size(); ++i) {
    CompareRecord(person, resource, *shown[i], *expected[i], static_cast<int>(expected[i]->revisions.size()));
  }
  page.token = TextOf(*answer, "next_page_token");
  EXPECT_EQ(!page.token.empty(), more);
  if (!more) return;
  page.last = KeyOf(*expected.back(), page.order);
  pages_.push_back(std::move(page));
}

void Calls::Search(const Person& person, const Resource& resource) {
  // The requested orders, and equivalent spellings of their names.
  static const std::vector<std::pair<std::string, std::set<std::string>>> spellings = {
      {"高橋　花子", {"髙橋 花子", "高橋花子"}},
      {"見本花子", {"見本 花子"}},
      {"ﾐﾎﾝﾊﾅｺ", {"ミホン ハナコ"}},
      {"たかはし はなこ", {"タカハシ ハナコ"}},
      {"橋花子", {}}};
  const auto& [text, same] = choose_.OneOf(spellings);
  const std::string birth = choose_.Percent(30) ? "1985-04-02" : "";
  const int size = 1 + choose_.Below(10);
  const auto request = resource.New("SearchNursesRequest");
  Set(*request, "display_name", {text});
  if (!birth.empty()) Set(*request, "birth_date", {birth});
  Set(*request, "page_size", {absl::StrCat(size)});
  Note(person, absl::StrCat("Search ", text, " ", birth));
  const auto answer = resource.New("SearchNursesResponse");
  const std::string said =
      wire::Said(resource.send_search(person.caller, resource.Method("Search", true), *request, *answer));
  const std::string search = "nurses.search";
  if (!person.May(search)) return Says(said, {kDenied});
  if (!person.purpose) return Says(said, {"INVALID_ARGUMENT PURPOSE_REQUIRED"});
  if (!person.May("nurses.identity")) return Says(said, {kDenied});
  std::vector<std::string> names, wanted;
  for (const Record& record : world_.Of("nurses")) {
    const Row& row = record.now();
    const bool fits = (same.count(First(row, "display_name")) != 0 || same.count(First(row, "kana")) != 0) &&
                      (birth.empty() || First(row, "birth_date") == birth);
    const bool seen = world_.Reaches(person, search, resource, record.name, row) &&
                      world_.Reaches(person, "nurses.identity", resource, record.name, row);
    if (fits && seen) wanted.push_back(record.name);
  }
  std::sort(wanted.begin(), wanted.end());
  if (wanted.size() > static_cast<size_t>(size)) return Says(said, {"FAILED_PRECONDITION TOO_MANY_FOUND"});
  Says(said, kFine);
  for (const Message* record : RecordsIn(*answer, "nurses")) {
    names.push_back(TextOf(*record, "name"));
    const Record* known = world_.FindRecord(names.back());
    ASSERT_NE(known, nullptr);
    CompareRecord(person, resource, *record, *known, static_cast<int>(known->revisions.size()));
  }
  EXPECT_EQ(names, wanted);
}

void Calls::CompareHistory(const Resource& resource, const Record& record) {
  platform_v1::ListRevisionsRequest request;
  request.set_parent("services/registry");
  request.set_resource_name(record.name);
  request.set_page_size(1000);
  const auto page =
      people_[0].caller.Call<platform_v1::ListRevisionsResponse>("platform.v1.RevisionService/ListRevisions", request);
  ASSERT_EQ(wire::Said(page), "OK");
  ASSERT_EQ(static_cast<size_t>(page->revisions_size()), record.revisions.size()) << record.name;
  for (int i = 0; i < page->revisions_size(); ++i) {
    const int revision = page->revisions_size() - i;
    EXPECT_EQ(page->revisions(i).revision(), revision) << record.name;
    const auto image = resource.New(resource.noun);
    page->revisions(i).image().UnpackTo(image.get());
    EXPECT_EQ(RowOf(resource, *image), record.revisions[static_cast<size_t>(revision) - 1])
        << record.name << "@" << revision;
  }
}

void Calls::CompareAll() {
  for (const Resource& resource : world_.resources()) {
    const auto request = resource.New(absl::StrCat("List", resource.nouns, "Request"));
    Set(*request, "page_size", {"1000"});
    const auto answer = resource.New(absl::StrCat("List", resource.nouns, "Response"));
    ASSERT_EQ(wire::Said(resource.send_list(people_[0].caller, resource.Method("List", true), *request, *answer)),
              "OK");
    const auto shown = RecordsIn(*answer, resource.collection);
    EXPECT_EQ(shown.size(), world_.Of(resource.collection).size());
    for (const Message* record : shown) {
      const Record* known = world_.FindRecord(TextOf(*record, "name"));
      ASSERT_NE(known, nullptr) << TextOf(*record, "name");
      CompareRecord(people_[0], resource, *record, *known, static_cast<int>(known->revisions.size()));
    }
    for (const Record& record : world_.Of(resource.collection)) CompareHistory(resource, record);
  }
}

}  // namespace tsunagu::wire::model
